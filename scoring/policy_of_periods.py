"""Rules that speak of a closed period (`domain` 4.9: R2, R3, S6): facts in, suggestions with for and against out.

Pure: no clock, no database. They praise a lawyer, a firm, a station or a group of volunteers, or report on a centre;
none hangs on one case. Thresholds come with the rule.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from qa_service.common.rounding import half_up, plain
from qa_service.common.shares import ENOUGH
from scoring.enums import Point, RuleCode, Subject
from scoring.policy import Said

PER_CENT = 100
PRAISED = {
    RuleCode.R2: frozenset({Subject.LAWYER}),
    RuleCode.R3: frozenset({Subject.FIRM, Subject.STATION}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodSpec:
    """One rule in force. Shares are per cent. R2 and R3 read the first four; `vetoes` are those that R3 names, where R2
    takes every one. S6 reads the last two: more bad ratings late, or fewer cases assigned in time."""

    code: RuleCode
    cases: int = 0
    lower_bound: Decimal = Decimal(0)
    in_time: Decimal = Decimal(0)
    vetoes: frozenset[str] = frozenset()
    ratings_late: Decimal = Decimal(0)
    assigned_in_time: Decimal = Decimal(0)
    assign_days: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitFacts:
    """One unit over the period. `shrunk` and `low`, its standing and the lower end of its 90 % interval, are those that
    were frozen with the period, 0 to 100; `low` is None where no interval is known.

    `due` files had a day by which they were to come in, `in_time` of them did. `complaints` were upheld. `unsettled`:
    cases whose marks are objected to, or may still be.
    """

    subject: Subject
    unit: int
    graded: int
    shrunk: Decimal
    low: Decimal | None
    closed: int
    due: int = 0
    in_time: int = 0
    vetoes: frozenset[str] = frozenset()
    complaints: int = 0
    open_complaints: int = 0
    unsettled: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CentreFacts:
    """A centre's own clocks over the period: `late` of the bad `ratings` were not answered in time, `in_time` of the
    `assigned` cases were assigned in time."""

    unit: int
    ratings: int = 0
    late: int = 0
    assigned: int = 0
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class PeriodSuggestion:
    code: RuleCode
    subject: Subject
    unit: int
    evidence: tuple[Said, ...]
    counter_evidence: tuple[Said, ...]


def praises(facts: Iterable[UnitFacts], rule: PeriodSpec) -> Iterator[PeriodSuggestion]:
    """Whom R2 or R3 commends."""
    for each in facts:
        if praised(each, rule):
            yield PeriodSuggestion(rule.code, each.subject, each.unit, _merit(each, rule), _beside(each, rule))


def praised(facts: UnitFacts, rule: PeriodSpec) -> bool:
    """Whether every condition is met. Without an interval, or without a file that was due, nothing is known of it."""
    if facts.subject not in PRAISED.get(rule.code, frozenset()):
        return False
    stands_out = facts.graded >= rule.cases and facts.low is not None and facts.low >= rule.lower_bound
    punctual = facts.due > 0 and facts.in_time * PER_CENT >= rule.in_time * facts.due
    blamed = facts.vetoes if rule.code == RuleCode.R2 else facts.vetoes & rule.vetoes
    return stands_out and punctual and not blamed and not facts.complaints and not facts.open_complaints


def reports(facts: CentreFacts, rule: PeriodSpec) -> PeriodSuggestion | None:
    """What S6 says of a centre; None where its clocks are kept."""
    said = (*_ratings_late(facts, rule), *_assigned_late(facts, rule))
    if rule.code != RuleCode.S6 or not said:
        return None
    few = min(count for count in (facts.ratings, facts.assigned) if count)
    against = (Said(Point.FEW, {"count": str(few)}),) if few < ENOUGH else ()
    return PeriodSuggestion(rule.code, Subject.CENTRE, facts.unit, said, against)


def _ratings_late(facts: CentreFacts, rule: PeriodSpec) -> tuple[Said, ...]:
    if facts.late * PER_CENT <= rule.ratings_late * facts.ratings:
        return ()
    return (Said(Point.RATINGS_LATE, _share(facts.late, facts.ratings)),)


def _assigned_late(facts: CentreFacts, rule: PeriodSpec) -> tuple[Said, ...]:
    if facts.in_time * PER_CENT >= rule.assigned_in_time * facts.assigned:
        return ()
    figures = _share(facts.in_time, facts.assigned) | {"days": str(rule.assign_days)}
    return (Said(Point.ASSIGNED_LATE, figures),)


def _share(part: int, whole: int) -> dict[str, str]:
    per_cent = half_up(Decimal(part * PER_CENT) / whole, places=1)
    return {"part": str(part), "whole": str(whole), "share": plain(per_cent)}


def _merit(facts: UnitFacts, rule: PeriodSpec) -> tuple[Said, ...]:
    low = plain(half_up(facts.low)) if facts.low is not None else ""
    free = Said(Point.NO_VETO, {})
    if rule.code == RuleCode.R3:
        free = Said(Point.NO_GRAVE_VETO, {"items": "、".join(sorted(rule.vetoes))})
    return (
        Said(Point.GRADED, {"count": str(facts.graded)}),
        Said(Point.LOWER_BOUND, {"shrunk": plain(half_up(facts.shrunk)), "low": low}),
        Said(Point.IN_TIME, _share(facts.in_time, facts.due)),
        free,
        Said(Point.NO_COMPLAINT, {}),
    )


def _beside(facts: UnitFacts, rule: PeriodSpec) -> tuple[Said, ...]:
    said = [Said(Point.OTHER_VETO, {"item": item}) for item in sorted(facts.vetoes - rule.vetoes)]
    if facts.unsettled:
        said.append(Said(Point.STILL_OPEN, {"count": str(facts.unsettled)}))
    if facts.closed > facts.graded:
        said.append(Said(Point.UNGRADED, {"count": str(facts.closed - facts.graded)}))
    return tuple(said)
