"""Reading a drawn paper back with other people's tools."""

import io
import subprocess

import pypdf

MM = 72 / 25.4


def text_of(pdf: bytes) -> str:
    """All text without white space: justification may look like spaces to a reader."""
    return "".join("".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def pages_of(pdf: bytes) -> list[pypdf.PageObject]:
    return list(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def placed(page: pypdf.PageObject) -> list[tuple[str, float, float, float]]:
    """(text, x, baseline y, size) of each run, in points from the lower left corner."""
    runs = []

    def visit(text, _cm, tm, _font, size):
        if text.strip():
            runs.append((text.strip(), tm[4], tm[5], size))

    page.extract_text(visitor_text=visit)
    return runs


def tool(*command: str, data: bytes, folder) -> str:
    source = folder / "paper.pdf"
    source.write_bytes(data)
    done = subprocess.run(
        [*command[:1], *(part.replace("{}", str(source)) for part in command[1:])], capture_output=True, check=True
    )
    return done.stdout.decode()
