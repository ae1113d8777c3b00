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


class OpenQuote(list[Cell]):
    """Cells of a row in which a quotation mark opens and is not closed where its cell ends.

    `swallowed`: how many lines below, blank ones aside, went into the row with it. `column`: where it opened, from 0.
    """

    def __init__(self, cells: list[Cell], *, swallowed: int) -> None:
        super().__init__(cells)
        self.swallowed = swallowed
        broken = (index for index, cell in enumerate(cells) if isinstance(cell, str) and "\n" in cell)
        self.column = next(broken, max(len(cells) - 1, 0))


class Row(NamedTuple):
    """`line` counts every row of the file from 1, blank and title rows too, as a spreadsheet shows it."""

    line: int
    cells: list[Cell]

    @property
    def overlong(self) -> bool:
        """Nothing was read of it but that it is too long to be a case's."""
        return self.cells is OVERLONG

    @property
    def open_quote(self) -> OpenQuote | None:
        """The row cannot be trusted, nor are the lines it swallowed rows of their own."""
        return self.cells if isinstance(self.cells, OpenQuote) else None


Rows = Generator[Row, None, None]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` can be walked once; close them to let go of the stream.

    `expected_rows` is a guess for a progress bar, never a promise.
    `most_cases`: how many rows may stand below the header.
    """

    rows: Rows
    expected_rows: int
    most_cases: int | None = None
