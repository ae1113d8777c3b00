"""XLSX: first the container is measured and searched as a stream, only then is the sheet read.

Every declared size is checked against what really comes out, because the reader trusts the archive's own table.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, BinaryIO
from xml.parsers import expat  # no entities reach it: they are refused before

from django.utils.translation import gettext as _

from qa_service.cases.tables.formulas import FormulaFound
from qa_service.cases.tables.shape import MAX_COLUMNS, Cell, Row, Rows, Table
from qa_service.cases.tables.sniffing import macros
from qa_service.common.errors import TooLarge, UnsupportedFile

MAX_BYTES = 16 * 2**20
MAX_ENTRIES = 50
MAX_EXPANDED = 50 * 2**20
MAX_RATIO = 100
# Small parts compress without limit and harm nobody.
RATIO_MATTERS_FROM = 2**20
MAX_ROWS = 10_000
# Rows in which the header is looked for; how many of them stand above the cases is known once it is found.
ROWS_ABOVE = 20
CHUNK = 256 * 1024
OVERLAP = 4096
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
LOCAL_MARK = b"PK\x03\x04"
ENCRYPTED = 0x1
CONTENT_TYPES = "[Content_Types].xml"
READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ROW = re.compile("[1-9][0-9]{0,6}")
CELL = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
SHEETS = "xl/worksheets/"
ROW_BEGINS = re.compile(rb"<row[\s/>]")
PLACE = re.compile(rb'\br=["\']([A-Z]{1,3}[0-9]{1,7})["\']')
ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
WIDE_CHARACTERS = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00")


def open_workbook(stream: BinaryIO) -> Table:
    """:raises TooLarge, UnsupportedFile, InvalidInput: see `open_table`."""
    if stream.seek(0, 2) > MAX_BYTES:
        raise TooLarge(_("A workbook may have up to %(limit)d MB.") % {"limit": MAX_BYTES // 2**20}, field="file")
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            _guard_container(entries)
            for entry in entries:
                _guard_length(stream, entry)
            for entry in entries:
                _guard_entry(stream, entry)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError):
        raise unreadable() from None
    return _read(stream)


def unreadable() -> UnsupportedFile:
    return UnsupportedFile(_("The workbook is damaged or of another kind. Save it again as .xlsx."), field="file")


def _expands() -> TooLarge:
    return TooLarge(
        _("The workbook expands to more than can be read safely. Save the sheet of the cases alone as CSV."),
        field="file",
        code="file_expands",
    )


def _guard_container(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    lowered = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise macros()
    if "xl/workbook.xml" not in names or len(set(lowered)) != len(names):
        raise unreadable()
    if len(entries) > MAX_ENTRIES:
        raise TooLarge(_("The workbook has too many parts."), field="file", code="file_expands")
    if sum(entry.file_size for entry in entries) > MAX_EXPANDED:
        raise _expands()
    for entry in entries:
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in READABLE:
            raise unreadable()
        if entry.file_size > RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
            raise _expands()


def _expanded(stream: BinaryIO, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the entry's bytes as a reader that ignores the declared size would see them."""
    stream.seek(entry.header_offset)
    header = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
    if header[0] != LOCAL_MARK:
        raise unreadable()
    stream.seek(header[-2] + header[-1], 1)
    left = entry.compress_size
    inflate = zlib.decompressobj(-zlib.MAX_WBITS) if entry.compress_type == zipfile.ZIP_DEFLATED else None
    while left and (packed := stream.read(min(CHUNK, left))):
        left -= len(packed)
        if inflate is None:
            yield packed
            continue
        yield inflate.decompress(packed, CHUNK)
        while inflate.unconsumed_tail:
            yield inflate.decompress(inflate.unconsumed_tail, CHUNK)


def _guard_length(stream: BinaryIO, entry: zipfile.ZipInfo) -> None:
    """Refuse a sheet for its rows before any of its cells is looked at, which takes ten times as long.

    Only what every program writes is counted; whatever is spelt otherwise is found with its cells.
    """
    if not entry.filename.startswith(SHEETS):
        return
    rows, total, tail = 0, 0, b""
    for part in _expanded(stream, entry):
        total += len(part)
        if total > entry.file_size:
            raise _expands()
        window = tail + part
        begun = window.rfind(b"<")
        # A tag cut in two is counted with the next part.
        end = begun if len(window) - begun < OVERLAP and begun >= 0 else len(window)
        rows += sum(1 for _row in ROW_BEGINS.finditer(window, 0, end))
        tail = window[end:]
        if rows > MAX_ROWS + ROWS_ABOVE:
            raise too_long()


