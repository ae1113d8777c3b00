"""Workbooks written row by row: text is text, figures are figures, dates are dates, and nothing is a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext as _

from qa_service.common.errors import TooLarge
from qa_service.documents.csv_export import CellValue
from qa_service.documents.printable import printable

_MOST_ROWS: Final = 1_048_575  # of a sheet, under its header
_MOST_CHARACTERS: Final = 32_767  # of a cell
_FORBIDDEN_IN_NAMES: Final = str.maketrans("[]:*?/\\", "       ")
_NAME_LENGTH: Final = 31
_A4: Final = 9  # by the numbers of the format
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no zone; fixed so that the same rows give the same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """`widths` are in characters; where they are short, 16 is used. `rows` may be a generator: it is read once.

    `charted`: so many columns from the second on are drawn beside the table, stacked by row, as a chart of the
    spreadsheet's own; `barred`: of so many rows from the first on, where not of all.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Iterable[CellValue]]
    widths: Sequence[int] = field(default=())
    charted: int = 0
    barred: int = 0


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The .xlsx file. Memory grows with the file, not with the rows.

    Raises `TooLarge` when a sheet has more rows than the format can hold.
    """
    out = BytesIO()
    write_workbook(sheets, out)
    return out.getvalue()


def write_workbook(sheets: Iterable[Sheet], out: BinaryIO) -> None:
    """The same into a file, so that memory does not grow at all. Raises `TooLarge`, as above."""
    import xlsxwriter  # noqa: PLC0415 - slow import

    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": _CREATED})
    formats = {
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "exact": book.add_format({"num_format": "#,##0.00"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for sheet in sheets:
        page = book.add_worksheet(_sheet_name(sheet.name))
        _set_for_paper(page)
        last = _write(page, sheet, formats)
        if sheet.charted and last:
            _chart(book, page, sheet, min(last, sheet.barred or last))
    book.close()


def _set_for_paper(page: Any) -> None:
    """Whoever prints it finds the table and its chart side by side, and on each sheet what it is of."""
    page.set_paper(_A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_header("&L&F&R&A")
    page.set_footer("&R&P / &N")


def _chart(book: Any, page: Any, sheet: Sheet, last: int) -> None:
    """Bars of the rows 1 to `last`, right of the table."""
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for column in range(1, 1 + sheet.charted):
        chart.add_series(
            {
                "name": [page.get_name(), 0, column],
                "categories": [page.get_name(), 1, 0, last, 0],
                "values": [page.get_name(), 1, column, last, column],
            }
        )
    chart.set_title({"name": printable(sheet.name)})
    chart.set_y_axis({"reverse": True})  # the first row on top, as in the table
    page.insert_chart(1, len(sheet.header) + 1, chart)


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> int:
    """The number of the last row; 0 without any."""
    row = 0
    page.freeze_panes(1, 0)
    for column, title in enumerate(sheet.header):
        width = sheet.widths[column] if column < len(sheet.widths) else 16
        page.set_column(column, column, width)
        page.write_string(0, column, printable(title), formats["header"])
    for row, values in enumerate(sheet.rows, start=1):
        if row > _MOST_ROWS:
            raise TooLarge(
                _("A sheet holds at most %(most)s rows. Please narrow the selection.") % {"most": _MOST_ROWS},
                code="too_many_rows",
            )
        for column, value in enumerate(values):
            _cell(page, row, column, value, formats)
    return row


def _cell(page: Any, row: int, column: int, value: CellValue, formats: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case str():
            page.write_string(row, column, printable(value)[:_MOST_CHARACTERS])
        case bool():
            page.write_boolean(row, column, value)
        case datetime():
            page.write_datetime(row, column, value.replace(tzinfo=None), formats["moment"])
        case date():
            page.write_datetime(row, column, value, formats["day"])
        case Decimal():  # a score or an amount of money: figures below each other have as many places
            page.write_number(row, column, value, formats["exact"])
        case int() | float():
            page.write_number(row, column, value)


def _sheet_name(name: str) -> str:
    return (printable(name).translate(_FORBIDDEN_IN_NAMES).strip(" '") or "Sheet")[:_NAME_LENGTH]
