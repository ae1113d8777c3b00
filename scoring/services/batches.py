"""Many issued papers in one file, for a folder or a printer."""

import zipfile
from tempfile import TemporaryFile
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qa_service.common.downloads import file_name
from qa_service.common.errors import InvalidInput, TooLarge
from qa_service.documents.csv_export import csv_lines
from qa_service.files.services import open_file
from qa_service.organisations.queries import today_at
from scoring.models import Notice

MOST = 500  # papers: some 100 MB, packed in seconds


class NothingToPack(InvalidInput):
    """Whoever asks may: it is the choice that holds nothing, so no 404, which hides what is somebody else's."""

    code = "nothing_to_pack"


def batch_of_notices(notices: QuerySet[Notice]) -> IO[bytes]:
    """A ZIP of their files and a list (CSV) of what lies in it, with each file's SHA-256, in today's language.

    It is on disk, not in memory, and gone when it is closed.

    :raises TooLarge: more than `MOST`; :raises NothingToPack: none; :raises NotFound: a file is missing on disk.
    """
    rows = list(notices.select_related("file", "lawyer", "firm", "issuer__settings", "case")[: MOST + 1])
    if len(rows) > MOST:
        raise TooLarge(_("These are more than %(most)s notices. Choose a shorter period.") % {"most": MOST})
    if not rows:
        raise NothingToPack(_("No notice of this choice is in force: there is nothing to pack."))
    packed = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
            listed = [_added(archive, turn, row) for turn, row in enumerate(rows, start=1)]
            header = (
                _("File"), _("Number"), _("Kind"), _("Issued on"), _("Lawyer"), _("Firm"), _("Case"),
                _("Verification"), _("SHA-256 of the file"),
            )  # fmt: skip
            archive.writestr(file_name(_("List of notices"), extension="csv"), "".join(csv_lines(header, listed)))
    except BaseException:
        packed.close()
        raise
    packed.seek(0)
    return packed


def _added(archive: zipfile.ZipFile, turn: int, notice: Notice) -> tuple[str, ...]:
    """The line of the list. `turn` keeps two apart that are called alike."""
    if notice.file is None or notice.issued_at is None:
        raise ValueError(f"notice {notice.pk} has no file")
    kind = str(notice.get_kind_display())
    name = file_name(f"{turn:03}", kind, notice.label, extension="pdf")
    with open_file(notice.file) as paper:
        archive.writestr(name, paper.read())
    day = today_at(notice.issuer, notice.issued_at)
    return (
        name, notice.label, kind, str(day), notice.whose, notice.firm.name if notice.firm else "",
        notice.case.number if notice.case else "",
        notice.verify_code, notice.file_sha256,
    )  # fmt: skip
