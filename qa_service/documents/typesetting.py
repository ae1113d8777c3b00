"""The body of a paper as boxes: headings, paragraphs, tables, charts, and the signature with room for a seal."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import partial

from qa_service.documents.charts import draw_chart, drawn_height
from qa_service.documents.content import (
    BarChart,
    Block,
    Chart,
    Heading,
    HistogramChart,
    OpinionChart,
    Paragraph,
    PlotChart,
    Signature,
    Table,
    Verification,
)
from qa_service.documents.geometry import (
    BLOCK_WIDTH,
    BODY,
    COLUMN,
    LEFT,
    MM,
    QR_SIDE,
    ROW,
    TITLE,
    TITLE_PITCH,
    TRACKING,
    baseline,
    height,
)
from qa_service.documents.linebreaks import Atom, atoms, is_ideographic, lines
from qa_service.documents.pagination import Box
from qa_service.documents.pen import Pen
from qa_service.documents.printable import one_line, printable
from qa_service.documents.qr import draw_verification, verification_width
from qa_service.documents.tables import table_boxes

INDENT = 2 * COLUMN
SEAL_NOTE = (0.72, 0.1, 0.13)
_KEPT_WITH_SIGNATURE = 2  # lines of text that go along: a page must not hold a signature alone


def body(blocks: Iterable[Block], pen: Pen) -> list[Box]:
    return [box for block in blocks for box in _block(block, pen)]


def running_text(
    pen: Pen,
    parts: Iterable[tuple[str, str]],
    *,
    first_indent: float = INDENT,
    hanging: float = 0.0,
    justified: bool = True,
) -> list[Box]:
    """Boxes of one paragraph made of (text, role) parts; further lines begin at `hanging`."""
    pieces = [atom for text, role in parts for atom in atoms(text, partial(measured, pen, role=role), role)]
    broken = lines(pieces, BLOCK_WIDTH - hanging, BLOCK_WIDTH - first_indent)
    return [
        Box(
            draw=partial(
                _draw_line,
                line=line,
                indent=first_indent if first else hanging,
                last=not justified or line is broken[-1],
            )
        )
        for first, line in ((line is broken[0], line) for line in broken)
    ]


def measured(pen: Pen, text: str, *, role: str, size: float = BODY) -> float:
    tracking = TRACKING * len(text) if is_ideographic(text[0]) else 0.0
    return pen.width(text, role, size) + tracking


def title_boxes(pen: Pen, title_lines: Iterable[str], *, size: float = TITLE) -> list[Box]:
    """Centred lines, broken where the writer broke them; one too long for the block is drawn smaller."""
    return [
        Box(
            draw=partial(_draw_title, text=text, size=fitted(pen, text, "title", size)),
            height=TITLE_PITCH,
            need=TITLE_PITCH,
            on_grid=False,
            keep_with_next=True,
        )
        for text in map(one_line, title_lines)
    ]


def fitted(pen: Pen, text: str, role: str, size: float, *, room: float = BLOCK_WIDTH) -> float:
    """The size at which the text is no wider than the room, which is the block's where nothing stands beside it."""
    width = pen.width(text, role, size)
    return size if width <= room else size * room / width


def blank(rows: float = 1.0, *, keep: bool = True) -> Box:
    return Box(draw=_nothing, height=rows * ROW, need=0, on_grid=False, keep_with_next=keep)


def signature_boxes(
    pen: Pen,
    signature: Signature,
    verification: Verification | None,
    boxes: list[Box],
    *,
    draft: bool,
    notes: int = 0,
) -> list[Box]:
    """`boxes` with the signature at their end; its last `notes` boxes are the note of annexes.

    The last lines of text go along to a new page. A draft has nothing to verify.
    """
    along = _KEPT_WITH_SIGNATURE + notes
    kept = [replace(box, keep_with_next=True) for box in boxes[-along:]]
    seal_rows = signature.seal_mm * MM / ROW
    rows = 3 + seal_rows / 2
    if verification and not draft and _in_the_way(pen, signature, verification):
        rows += QR_SIDE / ROW
    sign = Box(
        draw=partial(_draw_signature, signature=signature, verification=None if draft else verification, draft=draft),
        height=rows * ROW,
        need=rows * ROW,
    )
    return [*boxes[:-along], *kept, sign]


