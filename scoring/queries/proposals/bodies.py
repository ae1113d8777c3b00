"""What rules of periods are asked about: standings as they were closed, and what is known of their cases today."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.common.periods import Period
from qa_service.common.workdays import Calendar, CalendarYearMissing, add_workdays
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.models import Firm, Organisation
from qa_service.organisations.queries import calendar
from reviews.enums import Standing
from reviews.queries import ReviewEvidence, review_evidence
from scoring.enums import RuleCode, SourceKind, Subject, UnitKind
from scoring.models import CaseScore, ClosedPeriod, Proposal, Rule
from scoring.policy_of_periods import PRAISED, CentreFacts, PeriodSpec, UnitFacts, praised, reports
from scoring.queries.closing import standings_closed
from surveys.queries import bad_ratings_late, cases_with_upheld_complaints

ON_TIME = Decimal(100)


@dataclass(slots=True)
class _Known:
    """What the cases of one unit have in them."""

    cases: list[int] = field(default_factory=list)
    due: int = 0
    in_time: int = 0


def period_spec(rule: Rule) -> PeriodSpec:
    given = rule.thresholds
    return PeriodSpec(
        code=RuleCode(rule.code),
        cases=given.get("cases", 0),
        lower_bound=Decimal(given.get("lower_bound", 0)),
        in_time=Decimal(given.get("in_time", 0)),
        vetoes=frozenset(given.get("vetoes", ())),
        ratings_late=Decimal(given.get("ratings_late", 0)),
        assigned_in_time=Decimal(given.get("assigned_in_time", 0)),
        assign_days=given.get("assign_days", 0),
    )


def units_to_praise(closed: ClosedPeriod, rule: PeriodSpec, *, only: int | None = None) -> list[UnitFacts]:
    """Facts of those units of the closed period whose standing is good enough for the rule; of one of them with `only`.

    The centre's own staff are no firm that it could praise.
    """
    found = []
    for subject in sorted(PRAISED.get(rule.code, ())):
        told = standings_closed(closed, UnitKind(subject.value))
        rows = {
            row.unit: row
            for row in told.table.rows
            if row.n >= rule.cases and row.low is not None and row.low >= rule.lower_bound
        }
        units = set(rows) & {only} if only is not None else set(rows)
        if subject == Subject.FIRM:
            units -= set(Firm.objects.filter(pk__in=units, kind=FirmKind.CENTRE_STAFF).values_list("pk", flat=True))
        known = _known(closed, subject, units)
        facts = _facts_of_cases([case_id for each in known.values() for case_id in each.cases])
        for unit in sorted(units):
            row, of_unit = rows[unit], known[unit]
            found.append(
                UnitFacts(
                    subject=subject,
                    unit=unit,
                    graded=row.n,
                    shrunk=row.shrunk,
                    low=row.low,
                    closed=told.closed.get(unit, row.n),
                    due=of_unit.due,
                    in_time=of_unit.in_time,
                    vetoes=frozenset().union(*(facts.vetoes[case_id] for case_id in of_unit.cases)),
                    complaints=len(facts.upheld & set(of_unit.cases)),
                    open_complaints=len(facts.complained & set(of_unit.cases)),
                    unsettled=len(facts.unsettled & set(of_unit.cases)),
                )
            )
    return found


def graded_in(closed: ClosedPeriod) -> QuerySet[CaseScore]:
    """The grades of its cases that are in force today."""
    rows = CaseScore.objects.current().graded()
    return rows.filter(centre=closed.centre_id, closed_on__gte=closed.start, closed_on__lt=closed.end)


def _known(closed: ClosedPeriod, subject: Subject, units: Iterable[int]) -> Mapping[int, _Known]:
    found: dict[int, _Known] = defaultdict(_Known)
    wanted = graded_in(closed).filter(**{f"{subject.value}__in": list(units)})
    for unit, case_id, derivation in wanted.values_list(subject.value, "case", "derivation"):
        of_unit = found[unit]
        of_unit.cases.append(case_id)
        points = _time_limits(derivation)
        of_unit.due += points is not None
        of_unit.in_time += points == ON_TIME
    return found


def _time_limits(derivation: str) -> Decimal | None:
    """What the lawyer's own clock came to when the case was weighed; None where it did not apply or is not known."""
    for line in json.loads(derivation)["lines"]:
        if line["source"] == SourceKind.TIME_LIMITS and line["applies"] and line["value"] is not None:
            return Decimal(line["value"])
    return None


