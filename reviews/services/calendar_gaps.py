"""What could not be counted when it happened, because the calendar ended too early, is counted when it is there."""

from datetime import datetime

from django.db import transaction

from qa_service.organisations.queries import today_at
from qa_service.organisations.services import fill_last_days
from reviews.acceptance import CHECK_WORKDAYS
from reviews.enums import AssignmentState, FileState, ObjectionState, SelfAssessmentState
from reviews.models import Assignment, FileAcceptance, Objection, SelfAssessment
from reviews.services.deadlines import OBJECTION_DECISION_DAYS, REVIEW_DAYS
from reviews.services.results import release_what_can_be_counted, release_what_firms_had_time_for
from reviews.services.telling import count_served_periods
from reviews.services.telling_vetoes import date_vetoes


def close_calendar_gaps(*, now: datetime) -> int:
    """Release results that waited and give every term its last day; returns how many. Safe to run twice at once.

    A lawyer's term counts from today, so that a missing calendar shortens none; the centre's own from its beginning.
    """
    results = release_what_can_be_counted(now=now) + release_what_firms_had_time_for(now=now) + count_served_periods()
    return (
        results
        + date_vetoes(now=now)
        + _date_objections()
        + _date_assignments()
        + _date_checks(now=now)
        + _date_self_assessments(now=now)
    )


@transaction.atomic
def _date_objections() -> int:
    waiting = Objection.objects.select_for_update(of=("self",)).select_related("case__centre__settings")
    return fill_last_days(
        waiting.filter(state=ObjectionState.LODGED, decide_by__isnull=True),
        "decide_by",
        begun=lambda row: row.received_on or today_at(row.case.centre, row.lodged_at),
        workdays=OBJECTION_DECISION_DAYS,
    )


@transaction.atomic
def _date_assignments() -> int:
    """A reader's own term counts from the day the file was given out."""
    waiting = Assignment.objects.select_for_update(of=("self",)).select_related("case__centre__settings")
    return fill_last_days(
        waiting.filter(state=AssignmentState.OPEN, due_on__isnull=True),
        "due_on",
        begun=lambda row: today_at(row.case.centre, row.assigned_at),
        workdays=REVIEW_DAYS,
    )


@transaction.atomic
def _date_checks(*, now: datetime) -> int:
    """The desk's own term to look at a file counts from the day it came in."""
    waiting = FileAcceptance.objects.select_for_update(of=("self",)).order_by("pk")
    return fill_last_days(
        waiting.filter(state=FileState.TO_CHECK, check_by__isnull=True, handed_in_on__isnull=False),
        "check_by",
        begun=lambda row: row.handed_in_on or today_at(row.case.centre, now),
        workdays=CHECK_WORKDAYS,
    )


@transaction.atomic
def _date_self_assessments(*, now: datetime) -> int:
    """A firm's term is as long as its centre gives, and counts from today as a lawyer's does."""
    undated = SelfAssessment.objects.filter(state=SelfAssessmentState.OPEN, due_on__isnull=True)
    terms = set(undated.values_list("case__centre__settings__self_assessment_days", flat=True))
    held = undated.select_for_update(of=("self",)).select_related("case__centre__settings")
    return sum(
        fill_last_days(
            held.filter(case__centre__settings__self_assessment_days=days),
            "due_on",
            begun=lambda row: today_at(row.case.centre, now),
            workdays=days,
        )
        for days in terms
    )
