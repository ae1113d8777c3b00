"""From proposal to decision: no step can be skipped, each by a named person, each recorded (`design` 2.2)."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, reads_here, users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.queries import client_names
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.common.workdays import add_workdays
from qa_service.documents.quotable import why_not_quotable
from qa_service.notifications.services import notify
from qa_service.organisations.queries import calendar, on_the_day_there, today_at, workdays_if_known
from scoring.enums import Outcome, ProposalState, RuleCode, TaskState
from scoring.models import CoachingTask, Decision, Proposal, PublicDisplay, Statement
from scoring.queries.proposals import (
    heard,
    keyed_in_here,
    needs_hearing,
    statement_of,
    takes_statement,
    why_held,
    why_not_independent,
    why_opposed,
    why_overtaken,
    why_unsettled,
)
from scoring.wording import (
    DISPLAY_OVER,
    PROPOSAL_DECLINED,
    STATEMENT_ASKED,
    STATEMENT_ASKED_OPEN,
    STATEMENT_GIVEN,
    TASK_GIVEN,
)

STATEMENT_WORKDAYS = 5
DISPLAY_WORKDAYS = 5
COACHING_WORKDAYS = 10
STATEMENT_LENGTH = 5000
DISPLAYS = Actor.system("displays")


class NotIndependent(NotPermitted):
    """This person took part in the case; another must act, and where there is none the bureau."""

    code = "not_independent"


class StepNotDue(Conflict):
    """The proposal is not at this step."""

    code = "step_not_due"


class NotHeard(Conflict):
    """The lawyer was not heard and still has time."""

    code = "lawyer_not_heard"


def locked(proposal_id: int) -> Proposal:
    """The proposal, held with the others of its file until the transaction ends.

    Of two people who decide at once, one decides; of two rules that want the contrary, one is carried out.
    """
    case = Proposal.objects.filter(pk=proposal_id).values("case")[:1]
    rows = Proposal.objects.select_for_update(of=("self",)).select_related("case", "rule", "centre__settings")
    return {row.pk: row for row in rows.filter(case=case).order_by("pk")}[proposal_id]


def require_independent(proposal: Proposal, person: User) -> None:
    """:raises NotIndependent: the person marked the file, handled the case, or belongs to its firm."""
    reason = why_not_independent(proposal, person)
    if reason:
        raise NotIndependent(reason)


def require_ground(proposal: Proposal, outcome: Outcome = Outcome.ACCEPT) -> None:
    """:raises StepNotDue: something would be carried out though the marks have changed since or may still change, a
    complaint is open, or the contrary was decided about the same file."""
    if outcome != Outcome.ACCEPT:
        return
    reason = why_overtaken(proposal) or why_unsettled(proposal) or why_held(proposal) or why_opposed(proposal)
    if reason:
        raise StepNotDue(reason)


@transaction.atomic
def ask_for_statement(*, proposal: Proposal, person: User, served_on: date | None = None, now: datetime) -> Statement:
    """Tell the lawyer what is proposed and until when they may answer (five working days).

    Where the calendar does not reach so far they are told all the same, and a sweep sets the last day.

    :param served_on: for a lawyer without an account: when the paper came into their hands; the days count from it.
    :raises StepNotDue: the lawyer was told already, or the rule needs no hearing.
    :raises InvalidInput: nobody would be told, or the paper was handed over before the proposal or after today.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    if row.state != ProposalState.PROPOSED or not needs_hearing(row):
        raise StepNotDue(_("This proposal does not wait for a statement."))
    unsettled = why_unsettled(row)
    if unsettled:
        raise StepNotDue(unsettled)
    today = today_at(row.centre, now)
    served = _service_of(row, served_on, today=today)
    due_on = workdays_if_known(served or today, STATEMENT_WORKDAYS)
    statement = Statement.objects.create(
        proposal=row, notified_at=now, notified_by=person, served_on=served, due_on=due_on
    )
    _move(row, ProposalState.HEARING)
    details = {"due_on": str(due_on or "")} | ({"served_on": str(served)} if served else {})
    record(actor=person.actor, action="scoring.statement_asked", subject=row, details=details, at=now)
    notify(
        users=users_of_lawyers([row.lawyer_id]),
        text=STATEMENT_ASKED if due_on else STATEMENT_ASKED_OPEN,
        params={"case": row.case.number} | ({"day": str(due_on)} if due_on else {}),
        url=f"/scoring/statements/{row.public_id}",
        now=now,
    )
    return statement


def _service_of(proposal: Proposal, served_on: date | None, *, today: date) -> date | None:
    if reads_here(proposal.lawyer_id):
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
        raise StepNotDue(_("Only the answer of a lawyer without an account is entered here."))
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
    if person.lawyer_id != row.lawyer_id:
        raise NotPermitted(_("Only the lawyer concerned can answer."))
    _write_statement(row, text, came_on=today_at(row.centre, now), now=now)
    record(actor=person.actor, action="scoring.statement_given", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, row.centre),
        text=STATEMENT_GIVEN,
        params={"case": row.case.number},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )
    return Statement.objects.get(proposal=row)


