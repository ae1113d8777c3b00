"""Where a proposal stands with hearing the lawyer."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.organisations.queries import on_the_day_there
from scoring.enums import ProposalState, RuleCode
from scoring.models import Proposal, Statement
from scoring.queries.concerned import told_here

HEARD_RULES = frozenset({RuleCode.S1, RuleCode.S2, RuleCode.S3, RuleCode.S4})


def needs_hearing(proposal: Proposal) -> bool:
    return RuleCode(proposal.code) in HEARD_RULES


def statement_of(proposal: Proposal) -> Statement | None:
    return getattr(proposal, "statement", None)


def heard(proposal: Proposal, *, today: date) -> bool:
    """The lawyer answered, or let the time pass; rewards need no hearing."""
    if not needs_hearing(proposal):
        return True
    statement = statement_of(proposal)
    return statement is not None and (
        statement.submitted_at is not None or (statement.due_on is not None and statement.due_on < today)
    )


def keyed_in_here(proposal: Proposal) -> bool:
    """Whether staff enter the answer: told on paper, or the account on which they were told was closed since."""
    told = statement_of(proposal)
    return told is not None and (told.served_on is not None or not told_here(proposal))


def awaits_statement(proposal: Proposal) -> bool:
    """Whether the lawyer was asked and no answer is here; one that came on paper in time may still be typed in."""
    told = statement_of(proposal)
    return told is not None and proposal.state == ProposalState.HEARING and told.submitted_at is None


def takes_statement(proposal: Proposal, *, came_on: date) -> bool:
    """Whether an answer that came on this day is taken: asked for, not given, and its last day was not over."""
    told = statement_of(proposal)
    return told is not None and awaits_statement(proposal) and (told.due_on is None or came_on <= told.due_on)


def statements_to_give(user: User) -> QuerySet[Statement]:
    """Proposals on which the lawyer may still be heard."""
    if user.lawyer_id is None or not user.has_role(Role.LAWYER):
        return Statement.objects.none()
    waiting = Statement.objects.filter(proposal__lawyer=user.lawyer_id, proposal__state=ProposalState.HEARING)
    open_still = on_the_day_there(
        timezone.now(), "proposal__centre", lambda day: Q(due_on__gte=day) | Q(due_on__isnull=True)
    )
    still = waiting.filter(open_still, submitted_at=None)
    return still.select_related("proposal__case").order_by("due_on")
