"""Reading what rules suggest, and what each proposal waits for."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import RiskFlag
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import ConflictReason
from reviews.queries import ReviewEvidence, people_who_marked, review_evidence, ties
from scoring.enums import Grade, NoticeState, Point, ProposalState, RuleCode
from scoring.models import DECIDING_ROLES, CaseScore, CoachingTask, Notice, Proposal, Rule, Statement
from scoring.policy import OPPOSITES, CaseFacts, RuleSpec, trigger_of

# How far a rule that comes into force looks back: a window of objection and its answer fit into it.
CONSIDERED_FOR = timedelta(days=120)
HEARD_RULES = frozenset({RuleCode.S1, RuleCode.S2})
CARRIED_ON = (ProposalState.ACCEPTED, ProposalState.ON_DISPLAY, ProposalState.CARRIED_OUT)
GRADE_OF_RULE = {RuleCode.R1: Grade.EXCELLENT, RuleCode.S2: Grade.FAIL}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proposal's way, for the stepper: `state` is done, current or ahead.

    `day` is when it was done; `due` the last day for it, while it is not.
    """

    label: str
    state: str
    day: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class _Stage:
    label: str
    done: bool
    day: date | None = None
    due: date | None = None


def rules_in_force() -> dict[str, Rule]:
    """The newest version of each rule that is on."""
    newest = {rule.code: rule for rule in Rule.objects.order_by("version")}
    return {code: rule for code, rule in newest.items() if rule.enabled}


def rule_specs(rules: Iterable[Rule]) -> list[RuleSpec]:
    return [RuleSpec(RuleCode(rule.code), frozenset(rule.thresholds.get("core_items", ()))) for rule in rules]


def scores_of_cases(case_ids: Iterable[int]) -> QuerySet[CaseScore]:
    """Scores in force of those of the cases whose file review is released."""
    return _released_scores().filter(case__in=list(case_ids))


def _released_scores() -> QuerySet[CaseScore]:
    """Those also that have no grade until a second reader has read: what a rule says of one item holds without it."""
    scores = CaseScore.objects.current().filter(released_on__isnull=False)
    return scores.defer("derivation").select_related("centre__settings")


def scores_to_consider(*, now: datetime) -> QuerySet[CaseScore]:
    """What a rule that comes into force looks back on: cases that were released or weighed of late."""
    since = timezone.localdate(now) - CONSIDERED_FOR
    scores = _released_scores()
    return scores.filter(Q(released_on__gte=since) | Q(computed_at__gte=now - CONSIDERED_FOR)).order_by("pk")


def facts_of(scores: Iterable[CaseScore]) -> list[CaseFacts]:
    """Scores joined to the marks they rest on; a score of older marks than the newest waits for its rescoring."""
    by_case = {score.case_id: score for score in scores}
    found, matters, coached = review_evidence(by_case), with_open_matters(by_case), _coached(by_case)
    return [
        _facts(score, found[case_id], open_matter=case_id in matters, coached=frozenset(coached[case_id]))
        for case_id, score in by_case.items()
        if case_id in found and found[case_id].version == score.review_version
    ]


def _coached(case_ids: Iterable[int]) -> dict[int, set[str]]:
    """Items on which coaching was given for each case, open or done."""
    found: dict[int, set[str]] = defaultdict(set)
    tasks = CoachingTask.objects.filter(proposal__case__in=list(case_ids))
    for case_id, items in tasks.values_list("proposal__case", "items"):
        found[case_id].update(items)
    return found


def _facts(score: CaseScore, review: ReviewEvidence, *, open_matter: bool, coached: frozenset[str]) -> CaseFacts:
    return CaseFacts(
        case_id=score.case_id,
        grade=score.grade,
        score=score.score or review.score,
        review_version=review.version,
        readers=review.readers,
        spread=review.spread,
        coverage=score.coverage / 100,
        released=review.released,
        provisional=score.provisional,
        limited=review.limited,
        objection_open=review.objection_open,
        objection_open_until=review.objection_open_until,
        zero_items=review.zero_items,
        corrected=review.corrected,
        open_matter=open_matter,
        coached=coached,
    )


