"""A red-head paper as an editable .docx, for the office that gives it its number and may word it otherwise.

The page is that of the PDF (`geometry`); faces are named and not embedded, as the offices of bureaus have them. It
bears neither code nor digest: those belong to the file that was issued, and an edited text is another.

Slow to import: it reads python-docx.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.text.paragraph import Paragraph as DocxParagraph

from qa_service.documents.content import (
    Align,
    Annex,
    BarChart,
    Block,
    Circular,
    Column,
    Heading,
    HistogramChart,
    Imprint,
    OpinionChart,
    Paragraph,
    PlotChart,
    Signature,
    Table,
    WorkDocument,
)
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
    ROWS,
    RULE_BELOW_NUMBER,
    SMALL,
    TITLE,
    TITLE_PITCH,
    TOP,
    TRACKING,
)
from qa_service.documents.official import BLACK_RULE, DRAFT_NUMBER, WORK_NAME
from qa_service.documents.printable import one_line, printable
from qa_service.documents.typesetting import chinese_date

# What the office's own programs call the faces of the standard.
FACES: Final = {
    "mark": "方正小标宋简体",
    "title": "方正小标宋简体",
    "body": "仿宋_GB2312",
    "hei": "黑体",
    "kai": "楷体_GB2312",
    "song": "宋体",
}
_ROOM_FOR_THE_SEAL: Final = 3  # rows
_KEPT_WITH_SIGNATURE: Final = 3  # paragraphs above: a page must not hold a signature alone
_CELL_SIDES: Final = 10.8  # what a cell keeps free left and right
_DATE_FROM_RIGHT: Final = 4  # characters
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - the format knows no zone; the day of the paper is in its text
_NOT_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF))  # no file of this format can hold them
_RED: Final = "".join(f"{round(255 * part):02X}" for part in OFFICIAL_RED)
# Of what stands in a paragraph's properties after the grid and after the border.
_SPACED = ("w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")
_AFTER: Final = {
    qn("w:snapToGrid"): _SPACED,
    qn("w:pBdr"): ("w:shd", "w:tabs", "w:snapToGrid", *_SPACED),
}
_TWIP: Final = 20  # a point has so many
_EIGHTH: Final = 8  # of a point: the width of rules


def circular(document: Circular) -> bytes:
    """The .docx file, without its receipt; a draft has the words of a draft in the place of its number.

    :raises TypeError: a block that only a drawn paper shows.
    """
    writer = _Writer(docx.Document())
    writer.set_up(title="".join(map(one_line, document.title_lines)), author=document.signature.organisation)
    writer.red_head(document)
    writer.title(document.title_lines, blank_before=2)
    if document.addressees:
        writer.blank()
        writer.line(one_line(document.addressees).rstrip("：:") + "：")
    writer.blocks(document.blocks)
    writer.annex_note(document.annexes)
    writer.signature(document.signature)
    for number, annex in enumerate(document.annexes, start=1):
        writer.annex(annex, number if len(document.annexes) > 1 else None)
    if document.imprint:
        writer.imprint(document.imprint)
    out = BytesIO()
    writer.paper.save(out)
    return out.getvalue()


def work_document(document: WorkDocument) -> bytes:
    """The .docx file of a paper under a black head.

    :raises TypeError: a block that only a drawn paper shows, or a receipt, whose form is filled in by hand.
    """
    if document.receipt:
        raise TypeError("a receipt is no text to edit")
    writer = _Writer(docx.Document())
    writer.set_up(
        title=one_line(document.organisation) + one_line(document.name), author=document.signature.organisation
    )
    writer.black_head(document)
    if document.addressees:
        writer.line(one_line(document.addressees).rstrip("：:") + "：")
    writer.blocks(document.blocks)
    writer.signature(document.signature)
    out = BytesIO()
    writer.paper.save(out)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Writer:
    paper: Document

    def set_up(self, *, title: str, author: str) -> None:
        section, settings = self.paper.sections[0], self.paper.settings
        section.page_width, section.page_height = Pt(PAGE_WIDTH), Pt(PAGE_HEIGHT)
        section.top_margin, section.bottom_margin = Pt(TOP), Pt(PAGE_HEIGHT - TOP - BLOCK_HEIGHT)
        section.left_margin, section.right_margin = Pt(LEFT), Pt(PAGE_WIDTH - LEFT - BLOCK_WIDTH)
        section.footer_distance = Pt(PAGE_HEIGHT - TOP - BLOCK_HEIGHT - FOOTER_DOWN - SMALL)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = _element("docGrid")
            section._sectPr.append(grid)
        grid.set(qn("w:type"), "lines")
        grid.set(qn("w:linePitch"), str(int(BLOCK_HEIGHT / ROWS * _TWIP)))
        settings.odd_and_even_pages_header_footer = True
        self._page_number(section.footer.paragraphs[0], odd=True)
        self._page_number(section.even_page_footer.paragraphs[0], odd=False)
        normal = self.paper.styles["Normal"]
        normal.font.size = Pt(BODY)
        properties = normal.element.get_or_add_rPr()
        _faces(properties, "body")
        # The template's own is American: Chinese would be spelt by it, and drawn with another country's signs.
        for language in self.paper.styles.element.iter(qn("w:lang")):
            language.set(qn("w:eastAsia"), "zh-CN")
        # Nearer by so much, 28 characters fill a line; a grid of characters is read otherwise by every program.
        nearer = _element("spacing", val=str(math.floor(TRACKING * _TWIP)))
        properties.insert_element_before(nearer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs")
        spacing = normal.paragraph_format
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.line_spacing_rule = WD_LINE_SPACING.SINGLE  # the grid spaces the lines
        about = self.paper.core_properties
        about.title, about.author, about.comments = _clean(title), _clean(one_line(author)), ""
        about.created = about.modified = _CREATED
        about.language = "zh-CN"

    def line(self, text: str, role: str = "body", size: float = BODY) -> DocxParagraph:
        paragraph = self.paper.add_paragraph()
        _run(paragraph, text, role, size)
        return paragraph

    def blank(self, rows: int = 1) -> None:
        for _row in range(rows):
            self.paper.add_paragraph()

    def red_head(self, document: Circular) -> None:
        text = one_line(document.mark)
        size = min(MARK_MAX, BLOCK_WIDTH / _characters(text))
        mark = self.line(text, "mark", size)
        mark.runs[0].font.color.rgb = RGBColor.from_string(_RED)
        _centred(mark)
        _off_the_grid(mark, pitch=MARK_MAX)
        mark.paragraph_format.space_before = Pt(MARK_DOWN)
        self.blank(2)
        number = self.line(one_line(document.number) or DRAFT_NUMBER)
        _centred(number)
        _put(number, _borders("pBdr", _rule("bottom", RED_RULE, space=RULE_BELOW_NUMBER, colour=_RED)))

    def black_head(self, document: WorkDocument) -> None:
        """The name of the organisation over that of the paper, then its number or what stands below the name."""
        for text, size in ((document.organisation, TITLE), (document.name, WORK_NAME)):
            head = self.line(one_line(text), "title", size)
            _centred(head)
            _off_the_grid(head, pitch=size * 1.5)
        if document.numbered:
            last = self.line(one_line(document.number) or DRAFT_NUMBER)
            last.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            last = self.line(one_line(document.subline), "kai")
            _centred(last)
        _put(last, _borders("pBdr", _rule("bottom", BLACK_RULE, space=RULE_BELOW_NUMBER)))

    def title(self, lines: Iterable[str], *, blank_before: int) -> None:
        self.blank(blank_before)
        title = self.line("\n".join(map(one_line, lines)), "title", TITLE)
        _centred(title)
        _off_the_grid(title, pitch=TITLE_PITCH)
        title.paragraph_format.keep_with_next = True

    def blocks(self, blocks: Iterable[Block]) -> None:
        for block in blocks:
            match block:
                case Heading():
                    heading = self.line(one_line(block.text), "hei" if block.level == 1 else "kai")
                    _indented(heading)
                    heading.paragraph_format.keep_with_next = True
                case Paragraph():
                    paragraph = self.paper.add_paragraph()
                    if block.lead:
                        _run(paragraph, one_line(block.lead), "kai")
                    _run(paragraph, printable(block.text), "body")
                    if block.indent:
                        _indented(paragraph)
                case Table():
                    self._table(block)
                case BarChart():
                    self._table(_as_table(block))
                case OpinionChart() | PlotChart() | HistogramChart():
                    raise TypeError("an editable paper shows no such picture")

    def _table(self, table: Table) -> None:
        if table.caption:
            caption = self.line(one_line(table.caption), "hei", table.size)
            _centred(caption)
            caption.paragraph_format.keep_with_next = True
        made = self.paper.add_table(rows=1, cols=len(table.columns), style="Table Grid")
        made.autofit = True
        _fill(made.rows[0], [(column.title, Align.CENTRE) for column in table.columns], "hei", table.size)
        _repeated(made.rows[0])
        for row in table.rows:
            cells = [(text, column.align) for text, column in zip(row, table.columns, strict=True)]
            _fill(made.add_row(), cells, "body", table.size)
        for at, wide in enumerate(_widths(table)):
            _width(made.columns[at], wide)
        _airy(made, table.air / 2)
        self.blank()

    def annex_note(self, annexes: tuple[Annex, ...]) -> None:
        if not annexes:
            return
        self.blank()
        several = len(annexes) > 1
        for number, annex in enumerate(annexes, start=1):
            named = "".join(map(one_line, annex.title_lines))
            lead = "附件：" if number == 1 else "　　　"
            _indented(self.line(f"{lead}{f'{number}. ' if several else ''}{named}"))

    def signature(self, signature: Signature) -> None:
        """The organisation centred over the date, four characters from the right; blank rows for a real seal."""
        self.blank(_ROOM_FOR_THE_SEAL)
        for kept in self.paper.paragraphs[-_ROOM_FOR_THE_SEAL - _KEPT_WITH_SIGNATURE :]:
            kept.paragraph_format.keep_with_next = True
        organisation, day = one_line(signature.organisation), chinese_date(signature.signed_on)
        wide, narrow = _characters(organisation) * COLUMN, _characters(day) * COLUMN
        middle = max(_DATE_FROM_RIGHT * COLUMN + narrow / 2, wide / 2)  # from the right edge of the block
        for text, width in ((organisation, wide), (day, narrow)):
            signed = self.line(text)
            signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            signed.paragraph_format.right_indent = Pt(middle - width / 2)
            signed.paragraph_format.keep_with_next = text == organisation

    def annex(self, annex: Annex, number: int | None) -> None:
        label = self.line(f"附件{number or ''}", "hei")
        label.paragraph_format.page_break_before = True
        self.title(annex.title_lines, blank_before=1)
        self.blank()
        self.blocks(annex.blocks)

    def imprint(self, imprint: Imprint) -> None:
        """A table that stands on the block's bottom edge of the last page, whatever is written above."""
        rows = [f"抄送：{one_line(imprint.copies_to).rstrip('。')}。"] if imprint.copies_to else []
        rows.append(f"{one_line(imprint.office)}\t{chinese_date(imprint.printed_on)}印发")
        made = self.paper.add_table(rows=len(rows), cols=1)
        for row, text in zip(made.rows, rows, strict=True):
            paragraph = row.cells[0].paragraphs[0]
            _run(paragraph, text, "body", SMALL)
            _inset(paragraph)
        _width(made.columns[0], BLOCK_WIDTH)
        _on_the_bottom_edge(made)
        anchor = self.line("", size=1)
        _off_the_grid(anchor, pitch=1)

    def _page_number(self, paragraph: DocxParagraph, *, odd: bool) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
        edge = paragraph.paragraph_format
        edge.right_indent, edge.left_indent = (Pt(COLUMN), Pt(0)) if odd else (Pt(0), Pt(COLUMN))
        _run(paragraph, "— ", "song", SMALL)
        field = _element("fldSimple", instr="PAGE")
        paragraph._p.append(field)
        shown = _run(paragraph, "1", "song", SMALL)
        field.append(shown._r)
        _run(paragraph, " —", "song", SMALL)


