"""Sheets for the hand: forms to tick, cards to keep, records for the binder. In large type and with room to write."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from qa_service.documents.content import (
    BarChart,
    CodeBox,
    Heading,
    HistogramChart,
    LabelledRows,
    OpinionChart,
    PageBreak,
    Paragraph,
    PlotChart,
    Sheet,
    SheetBlock,
    Table,
    Ticked,
)
from qa_service.documents.faces import FontBook
from qa_service.documents.geometry import (
    ASCENT,
    BLOCK_HEIGHT,
    BLOCK_WIDTH,
    BODY,
    FOOTER_DOWN,
    LEFT,
    MM,
    TITLE,
    baseline,
    height,
)
from qa_service.documents.linebreaks import Atom, atoms, lines
from qa_service.documents.pagination import Box, Page, pages
from qa_service.documents.pen import GREY, Pen
from qa_service.documents.printable import one_line, printable
from qa_service.documents.qr import matrix
from qa_service.documents.rows import labelled_rows
from qa_service.documents.typesetting import blank, body, fitted, measured, running_text, title_boxes

_BOX: Final = 13.0  # a box to tick
_BOX_RULE: Final = 0.9
_AFTER_BOX: Final = 5.0
_BETWEEN: Final = 22.0  # from one choice to the next box
_QUESTION_GAP: Final = 0.55
_BEFORE_NUMBER: Final = 12.0
_CODE: Final = 26.0
_QR: Final = 34 * MM
_PADDING: Final = 5 * MM
_WORD_PITCH: Final = 25.0 / BODY  # of the size
_WRITING_PITCH: Final = 34.0
_TEXT_PITCH: Final = 25.0
_CHOICE_PITCH: Final = 27.0
# A sheet wants room more than the margins of an official paper: it begins higher and ends lower.
_RAISED: Final = 17 * MM
_BLOCK_HEIGHT: Final = BLOCK_HEIGHT + 30 * MM


def sheet(document: Sheet, fonts: FontBook) -> bytes:
    """Raises `MissingGlyph` naming every character no face holds."""
    return stack([document], fonts)


def stack(documents: Sequence[Sheet], fonts: FontBook) -> bytes:
    """Several in one file under the title and language of the first; printed on both sides, none shares paper.

    Raises `MissingGlyph` naming every character no face holds.
    """
    with fonts.lock:
        first = documents[0]
        pen = Pen(fonts, title=one_line(first.title), author="", language=first.language)
        for number, document in enumerate(documents, start=1):
            if len(documents) > 1:
                pen.bookmark(one_line(document.title))
            drawn = _draw(pen, _laid_out(pen, document), foot=one_line(document.foot))
            if drawn % 2 and number < len(documents):
                pen.end_page()
        return pen.bytes()


def _laid_out(pen: Pen, document: Sheet) -> list[Page]:
    title = one_line(document.title)
    boxes = title_boxes(pen, [title], size=fitted(pen, title, "title", TITLE))
    if document.subline:
        boxes.append(_subline(pen, document.subline))
    boxes.append(blank(0.5))
    fresh = False
    justified = document.language.startswith("zh")
    for block in document.blocks:
        made = _boxes(block, pen, justified=justified)
        if fresh and made:
            made[0] = replace(made[0], new_page=True)
        fresh = isinstance(block, PageBreak)
        boxes += made
    return pages(boxes, block_height=_BLOCK_HEIGHT)


def _boxes(block: SheetBlock, pen: Pen, *, justified: bool) -> list[Box]:
    """Only Chinese is spread to the margin: words would stand too far apart in so large a type."""
    made: list[Box] = []
    match block:
        case Heading():
            boxes = running_text(pen, [(one_line(block.text), "hei")], first_indent=0.0, justified=justified)
            made = [blank(0.3), *(replace(box, keep_with_next=True) for box in _close(boxes))]
        case Paragraph():
            boxes = running_text(pen, [(one_line(block.text), "body")], first_indent=0.0, justified=justified)
            made = _close(boxes)
        case Ticked():
            made = _ticked(block, pen, justified=justified)
        case LabelledRows():
            rows = [(one_line(label), printable(text)) for label, text in block.rows]
            ruled = labelled_rows(pen, rows, at_least=block.row_at_least, across=block.across, size=block.size)
            made = [blank(0.2), *ruled, blank(0.3, keep=False)]
        case CodeBox():
            made = [_code_box(block, pen), blank(0.4, keep=False)]
        case Table() | BarChart() | OpinionChart() | PlotChart() | HistogramChart():
            made = [replace(box, on_grid=False) for box in body([block], pen)]
        case PageBreak():
            pass
    return made


def _draw(pen: Pen, laid_out: list[Page], *, foot: str) -> int:
    """How many pages it took."""
    y = height(_BLOCK_HEIGHT + FOOTER_DOWN) - 0.38 * BODY
    many = len(laid_out)
    room = BLOCK_WIDTH - pen.width(f"{many} / {many}", "song", BODY) - _BEFORE_NUMBER
    foot_size = fitted(pen, foot, "song", BODY, room=room)
    for number, page in enumerate(laid_out, start=1):
        with pen.turned(0, _RAISED, 0):
            for box, down in page:
                box.draw(pen, down)
            pen.text(LEFT, y, foot, "song", foot_size, colour=GREY)
            pen.right(LEFT + BLOCK_WIDTH, y, f"{number} / {many}", "song", BODY, colour=GREY)
        pen.end_page()
    return many


def _subline(pen: Pen, text: str) -> Box:
    line = one_line(text)
    size = fitted(pen, line, "kai", BODY)

    def draw(pen: Pen, down: float) -> None:
        pen.centred(LEFT + BLOCK_WIDTH / 2, baseline(down, size), line, "kai", size)

    return Box(draw=draw, keep_with_next=True, on_grid=False)


def _ticked(question: Ticked, pen: Pen, *, justified: bool) -> list[Box]:
    """The question, its hint, the boxes and the lines stay on one page."""
    lead = pen.width(f"{question.number}　", "hei", BODY)
    boxes = running_text(
        pen,
        [(f"{question.number}　", "hei"), (one_line(question.text), "hei")],
        first_indent=0.0,
        hanging=lead,
        justified=justified,
    )
    if question.hint:
        boxes += running_text(
            pen, [(one_line(question.hint), "kai")], first_indent=lead, hanging=lead, justified=justified
        )
    boxes = _close(boxes)
    boxes += _choices(pen, question.choices, indent=lead)
    boxes += [_writing_line(indent=lead) for _line in range(question.lines)]
    kept = [replace(box, keep_with_next=True) for box in boxes[:-1]]
    return [*kept, boxes[-1], blank(_QUESTION_GAP, keep=False)]


def _close(boxes: list[Box]) -> list[Box]:
    """Lines of running text nearer to each other than on the grid of an official paper."""
    return [replace(box, on_grid=False, height=_TEXT_PITCH) for box in boxes]


def _choices(pen: Pen, choices: tuple[str, ...], *, indent: float) -> list[Box]:
    """Boxes with their words, as many in a row as fit; words longer than a row are broken under themselves."""
    room = BLOCK_WIDTH - indent
    rows: list[list[tuple[float, list[Atom], bool]]] = []
    x = room
    for choice in map(one_line, choices):
        pieces = list(atoms(choice, partial(measured, pen, role="body"), "body"))
        broken = lines(pieces, room - _BOX - _AFTER_BOX)
        wide = _BOX + _AFTER_BOX + sum(atom.width for atom in broken[0])
        if x + wide > room or len(broken) > 1:
            rows.append([])
            x = 0.0
        rows[-1].append((x, broken[0], True))
        x += wide + _BETWEEN
        for rest in broken[1:]:
            rows.append([(0.0, rest, False)])
            x = room
    return [
        Box(draw=partial(_draw_choices, row=row, indent=indent), height=_CHOICE_PITCH, on_grid=False) for row in rows
    ]


def _draw_choices(pen: Pen, down: float, *, row: list[tuple[float, list[Atom], bool]], indent: float) -> None:
    y = baseline(down)
    for x, words, boxed in row:
        left = LEFT + indent + x
        if boxed:
            pen.frame(left, y - 0.5, _BOX, _BOX, _BOX_RULE)
        pen.line(left + _BOX + _AFTER_BOX, y, words, BODY, last=True)


def _writing_line(*, indent: float) -> Box:
    def draw(pen: Pen, down: float) -> None:
        pen.rule(LEFT + indent, height(down + _WRITING_PITCH - 6), BLOCK_WIDTH - indent, 0.6, GREY)

    return Box(draw=draw, height=_WRITING_PITCH, need=_WRITING_PITCH, on_grid=False)


def _code_box(box: CodeBox, pen: Pen) -> Box:
    code = one_line(box.code)
    left = LEFT + _PADDING + _QR + _PADDING
    room = LEFT + BLOCK_WIDTH - _PADDING - left
    words = [
        line
        for text in box.words
        for line in lines(list(atoms(one_line(text), partial(measured, pen, role="body", size=box.size), "body")), room)
    ]
    pitch = _WORD_PITCH * box.size
    inner = max(_QR, _CODE * 1.5 + len(words) * pitch)
    tall = inner + 2 * _PADDING
    squares = matrix(box.url)

    def draw(pen: Pen, down: float) -> None:
        top = height(down)
        pen.frame(LEFT, top - tall, BLOCK_WIDTH, tall, 0.9)
        pen.squares(LEFT + _PADDING, top - _PADDING - (inner + _QR) / 2, _QR, squares)
        y = top - _PADDING - ASCENT * _CODE
        pen.text(left, y, code, "figures", _CODE, spacing=1.5)
        for number, line in enumerate(words):
            at = top - _PADDING - _CODE * 1.5 - number * pitch - ASCENT * box.size
            pen.line(left, at, line, box.size, fill=room, last=True, tracking=0.0)

    return Box(draw=draw, height=tall, need=tall, on_grid=False)
