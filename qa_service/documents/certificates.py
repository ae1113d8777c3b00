"""A certificate: A4 across, framed, with room for the real seal over name and date."""

from functools import partial
from typing import Final

from qa_service.documents.content import Certificate
from qa_service.documents.faces import FontBook
from qa_service.documents.geometry import ASCENT, MM, OFFICIAL_RED, PAGE_HEIGHT, PAGE_WIDTH, QR_SIDE
from qa_service.documents.linebreaks import atoms, lines
from qa_service.documents.pen import Pen
from qa_service.documents.printable import one_line
from qa_service.documents.qr import draw_verification
from qa_service.documents.typesetting import chinese_date, fitted

WIDE: Final = PAGE_HEIGHT
TALL: Final = PAGE_WIDTH
_FRAMES: Final = ((12 * MM, 1.2 * MM), (15 * MM, 0.35 * MM))  # from the edge, thickness
_SIDE: Final = 40 * MM
_TITLE: Final = 44.0
_TITLE_DOWN: Final = 34 * MM
_NAME: Final = 24.0
_NAME_DOWN: Final = 68 * MM
_TEXT: Final = 19.0
_PITCH: Final = 33.0
_MOST_LINES: Final = 5
_FOOT: Final = 30 * MM  # of the QR code, above the edge


def certificate(document: Certificate, fonts: FontBook) -> bytes:
    """Raises `MissingGlyph` naming every character no face holds."""
    with fonts.lock:
        signature = document.signature
        pen = Pen(fonts, title=one_line(document.title), author=one_line(signature.organisation), across=True)
        for inset, thickness in _FRAMES:
            _frame(pen, inset, thickness)
        title = " ".join(one_line(document.title))
        pen.centred(WIDE / 2, _baseline(_TITLE_DOWN, _TITLE), title, "mark", _TITLE, colour=OFFICIAL_RED)
        _to(pen, [one_line(part) for part in document.to.splitlines()])
        _text(pen, one_line(document.text))
        _signed(pen, document)
        pen.end_page()
        return pen.bytes()


def _to(pen: Pen, parts: list[str]) -> None:
    """Firm and person beside each other where they fit; otherwise each on a line, a long one set smaller."""
    room, together = WIDE - 2 * _SIDE, f"{'　'.join(parts)}："
    said = [together] if pen.width(together, "kai", _NAME) <= room else [*parts[:-1], f"{parts[-1]}："]
    for above, part in enumerate(reversed(said)):
        size = fitted(pen, part, "kai", _NAME, room=room)
        pen.text(_SIDE, _baseline(_NAME_DOWN - above * _PITCH, size), part, "kai", size)


def _text(pen: Pen, text: str) -> None:
    """What for, in as many lines as there is room for; a long text is set smaller."""
    for size in (_TEXT, _TEXT - 2, _TEXT - 4, _TEXT - 6):
        pieces = list(atoms(text, partial(pen.width, role="body", size=size), "body"))
        broken = lines(pieces, WIDE - 2 * _SIDE, WIDE - 2 * _SIDE - 2 * size)
        if len(broken) <= _MOST_LINES:
            break
    down = _NAME_DOWN + _NAME + 0.7 * _PITCH
    for at, line in enumerate(broken):
        indent = 0.0 if at else 2 * size
        pen.line(
            _SIDE + indent, _baseline(down + at * _PITCH, size), line, size,
            fill=WIDE - 2 * _SIDE - indent, last=at == len(broken) - 1, tracking=0.0,
        )  # fmt: skip


def _signed(pen: Pen, document: Certificate) -> None:
    signature = document.signature
    organisation, day = one_line(signature.organisation), chinese_date(signature.signed_on)
    size = min(_TEXT, _TEXT * (WIDE / 2 - _SIDE) / pen.width(organisation, "body", _TEXT))
    widest = max(pen.width(organisation, "body", size), pen.width(day, "body", _TEXT), signature.seal_mm * MM)
    middle = WIDE - _SIDE - widest / 2
    pen.centred(middle, _FOOT + 1.5 * _TEXT, organisation, "body", size)
    pen.centred(middle, _FOOT, day, "body", _TEXT)
    if document.verification:
        draw_verification(pen, _SIDE, _FOOT + QR_SIDE - 0.2 * _TEXT, document.verification)


def _frame(pen: Pen, inset: float, thickness: float) -> None:
    for y in (inset, TALL - inset):
        pen.rule(inset - thickness / 2, y, WIDE - 2 * inset + thickness, thickness, OFFICIAL_RED)
    for x in (inset, WIDE - inset):
        pen.box(x - thickness / 2, inset, thickness, TALL - 2 * inset, OFFICIAL_RED)


def _baseline(down: float, size: float) -> float:
    """`down` from the paper's upper edge to the top of glyphs of that size."""
    return TALL - down - ASCENT * size
