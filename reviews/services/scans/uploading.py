"""What the desk does with the scanned file of a case. Files that must not be copied are refused here, whoever asks."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.errors import Conflict, InvalidInput, TooLarge
from qa_service.files.services import store
from qa_service.files.sniffing import kind_of_paper
from reviews.enums import PaperGround
from reviews.models import PaperOnly, Scan
from reviews.queries.scans import ground_known
from reviews.retention import let_go_of_copies, let_go_of_scans
from reviews.services.assignments import require_untied
from reviews.services.words import whole

MAX_BYTES: Final = 50 * 2**20
# Of one case: as many as one person can read, and as many as a page can list.
MOST_PAGES: Final = 2000
MOST_UPLOADS: Final = 100
REASON_LIMIT: Final = 300


class FileOnPaper(Conflict):
    """The file must not be copied; `ground` says why."""

    code = "file_on_paper"

    def __init__(self, ground: PaperGround) -> None:
        message = _("This file is kept on paper and nothing of it is uploaded: %(why)s.")
        super().__init__(message % {"why": ground.label}, ground=ground.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as it came: `size` in bytes. See `Scan` for the rest."""

    stream: BinaryIO
    size: int
    name: str
    paper: str = ""
    first_page: int | None = None
    unnumbered: int = 0


@transaction.atomic
def upload_scan(*, case: Case, upload: Upload, declared_open: bool, user: User, now: datetime) -> Scan:
    """Keep one upload until the worker opens it.

    :param declared_open: the person says that nobody in the case is a minor, no hearing was closed, nothing is secret.
    :raises FileOnPaper: the file must not be copied. :raises InvalidInput: not declared, or nothing in it.
    :raises TooLarge: more bytes, uploads or pages than one case may have. :raises UnsupportedFile: see `kind_of_paper`.
    :raises NotTheirsToGive: the person has a tie to who handled the case.
    """
    held = Case.objects.locked().select_related("centre").get(pk=case.pk)
    require_untied(case=held, user=user)
    ground = ground_known(held)
    if ground is not None:
        raise FileOnPaper(ground)
    if not declared_open:
        raise InvalidInput(
            _("Say first that the file may be copied: no minor, no closed hearing, no secret."), field="declared"
        )
    _require_room(held, upload)
    kind = kind_of_paper(upload.stream)
    stored = store(
        data=upload.stream, name=upload.name, content_type="application/octet-stream", limit=MAX_BYTES, now=now
    )
    scan = Scan.objects.create(
        case=held,
        file=stored,
        kind=kind,
        name=stored.name,
        paper=upload.paper,
        first_page=upload.first_page,
        unnumbered=upload.unnumbered,
        progressed_at=now,
        uploaded_by=user,
        uploaded_at=now,
    )
    details = {"case": held.number, "kind": kind.value, "bytes": stored.size}
    record(actor=user.actor, action="reviews.scan_uploaded", subject=scan, details=details, at=now)
    return scan


def _require_room(case: Case, upload: Upload) -> None:
    if upload.size > MAX_BYTES:
        raise TooLarge(_("The file is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 2**20}, field="file")
    scans = Scan.objects.filter(case=case)
    pages = scans.aggregate(all=Sum("pages"))["all"] or 0
    if pages >= MOST_PAGES or scans.order_by().count() >= MOST_UPLOADS:
        text = _("The scanned file of one case has at most %(uploads)d uploads and %(pages)d pages.")
        raise TooLarge(text % {"uploads": MOST_UPLOADS, "pages": MOST_PAGES}, field="file")


@transaction.atomic
def remove_scan(*, case: Case, scan: Scan, user: User, now: datetime) -> None:
    """Take an upload off, bytes, pages and text; the record keeps that it was there.

    :raises NotTheirsToGive: as when uploading.
    """
    require_untied(case=case, user=user)
    details = {"case": case.number, "pages": scan.pages}
    record(actor=user.actor, action="reviews.scan_removed", subject=scan, details=details, at=now)
    let_go_of_scans([scan.pk])


@transaction.atomic
def keep_on_paper(*, case: Case, ground: PaperGround, user: User, now: datetime) -> None:
    """From now on nothing of this file is uploaded, and what was goes at once.

    :raises NotTheirsToGive: as when uploading.
    """
    held = Case.objects.locked().select_related("centre").get(pk=case.pk)
    require_untied(case=held, user=user)
    PaperOnly.objects.update_or_create(case=held, defaults={"ground": ground, "recorded_by": user, "recorded_at": now})
    details = {"case": held.number, "ground": ground.value}
    record(actor=user.actor, action="reviews.file_kept_on_paper", subject=held, details=details, at=now)
    let_go_of_copies(held)


@transaction.atomic
def allow_scans(*, case: Case, reason: str, user: User, now: datetime) -> None:
    """It was recorded by mistake that the file must not be copied; what the case system says of it still holds.

    :raises InvalidInput: no reason. :raises NotTheirsToGive: as when uploading.
    """
    held = Case.objects.locked().select_related("centre").get(pk=case.pk)
    require_untied(case=held, user=user)
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    if not said:
        raise InvalidInput(_("Say why."), field="reason")
    if PaperOnly.objects.filter(case=held).delete()[0]:
        details = {"case": held.number}
        record(actor=user.actor, action="reviews.scans_allowed", subject=held, details=details, remark=said, at=now)
