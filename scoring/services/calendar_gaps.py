"""What could not be counted when it happened, because the calendar ended too early, is counted when it is there."""

from datetime import datetime

from django.db import transaction

from qa_service.organisations.queries import today_at
from qa_service.organisations.services import fill_last_days
from scoring.enums import AppealState, ProposalState
from scoring.models import Appeal, Statement
from scoring.services.appeals import APPEAL_ANSWER_WORKDAYS
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
    return fill_last_days(
        rows.filter(due_on=None, submitted_at=None, proposal__state=ProposalState.HEARING),
        "due_on",
        begun=lambda row: row.served_on or today_at(row.proposal.centre, now),
        workdays=STATEMENT_WORKDAYS,
    )


def _date_appeals() -> int:
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("notice__issuer__settings")
    return fill_last_days(
        rows.filter(due_on=None, state=AppealState.LODGED),
        "due_on",
        begun=lambda row: row.received_on or today_at(row.notice.issuer, row.lodged_at),
        workdays=APPEAL_ANSWER_WORKDAYS,
    )
