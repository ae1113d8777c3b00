"""A report of plain tables: one set of figures, and from it the page, the paper, the workbook and the plain file.

Whatever form it takes, a cell is the same value and, where it is read by people, the same text (`shown`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_service.common.rounding import half_up
from qa_service.documents.content import (
    Align,
    Bar,
    BarChart,
    Block,
    Column,
    Heading,
    Paragraph,
    Signature,
    Table,
    WorkDocument,
)
from qa_service.documents.csv_export import csv_lines
from qa_service.documents.xlsx import Sheet
from scoring.documents.wording import headings

Cell = str | int | Decimal | date | None
_NOTHING = "—"
_SIZES = ((6, 12.0), (8, 10.5), (99, 9.0))  # of so many columns at most, in points
_AIR, _CLOSE = 5.0, 2.5  # in points
_TEXT_SHARE, _FIGURE_SHARE = 2.2, 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """One table. `charted` counts the columns, from the second on, that a chart stacks for each row; 0: no chart.

    `barred`: instead, so many rows from the first on are a bar each, as long as their second cell says; `unit` stands
    behind its number. `finding` is what the chart shows, in words. `joined`: so many columns from the first on stand
    below each other in one on paper, which is narrow.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    charted: int = 0
    finding: str = ""
    joined: int = 1
    barred: int = 0
    unit: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.header) for row in self.rows):
            raise ValueError("a row must have one cell per column")
        if any(not isinstance(row[1], int) for row in self.rows[: self.barred]):
            raise ValueError("a bar is as long as a whole number says")

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether a column holds figures, which stand to the right."""
        columns = zip(*self.rows, strict=True) if self.rows else iter(() for _title in self.header)
        return tuple(any(isinstance(cell, int | Decimal) for cell in column) for column in columns)

    @property
    def cells(self) -> tuple[tuple[tuple[str, bool], ...], ...]:
        """Each as it is read, and whether it is a figure."""
        return tuple(tuple(zip(row, self.numeric, strict=True)) for row in self.shown)

    @property
    def headings(self) -> tuple[tuple[str, bool], ...]:
        return tuple(zip(self.header, self.numeric, strict=True))

    @property
    def shown(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(map(shown, row)) for row in self.rows)


@dataclass(frozen=True, slots=True)
class TabularReport:
    """Figures of an organisation and a half-open period named `period_label`, as they stood on `as_of`."""

    name: str
    organisation: str
    period_label: str
    first_day: date
    last_day: date
    as_of: date
    tables: tuple[Figures, ...]
    notes: tuple[str, ...] = ()


def shown(cell: Cell) -> str:
    """For people: money and shares with their places, whole numbers plain, and a dash for what is not known."""
    match cell:
        case None:
            return _NOTHING
        case Decimal():
            return f"{cell:,f}"
        case date():
            return cell.isoformat()
        case _:
            return str(cell)


def work_document(report: TabularReport) -> WorkDocument:
    number = headings()
    blocks: list[Block] = [
        Paragraph(f"{report.first_day:%Y-%m-%d}—{report.last_day:%Y-%m-%d}，数据截至{report.as_of:%Y-%m-%d}。")
    ]
    for table in report.tables:
        blocks.append(Heading(f"{next(number)}{table.title}"))
        blocks += _drawn(table)
    if report.notes:
        blocks += [Heading(f"{next(number)}说明"), *map(Paragraph, report.notes)]
    return WorkDocument(
        organisation=report.organisation,
        name=report.name,
        number="",
        addressees="",
        blocks=tuple(blocks),
        signature=Signature(report.organisation, report.as_of),
        numbered=False,
        subline=f"（{report.period_label}）",
    )


def _drawn(table: Figures) -> Iterator[Block]:
    chart = chart_of(table)
    if chart is not None:
        yield chart
    if table.rows:
        rows = tuple(_joined(row, table.joined) for row in table.shown)
        yield Table(tuple(_columns(table)), rows, size=_size(len(table.header)), air=_air(len(table.header)))
    if table.note:
        yield Paragraph(table.note)


def _joined(cells: tuple[str, ...], columns: int) -> tuple[str, ...]:
    return ("\n".join(cells[:columns]), *cells[columns:])


def _columns(table: Figures) -> Iterator[Column]:
    figures = table.numeric[table.joined - 1 :]
    for title, right in zip(_joined(table.header, table.joined), figures, strict=True):
        yield Column(title, _FIGURE_SHARE if right else _TEXT_SHARE, Align.RIGHT if right else Align.LEFT)


def _air(columns: int) -> float:
    """A wide table stands in small type, closer together."""
    return _CLOSE if columns > _SIZES[0][0] else _AIR


def _size(columns: int) -> float:
    return next(size for most, size in _SIZES if columns <= most)


def chart_of(table: Figures) -> BarChart | None:
    """The sum of the last row for each charted column; None where there is none, or one of them is not published."""
    if table.barred:
        lengths = [(str(row[0]), row[1]) for row in table.rows[: table.barred]]
        bars = tuple(Bar(name, count, table.unit) for name, count in lengths if isinstance(count, int))
        return BarChart(table.finding or table.title, bars)
    if not table.charted or not table.rows:
        return None
    last = table.rows[-1][1 : 1 + table.charted]
    counts = [cell for cell in last if isinstance(cell, int)]
    if len(counts) != len(last) or not sum(counts):
        return None
    names = table.header[1 : 1 + table.charted]
    bars = tuple(
        Bar(name, count, f" · {half_up(Decimal(100 * count) / sum(counts), places=1)}%")
        for name, count in zip(names, counts, strict=True)
    )
    return BarChart(table.finding or table.title, bars)


def sheets(report: TabularReport) -> list[Sheet]:
    """One a table, its figures as numbers, with a native chart where the page has one."""
    return [
        Sheet(
            table.title,
            table.header,
            table.rows or ((table.note,),),
            tuple(14 if figures else 30 for figures in table.numeric),
            charted=(table.charted or 1) if chart_of(table) else 0,
            barred=table.barred,
        )
        for table in report.tables
    ]


def csv_of(tables: Iterable[Sheet], notes: Iterable[str] = ()) -> Iterator[str]:
    """The sheets of a workbook as one plain file."""
    rows: list[Iterable[Cell]] = []
    first, *_rest = tables = list(tables)
    for table in tables:
        if table is not first:
            rows += [(), (table.name,)]
        rows += [table.header, *table.rows]  # type: ignore[list-item]  # no cell of a report is a float
    if notes := list(notes):
        rows += [(), *((note,) for note in notes)]
    return csv_lines((first.name,), rows)