def _as_table(chart: BarChart) -> Table:
    rows = tuple((bar.label, f"{bar.count}{bar.note}") for bar in chart.bars)
    return Table((Column("", 3), Column("", 1, Align.CENTRE)), rows, caption=chart.title)


def _widths(table: Table) -> list[float]:
    """Each column has what its longest text needs, and its share of the rest; where that is too much, its share."""
    texts = zip(*([column.title for column in table.columns], *table.rows), strict=True)
    needs = [max(map(_characters, column)) * table.size + _CELL_SIDES for column in texts]
    left = BLOCK_WIDTH - sum(needs)
    if left < 0:
        needs, left = [0.0] * len(needs), BLOCK_WIDTH
    shares = sum(column.share for column in table.columns)
    return [need + left * column.share / shares for need, column in zip(needs, table.columns, strict=True)]


def _clean(text: str) -> str:
    return text.translate(_NOT_XML)


def _characters(text: str) -> float:
    """How wide it is in characters of Chinese: what is ASCII takes half of one."""
    return max(1.0, sum(0.5 if sign.isascii() else 1.0 for sign in text))


def _element(tag: str, **attributes: str) -> Any:
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _faces(properties: Any, role: str) -> None:
    faces = properties.get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        faces.set(qn(f"w:{script}"), FACES[role])
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)


