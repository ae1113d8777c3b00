"""Steps for which a centre has no independent person: they are the bureau's, and why is said without a name."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from scoring.enums import NOTICED, OPEN_STATES, REFERRING, AppealState, Bar, PassedStep, ProposalState
from scoring.models import Appeal, Proposal, StepLook
from scoring.queries.proposals import bar_of

STATES = {
    PassedStep.DECIDE: Q(state__in=(ProposalState.PROPOSED, ProposalState.HEARING)),
    PassedStep.CARRY_OUT: Q(state=ProposalState.ACCEPTED, code__in=(*NOTICED, *REFERRING), decision__isnull=False),
}


def panel_people(proposal: Proposal) -> QuerySet[User]:
    """Those who decide for the centre, here and above: whom a panel may be made of without naming anybody by hand."""
    found = people_with(Role.MANAGER, proposal.centre) | people_with(Role.SUPERVISOR, proposal.centre)
    return found.distinct().order_by("pk")


def panel_may_meet(proposal: Proposal) -> bool:
    """While something waits that it could advise on."""
    waits = Appeal.objects.filter(notice__proposal=proposal, state=AppealState.LODGED)
    return proposal.state in OPEN_STATES or waits.exists()


def step_of(proposal: Proposal) -> PassedStep | None:
    """The step that waits for a person who decides; None where nothing does."""
    if proposal.state in {ProposalState.PROPOSED, ProposalState.HEARING}:
        return PassedStep.DECIDE
    if proposal.state == ProposalState.ACCEPTED and proposal.code in (*NOTICED, *REFERRING):
        return PassedStep.CARRY_OUT
    return None


def bars_at_the_centre(proposal: Proposal, step: PassedStep) -> Counter[Bar] | None:
    """Why each manager of the centre may not take the step; None where one may. Empty: the centre has no manager."""
    decided_by = proposal.decision.decided_by_id if step == PassedStep.CARRY_OUT else None
    found: Counter[Bar] = Counter()
    for person in people_with(Role.MANAGER, proposal.centre).order_by("pk"):
        if not person.grants.filter(role=Role.MANAGER, organisation=proposal.centre_id).exists():
            continue  # of the bureau above: it is not the centre's
        bar = bar_of(proposal, person) or (Bar.DECIDED if person.pk == decided_by else None)
        if bar is None:
            return None
        found[bar] += 1
    return found


def passed_on(rows: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Those whose present step passed to the bureau."""
    held = Q()
    for step, states in STATES.items():
        held |= states & Q(pk__in=StepLook.objects.filter(step=step, passed=True).values("proposal"))
    return rows.filter(held)


def why_passed_on(proposal: Proposal) -> str:
    """In words, while the step waits; empty where it did not pass to the bureau."""
    step = step_of(proposal)
    look = proposal.looks.filter(step=step, passed=True).first() if step else None
    if look is None:
        return ""
    if not look.bars:
        return _("The centre has no manager, so this step has passed to the supervising bureau.")
    return _("No manager of the centre may take this step (%(why)s), so it has passed to the supervising bureau.") % {
        "why": bars_told(look.bars)
    }


def bars_told(bars: Mapping[str, int]) -> str:
    return _("; ").join(f"{count} × {Bar(bar).label}" for bar, count in sorted(bars.items()))
