"""Rules that propose, never decide (`domain` 4.9): facts in, suggestions with what speaks for and against out.

Pure: no clock, no database. Thresholds come with the rule; the figures below are only their names.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_service.common.rounding import plain
from scoring.enums import Point, RuleCode

EXCELLENT, FAIL = "excellent", "fail"
FOR_COMPLAINTS = "complaints:"
# A file is not praised and its lawyer corrected for the same marks: of two such rules a person chooses one.
# And a file is rectified once: the heavier rule takes the place of the lighter.
OPPOSITES: Mapping[RuleCode, frozenset[RuleCode]] = {
    RuleCode.R1: frozenset({RuleCode.S1, RuleCode.S2, RuleCode.S3, RuleCode.S4}),
    RuleCode.S1: frozenset({RuleCode.R1}),
    RuleCode.S2: frozenset({RuleCode.R1, RuleCode.S3}),
    RuleCode.S3: frozenset({RuleCode.R1, RuleCode.S2, RuleCode.S4}),
    RuleCode.S4: frozenset({RuleCode.R1, RuleCode.S3}),
}
# Of the ladder for repeated failure one rung is proposed: who would be suspended is not given fewer cases as well, and
# the rectification of the repeated failure contains that of the case.
SUPERSEDED: Mapping[RuleCode, RuleCode] = {RuleCode.S3: RuleCode.S2, RuleCode.S4: RuleCode.S3}


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule in force. S1 reads `core_items`, item codes of every checklist; S3 and S4 count `fails` in so many
    `months`, and S3 `complaints` as well, none where it is 0; S4 reads `vetoes`, codes of veto items."""

    code: RuleCode
    core_items: frozenset[str] = frozenset()
    fails: int = 0
    complaints: int = 0
    months: int = 0
    vetoes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Failed:
    """One failed case: when it was released, and the last day to object to it; the earlier stands first."""

    released_on: date
    case_id: int
    open_until: date


@dataclass(frozen=True, slots=True, order=True)
class Complained:
    """One complaint about the lawyer that was upheld, and that the centre knows of; the earlier stands first."""

    decided_on: date
    case_id: int


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
    # The failed cases of the lawyer up to this one, and this one.
    failed: tuple[Failed, ...] = ()
    # Upheld complaints about the lawyer up to the last one about this case, none where there is none about it.
    complaints: tuple[Complained, ...] = ()
    # Veto items that a second person confirmed of the lawyer in this case.
    vetoes: frozenset[str] = frozenset()


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
        grounds = {rule.code: _grounds(rule, each, today=today) for rule in in_force}
        codes = _highest_rung([code for code, said in grounds.items() if said])
        for code in codes:
            said = _not_coached_yet(grounds[code], each)
            if not said:
                continue
            yield Suggestion(
                code=code,
                case_id=each.case_id,
                trigger=_trigger(said, each.review_version),
                evidence=(*said, *_supporting(each)),
                counter_evidence=(*_opposed(code, codes), *_against(each)),
            )


def meant(facts: CaseFacts, rule: RuleSpec, *, today: date) -> bool:
    """Whether the rule speaks of the case, whatever the others say."""
    return bool(_grounds(rule, facts, today=today))


def trigger_of(review_version: int) -> str:
    """The name of the marks a proposal rests on."""
    return f"review:{review_version}"


def for_complaints(review_version: int) -> str:
    """The name of the marks beside which complaints are what a proposal rests on, whatever the grade."""
    return f"{FOR_COMPLAINTS}{review_version}"


def _trigger(said: Iterable[Said], review_version: int) -> str:
    alone = {each.point for each in said} == {Point.COMPLAINTS}
    return for_complaints(review_version) if alone else trigger_of(review_version)


def settled(facts: CaseFacts, *, today: date) -> bool:
    """The result was released, the lawyer told, nobody objects, and nobody can any more."""
    until = facts.objection_open_until
    return facts.released and not facts.objection_open and until is not None and until < today


def _highest_rung(meant: list[RuleCode]) -> list[RuleCode]:
    left = list(meant)
    for higher in sorted(set(meant) & set(SUPERSEDED), reverse=True):
        if higher in left and SUPERSEDED[higher] in left:
            left.remove(SUPERSEDED[higher])
    return left


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or after for a negative number; at most the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _failed_often(rule: RuleSpec, facts: CaseFacts, *, today: date) -> tuple[Said, ...]:
    first = months_before(today, rule.months)
    count = sum(first < each.released_on and each.open_until < today for each in facts.failed)
    if facts.grade != FAIL or count < rule.fails:
        return ()
    return (Said(Point.FAILS, {"count": str(count), "months": str(rule.months)}),)


def _complained_of(rule: RuleSpec, facts: CaseFacts, *, today: date) -> tuple[Said, ...]:
    """Of a repetition the case of the last complaint is spoken of, as of fails the last that failed."""
    first = months_before(today, rule.months)
    counted = [each for each in facts.complaints if first < each.decided_on <= today]
    if not rule.complaints or len(counted) < rule.complaints or counted[-1].case_id != facts.case_id:
        return ()
    return (Said(Point.COMPLAINTS, {"count": str(len(counted)), "months": str(rule.months)}),)


def _vetoed(rule: RuleSpec, facts: CaseFacts) -> tuple[Said, ...]:
    return tuple(Said(Point.VETO, {"item": code}) for code in sorted(facts.vetoes & rule.vetoes))


def _grounds(rule: RuleSpec, facts: CaseFacts, *, today: date) -> tuple[Said, ...]:
    grade = Said(Point.GRADE, {"score": plain(facts.score), "band": facts.grade})
    said: tuple[Said, ...] = ()
    match rule.code:
        case RuleCode.R1 if facts.grade == EXCELLENT and not facts.open_matter:
            said = (grade,)
        case RuleCode.S1:
            said = tuple(
                Said(Point.ITEM_AT_ZERO, {"item": each}) for each in facts.zero_items if each in rule.core_items
            )
        case RuleCode.S2 if facts.grade == FAIL:
            said = (grade,)
        case RuleCode.S3:
            said = (*_failed_often(rule, facts, today=today), *_complained_of(rule, facts, today=today))
        case RuleCode.S4:
            said = (*_failed_often(rule, facts, today=today), *_vetoed(rule, facts))
    return said


def _not_coached_yet(said: Iterable[Said], facts: CaseFacts) -> tuple[Said, ...]:
    """Coaching is given once for an item of a file, however often its marks are corrected or read again."""
    return tuple(each for each in said if each.figures.get("item") not in facts.coached)


def _opposed(code: RuleCode, codes: Iterable[RuleCode]) -> tuple[Said, ...]:
    """The other rules that speak of the same marks and want the contrary."""
    return tuple(Said(Point.OPPOSITE, {"rule": other}) for other in codes if other in OPPOSITES[code])


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
