"""What both kinds of file become."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

# CSV cells are text; a workbook's may be typed. A date with a time of day arrives as its date.
Cell = str | float | date | None

MAX_COLUMNS = 256


# Stands for the cells of a row that was passed over.
OVERLONG: list[Cell] = ["…"]


class Row(NamedTuple):
    """`line` counts every row of the file from 1, blank and title rows too, as a spreadsheet shows it."""

    line: int
    cells: list[Cell]

    @property
    def overlong(self) -> bool:
        """Nothing was read of it but that it is too long to be a case's."""
        return self.cells is OVERLONG


Rows = Generator[Row, None, None]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` can be walked once; close them to let go of the stream.

    `expected_rows` is a guess for a progress bar, never a promise.
    """

    rows: Rows
    expected_rows: int
