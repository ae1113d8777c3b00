"""Which kind of file this is, by its first bytes: a name proves nothing."""

from enum import Enum
from typing import BinaryIO

from django.utils.translation import gettext as _

from qa_service.common.errors import InvalidInput, UnsupportedFile

HEAD = 4096
# A stray NUL in a cell refuses its row alone; a file of another kind, or of wide characters, has many more.
STRAY = 0.02
ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
OTHER_MARKS = (
    b"\xff\xfe\x00\x00",
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"PK\x05\x06", b"{\\rtf", b"SQLite format",
)  # fmt: skip
MACRO_SUFFIXES = (".xlsm", ".xlsb", ".xltm", ".xlam")


class Kind(Enum):
    DELIMITED = "delimited"
    WORKBOOK = "workbook"


def sniff(stream: BinaryIO, *, suffix: str) -> Kind:
    """:raises UnsupportedFile: neither a CSV file nor a plain XLSX workbook. :raises InvalidInput: nothing in it."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if not head.strip():
        raise InvalidInput(_("The file is empty."), field="file", code="file_empty")
    if suffix in MACRO_SUFFIXES:
        raise macros()
    if head.startswith(ZIP):
        return Kind.WORKBOOK
    _refuse_others(head)
    return Kind.DELIMITED


def macros() -> UnsupportedFile:
    return UnsupportedFile(
        _("The workbook may contain macros. Save it as a plain .xlsx workbook and upload that."),
        field="file",
        code="file_with_macros",
    )


def _refuse_others(head: bytes) -> None:
    if head.startswith(OLD_OFFICE):
        raise UnsupportedFile(
            _("This is an old or a password-protected Office file. Save it as .xlsx or CSV without a password."),
            field="file",
        )
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise UnsupportedFile(
            _("This is a web page or XML, whatever its name says. Open it and save it as .xlsx or CSV."), field="file"
        )
    binary = head.count(b"\x00") > len(head) * STRAY and not head.startswith(UTF16_MARKS)
    if binary or head.startswith(OTHER_MARKS):
        raise UnsupportedFile(_("Only CSV files and .xlsx workbooks can be read."), field="file")
