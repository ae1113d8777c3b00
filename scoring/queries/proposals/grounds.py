"""What stands in the way of deciding: of this person, or of anybody. Each says why, in words."""

from copy import copy

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.organisations.queries import today_at
from reviews.enums import ConflictReason
from reviews.queries import Handled, cases_marked_by, people_who_marked, review_evidence, ties, ties_to
from scoring.enums import Bar, Grade, NoticeKind, NoticeState, ProposalState, RuleCode, Subject
from scoring.models import CaseScore, Notice, Proposal
from scoring.policy import OPPOSITES, for_complaints, meant, trigger_of
from scoring.queries.proposals.bodies import cases_behind, rule_holds
from scoring.queries.proposals.facts import facts_of, rule_specs, scores_of_cases, with_open_matters
from scoring.queries.proposals.shown import fallen

DECIDED = (ProposalState.ACCEPTED, ProposalState.CARRIED_OUT)
CARRIED_ON = (ProposalState.ACCEPTED, ProposalState.ON_DISPLAY, ProposalState.CARRIED_OUT)
BARS = {
    ConflictReason.OWN_CASE: Bar.OWN_CASE,
    ConflictReason.SAME_FIRM: Bar.SAME_FIRM,
    ConflictReason.DECLARED_RELATION: Bar.RELATION,
}
GRADE_OF_RULE = {RuleCode.R1: Grade.EXCELLENT, RuleCode.S2: Grade.FAIL, RuleCode.S3: Grade.FAIL}
# These rest on more than the marks of one case: on other cases of the lawyer, or on a veto item.
RESTING_ON_MORE = frozenset({RuleCode.S3, RuleCode.S4})


def why_not_independent(proposal: Proposal, person: User) -> str:
    """Why this person may not decide or issue here; empty when they may."""
    bar = bar_of(proposal, person)
    if bar is None:
        return ""
    return (_of_case() if proposal.case_id else _of_period())[bar]


def _of_case() -> dict[Bar, str]:
    return {
        Bar.OWN_CASE: _("You handled this case yourself."),
        Bar.SAME_FIRM: _("You belong to the firm that handled this case."),
        Bar.RELATION: _("You have declared a relation to who handled this case."),
        Bar.MARKED: _("You marked this file, or decided about its marks. Somebody who did not must decide."),
        Bar.OUTSIDE: _("You do not decide for this centre."),
    }


def _of_period() -> dict[Bar, str]:
    return _of_case() | {
        Bar.OWN_CASE: _("This is about your own work."),
        Bar.SAME_FIRM: _("You belong to the firm that this is about, or did in the period."),
        Bar.RELATION: _("You have declared a relation to whom this is about."),
        Bar.MARKED: _(
            "You marked files that this rests on, or decided about their marks. Somebody who did not must decide."
        ),
        Bar.OWN_BODY: _("You belong to the station or centre that this is about. Somebody else must decide."),
    }


def bar_of(proposal: Proposal, person: User) -> Bar | None:
    """The first thing that stands between this person and the proposal; None when they are independent."""
    tied = _ties(proposal, person)
    for conflict, bar in BARS.items():
        if conflict in tied:
            return bar
    if _own_body(proposal, person):
        return Bar.OWN_BODY
    if _marked(proposal, person):
        return Bar.MARKED
    if not Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists():
        return Bar.OUTSIDE
    return None


def _own_body(proposal: Proposal, person: User) -> bool:
    """Whoever has a role at the very station or centre: no centre judges its own clocks."""
    body = {Subject.STATION: proposal.station_id, Subject.CENTRE: proposal.centre_id}.get(Subject(proposal.subject))
    return body is not None and any(grant.organisation_id == body for grant in person.held)


def _marked(proposal: Proposal, person: User) -> bool:
    if proposal.case_id is not None:
        return person.pk in people_who_marked(proposal.case_id)
    return bool(cases_marked_by(person.pk, cases_behind(proposal)))


def _ties(proposal: Proposal, person: User) -> frozenset[ConflictReason]:
    """To who handled the case when it was proposed and to who does today; firms also that were left since it began."""
    case = proposal.case
    if case is None:
        return _ties_over_period(proposal, person)
    found = set(ties(case=case, person=person))
    if (case.lawyer_id, case.firm_id) != (proposal.lawyer_id, proposal.firm_id):
        then = copy(case)
        then.lawyer, then.firm = proposal.the_lawyer, proposal.the_firm
        found |= set(ties(case=then, person=person))
    return frozenset(found)


