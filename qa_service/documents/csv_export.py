"""CSV that a spreadsheet opens as text and figures, never as a formula (OWASP: CSV injection)."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Final

from qa_service.documents.printable import printable

CellValue = str | int | float | Decimal | date | datetime | bool | None

# What some spreadsheet takes for the start of a formula, also in full width, also after blanks it skips.
_TRIGGERS: Final = frozenset("=+-@\t\r\n\0＝＋－＠")
_BOM: Final = "\ufeff"  # without it Excel reads UTF-8 Chinese as something else


def safe_text(text: str) -> str:
    """The text, led by an apostrophe where a spreadsheet would run it; without control characters."""
    shown = printable(text)  # first, for what is left out may stand before a trigger
    if text[:1] in _TRIGGERS or shown.lstrip()[:1] in _TRIGGERS:
        return "'" + shown
    return shown


def csv_lines(header: Iterable[str], rows: Iterable[Iterable[CellValue]]) -> Iterator[str]:
    """The file in pieces to stream, one a row, the first with a byte-order mark. Dates are written as 2026-10-19."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    buffer.write(_BOM)
    writer.writerow([safe_text(title) for title in header])
    yield _taken(buffer)
    for values in rows:
        writer.writerow([_cell(value) for value in values])
        yield _taken(buffer)


def _cell(value: CellValue) -> str | int | float | Decimal:
    match value:
        case None:
            return ""
        case str():
            return safe_text(value)
        case bool():
            return int(value)
        case datetime():
            return value.isoformat(sep=" ", timespec="minutes")
        case date():
            return value.isoformat()
        case _:
            return value


def _taken(buffer: StringIO) -> str:
    piece = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return piece
