"""QR codes as plain squares, and the few lines beside one that say how to check a paper."""

import segno

from qa_service.documents.content import Verification
from qa_service.documents.geometry import ASCENT, MM, QR_SIDE
from qa_service.documents.pen import BLACK, GREY, Colour, Pen
from qa_service.documents.printable import one_line

_GAP = 3 * MM


def matrix(url: str) -> list[list[bool]]:
    """The dark cells of the code at error level M, row by row from the top, without a quiet zone."""
    code = segno.make_qr(url, error="m", boost_error=False)
    return [[bool(cell) for cell in row] for row in code.matrix]


def draw_verification(pen: Pen, x: float, top: float, verification: Verification) -> None:
    """Draw the code with its words beside it, its upper left corner at (x, top)."""
    pen.squares(x, top - QR_SIDE, QR_SIDE, matrix(verification.url))
    words = _words(verification)
    pitch = QR_SIDE / len(words)
    for number, (text, role, size, colour) in enumerate(words):
        middle = top - pitch * (number + 0.5)
        pen.text(x + QR_SIDE + _GAP, middle - (ASCENT - 0.5) * size, text, role, size, colour=colour)


def verification_width(pen: Pen, verification: Verification) -> float:
    return QR_SIDE + _GAP + max(pen.width(text, role, size) for text, role, size, _colour in _words(verification))


def _words(verification: Verification) -> list[tuple[str, str, float, Colour]]:
    words = [
        ("扫码或凭码核验真伪", "hei", 8.5, GREY),
        (f"核验码 {one_line(verification.code)}", "hei", 10.5, BLACK),
        (one_line(verification.host), "song", 9.0, GREY),
    ]
    if verification.digest:
        words.append((f"摘要 {one_line(verification.digest)}", "song", 8.0, GREY))
    return words
