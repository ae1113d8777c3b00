"""Hearing the lawyer before a sanction: asked, answered on their own home or on paper."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from scoring.enums import ProposalState
from scoring.models import Proposal, Statement
from scoring.queries.concerned import accounts_concerned, told_here
from scoring.queries.proposals import (
    keyed_in_here,
    needs_hearing,
    statement_of,
    takes_statement,
    why_overtaken,
    why_unsettled,
)
from scoring.services.procedure.steps import StepNotDue, locked, move, require_independent
from scoring.wording import STATEMENT_ASKED, STATEMENT_ASKED_OPEN, STATEMENT_GIVEN

STATEMENT_WORKDAYS = 5
STATEMENT_LENGTH = 5000


class NotHeard(Conflict):
    """The lawyer was not heard and still has time."""

    code = "lawyer_not_heard"


@transaction.atomic
def ask_for_statement(*, proposal: Proposal, person: User, served_on: date | None = None, now: datetime) -> Statement:
    """Tell the lawyer what is proposed and until when they may answer (five working days).

    Where the calendar does not reach so far they are told all the same, and a sweep sets the last day.

    :param served_on: for a lawyer without an account: when the paper came into their hands; the days count from it.
    :raises StepNotDue: the lawyer was told already, the rule needs no hearing, or the marks changed or still may.
    :raises InvalidInput: nobody would be told, or the paper was handed over before the proposal or after today.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    if row.state != ProposalState.PROPOSED or not needs_hearing(row):
        raise StepNotDue(_("This proposal does not wait for a statement."))
    stopped = why_overtaken(row) or why_unsettled(row)
    if stopped:
        raise StepNotDue(stopped)
    today = today_at(row.centre, now)
    served = _service_of(row, served_on, today=today)
    due_on = workdays_if_known(served or today, STATEMENT_WORKDAYS)
    statement = Statement.objects.create(
        proposal=row, notified_at=now, notified_by=person, served_on=served, due_on=due_on
    )
    move(row, ProposalState.HEARING)
    details = {"due_on": str(due_on or "")} | ({"served_on": str(served)} if served else {})
    record(actor=person.actor, action="scoring.statement_asked", subject=row, details=details, at=now)
    notify(
        users=accounts_concerned(row),
        text=STATEMENT_ASKED if due_on else STATEMENT_ASKED_OPEN,
        params={"case": row.named} | ({"day": str(due_on)} if due_on else {}),
        url=f"/scoring/statements/{row.public_id}",
        now=now,
    )
    return statement


def _service_of(proposal: Proposal, served_on: date | None, *, today: date) -> date | None:
    if told_here(proposal):
        return None  # told on their own home, whatever paper goes beside it
    return required_day(
        served_on,
        first=today_at(proposal.centre, proposal.proposed_at),
        last=today,
        field="served_on",
        missing=_(
            "The lawyer has no account, so nobody would be told. Hand the paper over and enter the day of receipt."
        ),
        outside=_("The day of receipt lies before the proposal or after today."),
    )


@transaction.atomic
def key_in_statement(
    *, proposal: Proposal, person: User, text: str, received_on: date | None, now: datetime
) -> Statement:
    """Enter the answer that a lawyer without an account gave on paper or by word of mouth, in their own words.

    What came in time counts as in time, whenever somebody types it in, as long as nothing is decided.

    :raises StepNotDue: they were told on their own home and answer there, it was given already, or it came too late.
    :raises InvalidInput: it is empty or too long; no day, or one before the lawyer was told or after today.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    told = statement_of(row)
    if told is None or not keyed_in_here(row):
        raise StepNotDue(_("Enter an answer here only for a lawyer without an account."))
    came_on = required_day(
        received_on,
        first=told.served_on or today_at(row.centre, told.notified_at),
        last=today_at(row.centre, now),
        field="received_on",
        missing=_("Enter the day on which the answer was received."),
        outside=_("The day of receipt lies before the day on which the lawyer was told, or after today."),
    )
    _write_statement(row, text, came_on=came_on, received_on=came_on, now=now)
    details = {"received_on": str(came_on)}
    record(actor=person.actor, action="scoring.statement_keyed_in", subject=row, details=details, at=now)
    return Statement.objects.get(proposal=row)


def _write_statement(
    row: Proposal, text: str, *, came_on: date, received_on: date | None = None, now: datetime
) -> None:
    words = text.strip()
    if not words or len(words) > STATEMENT_LENGTH:
        raise InvalidInput(_("Write between 1 and %(limit)d characters.") % {"limit": STATEMENT_LENGTH}, field="text")
    if not takes_statement(row, came_on=came_on):
        raise StepNotDue(_("The time for a statement is over, or it was given already."))
    Statement.objects.filter(proposal=row).update(text=words, received_on=received_on, submitted_at=now)


@transaction.atomic
def give_statement(*, proposal: Proposal, person: User, text: str, now: datetime) -> Statement:
    """The lawyer's answer, once, until the day is over.

    :raises StepNotDue: it was given already, or the time has passed.
    :raises InvalidInput: it is empty or too long.
    """
    row = locked(proposal.pk)
    if row.lawyer_id is None or person.lawyer_id != row.lawyer_id:
        raise NotPermitted(_("Only the lawyer concerned can answer."))
    _write_statement(row, text, came_on=today_at(row.centre, now), now=now)
    record(actor=person.actor, action="scoring.statement_given", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, row.centre),
        text=STATEMENT_GIVEN,
        params={"case": row.named},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )
    return Statement.objects.get(proposal=row)