@dataclass(frozen=True, slots=True)
class _OfCases:
    vetoes: Mapping[int, frozenset[str]]
    upheld: set[int]
    complained: set[int]
    unsettled: set[int]


def _facts_of_cases(case_ids: list[int]) -> _OfCases:
    evidence = review_evidence(case_ids)
    flags = RiskFlag.objects.filter(case__in=case_ids, kind=FlagKind.COMPLAINT, cleared_at=None)
    return _OfCases(
        vetoes=defaultdict(
            frozenset,
            {
                case_id: frozenset(each.vetoes)
                for case_id, each in evidence.items()
                if each.veto_state == Standing.CONFIRMED
            },
        ),
        upheld=cases_with_upheld_complaints(case_ids),
        complained=set(flags.values_list("case_id", flat=True)),
        unsettled={case_id for case_id, each in evidence.items() if _unsettled(each)},
    )


def _unsettled(each: ReviewEvidence) -> bool:
    return each.being_read or each.objection_open or (each.released and each.objection_open_until is None)


def centre_facts(closed: ClosedPeriod, rule: PeriodSpec, *, now: datetime) -> CentreFacts:
    """The centre's own clocks over the closed period. Cases whose assignment is not on record are not counted, nor
    those for which a year of the calendar of working days is missing."""
    centre = closed.centre
    ratings, late = bad_ratings_late(centre=centre, period=closed.period, now=now)
    assigned, in_time = _assignments(centre, closed.period, rule.assign_days)
    return CentreFacts(unit=centre.pk, ratings=ratings, late=late, assigned=assigned, in_time=in_time)


def _assignments(centre: Organisation, period: Period, days: int) -> tuple[int, int]:
    """Cases accepted in the period: of how many the assignment is on record, and how many were assigned in time."""
    taken_on = Case.with_open.filter(centre=centre, accepted_on__gte=period.start, accepted_on__lt=period.end)
    known = calendar()
    last_days: dict[date, date | None] = {}
    counted = in_time = 0
    for accepted_on, assigned_on in taken_on.values_list("accepted_on", "assigned_on").iterator():
        if accepted_on not in last_days:
            last_days[accepted_on] = _last_day(accepted_on, days, known)
        last = last_days[accepted_on]
        if last is None or assigned_on is None:
            continue
        counted, in_time = counted + 1, in_time + (assigned_on <= last)
    return counted, in_time


def _last_day(accepted_on: date, days: int, known: Calendar) -> date | None:
    try:
        return add_workdays(accepted_on, days, known)
    except CalendarYearMissing:
        return None


def cases_behind(proposal: Proposal) -> list[int]:
    """The graded cases of the unit in the period that the proposal speaks of; none of a centre's clocks."""
    closed, unit = closed_for(proposal), proposal.body
    if closed is None or unit is None or proposal.subject == Subject.CENTRE:
        return []
    rows = graded_in(closed).filter(**{Subject(proposal.subject).value: unit.pk})
    return list(rows.values_list("case", flat=True))


def rule_holds(proposal: Proposal, *, now: datetime) -> bool:
    """Whether the very rule would propose it today: the period was corrected, a veto confirmed, a complaint upheld."""
    closed, unit, spec = closed_for(proposal), proposal.body, period_spec(proposal.rule)
    if closed is None or unit is None:
        return False
    if spec.code == RuleCode.S6:
        return reports(centre_facts(closed, spec, now=now), spec) is not None
    told = units_to_praise(closed, spec, only=unit.pk)
    return any(each.subject == proposal.subject and praised(each, spec) for each in told)


def closed_for(proposal: Proposal) -> ClosedPeriod | None:
    """The period in force that it speaks of, as it was closed last."""
    period = proposal.period
    if period is None:
        return None
    rows = ClosedPeriod.objects.in_force().filter(centre=proposal.centre_id, start=period.start, end=period.end)
    return rows.select_related("centre__settings").first()
