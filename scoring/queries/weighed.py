"""What the evidence of cases comes to, as the rows that would say so. Nothing is written here."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from qa_service.cases.models import Case
from scoring.calculation import (
    CaseResult,
    case_derivation,
    stored,
    voice_derivation,
    weigh_case,
    weigh_voice,
    weigh_voices,
)
from scoring.models import CaseScore, CaseVoice
from scoring.queries.evidence import Gathered, Heard
from scoring.queries.schemes import rules_by

# A row that says the same in all of these is not written again: readers see no new version for nothing.
OF_THE_CASE = ("lawyer_id", "firm_id", "station_id", "centre_id", "case_type", "closed_on")
SCORE_SAYS = (*OF_THE_CASE, "sha256", "released_on", "weigh_again_on")
VOICE_SAYS = (*OF_THE_CASE, "sha256", "response_id")


def differs(fresh: Any, former: Any, fields: Iterable[str]) -> bool:
    return former is None or any(getattr(fresh, name) != getattr(former, name) for name in fields)


def weighed_by_its_scheme(each: Gathered) -> CaseResult:
    return weigh_case(each.evidence, rules_by(each.scheme))


def score_of(each: Gathered, result: CaseResult, *, version: int, now: datetime) -> CaseScore:
    """`version`: of the evidence."""
    derivation = case_derivation(each.evidence, rules_by(each.scheme), result)
    return CaseScore(
        **_of_the_case(each.case),
        scheme=each.scheme,
        score=None if result.score is None else stored(result.score),
        grade=result.grade,
        provisional=result.provisional,
        coverage=stored(result.coverage),
        review_version=each.evidence.review.version if each.evidence.review else None,
        evidence_version=version,
        released_on=each.released_on,
        weigh_again_on=each.weigh_again_on,
        derivation=derivation.decode(),
        sha256=sha256(derivation).hexdigest(),
        computed_at=now,
    )


def voice_of(each: Gathered, *, now: datetime) -> CaseVoice | None:
    """Of each client the first answer in which anything can be weighed; a case counts once, however many answered."""
    rules = rules_by(each.scheme)
    spoke: dict[int, Heard] = {}
    for heard in each.heard:
        if heard.client_id not in spoke and weigh_voice(heard.answer, rules) is not None:
            spoke[heard.client_id] = heard
    answers = [heard.answer for heard in spoke.values()]
    result = weigh_voices(answers, rules)
    if result is None:
        return None
    derivation, first = voice_derivation(answers, rules), next(iter(spoke.values()))
    return CaseVoice(
        **_of_the_case(each.case),
        scheme=each.scheme,
        score=stored(result.score),
        response_id=first.response_id,
        answered_at=first.answered_at,
        derivation=derivation.decode(),
        sha256=sha256(derivation).hexdigest(),
        computed_at=now,
    )


def _of_the_case(case: Case) -> dict[str, Any]:
    return {"case_id": case.pk} | {name: getattr(case, name) for name in OF_THE_CASE}
