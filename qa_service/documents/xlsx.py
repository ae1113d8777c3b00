"""Workbooks written row by row: text is text, figures are figures, dates are dates, and nothing is a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from django.utils.translation import gettext as _

from qa_service.common.errors import TooLarge
from qa_service.documents.csv_export import CellValue
from qa_service.documents.printable import printable

_MOST_ROWS: Final = 1_048_575  # of a sheet, under its header
_MOST_CHARACTERS: Final = 32_767  # of a cell
_FORBIDDEN_IN_NAMES: Final = str.maketrans("[]:*?/\\", "       ")
_NAME_LENGTH: Final = 31
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no zone; fixed so that the same rows give the same bytes


@dataclass(frozen=True, slots=True)
class Sheet:
    """`widths` are in characters; where they are short, 16 is used. `rows` may be a generator: it is read once."""

    name: str
    header: Sequence[str]
    rows: Iterable[Iterable[CellValue]]
    widths: Sequence[int] = field(default=())


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The .xlsx file. Memory grows with the file, not with the rows.

    Raises `TooLarge` when a sheet has more rows than the format can hold.
    """
    import xlsxwriter  # noqa: PLC0415 - slow import

    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": _CREATED})
    formats = {
        "header": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "exact": book.add_format({"num_format": "#,##0.00"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, formats)
    book.close()
    return out.getvalue()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
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
