"""What could not be counted when it happened, because the calendar ended too early, is counted when it is there."""

from datetime import datetime

from django.db import transaction

from reviews.enums import ObjectionState, ReviewState, VetoState
from reviews.models import Objection, VetoMark
from reviews.services.deadlines import OBJECTION_DECISION_DAYS, VETO_ANSWER_DAYS, workdays_if_known
from reviews.services.results import release_what_can_be_counted


def close_calendar_gaps(*, now: datetime) -> int:
    """Release results that waited and give every term its last day; returns how many. Safe to run twice at once.

    A lawyer's term counts from today, so that a missing calendar shortens none; the centre's own from its beginning.
    """
    return release_what_can_be_counted(now=now) + _date_vetoes(now=now) + _date_objections()


def _date_vetoes(*, now: datetime) -> int:
    waiting = VetoMark.objects.filter(
        state=VetoState.MARKED, review__state=ReviewState.SUBMITTED, answer_due_on__isnull=True
    )
    due_on = workdays_if_known(now, VETO_ANSWER_DAYS) if waiting.exists() else None
    return waiting.update(answer_due_on=due_on) if due_on else 0


@transaction.atomic
def _date_objections() -> int:
    waiting = Objection.objects.select_for_update().filter(state=ObjectionState.LODGED, decide_by__isnull=True)
    dated = 0
    for row in waiting:
        row.decide_by = workdays_if_known(row.lodged_at, OBJECTION_DECISION_DAYS)
        if row.decide_by:
            row.save(update_fields=["decide_by"])
            dated += 1
    return dated
