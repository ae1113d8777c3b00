"""The decision of a named person, and what follows from it at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.queries import client_names, clients_named_in
from qa_service.common.errors import InvalidInput
from qa_service.common.workdays import add_workdays
from qa_service.documents.quotable import why_not_quotable
from qa_service.notifications.services import notify
from qa_service.organisations.queries import calendar, today_at
from scoring.enums import (
    PRAISING,
    RECTIFYING,
    REFERRING,
    SUPERVISING,
    Outcome,
    ProposalState,
    ReferralKind,
    RuleCode,
)
from scoring.models import Decision, Proposal, PublicDisplay, Referral
from scoring.queries.concerned import accounts_concerned
from scoring.queries.proposals import heard, statement_of
from scoring.services.procedure.correcting import give_coaching
from scoring.services.procedure.hearing import NotHeard
from scoring.services.procedure.steps import (
    StepNotDue,
    locked,
    move,
    require_ground,
    require_independent,
    require_reason,
)
from scoring.wording import PROPOSAL_DECLINED

DISPLAY_WORKDAYS = 5


class ReasonNotQuotable(InvalidInput):
    """The notice prints the reason, and could not print it so, or would name the client."""

    code = "reason_not_quotable"


@transaction.atomic
def decide(*, proposal: Proposal, person: User, outcome: Outcome, reason: str, now: datetime) -> Decision:
    """A named, independent person accepts after the lawyer was heard, or declines at any time, with a reason.

    An accepted commendation goes on public display, coaching becomes a task, a rectification can be issued, and what
    the centre may not impose is to be referred; of a report on a centre the bureau's letter can be issued. What is
    plainly wrong is declined at once: to be heard is a right against a sanction, none against its being dropped.

    :raises NotIndependent: see `require_independent`.
    :raises NotHeard: it would be accepted, and the lawyer has not answered and still may.
    :raises StepNotDue: it was decided already.
    :raises InvalidInput: no reason, or a single sign; :raises ReasonNotQuotable: one that the notice could not print.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    said = require_reason(reason, _("Give the reasons of the decision."))
    if row.state not in {ProposalState.PROPOSED, ProposalState.HEARING}:
        raise StepNotDue(_("This proposal was decided already."))
    _require_quotable(row, outcome, reason)
    require_ground(row, outcome)
    if outcome == Outcome.ACCEPT and not heard(row, today=today_at(row.centre, now)):
        raise NotHeard(_("The lawyer has to be heard first, or the time for it to pass."))
    decision = Decision.objects.create(
        proposal=row,
        outcome=outcome,
        reason=said,
        legal_basis=row.rule.legal_basis,
        decided_by=person,
        decided_at=now,
    )
    record(actor=person.actor, action="scoring.decided", subject=row, details={"outcome": outcome}, at=now)
    if outcome == Outcome.DECLINE:
        _close_declined(row, now=now)
    else:
        _carry_on(row, now=now)
    return decision


def _require_quotable(row: Proposal, outcome: Outcome, reason: str) -> None:
    """A rectification and a letter to a centre print the reason of their decision."""
    if row.code not in (*RECTIFYING, *SUPERVISING) or outcome != Outcome.ACCEPT:
        return
    if row.code in SUPERVISING:
        # By whole names: among all clients of a centre every surname is some client's.
        named = clients_named_in(reason, centre=row.centre)
        unfit = why_not_quotable(reason, clients=named)
    else:
        unfit = why_not_quotable(reason, clients=client_names(row.the_case))
    if unfit:
        raise ReasonNotQuotable(unfit, field="reason")


def _close_declined(row: Proposal, *, now: datetime) -> None:
    move(row, ProposalState.DECLINED, closed_at=now)
    # Who was told of it is told of its end; who was not need not learn that it ever was.
    if statement_of(row) is not None:
        notify(
            users=accounts_concerned(row),
            text=PROPOSAL_DECLINED,
            params={"case": row.named},
            now=now,
        )


def _carry_on(row: Proposal, *, now: datetime) -> None:
    today = today_at(row.centre, now)
    if row.code in PRAISING:
        starts_on = add_workdays(today, 1, calendar())
        ends_on = add_workdays(starts_on, DISPLAY_WORKDAYS - 1, calendar())
        PublicDisplay.objects.create(proposal=row, starts_on=starts_on, ends_on=ends_on, workdays=DISPLAY_WORKDAYS)
        move(row, ProposalState.ON_DISPLAY)
    elif row.code == RuleCode.S1:
        give_coaching(row, now=now)
        move(row, ProposalState.ACCEPTED)
    elif row.code in REFERRING:
        Referral.objects.create(proposal=row, kind=ReferralKind.SUSPENSION, made_at=now)
        move(row, ProposalState.ACCEPTED)
    else:
        move(row, ProposalState.ACCEPTED)