def too_long() -> TooLarge:
    return TooLarge(
        _("A workbook may have up to %(limit)s rows. Remove empty formatted rows or save it as CSV.")
        % {"limit": f"{MAX_ROWS:,}"},
        field="file",
        code="file_too_many_rows",
    )


def _guard_entry(stream: BinaryIO, entry: zipfile.ZipInfo) -> None:
    is_markup = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
    total, tail, is_sheet, formula, places = 0, b"", False, "", _Places()
    for part in _expanded(stream, entry):
        total += len(part)
        if total > entry.file_size:
            raise _expands()
        if not is_markup:
            continue
        window = tail + part
        _guard_markup(window, first=not tail)
        if entry.filename == CONTENT_TYPES and b"macroEnabled" in window:
            raise macros()
        if b"sheetData" in window:
            is_sheet = True
        places.read(part)
        formula = formula or _formula(window)
        tail = window[-OVERLAP:]
    if total != entry.file_size:
        raise unreadable()
    if is_sheet and formula:
        raise FormulaFound(formula)


def _guard_markup(window: bytes, *, first: bool) -> None:
    if ENTITIES.search(window) or (first and window[:2] in WIDE_CHARACTERS):
        raise unreadable()


class _Places:
    """Where the cells of a sheet stand: the reader lays out the whole rectangle up to the last of them.

    A place may be left out, then it is the next; so they are counted as the reader counts them.
    """

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._is_sheet: bool | None = None  # until the root is seen
        self._row = 0
        self._column = 0

    def read(self, part: bytes) -> None:
        """:raises TooLarge: a cell beyond the limits. :raises UnsupportedFile: a sheet that is no XML."""
        if self._is_sheet is False:
            return
        try:
            self._parser.Parse(part, False)
        except expat.ExpatError:
            if self._is_sheet:
                raise unreadable() from None
            self._is_sheet = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if self._is_sheet is None:
            self._is_sheet = tag == "worksheet"
        if not self._is_sheet:
            self._parser.StartElementHandler = None
        elif tag == "row":
            stated = attributes.get("r")
            self._row = self._row + 1 if stated is None else int(_spelt(ROW, stated)[0])
            self._column = 0
            self._check()
        elif tag == "c":
            stated = attributes.get("r")
            if stated is None:
                self._column += 1
            else:
                place = _spelt(CELL, stated)
                self._column, self._row = _column_number(place[1]), int(place[2])
            self._check()

    def _check(self) -> None:
        if self._row > MAX_ROWS + ROWS_ABOVE:
            raise too_long()
        if self._column > MAX_COLUMNS:
            raise TooLarge(_("A workbook may have up to %(limit)d columns.") % {"limit": MAX_COLUMNS}, field="file")


def _spelt(form: re.Pattern[str], stated: str) -> re.Match[str]:
    """A place as every program writes it. Other spellings the reader may understand, and differently from us.

    :raises UnsupportedFile: any other.
    """
    found = form.fullmatch(stated)
    if found is None:
        raise unreadable()
    return found


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _formula(window: bytes) -> str:
    """Name the cell of the first formula. A cell's own start is well within the window before it."""
    match = FORMULA.search(window)
    if match is None:
        return ""
    places = PLACE.findall(window, 0, match.start())
    return places[-1].decode() if places else "?"


def _read(stream: BinaryIO) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - slow import

    stream.seek(0)
    try:
        workbook = CalamineWorkbook.from_filelike(stream)
        sheet = workbook.get_sheet_by_index(0)
    except (CalamineError, OSError, ValueError, IndexError):
        raise unreadable() from None
    # Blank rows above the first cell are walked too.
    height = 0 if sheet.end is None else sheet.end[0] + 1
    return Table(rows=_rows(sheet), expected_rows=height, most_cases=MAX_ROWS)


def _rows(sheet: Any) -> Rows:
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield Row(line, [_cell(cell) for cell in cells])


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | float):
        return value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return str(value)
