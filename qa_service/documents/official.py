"""The two official papers: a red-head circular (GB/T 9704-2012) and a work document under its own black head."""

from dataclasses import replace
from typing import Final

from qa_service.documents.content import Annex, Circular, Imprint, Receipt, WorkDocument
from qa_service.documents.faces import FontBook
from qa_service.documents.geometry import (
    BLOCK_HEIGHT,
    BLOCK_WIDTH,
    BODY,
    COLUMN,
    FOOTER_DOWN,
    IMPRINT_INNER_RULE,
    IMPRINT_OUTER_RULE,
    LEFT,
    MARK_DOWN,
    MARK_MAX,
    OFFICIAL_RED,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RED_RULE,
    ROW,
    RULE_BELOW_NUMBER,
    SMALL,
    TITLE,
    TITLE_PITCH,
    baseline,
    height,
)
from qa_service.documents.linebreaks import Atom, atoms, lines
from qa_service.documents.pagination import Box, Page, filled_pages
from qa_service.documents.pen import Pen
from qa_service.documents.printable import one_line
from qa_service.documents.receipts import receipt_rows
from qa_service.documents.rows import labelled_rows
from qa_service.documents.typesetting import (
    blank,
    body,
    chinese_date,
    fitted,
    running_text,
    signature_boxes,
    title_boxes,
)

DRAFT_NUMBER: Final = "草稿　未编号"
_DRAFT_GREY: Final = (0.88, 0.88, 0.88)
BLACK_RULE: Final = 0.8
_IMPRINT_PITCH: Final = 28.0
WORK_NAME: Final = 28.0
_BELOW_TITLE: Final = 1 - (TITLE_PITCH - TITLE) / ROW  # in rows: with the air under its last line, one
_KEPT_WITH_IMPRINT: Final = 3  # boxes: the last two rows of a table and the space below them


def circular(document: Circular, fonts: FontBook) -> bytes:
    """Raises `MissingGlyph` naming every character no face holds."""
    with fonts.lock:
        pen = Pen(fonts, title=_joined(document.title_lines), author=one_line(document.signature.organisation))
        boxes = [
            _red_head(document),
            *title_boxes(pen, document.title_lines),
            blank(_BELOW_TITLE),
            *_addressees(pen, document.addressees),
            *body(document.blocks, pen),
        ]
        note = _annex_note(pen, document.annexes)
        boxes = signature_boxes(
            pen, document.signature, document.verification, [*boxes, *note], draft=document.is_draft, notes=len(note)
        )
        for number, annex in enumerate(document.annexes, start=1):
            boxes += _annex(pen, annex, number if len(document.annexes) > 1 else None)
        if document.imprint:
            boxes = [*_kept(boxes), _imprint(pen, document.imprint)]
        if document.receipt:
            boxes += _receipt(pen, document.receipt)
        _draw(pen, filled_pages(boxes), draft=document.is_draft)
        return pen.bytes()


def work_document(document: WorkDocument, fonts: FontBook) -> bytes:
    """Raises `MissingGlyph` naming every character no face holds."""
    with fonts.lock:
        organisation = one_line(document.signature.organisation)
        pen = Pen(fonts, title=_joined((document.organisation, document.name)), author=organisation)
        boxes = [_black_head(document), *_addressees(pen, document.addressees), *body(document.blocks, pen)]
        boxes = signature_boxes(pen, document.signature, document.verification, boxes, draft=document.is_draft)
        if document.receipt:
            boxes += _receipt(pen, document.receipt)
        _draw(pen, filled_pages(boxes), draft=document.is_draft)
        return pen.bytes()


def _draw(pen: Pen, laid_out: list[Page], *, draft: bool) -> None:
    for number, page in enumerate(laid_out, start=1):
        if draft:
            _watermark(pen)
        for box, down in page:
            box.draw(pen, down)
        _page_number(pen, number)
        pen.end_page()


def _watermark(pen: Pen) -> None:
    with pen.turned(PAGE_WIDTH / 2, PAGE_HEIGHT / 2, 45):
        pen.centred(0, -50, "草　稿", "hei", 150, colour=_DRAFT_GREY)


def _page_number(pen: Pen, number: int) -> None:
    text = f"— {number} —"
    y = height(BLOCK_HEIGHT + FOOTER_DOWN) - 0.38 * SMALL  # the dash stands 0.38 em above the baseline
    if number % 2:
        pen.right(LEFT + BLOCK_WIDTH - COLUMN, y, text, "song", SMALL)
    else:
        pen.text(LEFT + COLUMN, y, text, "song", SMALL)


def _red_head(document: Circular) -> Box:
    number_down = MARK_DOWN + MARK_MAX + 2 * ROW
    rule_down = number_down + BODY + RULE_BELOW_NUMBER

    def draw(pen: Pen, down: float) -> None:
        mark, middle = one_line(document.mark), LEFT + BLOCK_WIDTH / 2
        size = fitted(pen, mark, "mark", MARK_MAX)
        pen.centred(middle, baseline(down + MARK_DOWN, size), mark, "mark", size, colour=OFFICIAL_RED)
        number = one_line(document.number) or DRAFT_NUMBER
        pen.centred(middle, baseline(down + number_down), number, "body", BODY)
        pen.rule(LEFT, height(down + rule_down), BLOCK_WIDTH, RED_RULE, OFFICIAL_RED)

    return Box(draw=draw, height=rule_down + 2 * ROW, need=rule_down, keep_with_next=True)


