"""A ruled table as boxes: one a row, the header drawn again on every page it reaches."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate

from qa_service.documents.content import Align, Table
from qa_service.documents.geometry import ASCENT, BLOCK_HEIGHT, BLOCK_WIDTH, LEFT, ROW, height
from qa_service.documents.linebreaks import Atom, atoms, lines, natural_width
from qa_service.documents.pagination import Box
from qa_service.documents.pen import Pen
from qa_service.documents.printable import printable

_LEADING = 1.5  # of the size
_CAPTION = 12.0
_PAD = 5.0  # at the sides, and round the table
_RULE = 0.5
_SHADE = (0.94, 0.94, 0.94)
_SMALL_TABLE = BLOCK_HEIGHT / 3
_LINES_IN_ONE_PIECE = 24  # a taller row is cut, else it would fit no page


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: list[list[Atom]]
    align: Align
    size: float

    @property
    def pitch(self) -> float:
        return self.size * _LEADING

    @property
    def height(self) -> float:
        return len(self.lines) * self.pitch


def table_boxes(table: Table, pen: Pen) -> list[Box]:
    widths = _widths(table, pen)
    header = _row(
        [
            _cell(pen, column.title, width, Align.CENTRE, "hei", table.size)
            for column, width in zip(table.columns, widths, strict=True)
        ],
        widths,
        air=table.air,
        shaded=True,
    )
    boxes = [_caption(table.caption)] if table.caption else []
    boxes.append(Box(draw=_nothing, height=_PAD, need=0, on_grid=True, keep_with_next=True))
    boxes.append(header)
    rows: list[Box] = []
    for row in table.rows:
        cells = [
            _cell(pen, text, width, column.align, "body", table.size)
            for text, column, width in zip(row, table.columns, widths, strict=True)
        ]
        rows += [_row(piece, widths, air=table.air, header=header) for piece in _pieces(cells)]
    boxes += _kept_together(rows)
    boxes.append(Box(draw=_nothing, height=2 * _PAD, need=0, on_grid=False))
    return boxes


def _kept_together(rows: list[Box]) -> list[Box]:
    """A small table stays whole; of a longer one no single row stands above or below the end of a page."""
    small = sum(row.need for row in rows) <= _SMALL_TABLE
    kept = range(len(rows) - 1) if small else {0, len(rows) - 2}
    return [replace(row, keep_with_next=True) if at in kept else row for at, row in enumerate(rows)]


def _widths(table: Table, pen: Pen) -> list[float]:
    """The widest columns wrap first, so that a number or a date stays whole; what is left is spread by share."""
    wanted = [_wanted(table, pen, at) + 2 * _PAD + 1 for at in range(len(table.columns))]
    shares = [column.share for column in table.columns]
    open_columns, room = set(range(len(shares))), BLOCK_WIDTH
    while settled := {at for at in open_columns if wanted[at] <= room / len(open_columns)}:
        open_columns -= settled
        room -= _sum(wanted, settled)
        if not open_columns:  # everything fits in one line
            return [want + room * share / sum(shares) for want, share in zip(wanted, shares, strict=True)]
    each = room / _sum(shares, open_columns)
    return [shares[at] * each if at in open_columns else wanted[at] for at in range(len(shares))]


def _wanted(table: Table, pen: Pen, at: int) -> float:
    title = pen.width(printable(table.columns[at].title), "hei", table.size)
    texts = (line for row in table.rows for line in printable(row[at]).split("\n"))
    return max([title, *(pen.width(text, "body", table.size) for text in texts)])


def _sum(figures: list[float], places: set[int]) -> float:
    return sum(figures[at] for at in places)


def _cell(pen: Pen, text: str, width: float, align: Align, role: str, size: float) -> _Cell:
    measure = partial(pen.width, role=role, size=size)
    broken: list[list[Atom]] = []
    for paragraph in printable(text).split("\n"):
        broken += lines(list(atoms(paragraph, measure, role)), width - 2 * _PAD)
    return _Cell(broken, align, size)


def _pieces(cells: list[_Cell]) -> list[list[_Cell]]:
    tallest = max(len(cell.lines) for cell in cells)
    return [
        [replace(cell, lines=cell.lines[at : at + _LINES_IN_ONE_PIECE]) for cell in cells]
        for at in range(0, tallest, _LINES_IN_ONE_PIECE)
    ]


def _row(
    cells: list[_Cell], widths: list[float], *, air: float, header: Box | None = None, shaded: bool = False
) -> Box:
    tall = max(cell.height for cell in cells) + 2 * air
    return Box(
        draw=partial(_draw_row, cells=cells, widths=widths, tall=tall, shaded=shaded),
        height=tall,
        need=tall,
        on_grid=False,
        keep_with_next=shaded,
        header=header,
    )


def _draw_row(pen: Pen, down: float, *, cells: list[_Cell], widths: list[float], tall: float, shaded: bool) -> None:
    top, bottom = height(down), height(down + tall)
    if shaded:
        pen.box(LEFT, bottom, BLOCK_WIDTH, tall, _SHADE)
    for edge in (top, bottom):
        pen.rule(LEFT - _RULE / 2, edge, BLOCK_WIDTH + _RULE, _RULE)
    for x in accumulate(widths, initial=LEFT):
        pen.upright(x, top, bottom, _RULE)
    for cell, width, x in zip(cells, widths, accumulate(widths, initial=LEFT), strict=False):
        _draw_cell(pen, cell, x, width, top - (tall - cell.height) / 2)


def _draw_cell(pen: Pen, cell: _Cell, x: float, width: float, top: float) -> None:
    for number, line in enumerate(cell.lines):
        slack = width - 2 * _PAD - natural_width(line)
        lead = {Align.LEFT: 0.0, Align.CENTRE: slack / 2, Align.RIGHT: slack}[cell.align]
        y = top - number * cell.pitch - (cell.pitch - cell.size) / 2 - ASCENT * cell.size
        pen.line(x + _PAD + max(lead, 0.0), y, line, cell.size, tracking=0.0)


def _caption(text: str) -> Box:
    def draw(pen: Pen, down: float) -> None:
        pen.centred(LEFT + BLOCK_WIDTH / 2, height(down + ROW) + _PAD, printable(text), "hei", _CAPTION)

    return Box(draw=draw, keep_with_next=True)


def _nothing(pen: Pen, down: float) -> None:
    """White space."""