def _run(paragraph: DocxParagraph, text: str, role: str, size: float = BODY) -> Any:
    run = paragraph.add_run(_clean(text))
    run.font.size = Pt(size)
    _faces(run._r.get_or_add_rPr(), role)
    return run


def _centred(paragraph: DocxParagraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _off_the_grid(paragraph: DocxParagraph, *, pitch: float) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(pitch)
    _put(paragraph, _element("snapToGrid", val="0"))


def _indented(paragraph: DocxParagraph) -> None:
    """By two characters, whatever the size becomes when somebody changes it."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), str(round(2 * COLUMN * _TWIP)))


def _inset(paragraph: DocxParagraph) -> None:
    """One character in at both sides; what follows the tab stands at the right."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(COLUMN)
    paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(BLOCK_WIDTH - COLUMN), WD_TAB_ALIGNMENT.RIGHT)


def _rule(side: str, wide: float, *, space: float = 0, colour: str = "000000") -> Any:
    return _element(side, val="single", sz=str(round(wide * _EIGHTH)), space=str(round(space)), color=colour)


def _borders(tag: str, *rules: Any) -> Any:
    made = _element(tag)
    made.extend(rules)
    return made


def _put(paragraph: DocxParagraph, element: Any) -> None:
    """In the place that the schema gives it: Word opens no file with its parts in another order."""
    paragraph._p.get_or_add_pPr().insert_element_before(element, *_AFTER[element.tag])


