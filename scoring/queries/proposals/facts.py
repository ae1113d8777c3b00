"""What the rules are asked about: the scores in force, joined to the marks they rest on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import RiskFlag
from qa_service.organisations.queries import on_the_day_there
from reviews.queries import ReviewEvidence, review_evidence
from scoring.enums import RuleCode
from scoring.models import CaseScore, CoachingTask, Rule
from scoring.policy import CaseFacts, RuleSpec
from surveys.queries import cases_with_matters

# How far a rule that comes into force looks back: a window of objection and its answer fit into it.
CONSIDERED_FOR = timedelta(days=120)


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
    released = on_the_day_there(now, "centre", lambda today: Q(released_on__gte=today - CONSIDERED_FOR))
    return _released_scores().filter(released | Q(computed_at__gte=now - CONSIDERED_FOR)).order_by("pk")


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
    """Cases with an open complaint, an open matter of a client or words that nobody has read. Which of them it is stays
    untold: one may be sealed. Never for the eyes of the lawyer or the firm."""
    asked = list(case_ids)
    complaints = RiskFlag.objects.filter(case__in=asked, kind=FlagKind.COMPLAINT, cleared_at=None)
    return set(complaints.values_list("case_id", flat=True)) | cases_with_matters(asked)