def with_open_matters(case_ids: Iterable[int]) -> set[int]:
    """Cases about which a complaint is open. Never for the eyes of the lawyer or the firm."""
    complaints = RiskFlag.objects.filter(case__in=list(case_ids), kind=FlagKind.COMPLAINT, cleared_at=None)
    return set(complaints.values_list("case_id", flat=True))


def proposals_seen_by(user: User) -> QuerySet[Proposal]:
    seen = Proposal.objects.visible_to(user).select_related("case", "lawyer", "firm", "centre", "rule", "statement")
    return seen.order_by(F("closed_at").desc(nulls_first=True), "-proposed_at", "-pk")


def sentences(said: Iterable[dict[str, Any]]) -> list[str]:
    """Stored points as sentences in the reader's language."""
    return [_sentence(Point(each["point"]), dict(each["figures"])) for each in said]


def _sentence(point: Point, figures: dict[str, str]) -> str:
    if "band" in figures:
        figures["band"] = str(Grade(figures["band"]).label)
    if "rule" in figures:
        figures["rule"] = str(RuleCode(figures["rule"]).label)
    return str(point.label) % figures


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
    return told is not None and (told.served_on is not None or not reads_here(proposal.lawyer_id))


def awaits_statement(proposal: Proposal) -> bool:
    """Whether the lawyer was asked and no answer is here; one that came on paper in time may still be typed in."""
    told = statement_of(proposal)
    return told is not None and proposal.state == ProposalState.HEARING and told.submitted_at is None


def takes_statement(proposal: Proposal, *, came_on: date) -> bool:
    """Whether an answer that came on this day is taken: asked for, not given, and its last day was not over."""
    told = statement_of(proposal)
    return told is not None and awaits_statement(proposal) and (told.due_on is None or came_on <= told.due_on)


def why_not_independent(proposal: Proposal, person: User) -> str:
    """Why this person may not decide or issue here; empty when they may."""
    tied = _ties(proposal, person)
    if ConflictReason.OWN_CASE in tied:
        return _("You handled this case yourself.")
    if ConflictReason.SAME_FIRM in tied:
        return _("You belong to the firm that handled this case.")
    if ConflictReason.DECLARED_RELATION in tied:
        return _("You have declared a relation to who handled this case.")
    if person.pk in people_who_marked(proposal.case_id):
        return _("You marked this file, or decided about its marks. Somebody who did not must decide.")
    if not Proposal.objects.visible_to(person).filter(pk=proposal.pk).exists():
        return _("You do not decide for this centre.")
    return ""


def _ties(proposal: Proposal, person: User) -> frozenset[ConflictReason]:
    """To who handled the case when it was proposed and to who does today; firms also that were left since it began."""
    case = proposal.case
    found = set(ties(case=case, person=person))
    if (case.lawyer_id, case.firm_id) != (proposal.lawyer_id, proposal.firm_id):
        then = copy(case)
        then.lawyer_id, then.firm_id = proposal.lawyer_id, proposal.firm_id
        found |= set(ties(case=then, person=person))
    return frozenset(found)


def why_overtaken(proposal: Proposal) -> str:
    """Why the proposal's ground is gone, though the sweep may not have closed it yet; empty while it stands."""
    score = CaseScore.objects.current().filter(case=proposal.case_id).only("review_version", "grade").first()
    review = review_evidence([proposal.case_id]).get(proposal.case_id)
    if score and review and rests_on(proposal, version=review.version, grade=score.grade):
        return ""
    return _("The marks or the grade have changed since. The proposal no longer has a ground.")


def why_unsettled(proposal: Proposal) -> str:
    """Why nothing may be carried out on these marks yet: nobody told the lawyer, or their objection is undecided."""
    review = review_evidence([proposal.case_id]).get(proposal.case_id)
    if review is None or not review.released:
        return ""
    if review.objection_open:
        return _("An objection to the marks waits for its decision.")
    if review.objection_open_until is None:
        return _("The lawyer has not been told of the marks, so their time to object has not begun.")
    return ""


def why_held(proposal: Proposal) -> str:
    """Why a commendation waits though its ground stands; empty while it may go on. For independent people alone."""
    if proposal.code == RuleCode.R1 and with_open_matters([proposal.case_id]):
        return _("A complaint about this case is open. A commendation waits until it is closed.")
    return ""


