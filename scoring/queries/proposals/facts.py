"""What the rules are asked about: the scores in force, joined to the marks they rest on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import RiskFlag
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import Standing
from reviews.queries import ReviewEvidence, review_evidence
from scoring.enums import OF_PERIODS, Grade, RuleCode
from scoring.models import CaseScore, CorrectiveTask, Rule
from scoring.policy import CaseFacts, Complained, Failed, RuleSpec
from surveys.queries import UpheldComplaint, cases_with_matters, upheld_against

# How far a rule that comes into force looks back: a window of objection and its answer fit into it.
CONSIDERED_FOR = timedelta(days=120)


def rules_in_force() -> dict[str, Rule]:
    """The newest version of each rule that is on."""
    newest = {rule.code: rule for rule in Rule.objects.order_by("version")}
    return {code: rule for code, rule in newest.items() if rule.enabled}


def rule_specs(rules: Iterable[Rule]) -> list[RuleSpec]:
    """What the rules of cases are asked with; R4 speaks of payment and is no proposal."""
    return [_spec(rule) for rule in rules if rule.code not in (RuleCode.R4, *OF_PERIODS)]


def _spec(rule: Rule) -> RuleSpec:
    given = rule.thresholds
    return RuleSpec(
        RuleCode(rule.code),
        core_items=frozenset(given.get("core_items", ())),
        fails=given.get("fails", 0),
        complaints=given.get("complaints", 0),
        months=given.get("months", 0),
        vetoes=frozenset(given.get("vetoes", ())),
    )


def scores_of_cases(case_ids: Iterable[int]) -> QuerySet[CaseScore]:
    """Scores in force of those of the cases whose file review is released."""
    return _released_scores().filter(case__in=list(case_ids))


def _released_scores() -> QuerySet[CaseScore]:
    """Those also that have no grade until a second reader has read: what a rule says of one item holds without it."""
    scores = CaseScore.objects.current().filter(released_on__isnull=False)
    return scores.defer("derivation").select_related("centre__settings")


def scores_to_consider(*, now: datetime) -> QuerySet[CaseScore]:
    """What a rule that comes into force looks back on: cases that were released or weighed of late."""
    released = on_the_day_there(now, "centre", lambda today: Q(released_on__gte=today - CONSIDERED_FOR))
    return _released_scores().filter(released | Q(computed_at__gte=now - CONSIDERED_FOR)).order_by("pk")


def facts_of(scores: Iterable[CaseScore]) -> list[CaseFacts]:
    """Scores joined to the marks they rest on; a score of older marks than the newest waits for its rescoring."""
    by_case = {score.case_id: score for score in scores}
    found, matters, coached = review_evidence(by_case), with_open_matters(by_case), _coached(by_case)
    failing = {score.lawyer_id for score in by_case.values() if score.grade == Grade.FAIL}
    fails, upheld = _fails(failing), upheld_against({score.lawyer_id for score in by_case.values()})
    return [
        replace(
            _facts(score, found[case_id], open_matter=case_id in matters, coached=frozenset(coached[case_id])),
            failed=_up_to(case_id, fails[score.lawyer_id]) if score.grade == Grade.FAIL else (),
            complaints=_complaints_up_to(case_id, upheld.get(score.lawyer_id, ())),
        )
        for case_id, score in by_case.items()
        if case_id in found and found[case_id].version == score.review_version
    ]


def _up_to(case_id: int, fails: Iterable[Failed]) -> tuple[Failed, ...]:
    """Of a repetition the last case is spoken of, not each that was counted."""
    found = sorted(fails)
    own = next((at for at, each in enumerate(found) if each.case_id == case_id), -1)
    return tuple(found[: own + 1])


def _complaints_up_to(case_id: int, upheld: Iterable[UpheldComplaint]) -> tuple[Complained, ...]:
    found = sorted(Complained(each.decided_on, each.case_id) for each in upheld)
    last = max((at for at, each in enumerate(found) if each.case_id == case_id), default=-1)
    return tuple(found[: last + 1])


def _fails(lawyer_ids: Iterable[int]) -> dict[int, list[Failed]]:
    """Failed cases of each lawyer, at whatever centre.

    Where an objection waits, or nobody told the lawyer, it counts as none.
    """
    found: dict[int, list[Failed]] = defaultdict(list)
    failed = _released_scores().filter(lawyer__in=list(lawyer_ids), grade=Grade.FAIL)
    scores = {score.case_id: score for score in failed}
    for case_id, review in review_evidence(scores).items():
        score = scores[case_id]
        until = review.objection_open_until
        newest = review.version == score.review_version and not review.objection_open
        if newest and until is not None and score.released_on is not None:
            found[score.lawyer_id].append(Failed(score.released_on, case_id, until))
    return found


def _coached(case_ids: Iterable[int]) -> dict[int, set[str]]:
    """Items on which coaching was given for each case, open or done."""
    found: dict[int, set[str]] = defaultdict(set)
    tasks = CorrectiveTask.objects.filter(proposal__case__in=list(case_ids))
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
        vetoes=frozenset(review.vetoes) if review.veto_state == Standing.CONFIRMED else frozenset(),
    )


def with_open_matters(case_ids: Iterable[int]) -> set[int]:
    """Cases with an open complaint, an open matter of a client or words that nobody has read. Which of them it is stays
    untold: one may be sealed. Never for the eyes of the lawyer or the firm."""
    asked = list(case_ids)
    complaints = RiskFlag.objects.filter(case__in=asked, kind=FlagKind.COMPLAINT, cleared_at=None)
    return set(complaints.values_list("case_id", flat=True)) | cases_with_matters(asked)
