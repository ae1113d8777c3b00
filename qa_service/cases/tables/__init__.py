"""From the bytes of an export to rows of cells. What the cells mean is `intake`'s to say."""

from pathlib import PurePath
from typing import BinaryIO

from qa_service.cases.tables.delimited import open_delimited
from qa_service.cases.tables.shape import Cell, Row, Rows, Table
from qa_service.cases.tables.sniffing import Kind, sniff
from qa_service.cases.tables.workbook import open_workbook, too_long

__all__ = ["Cell", "Row", "Rows", "Table", "open_table", "too_long"]


def open_table(stream: BinaryIO, *, name: str = "") -> Table:
    """Open a CSV export or an XLSX workbook, by content and not by name, after every guard has passed.

    The rows are read as they are asked for; the stream must stay open until then.

    :raises UnsupportedFile: not a table, a macro workbook, a protected or an old binary one.
    :raises TooLarge: over the limits of size, rows, columns or expansion.
    :raises InvalidInput: empty, without a header row, with missing columns, or with a formula in a cell.
    """
    if sniff(stream, suffix=PurePath(name).suffix.lower()) is Kind.WORKBOOK:
        return open_workbook(stream)
    return open_delimited(stream)
