"""Firms are asked to mark their own drawn files, reminded, and asked no more once there is a result."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from qa_service.accounts.queries import accounts_of_handlers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.notifications.services import notify_each
from qa_service.organisations.models import CentreSettings
from qa_service.organisations.queries import on_the_day_there, today_at, workdays_if_known
from reviews.enums import Purpose, SelfAssessmentState
from reviews.models import CaseReview, Sample, SampledCase, SelfAssessment
from reviews.queries.checklists import lists_in_force

BATCH = 500
NUDGE_AGAIN = timedelta(days=7)
DUE_SOON = timedelta(days=2)
MINE = "/reviews/my-self-assessments"
ASKER = Actor.system("reviews.self_assessment")


@transaction.atomic
def ask_firms(*, sample: Sample, case_id: int | None = None, now: datetime) -> int:
    """Ask for every file of the sample, or for one, that was not asked for yet; returns how many. Twice is as once.

    Nobody is asked where the centre has not switched it on, where no list is in force for the case, or where there is a
    released result: who knows what the readers found assesses nothing any more. Where the calendar does not reach so
    far, a sweep sets the day.
    """
    settings = CentreSettings.objects.select_related("centre").get(centre=sample.centre_id)
    if not settings.self_assessment:
        return 0
    lists = lists_in_force(settings.centre, purpose=Purpose.SELF_ASSESSMENT)
    due_on = workdays_if_known(today_at(settings.centre, now), settings.self_assessment_days)
    rows = [
        SelfAssessment(case=case, checklist=checklist, asked_at=now, due_on=due_on)
        for case in _to_be_asked_for(sample, case_id)
        if (checklist := lists.for_case(case)) is not None
    ]
    SelfAssessment.objects.bulk_create(rows, batch_size=BATCH)
    if rows:
        record(actor=ASKER, action="reviews.firms_asked", subject=sample, details={"files": len(rows)}, at=now)
    _tell(rows, gettext_noop("You are asked to mark %(count)s of your own files before they are read."), now=now)
    return len(rows)


def stop_asking(*, case: Case, now: datetime) -> None:
    """The file left the sample before anybody handed in."""
    _close(case, SelfAssessmentState.WITHDRAWN, now=now)


def close_unmarked(*, case: Case, now: datetime) -> None:
    """There is a released result, which waited for the day: what was not handed in is missing."""
    _close(case, SelfAssessmentState.MISSING, now=now)


@transaction.atomic
def remind_firms(*, now: datetime) -> int:
    """Tell, once a file, of those due within two days, and each week of those past it; returns how many were told."""
    soon = on_the_day_there(now, "case__centre", lambda day: Q(due_on__gte=day, due_on__lte=day + DUE_SOON))
    past = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lt=day))
    quiet = Q(nudged_at=None) | Q(nudged_at__lte=now - NUDGE_AGAIN)
    due = gettext_noop("The self-assessment of %(count)s files is due within two days.")
    late = gettext_noop("The self-assessment of %(count)s files is late. Without it the file is read all the same.")
    told = _remind(soon & Q(reminded_at=None), "reminded_at", due, now=now)
    return told + _remind(past & quiet, "nudged_at", late, now=now)


def _to_be_asked_for(sample: Sample, case_id: int | None) -> Iterable[Case]:
    drawn = SampledCase.objects.filter(sample=sample, replaced_at=None)
    if case_id is not None:
        drawn = drawn.filter(case=case_id)
    asked = SelfAssessment.objects.filter(case=OuterRef("pk")).exclude(state=SelfAssessmentState.WITHDRAWN)
    released = CaseReview.objects.current().filter(case=OuterRef("pk"), released_at__isnull=False)
    waiting = Case.objects.filter(pk__in=drawn.values("case")).exclude(Exists(asked)).exclude(Exists(released))
    return waiting.only("case_type", "stage", "lawyer", "firm")


def _close(case: Case, state: SelfAssessmentState, *, now: datetime) -> None:
    # In one statement: whoever hands in at the same moment comes before it or after it.
    waiting = SelfAssessment.objects.filter(case=case, state=SelfAssessmentState.OPEN)
    if waiting.update(state=state, closed_at=now):
        record(actor=ASKER, action=f"reviews.self_assessment_{state}", subject=case, at=now)


def _remind(which: Q, stamp: str, text: str, *, now: datetime) -> int:
    found = SelfAssessment.objects.filter(which, state=SelfAssessmentState.OPEN).select_related("case")
    rows = list(found.select_for_update(of=("self",), skip_locked=True))
    SelfAssessment.objects.filter(pk__in=[row.pk for row in rows]).update(**{stamp: now})
    return _tell(rows, text, now=now)


def _tell(rows: Iterable[SelfAssessment], text: str, *, now: datetime) -> int:
    """The lawyer and the head of the firm of each, with how many of these files are theirs."""
    handled = [(row.case.lawyer_id, row.case.firm_id) for row in rows]
    accounts = accounts_of_handlers(handled)
    counts = Counter(user_id for each in handled for user_id in accounts[each])
    params: dict[int, dict[str, Any]] = {user_id: {"count": count} for user_id, count in counts.items()}
    return notify_each(params=params, text=text, url=MINE, now=now)
