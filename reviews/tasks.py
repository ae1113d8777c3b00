import logging
import time
from functools import partial
from typing import Final

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from reviews.models import Objection
from reviews.services import scans
from reviews.services.asking_firms import remind_firms
from reviews.services.assignments import nudge_late as nudge_late_readers
from reviews.services.assignments import remind_of_due
from reviews.services.calendar_gaps import close_calendar_gaps as close_gaps
from reviews.services.calibration import remind_of_calibrations
from reviews.services.checklist_drafts import put_scheduled_in_force
from reviews.services.hearings import remind_of_hearings, take_off_who_left
from reviews.services.objection_reminders import remind_of_objections
from reviews.services.returns import take_back_from_who_is_tied, take_back_from_who_left
from reviews.services.telling import (
    begin_anew_for_new_lawyers,
    stand_down_who_is_tied_since,
    stand_down_who_was_refused,
    tell_who_has_an_account_now,
)
from reviews.services.telling_vetoes import hear_new_lawyers

logger = logging.getLogger(__name__)
# What is left is the next sweep's.
SWEEP_SECONDS: Final = 20


@shared_task(name="reviews.draw_scan")
def draw_scan(*, scan_id: int) -> None:
    """Open one upload for a while; what is left of it goes to the end of the queue."""
    if scans.draw_scan(scan_id=scan_id, now=timezone.now()):
        _wake(scan_id)


@shared_task(name="reviews.draw_paper")
def draw_paper(*, paper_id: int) -> None:
    """The same of a paper attached to an objection."""
    if scans.draw_paper(paper_id=paper_id, now=timezone.now()):
        _wake_for_paper(paper_id)


@shared_task(name="reviews.draw_scans")
def draw_scans() -> None:
    """Open what no worker took, or one lost. Papers of objections first: they are few, and somebody's days run."""
    ends = time.monotonic() + SWEEP_SECONDS
    for paper_id in scans.waiting_papers(now=timezone.now()):
        if time.monotonic() > ends:
            return
        scans.draw_paper(paper_id=paper_id, now=timezone.now())
    for scan_id in scans.waiting_scans(now=timezone.now()):
        if time.monotonic() > ends:
            return
        scans.draw_scan(scan_id=scan_id, now=timezone.now())


@shared_task(name="reviews.bar_scans")
def bar_scans() -> int:
    return scans.let_go_of_barred_scans(now=timezone.now())


def start_drawing(*, scan_id: int) -> None:
    """Hand an upload to the worker once its row is committed."""
    transaction.on_commit(lambda: _wake(scan_id))


def start_drawing_papers(*, objection: Objection) -> None:
    """The same of what is attached to an objection."""
    for paper_id in objection.papers.values_list("pk", flat=True):
        transaction.on_commit(partial(_wake_for_paper, paper_id))


def _wake_for_paper(paper_id: int) -> None:
    try:
        draw_paper.delay(paper_id=paper_id)
    except OperationalError:
        logger.warning("broker away: paper %s waits for the sweep", paper_id)


def _wake(scan_id: int) -> None:
    """If the broker is away, the sweep takes it."""
    try:
        draw_scan.delay(scan_id=scan_id)
    except OperationalError:
        logger.warning("broker away: scan %s waits for the sweep", scan_id)


@shared_task(name="reviews.nudge_late")
def nudge_late() -> int:
    now = timezone.now()
    of_files = remind_of_due(now=now) + nudge_late_readers(now=now) + remind_of_objections(now=now)
    return of_files + remind_firms(now=now) + remind_of_hearings(now=now) + remind_of_calibrations(now=now)


@shared_task(name="reviews.take_back")
def take_back() -> int:
    now = timezone.now()
    return take_back_from_who_left(now=now) + take_back_from_who_is_tied(now=now) + take_off_who_left(now=now)


@shared_task(name="reviews.put_in_force")
def put_in_force() -> int:
    now = timezone.now()
    return put_scheduled_in_force(today=timezone.localdate(now), now=now)


@shared_task(name="reviews.close_gaps")
def close_calendar_gaps() -> int:
    return close_gaps(now=timezone.now())


@shared_task(name="reviews.tell_lawyers")
def tell_lawyers() -> int:
    now = timezone.now()
    stand_down_who_is_tied_since(now=now)
    stand_down_who_was_refused(now=now)
    return begin_anew_for_new_lawyers(now=now) + hear_new_lawyers(now=now) + tell_who_has_an_account_now(now=now)