def _ties_over_period(proposal: Proposal, person: User) -> frozenset[ConflictReason]:
    """To the lawyer or firm; firms also that were left since the period began. A station or centre has no relations."""
    if proposal.period is None or (proposal.lawyer_id is None and proposal.firm_id is None):
        return frozenset()
    about = Handled(proposal.pk, proposal.lawyer_id or 0, proposal.firm_id or 0, proposal.period.start)
    return frozenset(ties_to(person, about))


def why_overtaken(proposal: Proposal) -> str:
    """Why the proposal's ground is gone, though the sweep may not have closed it yet; empty while it stands."""
    if proposal.case_id is None:
        return _why_period_overtaken(proposal)
    score = CaseScore.objects.current().filter(case=proposal.case_id).only("review_version", "grade").first()
    review = review_evidence([proposal.case_id]).get(proposal.case_id)
    if score and review and rests_on(proposal, version=review.version, grade=score.grade) and _still_meant(proposal):
        return ""
    return _("The marks or the grade have changed since. The proposal no longer has a ground.")


def _why_period_overtaken(proposal: Proposal) -> str:
    if rule_holds(proposal, now=timezone.now()):
        return ""
    # One sentence for whatever it is: a complaint may be known to the bureau alone.
    return _("The figures of the period have changed since. The proposal no longer has a ground.")


def _still_meant(proposal: Proposal) -> bool:
    """Whether the very rule would propose it again as of that day: a fail that was counted may be none any more."""
    if RuleCode(proposal.code) not in RESTING_ON_MORE:
        return True
    facts = facts_of(scores_of_cases([proposal.the_case.pk]))
    then = today_at(proposal.centre, proposal.proposed_at)
    return any(meant(each, rule, today=then) for each in facts for rule in rule_specs([proposal.rule]))


def why_unsettled(proposal: Proposal) -> str:
    """Why nothing may be carried out on these marks yet.

    They are being read again, nobody told the lawyer, or their objection is undecided.
    """
    if proposal.case_id is None:
        return ""
    review = review_evidence([proposal.case_id]).get(proposal.case_id)
    if review is None or not review.released:
        return ""
    if review.being_read:
        return _("The file is being read once more, and its marks may change.")
    if review.objection_open:
        return _("An objection to the marks waits for its decision.")
    if review.objection_open_until is None:
        return _("The lawyer has not been told of the marks, so their time to object has not begun.")
    return ""


def why_held(proposal: Proposal) -> str:
    """Why a commendation waits though its ground stands; empty while it may go on. For independent people alone."""
    held = [proposal.case_id] if proposal.case_id else []
    if proposal.code == RuleCode.R1 and with_open_matters(held):
        # One sentence for whatever it is: a complaint may be known to the bureau alone, and a matter may be sealed.
        return _("Something about this case is not settled yet. A commendation waits until it is.")
    return ""


def why_opposed(proposal: Proposal) -> str:
    """Why what was already decided about this file stands in the way; empty where nothing does.

    A notice in force, of the same kind or the contrary, stands whatever marks it rests on: it is withdrawn first.
    Coaching stands for its marks alone.
    """
    if proposal.case_id is None:
        return ""
    same = Notice.objects.filter(case=proposal.case_id, proposal__code=proposal.code).exclude(proposal=proposal.pk)
    # The decision on an appeal stays when it takes a notice back.
    in_force = same.exclude(state=NoticeState.WITHDRAWN).exclude(kind=NoticeKind.APPEAL_DECISION).first()
    if in_force is not None:
        return _("Notice %(label)s stands for this file already. It must be withdrawn first.") % {
            "label": in_force.label
        }
    contrary = Proposal.objects.filter(case=proposal.case_id, code__in=OPPOSITES[RuleCode(proposal.code)])
    standing = contrary.filter(~fallen(), state__in=CARRIED_ON)
    found = standing.filter(Q(trigger=proposal.trigger) | Q(paper__isnull=False)).first()
    if found is None:
        return ""
    return _("“%(rule)s” was decided for this file already. Both cannot be carried out.") % {
        "rule": found.get_code_display()
    }


def may_criticise(proposal: Proposal) -> bool:
    """Whether public criticism (通报批评), which no centre imposes, may be referred.

    A repeated failure was decided, and its notice stands or is to come, a first time or anew.
    """
    if proposal.code != RuleCode.S3 or proposal.state not in DECIDED:
        return False
    return not Proposal.objects.filter(fallen(), pk=proposal.pk).exists()


def rests_on(proposal: Proposal, *, version: int, grade: str) -> bool:
    """The marks are those the rule read, and the grade is still the one it speaks of."""
    if proposal.trigger == for_complaints(version):
        return True
    wanted = GRADE_OF_RULE.get(RuleCode(proposal.code), grade)
    return proposal.trigger == trigger_of(version) and grade == wanted