def _fill(row: Any, cells: Iterable[tuple[str, Align]], role: str, size: float) -> None:
    aligned: dict[Align, Any] = {
        Align.LEFT: WD_ALIGN_PARAGRAPH.LEFT,
        Align.CENTRE: WD_ALIGN_PARAGRAPH.CENTER,
        Align.RIGHT: WD_ALIGN_PARAGRAPH.RIGHT,
    }
    for cell, (text, align) in zip(row.cells, cells, strict=True):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.alignment = aligned[align]
        _put(paragraph, _element("snapToGrid", val="0"))
        _run(paragraph, printable(text), role, size)
    row._tr.get_or_add_trPr().append(_element("cantSplit"))


def _repeated(row: Any) -> None:
    row._tr.get_or_add_trPr().append(_element("tblHeader"))


def _width(column: Any, wide: float) -> None:
    column.width = Pt(wide)
    for cell in column.cells:
        cell.width = Pt(wide)


def _airy(table: Any, air: float) -> None:
    """Room above and below each text, and the rules on the edges of the block, where the text of a page stands."""
    properties = table._tbl.tblPr
    margins = _element("tblCellMar")
    for side in ("top", "bottom"):
        margins.append(_element(side, w=str(round(air * _TWIP)), type="dxa"))
    properties.find(qn("w:tblLook")).addprevious(margins)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER


def _on_the_bottom_edge(table: Any) -> None:
    properties = table._tbl.tblPr
    place = {"vertAnchor": "margin", "horzAnchor": "margin", "tblpXSpec": "left", "tblpYSpec": "bottom"}
    properties.insert(1, _element("tblpPr", **place))
    sides = (("top", IMPRINT_OUTER_RULE), ("bottom", IMPRINT_OUTER_RULE), ("insideH", IMPRINT_INNER_RULE))
    borders = _borders("tblBorders", *(_rule(side, wide) for side, wide in sides))
    properties.find(qn("w:tblLook")).addprevious(borders)
