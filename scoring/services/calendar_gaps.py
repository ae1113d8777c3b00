"""What could not be counted when it happened, because the calendar ended too early, is counted when it is there."""

from datetime import datetime

from django.db import transaction

from qa_service.organisations.queries import today_at, workdays_if_known
from scoring.enums import AppealState, ProposalState
from scoring.models import Appeal, Statement
from scoring.services.notices import APPEAL_ANSWER_WORKDAYS
from scoring.services.procedure import STATEMENT_WORKDAYS


@transaction.atomic
def close_calendar_gaps(*, now: datetime) -> int:
    """Give every statement asked for and every appeal its last day; returns how many. Safe to run twice at once.

    A lawyer's term counts from today, so that a missing calendar shortens none, or from the day on their paper; the
    bureau's own from its beginning.
    """
    return _date_statements(now=now) + _date_appeals()


def _date_statements(*, now: datetime) -> int:
    rows = Statement.objects.select_for_update(of=("self",)).select_related("proposal__centre__settings")
    dated = 0
    for row in rows.filter(due_on=None, submitted_at=None, proposal__state=ProposalState.HEARING):
        row.due_on = workdays_if_known(row.served_on or today_at(row.proposal.centre, now), STATEMENT_WORKDAYS)
        if row.due_on:
            row.save(update_fields=["due_on"])
            dated += 1
    return dated


def _date_appeals() -> int:
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("notice__issuer__settings")
    dated = 0
    for row in rows.filter(due_on=None, state=AppealState.LODGED):
        came_on = row.received_on or today_at(row.notice.issuer, row.lodged_at)
        row.due_on = workdays_if_known(came_on, APPEAL_ANSWER_WORKDAYS)
        if row.due_on:
            row.save(update_fields=["due_on"])
            dated += 1
    return dated
