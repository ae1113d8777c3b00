"""What every step asks: the row held, an independent person, a reason in words, a ground that still stands."""

from datetime import datetime

from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict, InvalidInput, NotIndependent, NotPermitted
from qa_service.documents.printable import one_line
from qa_service.documents.quotable import why_not_quotable
from scoring.enums import Outcome, ProposalState
from scoring.models import Proposal
from scoring.queries.proposals import why_held, why_not_independent, why_opposed, why_overtaken, why_unsettled

# Letters and figures. "属实" is a reason, if a short one; a single sign is what gets a form past its check.
LEAST_REASON = 2


class StepNotDue(Conflict):
    """The proposal is not at this step."""

    code = "step_not_due"


class FourEyes(NotPermitted):
    """Who decided neither issues nor takes back."""

    code = "four_eyes"


def locked(proposal_id: int) -> Proposal:
    """The proposal, held with the others of its file until the transaction ends.

    Of two people who decide at once, one decides; of two rules that want the contrary, one is carried out.
    """
    case = Proposal.objects.filter(pk=proposal_id).values("case")[:1]
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("case", "lawyer", "firm", "station", "rule", "centre__settings")
    # What is about a period has no file, and stands for itself.
    return {row.pk: row for row in rows.filter(Q(case=case) | Q(pk=proposal_id)).order_by("pk")}[proposal_id]


def require_independent(proposal: Proposal, person: User) -> None:
    """:raises NotIndependent: the person marked the file, handled the case, or belongs to its firm."""
    reason = why_not_independent(proposal, person)
    if reason:
        raise NotIndependent(reason)


def require_another(proposal: Proposal, person: User, refusal: str) -> None:
    """:raises FourEyes: the person decided this proposal."""
    if proposal.decision.decided_by_id == person.pk:
        raise FourEyes(refusal)


def require_reason(words: str, refusal: str, *, field: str = "reason") -> str:
    """What somebody gives as their reason, without the blanks round it.

    :raises InvalidInput: none, or a single sign.
    """
    if sum(sign.isalnum() for sign in words) < LEAST_REASON:
        raise InvalidInput(refusal, field=field)
    return words.strip()


def require_named(words: str, refusal: str, *, field: str) -> str:
    """What a paper names in one line, an authority or a legal basis, as it will be printed.

    :raises InvalidInput: nothing, or signs that show nothing; or a sign that no paper prints.
    """
    named = require_reason(one_line(words), refusal, field=field)
    unfit = why_not_quotable(named, clients=())
    if unfit:
        raise InvalidInput(unfit, field=field)
    return named


def require_ground(proposal: Proposal, outcome: Outcome = Outcome.ACCEPT) -> None:
    """:raises StepNotDue: something would be carried out though the marks have changed since or may still change, a
    complaint or a client's matter is open, or the contrary was decided about the same file."""
    if outcome != Outcome.ACCEPT:
        return
    reason = why_overtaken(proposal) or why_unsettled(proposal) or why_held(proposal) or why_opposed(proposal)
    if reason:
        raise StepNotDue(reason)


def move(row: Proposal, state: ProposalState, *, closed_at: datetime | None = None) -> None:
    row.state, row.closed_at = state, closed_at
    row.save(update_fields=["state", "closed_at"])
