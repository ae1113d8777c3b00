"""Opening uploads page by page. Each page commits with how far it came, so that a lost run goes on behind it."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from qa_service.cases.models import Case
from qa_service.common.errors import NotFound
from qa_service.files.enums import PaperKind, Trouble
from qa_service.files.models import StoredFile
from qa_service.files.rasters import LIMITS, Limits, Outline, Page, PagesUnreadable, pages_of
from qa_service.files.services import open_file, store
from reviews.enums import ScanState
from reviews.models import ObjectionPaper, Scan
from reviews.services.scans.uploading import MOST_PAGES

# One run; what is left goes to the end of the queue: a small worker has two hands, and texts to send with them.
RUN_SECONDS: Final = 10.0
# A run whose last page is older than this has lost its worker.
LOST_AFTER: Final = timedelta(minutes=2)
# What no run got on with in so many starts is given up.
MOST_ATTEMPTS: Final = 3
PICTURE: Final = "image/jpeg"

Upload = Scan | ObjectionPaper


class _TakenOff(Exception):  # noqa: N818 - named for the fact
    """The upload was removed while it was being opened."""


def draw_scan(*, scan_id: int, now: datetime, seconds: float = RUN_SECONDS, limits: Limits = LIMITS) -> bool:
    """Open an upload, or go on with one; returns whether pages are left for another run.

    Safe to call twice at once: one caller wins. Whatever is wrong with the upload ends in a state that says so.
    """
    return _open(Scan, scan_id, now=now, seconds=seconds, limits=limits)


def draw_paper(*, paper_id: int, now: datetime, seconds: float = RUN_SECONDS, limits: Limits = LIMITS) -> bool:
    """The same of a paper attached to an objection."""
    return _open(ObjectionPaper, paper_id, now=now, seconds=seconds, limits=limits)


def waiting_scans(*, now: datetime) -> list[int]:
    """Uploads that nobody opens: waiting for a while, or begun and lost."""
    return _waiting(Scan, now=now)


def waiting_papers(*, now: datetime) -> list[int]:
    return _waiting(ObjectionPaper, now=now)


def _waiting(kind: type[Scan] | type[ObjectionPaper], *, now: datetime) -> list[int]:
    waiting = Q(state=ScanState.WAITING, progressed_at__lt=now - timedelta(seconds=15))
    lost = Q(state=ScanState.DRAWING, progressed_at__lt=now - LOST_AFTER)
    return list(kind._default_manager.filter(waiting | lost).order_by("pk").values_list("pk", flat=True))


def _open(kind: type[Scan] | type[ObjectionPaper], key: int, *, now: datetime, seconds: float, limits: Limits) -> bool:
    rows = kind._default_manager
    claimable = Q(state=ScanState.WAITING) | Q(state=ScanState.DRAWING, progressed_at__lt=now - LOST_AFTER)
    claimed = rows.filter(claimable, pk=key).update(
        state=ScanState.DRAWING, progressed_at=now, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    scan = rows.select_related("file").get(pk=key)
    try:
        left = _draw(scan, ends=time.monotonic() + seconds, limits=limits)
    except PagesUnreadable as unreadable:
        return _end(scan, ScanState.UNREADABLE, unreadable.trouble)
    except NotFound:
        return _end(scan, ScanState.UNREADABLE, Trouble.GONE)
    except _TakenOff:
        return False
    if left:
        _in_hand(scan).update(state=ScanState.WAITING)
        return True
    return _end(scan, ScanState.READY)


def _in_hand(scan: Upload) -> QuerySet[Any]:
    return type(scan)._default_manager.filter(pk=scan.pk, state=ScanState.DRAWING)


def _end(scan: Upload, state: ScanState, trouble: Trouble | None = None) -> bool:
    _in_hand(scan).update(state=state, trouble=trouble or "")
    return False


def _draw(scan: Upload, *, ends: float, limits: Limits) -> bool:
    """:return: whether pages are left."""
    if scan.attempts > MOST_ATTEMPTS:
        raise PagesUnreadable(Trouble.CRASHED)
    with open_file(scan.file) as stream:
        frames = pages_of(stream, kind=PaperKind(scan.kind), first=scan.drawn + 1, limits=limits)
        with closing(frames):  # type: ignore[type-var]  # a generator, whose end is the child's
            return _keep_all(scan, frames, ends=ends)


def _keep_all(scan: Upload, frames: Iterator[Outline | Page], *, ends: float) -> bool:
    headings: dict[int, str] = {}
    for found in frames:
        if isinstance(found, Outline):
            headings = dict(reversed(found.headings))
            _note_length(scan, found.count)
            continue
        _keep(scan, found, headings.get(found.number, ""))
        if time.monotonic() > ends and found.number < scan.pages:
            return True
    return False


@transaction.atomic
def _note_length(scan: Upload, pages: int) -> None:
    """:raises PagesUnreadable: with these its case would have more pages than one may have.

    How long an upload is shows here first. The case is held, so that of two that are opened at once one counts the
    other.
    """
    if isinstance(scan, Scan):
        Case.with_open.locked().get(pk=scan.case_id)
        others = Scan.objects.filter(case=scan.case_id).exclude(pk=scan.pk)
        if (others.aggregate(all=Sum("pages"))["all"] or 0) + pages > MOST_PAGES:
            raise PagesUnreadable(Trouble.CASE_FULL)
    _note(scan, pages=pages)


def _note(scan: Upload, **progress: int) -> None:
    """:raises _TakenOff: see there. The heartbeat is what wants the wall clock: `now` is the whole run's."""
    noted = _in_hand(scan).filter(drawn=scan.drawn)
    if not noted.update(progressed_at=timezone.now(), attempts=0 if "drawn" in progress else scan.attempts, **progress):
        raise _TakenOff
    for name, value in progress.items():
        setattr(scan, name, value)


@transaction.atomic
def _keep(scan: Upload, page: Page, heading: str) -> None:
    _note(scan, drawn=page.number)
    picture, small = (_stored(part, page) for part in (page.picture, page.small))
    scan.leaves.create(
        number=page.number,
        picture=picture,
        small=small,
        width=page.width,
        height=page.height,
        heading=heading,
        text=page.text,
    )


def _stored(part: bytes, page: Page) -> StoredFile | None:
    """A page that could not be drawn has no picture."""
    if not part:
        return None
    name = f"{page.number}.jpg"
    return store(data=part, name=name, content_type=PICTURE, limit=len(part), now=timezone.now())
