"""What a period would come to by a scheme that is still a draft. Reads alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from scoring.calculation import (
    Foresight,
    Move,
    Rules,
    case_derivation,
    evidence_in,
    foreseen,
    rules_of,
    stored,
    weighed_anew,
)
from scoring.enums import Grade, Reason
from scoring.models import CaseScore, Scheme
from scoring.models.scores import STAFF_READERS
from scoring.queries.schemes import rules_by
from scoring.queries.scores import LineShown, lines_shown

A_FETCH = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """One case by two schemes, for a reader. `figure` and `lines` as of a score shown."""

    score: CaseScore
    figure_before: Decimal | None
    lines_before: tuple[LineShown, ...]
    grade_after: str
    figure_after: Decimal | None
    lines_after: tuple[LineShown, ...]
    reasons_after: tuple[str, ...]


def period_before(today: date) -> Period:
    """The last quarter that is over."""
    start = Period.quarter_of(today).start
    return Period.quarter_of(date(start.year - (start.month == 1), 12 if start.month == 1 else start.month - 1, 1))


def scores_weighed(user: User, period: Period) -> QuerySet[CaseScore]:
    """Scores in force of cases closed in the period that the person oversees; never those of their own work."""
    seen = CaseScore.objects.current().visible_to(user).filter(within(user, "centre__path", *STAFF_READERS))
    return seen.filter(closed_on__gte=period.start, closed_on__lt=period.end)


def foresight(*, user: User, draft: Scheme, period: Period, today: date) -> Foresight:
    """All cases of the period weighed anew, row by row from the database; only those whose grade changes are kept."""
    return foreseen(_moves(scores_weighed(user, period), rules_of_draft(draft), today))


def case_foreseen(*, draft: Scheme, score: CaseScore, today: date) -> Seen:
    rules, evidence = rules_of_draft(draft), evidence_in(score.derivation)
    made_by = rules_by(score.scheme)
    result = weighed_anew(evidence, made_by=made_by, rules=rules, today=today)
    said = json.loads(case_derivation(evidence, rules, result))
    return Seen(
        score=score,
        figure_before=None if score.score is None else half_up(score.score),
        lines_before=lines_shown(json.loads(score.derivation)),
        grade_after=str(result.grade.label),
        figure_after=None if result.score is None else half_up(result.score),
        lines_after=lines_shown(said),
        reasons_after=tuple(str(Reason(reason).label) for reason in result.reasons),
    )


def rules_of_draft(draft: Scheme) -> Rules:
    return rules_of(draft.version, draft.rules)


def _moves(scores: QuerySet[CaseScore], rules: Rules, today: date) -> Iterator[Move]:
    schemes = {scheme.pk: rules_by(scheme) for scheme in Scheme.objects.published().defer("rules")}
    rows = scores.order_by("pk").values_list("pk", "scheme_id", "grade", "score", "derivation")
    for pk, scheme_id, grade, score, derivation in rows.iterator(chunk_size=A_FETCH):
        result = weighed_anew(evidence_in(derivation), made_by=schemes[scheme_id], rules=rules, today=today)
        after = None if result.score is None else stored(result.score)
        yield Move(pk, Grade(grade), score, result.grade, after)
