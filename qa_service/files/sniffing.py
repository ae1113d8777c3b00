"""Which kind of paper this is, by its first bytes: a name proves nothing."""

from typing import BinaryIO, Final

from django.utils.translation import gettext as _

from qa_service.common.errors import InvalidInput, UnsupportedFile
from qa_service.files.enums import PaperKind

HEAD: Final = 1024


def kind_of_paper(stream: BinaryIO) -> PaperKind:
    """:raises UnsupportedFile: neither PDF, JPEG nor PNG. :raises InvalidInput: nothing in it."""
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    if not head:
        raise InvalidInput(_("The file is empty."), field="file", code="file_empty")
    if head.startswith(b"\xff\xd8\xff"):
        return PaperKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PaperKind.PNG
    # Readers take a PDF whose head stands somewhat later; what a browser would run is none.
    if b"%PDF-" in head and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return PaperKind.PDF
    raise UnsupportedFile(_("Only PDF, JPEG and PNG files can be taken."), field="file")
