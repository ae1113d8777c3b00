"""The door to drawn papers: content in, PDF bytes out. ReportLab is loaded when the first paper is drawn."""

from collections.abc import Sequence

from qa_service.documents.content import Certificate, Circular, Sheet, WorkDocument
from qa_service.documents.fonts import FontFolders, configured_folders


def circular(document: Circular, *, folders: FontFolders | None = None) -> bytes:
    """The same content and fonts give the same bytes.

    Raises `FontsNotReady` (call `fonts.prepare_fonts` first), `FontUnusable`, `MissingGlyph`.
    """
    from qa_service.documents import faces, official  # noqa: PLC0415 - slow import

    return official.circular(document, faces.load_fonts(folders or configured_folders()))


def work_document(document: WorkDocument, *, folders: FontFolders | None = None) -> bytes:
    """As `circular`, under a black head."""
    from qa_service.documents import faces, official  # noqa: PLC0415 - slow import

    return official.work_document(document, faces.load_fonts(folders or configured_folders()))


def certificate(document: Certificate, *, folders: FontFolders | None = None) -> bytes:
    """As `circular`: one page across."""
    from qa_service.documents import certificates, faces  # noqa: PLC0415 - slow import

    return certificates.certificate(document, faces.load_fonts(folders or configured_folders()))


def sheet(document: Sheet, *, folders: FontFolders | None = None) -> bytes:
    """As `circular`: a form for the hand, a card or a record, in the reader's language."""
    from qa_service.documents import faces, sheets  # noqa: PLC0415 - slow import

    return sheets.sheet(document, faces.load_fonts(folders or configured_folders()))


def sheets(documents: Sequence[Sheet], *, folders: FontFolders | None = None) -> bytes:
    """Several in one file, at least one; each begins on the front of a sheet, however it is printed."""
    from qa_service.documents import faces, sheets  # noqa: PLC0415 - slow import

    return sheets.stack(documents, faces.load_fonts(folders or configured_folders()))