def why_opposed(proposal: Proposal) -> str:
    """Why what was already decided about this file stands in the way; empty where nothing does.

    A notice in force, of the same kind or the contrary, stands whatever marks it rests on: it is withdrawn first.
    Coaching stands for its marks alone.
    """
    same = Notice.objects.filter(case=proposal.case_id, proposal__code=proposal.code).exclude(proposal=proposal.pk)
    in_force = same.exclude(state=NoticeState.WITHDRAWN).first()
    if in_force is not None:
        return _("Notice %(label)s stands for this file already. It must be withdrawn first.") % {
            "label": in_force.label
        }
    contrary = Proposal.objects.filter(case=proposal.case_id, code__in=OPPOSITES[RuleCode(proposal.code)])
    standing = contrary.filter(state__in=CARRIED_ON).exclude(notice__state=NoticeState.WITHDRAWN)
    found = standing.filter(Q(trigger=proposal.trigger) | Q(notice__isnull=False)).first()
    if found is None:
        return ""
    return _("“%(rule)s” was decided for this file already. Both cannot be carried out.") % {
        "rule": found.get_code_display()
    }


def rests_on(proposal: Proposal, *, version: int, grade: str) -> bool:
    """The marks are those the rule read, and the grade is still the one it speaks of."""
    wanted = GRADE_OF_RULE.get(RuleCode(proposal.code), grade)
    return proposal.trigger == trigger_of(version) and grade == wanted


def steps(proposal: Proposal, *, today: date) -> list[Step]:
    """The way of a proposal from rule to effect (interface: the stepper)."""
    stages = [_Stage(_("Proposal"), True, timezone.localdate(proposal.proposed_at))]
    stages += [] if proposal.code == RuleCode.R1 else _hearing_stages(proposal, today=today)
    stages += _deciding_stages(proposal)
    if proposal.state in {ProposalState.DECLINED, ProposalState.OVERTAKEN}:
        ended = _Stage(str(ProposalState(proposal.state).label), True, _day(proposal.closed_at))
        stages = [stage for stage in stages if stage.done] + [ended]
    first_ahead = next((at for at, stage in enumerate(stages) if not stage.done), len(stages))
    return [_step(stage, at, first_ahead) for at, stage in enumerate(stages)]


def _step(stage: _Stage, at: int, first_ahead: int) -> Step:
    state = "done" if stage.done else "current" if at == first_ahead else "ahead"
    return Step(stage.label, state, stage.day if stage.done else None, None if stage.done else stage.due)


def _hearing_stages(proposal: Proposal, *, today: date) -> list[_Stage]:
    """Who answered was heard on that day; who let the time pass, on its last."""
    told = statement_of(proposal)
    if told is None:
        return [_Stage(_("Telling the lawyer"), False), _Stage(_("Hearing the lawyer"), False)]
    return [
        _Stage(_("Telling the lawyer"), True, _day(told.notified_at)),
        _Stage(
            _("Hearing the lawyer"),
            heard(proposal, today=today),
            _day(told.submitted_at) or told.due_on,
            told.due_on,
        ),
    ]


def _deciding_stages(proposal: Proposal) -> list[_Stage]:
    decision, display = getattr(proposal, "decision", None), getattr(proposal, "display", None)
    notice, task = getattr(proposal, "notice", None), getattr(proposal, "task", None)
    stages = [_Stage(_("Decision"), decision is not None, _day(decision and decision.decided_at))]
    if proposal.code == RuleCode.R1:
        shown = bool(display and display.completed_at)
        stages.append(_Stage(_("Public display"), shown, display and display.ends_on, display and display.ends_on))
    if proposal.code == RuleCode.S1:
        done_on = _day(task and task.done_at)
        return [*stages, _Stage(_("Coaching"), done_on is not None, done_on, task and task.due_on)]
    issued_on = _day(notice and notice.issued_at)
    return [*stages, _Stage(pgettext("step", "Issue"), issued_on is not None, issued_on)]


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


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


__all__ = [
    "DECIDING_ROLES",
    "Step",
    "facts_of",
    "heard",
    "keyed_in_here",
    "needs_hearing",
    "proposals_seen_by",
    "rule_specs",
    "rules_in_force",
    "scores_of_cases",
    "scores_to_consider",
    "sentences",
    "statements_to_give",
    "steps",
    "takes_statement",
    "why_held",
    "why_not_independent",
    "why_opposed",
    "why_unsettled",
]