@transaction.atomic
def decide(*, proposal: Proposal, person: User, outcome: Outcome, reason: str, now: datetime) -> Decision:
    """A named, independent person accepts after the lawyer was heard, or declines at any time, with a reason.

    An accepted commendation goes on public display, coaching becomes a task, a rectification can be issued. What is
    plainly wrong is declined at once: to be heard is a right against a sanction, none against its being dropped.

    :raises NotIndependent: see `require_independent`.
    :raises NotHeard: it would be accepted, and the lawyer has not answered and still may.
    :raises StepNotDue: it was decided already.
    :raises InvalidInput: no reason, or one that the notice could not print.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    if not reason.strip():
        raise InvalidInput(_("Give the reasons of the decision."), field="reason")
    if row.state not in {ProposalState.PROPOSED, ProposalState.HEARING}:
        raise StepNotDue(_("This proposal was decided already."))
    _require_quotable(row, outcome, reason)
    require_ground(row, outcome)
    if outcome == Outcome.ACCEPT and not heard(row, today=today_at(row.centre, now)):
        raise NotHeard(_("The lawyer has to be heard first, or the time for it to pass."))
    decision = Decision.objects.create(
        proposal=row,
        outcome=outcome,
        reason=reason.strip(),
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
    """A rectification prints the reason of its decision."""
    if row.code != RuleCode.S2 or outcome != Outcome.ACCEPT:
        return
    unfit = why_not_quotable(reason, clients=client_names(row.case))
    if unfit:
        raise InvalidInput(unfit, field="reason")


def _close_declined(row: Proposal, *, now: datetime) -> None:
    _move(row, ProposalState.DECLINED, closed_at=now)
    # Who was told of it is told of its end; who was not need not learn that it ever was.
    if statement_of(row) is not None:
        notify(
            users=users_of_lawyers([row.lawyer_id]),
            text=PROPOSAL_DECLINED,
            params={"case": row.case.number},
            now=now,
        )


def _carry_on(row: Proposal, *, now: datetime) -> None:
    today = today_at(row.centre, now)
    if row.code == RuleCode.R1:
        starts_on = add_workdays(today, 1, calendar())
        ends_on = add_workdays(starts_on, DISPLAY_WORKDAYS - 1, calendar())
        PublicDisplay.objects.create(proposal=row, starts_on=starts_on, ends_on=ends_on, workdays=DISPLAY_WORKDAYS)
        _move(row, ProposalState.ON_DISPLAY)
    elif row.code == RuleCode.S1:
        due_on = add_workdays(today, COACHING_WORKDAYS, calendar())
        items = [each["figures"]["item"] for each in row.evidence if "item" in each["figures"]]
        CoachingTask.objects.create(proposal=row, lawyer_id=row.lawyer_id, items=items, due_on=due_on)
        _move(row, ProposalState.ACCEPTED)
        notify(
            users=users_of_lawyers([row.lawyer_id]),
            text=TASK_GIVEN,
            params={"case": row.case.number, "day": str(due_on)},
            url="/scoring/my-results",
            now=now,
        )
    else:
        _move(row, ProposalState.ACCEPTED)


@transaction.atomic
def stop_display(*, proposal: Proposal, person: User, reason: str, now: datetime) -> None:
    """An objection raised during the display holds: the commendation ends here.

    :raises StepNotDue: the proposal is not on display.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    if not reason.strip():
        raise InvalidInput(_("Say which objection holds."), field="reason")
    if row.state != ProposalState.ON_DISPLAY:
        raise StepNotDue(_("This proposal is not on display."))
    PublicDisplay.objects.filter(proposal=row).update(stopped_at=now, stopped_by=person, stop_reason=reason.strip())
    _move(row, ProposalState.DECLINED, closed_at=now)
    record(actor=person.actor, action="scoring.display_stopped", subject=row, at=now)


def finish_displays(*, now: datetime) -> int:
    """Displays whose last working day is over make their notices ready to issue; returns how many."""
    over = PublicDisplay.objects.filter(
        on_the_day_there(now, "proposal__centre", lambda day: Q(ends_on__lt=day)),
        completed_at=None,
        stopped_at=None,
        proposal__state=ProposalState.ON_DISPLAY,
    )
    return sum(_finish(display, now=now) for display in over.select_related("proposal"))


@transaction.atomic
def _finish(display: PublicDisplay, *, now: datetime) -> int:
    row = locked(display.proposal_id)
    if row.state != ProposalState.ON_DISPLAY:
        return 0
    PublicDisplay.objects.filter(pk=display.pk).update(completed_at=now)
    _move(row, ProposalState.ACCEPTED)
    record(actor=DISPLAYS, action="scoring.display_completed", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, row.centre),
        text=DISPLAY_OVER,
        params={"case": row.case.number},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )
    return 1


@transaction.atomic
def close_task(*, task: CoachingTask, person: User, note: str, now: datetime) -> None:
    """Somebody saw the coaching done and says how.

    :raises StepNotDue: it is closed already.
    """
    row = locked(task.proposal_id)
    require_independent(row, person)
    if not note.strip():
        raise InvalidInput(_("Say what was done."), field="note")
    closed = CoachingTask.objects.filter(pk=task.pk, state=TaskState.OPEN).update(
        state=TaskState.DONE, note=note.strip(), done_at=now, closed_by=person
    )
    if not closed:
        raise StepNotDue(_("This task was closed already."))
    _move(row, ProposalState.CARRIED_OUT, closed_at=now)
    record(actor=person.actor, action="scoring.task_closed", subject=row, at=now)


def _move(row: Proposal, state: ProposalState, *, closed_at: datetime | None = None) -> None:
    row.state, row.closed_at = state, closed_at
    row.save(update_fields=["state", "closed_at"])
