"""CSV as case systems write it: GB18030 or UTF-8, with or without a mark, separated by comma, tab or semicolon."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from qa_service.cases.tables.formulas import FormulaFound, formula_in, place
from qa_service.cases.tables.shape import MAX_COLUMNS, OVERLONG, Cell, OpenQuote, Row, Rows, Table
from qa_service.cases.tables.sniffing import UTF16_MARKS
from qa_service.common.errors import InvalidInput, TooLarge, UnsupportedFile

MAX_BYTES = 64 * 2**20
SAMPLE = 64 * 1024
CHUNK = 2**20
# A line or a cell longer than this is no case's: a quotation mark was left open, or somebody tries us.
MAX_LINE = 128 * 1024
# Of so many times that length it is a slip of somebody's, and its row alone is refused; beyond, the file is.
MOST_PIECES = 32
QUOTE = '"'
OVERLAP = 8
DELIMITERS = (",", "\t", ";")
# Neither delimiter, quote, space nor "=" is ever the second byte of a GB18030 character, so bytes can be searched
# before they are decoded. The last four alternatives are the full-width signs in UTF-8 and GB18030.
FORMULA_SUSPECT = re.compile(rb'(?:^|[,;\t\r\n])[" ]*(?:[=@]|\xef\xbc\x9d|\xef\xbc\xa0|\xa3\xbd|\xa3\xc0)')


def open_delimited(stream: BinaryIO) -> Table:
    """:raises TooLarge, UnsupportedFile, InvalidInput: see `open_table`."""
    size = stream.seek(0, io.SEEK_END)
    if size > MAX_BYTES:
        raise TooLarge(_("A CSV file may have up to %(limit)d MB.") % {"limit": MAX_BYTES // 2**20}, field="file")
    encoding = _encoding(stream)
    delimiter = _delimiter(stream, encoding)
    suspect, lines = _scan(stream)
    if suspect or encoding == "utf-16":
        _refuse_formulas(stream, encoding, delimiter)
    return Table(rows=_rows(stream, encoding, delimiter), expected_rows=lines)


def _sample(stream: BinaryIO) -> bytes:
    stream.seek(0)
    return stream.read(SAMPLE)


def _encoding(stream: BinaryIO) -> str:
    """UTF-8 is tried first: text in GB18030 practically never passes for it, the reverse happens."""
    sample = _sample(stream)
    if sample.startswith(UTF16_MARKS):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnsupportedFile(
        _("The characters of the file cannot be read. Save it as CSV in UTF-8 or GB18030."), field="file"
    )


def _delimiter(stream: BinaryIO, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(_sample(stream))
    return max(DELIMITERS, key=text.count)


def _scan(stream: BinaryIO) -> tuple[bool, int]:
    """Whether any cell looks like a formula, and how many lines there are: one pass over the bytes."""
    stream.seek(0)
    suspect, lines, tail = False, 0, b"\n"
    while chunk := stream.read(CHUNK):
        lines += chunk.count(b"\n")
        suspect = suspect or FORMULA_SUSPECT.search(tail + chunk) is not None
        tail = chunk[-OVERLAP:]
    return suspect, lines


def _refuse_formulas(stream: BinaryIO, encoding: str, delimiter: str) -> None:
    """A suspect may be a comma inside a quoted cell: only reading the rows tells."""
    for row in _rows(stream, encoding, delimiter):
        for column, cell in enumerate(row.cells):
            if isinstance(cell, str) and formula_in(cell):
                raise FormulaFound(place(row.line, column))


def _rows(stream: BinaryIO, encoding: str, delimiter: str) -> Rows:
    stream.seek(0)
    # A byte that cannot be read becomes U+FFFD, and its row alone is refused by `intake`.
    text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    line, lines = 0, _Lines(text)
    try:
        for line, cells in enumerate(csv.reader(lines, delimiter=delimiter), start=1):
            if len(cells) > MAX_COLUMNS:
                raise TooLarge(
                    _("Line %(line)d has more than %(limit)d columns.") % {"line": line, "limit": MAX_COLUMNS},
                    field="file",
                )
            row = Row(line, _cells(cells, lines, delimiter))
            lines.begin_row()
            yield row
    except (csv.Error, _EndlessLine):
        if lines.of_this_row <= 1:
            raise _too_long(line + 1) from None
        # The cell outgrew every measure: the mark is open, and what is left of the file went with it.
        yield Row(line + 1, OpenQuote([], swallowed=lines.swallowed + lines.left()))
    finally:
        text.detach()


def _cells(cells: list[str], lines: "_Lines", delimiter: str) -> list[Cell]:
    """As read, unless the row is too long or its quotation marks do not hold together."""
    if lines.overlong:
        return OVERLONG
    if lines.ended_inside or (lines.of_this_row > 1 and not _well_quoted(lines.raw, delimiter)):
        return OpenQuote(list(cells), swallowed=lines.swallowed)
    return list(cells)


def _well_quoted(raw: list[str], delimiter: str) -> bool:
    """Whether each quotation mark is closed where its cell ends. One left open ends at the next, far below."""
    try:
        next(csv.reader(raw, delimiter=delimiter, strict=True))
    except csv.Error:
        return False
    return True


class _EndlessLine(Exception):  # noqa: N818 - told in words by whoever knows the row
    """A line of the file is longer than any that is read."""


class _Lines:
    """The lines of a file, and those that the row being read has taken: a quoted cell may go over several.

    A line too long to be a case's is passed over, if it is a row of its own: then `overlong` says so.
    `ended_inside`: the file ended within the row, so a quotation mark is open.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.begin_row()

    def begin_row(self) -> None:
        self.raw: list[str] = []
        self.overlong = self.ended_inside = False

    @property
    def of_this_row(self) -> int:
        return len(self.raw)

    @property
    def swallowed(self) -> int:
        """Lines with words below the first of the row."""
        return sum(bool(line.strip()) for line in self.raw[1:])

    def left(self) -> int:
        """How many lines with words are left in the file; they are read to its end."""
        begins, left = True, 0
        while piece := self._text.readline(MAX_LINE):
            left += begins and bool(piece.strip())
            begins = piece.endswith("\n")
        return left

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_LINE):
            self.raw.append(line)
            if len(line) == MAX_LINE:
                self._pass_over(line)
                line = "\n"
            yield line
        self.ended_inside = bool(self.raw)

    def _pass_over(self, begun: str) -> None:
        """:raises _EndlessLine: no end in sight, or a quotation mark open before or after it."""
        quotes, pieces = begun.count(QUOTE), 1
        while not begun.endswith("\n") and (begun := self._text.readline(MAX_LINE)):
            quotes, pieces = quotes + begun.count(QUOTE), pieces + 1
            if pieces > MOST_PIECES:
                raise _EndlessLine
        if self.of_this_row > 1 or quotes % 2:
            raise _EndlessLine
        self.overlong = True


def _too_long(line: int) -> InvalidInput:
    text = _("A cell in line %(line)d is longer than a cell may be. Shorten it and upload the file again.")
    return InvalidInput(text % {"line": line}, field="file", code="file_unreadable", line=line)
