"""Results of file review as readers come to them, by the published lists: some hundred of each, the worst first."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from decimal import Decimal

from qa_service.cases.enums import CaseType, Stage
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor, Band, Standing
from reviews.marking import combine, total
from reviews.models import Checklist
from reviews.queries.checklists import Standard, lists_in_force, standard_of
from reviews.queries.scorecard import values_of
from reviews.services.results import Found, Readings, content_of

OF_EACH = 200
# A careful file, an ordinary one, a poor one.
WAYS = ((0.97, 0.02, 0.01, 0), (0.8, 0.12, 0.06, 0.02), (0.55, 0.25, 0.12, 0.08))
ANCHORS = (Anchor.FULL, Anchor.MOSTLY, Anchor.PARTLY, Anchor.NONE)


@dataclass(frozen=True, slots=True)
class Result:
    """The columns of a result; `items` is JSON as text."""

    checklist_id: int
    score: Decimal
    grade: Band
    method: str
    readers: int
    agreed: bool
    items: str


def results_in_life(case_type: CaseType, stage: Stage) -> list[Result]:
    """:raises LookupError: no list is published for such a case."""
    root = Organisation.objects.get(depth=1)
    checklist = lists_in_force(root).of(case_type, stage)
    if checklist is None:
        raise LookupError(f"{case_type}, {stage}")
    standard, chance = standard_of(checklist), random.Random(f"{case_type} {stage}")  # noqa: S311 - invented rows
    found = [_result(checklist, standard, _marks(standard, chance)) for _each in range(OF_EACH)]
    return sorted(found, key=lambda result: result.score)


def _marks(standard: Standard, chance: random.Random) -> dict[str, dict[str, str]]:
    weights = chance.choices(WAYS, weights=(3, 6, 1))[0]
    return {code: _mark(chance.choices(ANCHORS, weights)[0]) for code in standard.sheet.codes()}


def _mark(anchor: Anchor) -> dict[str, str]:
    full = anchor == Anchor.FULL
    words = {"reason_code": "", "page": "", "comment": ""}
    return {"anchor": anchor} | (words if full else {"reason_code": "other", "page": "12", "comment": "材料不全"})


def _result(checklist: Checklist, standard: Standard, marks: dict[str, dict[str, str]]) -> Result:
    """One reader; where the band asks for a second, that one saw the same."""
    first = total(standard.sheet, values_of(marks))
    readers = 2 if first.band in {Band.EXCELLENT, Band.FAIL} else 1
    readings = Readings(standard, (marks,) * readers, (1, 2)[:readers], {})
    combined = combine([first] * readers)
    found = content_of(Found(checklist, readings, combined, combined, Standing.CLEAR, [], []))
    return Result(
        checklist_id=checklist.pk,
        score=found["score"],
        grade=found["grade"],
        method=found["method"],
        readers=found["readers"],
        agreed=found["agreed"],
        items=json.dumps(found["items"], ensure_ascii=False),
    )
