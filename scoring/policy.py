"""Rules that propose, never decide (`domain` 4.9): facts in, suggestions with what speaks for and against out.

Pure: no clock, no database. Thresholds come with the rule; the figures below are only their names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_service.common.rounding import plain
from scoring.enums import Point, RuleCode

EXCELLENT, FAIL = "excellent", "fail"
# A file is not praised and its lawyer corrected for the same marks: of two such rules a person chooses one.
OPPOSITES: Mapping[RuleCode, frozenset[RuleCode]] = {
    RuleCode.R1: frozenset({RuleCode.S1, RuleCode.S2}),
    RuleCode.S1: frozenset({RuleCode.R1}),
    RuleCode.S2: frozenset({RuleCode.R1}),
}


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule in force. S1 reads `core_items`, item codes of every checklist."""

    code: RuleCode
    core_items: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of one graded case. `score` is 0 to 100, unrounded; `spread` in points between readers.

    `objection_open_until` is empty while the lawyer has not been told: their time has not begun.
    `open_matter`: a complaint, or what a client raised, is being looked into. It holds a commendation back and leaves
    the grade as it is: a grade that fell when somebody complained would tell the lawyer who did.
    """

    case_id: int
    grade: str
    score: Decimal
    review_version: int
    readers: int
    spread: Decimal
    coverage: Decimal
    released: bool
    provisional: bool
    limited: bool
    objection_open: bool
    objection_open_until: date | None
    zero_items: tuple[str, ...] = ()
    corrected: bool = False
    open_matter: bool = False
    # Items on which the lawyer was given coaching for this case, open or done.
    coached: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence for or against, and its figures as they are to be read."""

    point: Point
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    code: RuleCode
    case_id: int
    trigger: str
    evidence: tuple[Said, ...]
    counter_evidence: tuple[Said, ...]


def suggestions(facts: Iterable[CaseFacts], rules: Iterable[RuleSpec], *, today: date) -> Iterator[Suggestion]:
    """What the rules in force suggest about cases whose marks can no longer be objected to."""
    in_force = tuple(rules)
    for each in facts:
        if not settled(each, today=today):
            continue
        grounds = {rule.code: _grounds(rule, each) for rule in in_force}
        meant = [code for code, said in grounds.items() if said]
        for code in meant:
            said = _not_coached_yet(grounds[code], each)
            if not said:
                continue
            yield Suggestion(
                code=code,
                case_id=each.case_id,
                trigger=trigger_of(each.review_version),
                evidence=(*said, *_supporting(each)),
                counter_evidence=(*_opposed(code, meant), *_against(each)),
            )


def trigger_of(review_version: int) -> str:
    """The name of the marks a proposal rests on."""
    return f"review:{review_version}"


def settled(facts: CaseFacts, *, today: date) -> bool:
    """The result was released, the lawyer told, nobody objects, and nobody can any more."""
    until = facts.objection_open_until
    return facts.released and not facts.objection_open and until is not None and until < today


def _grounds(rule: RuleSpec, facts: CaseFacts) -> tuple[Said, ...]:
    grade = Said(Point.GRADE, {"score": plain(facts.score), "band": facts.grade})
    if rule.code == RuleCode.R1 and facts.grade == EXCELLENT and not facts.open_matter:
        return (grade,)
    if rule.code == RuleCode.S2 and facts.grade == FAIL:
        return (grade,)
    if rule.code == RuleCode.S1:
        zero = [item for item in facts.zero_items if item in rule.core_items]
        return tuple(Said(Point.ITEM_AT_ZERO, {"item": item}) for item in zero)
    return ()


def _not_coached_yet(said: Iterable[Said], facts: CaseFacts) -> tuple[Said, ...]:
    """Coaching is given once for an item of a file, however often its marks are corrected or read again."""
    return tuple(each for each in said if each.figures.get("item") not in facts.coached)


def _opposed(code: RuleCode, meant: Iterable[RuleCode]) -> tuple[Said, ...]:
    """The other rules that speak of the same marks and want the contrary."""
    return tuple(Said(Point.OPPOSITE, {"rule": other}) for other in meant if other in OPPOSITES[code])


def _supporting(facts: CaseFacts) -> tuple[Said, ...]:
    said = []
    if facts.readers == 2:  # noqa: PLR2004 - two readers are what they say
        said.append(Said(Point.TWO_READERS, {"spread": plain(facts.spread)}))
    elif facts.readers > 2:  # noqa: PLR2004
        said.append(Said(Point.MORE_READERS, {"readers": str(facts.readers), "spread": plain(facts.spread)}))
    if facts.objection_open_until:
        said.append(Said(Point.OBJECTION_OVER, {"day": facts.objection_open_until.isoformat()}))
    return tuple(said)


def _against(facts: CaseFacts) -> tuple[Said, ...]:
    said = []
    if facts.readers < 2:  # noqa: PLR2004 - one reader is what it says
        said.append(Said(Point.ONE_READER, {}))
    if facts.provisional:
        said.append(Said(Point.PROVISIONAL, {}))
    elif facts.coverage < 1:
        said.append(Said(Point.COVERAGE, {"coverage": plain(facts.coverage * 100)}))
    if facts.limited:
        said.append(Said(Point.LIMITED, {}))
    if facts.corrected:
        said.append(Said(Point.CORRECTED, {"version": str(facts.review_version)}))
    return tuple(said)