def _black_head(document: WorkDocument) -> Box:
    name_down = 1.35 * ROW
    number_down = name_down + WORK_NAME + ROW
    below_name = document.numbered or document.subline
    rule_down = (number_down + BODY if below_name else name_down + WORK_NAME) + 0.5 * ROW

    def draw(pen: Pen, down: float) -> None:
        organisation, name = one_line(document.organisation), one_line(document.name)
        middle, right = LEFT + BLOCK_WIDTH / 2, LEFT + BLOCK_WIDTH
        size = fitted(pen, organisation, "title", TITLE)
        pen.centred(middle, baseline(down, size), organisation, "title", size)
        _spaced_out(pen, name, middle, baseline(down + name_down, WORK_NAME))
        if document.numbered:
            number = one_line(document.number) or DRAFT_NUMBER
            pen.right(right, baseline(down + number_down), number, "body", BODY)
        if document.subline:
            pen.centred(middle, baseline(down + number_down), one_line(document.subline), "kai", BODY)
        pen.rule(LEFT, height(down + rule_down), BLOCK_WIDTH, BLACK_RULE)

    return Box(draw=draw, height=rule_down + 0.4 * ROW, need=rule_down, keep_with_next=True)


def _spaced_out(pen: Pen, name: str, middle: float, y: float) -> None:
    """A short name is spread a little, as the name of a form is; a long one shrinks to the block."""
    size = fitted(pen, name, "title", WORK_NAME)
    gap = size * 0.35 if len(name) <= 8 else 0.0  # noqa: PLR2004 - longer names need no air
    width = pen.width(name, "title", size) + gap * (len(name) - 1)
    pen.text(middle - width / 2, y, name, "title", size, spacing=gap)


def _addressees(pen: Pen, addressees: str) -> list[Box]:
    text = one_line(addressees).rstrip("：:")
    if not text:
        return []
    boxes = running_text(pen, [(text + "：", "body")], first_indent=0.0)
    return [replace(box, keep_with_next=True) for box in boxes]


def _kept(boxes: list[Box]) -> list[Box]:
    """The end of the text goes along to a new page: the imprint must not stand on one alone."""
    head, tail = boxes[:-_KEPT_WITH_IMPRINT], boxes[-_KEPT_WITH_IMPRINT:]
    return [*head, *(replace(box, keep_with_next=True) for box in tail)]


def _annex_note(pen: Pen, annexes: tuple[Annex, ...]) -> list[Box]:
    if not annexes:
        return []
    boxes = [blank(1)]
    several = len(annexes) > 1
    lead = measured_lead(pen, "附件：")
    for number, annex in enumerate(annexes, start=1):
        prefix = ("附件：" if number == 1 else "") + (f"{number}. " if several else "")
        first = 2 * COLUMN + (0 if number == 1 else lead)
        hanging = 2 * COLUMN + lead + (measured_lead(pen, f"{number}. ") if several else 0)
        boxes += running_text(pen, [(prefix + _joined(annex.title_lines), "body")], first_indent=first, hanging=hanging)
    return boxes


def measured_lead(pen: Pen, text: str) -> float:
    return pen.width(text, "body", BODY)


def _annex(pen: Pen, annex: Annex, number: int | None) -> list[Box]:
    label = f"附件{number}" if number else "附件"

    def draw(pen: Pen, down: float) -> None:
        pen.text(LEFT, baseline(down), label, "hei", BODY)

    head = Box(draw=draw, height=2 * ROW, new_page=True, keep_with_next=True)
    return [head, *title_boxes(pen, annex.title_lines), blank(0.6), *body(annex.blocks, pen)]


def _imprint(pen: Pen, imprint: Imprint) -> Box:
    left, width = LEFT + COLUMN, BLOCK_WIDTH - 2 * COLUMN
    lead = pen.width("抄送：", "body", SMALL)
    copies: list[list[Atom]] = []
    if imprint.copies_to:
        names = one_line(imprint.copies_to).rstrip("。") + "。"
        pieces = list(atoms(names, lambda text: pen.width(text, "body", SMALL), "body"))
        copies = lines(pieces, width - lead)
    tall = (len(copies) + 1) * _IMPRINT_PITCH

    def draw(pen: Pen, down: float) -> None:
        drop = (_IMPRINT_PITCH - SMALL) / 2
        for number, line in enumerate(copies):
            y = baseline(down + number * _IMPRINT_PITCH + drop, SMALL)
            if number == 0:
                pen.text(left, y, "抄送：", "body", SMALL)
            pen.line(left + lead, y, line, SMALL, fill=width - lead, last=line is copies[-1], tracking=0.0)
        y = baseline(down + len(copies) * _IMPRINT_PITCH + drop, SMALL)
        pen.text(left, y, one_line(imprint.office), "body", SMALL)
        pen.right(left + width, y, f"{chinese_date(imprint.printed_on)}印发", "body", SMALL)
        pen.rule(LEFT, height(down), BLOCK_WIDTH, IMPRINT_OUTER_RULE)
        if copies:
            pen.rule(LEFT, height(down + len(copies) * _IMPRINT_PITCH), BLOCK_WIDTH, IMPRINT_INNER_RULE)
        pen.rule(LEFT, height(down + tall), BLOCK_WIDTH, IMPRINT_OUTER_RULE)

    return Box(draw=draw, height=tall, need=tall, on_grid=False, at_bottom=True)


def _receipt(pen: Pen, receipt: Receipt) -> list[Box]:
    """送达回证: a form of its own page, its blanks for the hand."""
    head = title_boxes(pen, [receipt.title])
    head[0] = replace(head[0], new_page=True)
    return [*head, blank(0.6), *labelled_rows(pen, list(receipt_rows(receipt)))]


def _joined(title_lines: tuple[str, ...]) -> str:
    return "".join(map(one_line, title_lines))