def chinese_date(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "　　年　月　日"


def _block(block: Block, pen: Pen) -> list[Box]:
    match block:
        case Heading():
            role = "hei" if block.level == 1 else "kai" if block.level == 2 else "body"  # noqa: PLR2004
            boxes = running_text(pen, [(one_line(block.text), role)])
            return [replace(box, keep_with_next=True) for box in boxes]
        case Paragraph():
            return _paragraph(block, pen)
        case Table():
            return table_boxes(block, pen)
        case BarChart() | OpinionChart() | PlotChart() | HistogramChart():
            tall = drawn_height(block)
            draw = partial(_draw_chart, chart=block)
            return [Box(draw=draw, height=tall, need=tall)]


def _paragraph(paragraph: Paragraph, pen: Pen) -> list[Box]:
    boxes: list[Box] = []
    for number, text in enumerate(printable(paragraph.text).split("\n")):
        lead = [(one_line(paragraph.lead), "kai")] if paragraph.lead and number == 0 else []
        indent = INDENT if paragraph.indent else 0.0
        boxes += _whole_at_its_ends(running_text(pen, [*lead, (text, "body")], first_indent=indent))
    return boxes


def _whole_at_its_ends(lines_of_text: list[Box]) -> list[Box]:
    """No single line of a paragraph stands at the foot of a page or at the head of the next."""
    kept = {0, len(lines_of_text) - 2} if len(lines_of_text) > 1 else set()
    return [replace(box, keep_with_next=True) if at in kept else box for at, box in enumerate(lines_of_text)]


def _draw_line(pen: Pen, down: float, *, line: list[Atom], indent: float, last: bool) -> None:
    pen.line(LEFT + indent, baseline(down), line, BODY, fill=BLOCK_WIDTH - indent, last=last)


def _draw_title(pen: Pen, down: float, *, text: str, size: float) -> None:
    pen.centred(LEFT + BLOCK_WIDTH / 2, baseline(down, size), text, "title", size)


def _draw_chart(pen: Pen, down: float, *, chart: Chart) -> None:
    draw_chart(pen, chart, left=LEFT, top=height(down), width=BLOCK_WIDTH)


def _draw_signature(
    pen: Pen, down: float, *, signature: Signature, verification: Verification | None, draft: bool
) -> None:
    organisation, size, middle = _signing(pen, signature)
    pen.centred(middle, baseline(down + 2 * ROW), organisation, "body", size)
    pen.centred(middle, baseline(down + 3 * ROW), chinese_date(signature.signed_on), "body", BODY)
    seal_middle = height(down + 3 * ROW - 4)
    if draft:
        radius = signature.seal_mm * MM / 2
        pen.dashed_ring(middle, seal_middle, radius, SEAL_NOTE)
        pen.centred(middle, seal_middle + radius * 0.62, "印章位置", "hei", 9, colour=SEAL_NOTE)
    if verification:
        below = signature.seal_mm * MM / 2 if _in_the_way(pen, signature, verification) else -QR_SIDE / 2
        draw_verification(pen, LEFT, seal_middle - below, verification)


def _signing(pen: Pen, signature: Signature) -> tuple[str, float, float]:
    """The organisation, its size, and the middle of it and the date, which stands four characters in."""
    organisation = one_line(signature.organisation)
    size = min(BODY, fitted(pen, organisation, "body", BODY))
    widths = pen.width(organisation, "body", size), pen.width(chinese_date(signature.signed_on), "body", BODY)
    right = LEFT + BLOCK_WIDTH
    return organisation, size, min(right - 4 * COLUMN - widths[1] / 2, right - widths[0] / 2)


def _in_the_way(pen: Pen, signature: Signature, verification: Verification) -> bool:
    """A long name would run into the words beside the QR code, which then go below it."""
    organisation, size, middle = _signing(pen, signature)
    left = min(middle - pen.width(organisation, "body", size) / 2, middle - signature.seal_mm * MM / 2)
    return LEFT + verification_width(pen, verification) + COLUMN > left


def _nothing(pen: Pen, down: float) -> None:
    """White space."""
