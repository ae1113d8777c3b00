"""A year of one centre beside the year before, by type of case and group of client, and its targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, ClientGroup
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from scoring.enums import TargetMeasure
from scoring.figures.targets import Counted, Progress, YearSoFar, days_over, progress
from scoring.models import YearTarget

SUMS = (("n", Count, "pk"), ("people", Sum, "people_helped"), ("yuan", Sum, "recovered_amount"))
NOTHING = YearSoFar(Counted(), Counted(), Counted())


@dataclass(frozen=True, slots=True)
class TargetLine:
    """One target and how far the year has come. `last` is the figure of the whole year before."""

    target: YearTarget
    last: Decimal
    progress: Progress


@dataclass(frozen=True, slots=True)
class YearOf:
    """`types` and `groups` in the order of their kinds, those alone that either year has; `targets` as set."""

    year: int
    over: tuple[int, int]
    whole: YearSoFar
    types: Mapping[CaseType, YearSoFar]
    groups: Mapping[ClientGroup, YearSoFar]
    targets: tuple[TargetLine, ...]


def year_of(user: User, centre: Organisation, year: int, *, today: date) -> YearOf:
    """Of all cases that the centre closed, counted; two queries."""
    rows = _counted(centre, year, today=today)
    whole = _summed(list(rows.values()))
    types = {each: _summed([rows[key] for key in rows if key[0] == each]) for each in CaseType}
    groups = {each: _summed([rows[key] for key in rows if key[1] == each]) for each in ClientGroup}
    over = days_over(year, today)
    set_for_it = YearTarget.objects.visible_to(user).filter(centre=centre, year=year).order_by("pk")
    return YearOf(
        year=year,
        over=over,
        whole=whole,
        types={each: found for each, found in types.items() if found != NOTHING},
        groups={each: found for each, found in groups.items() if found != NOTHING},
        targets=tuple(_line(each, whole, types, groups, over) for each in set_for_it),
    )


def targets_managed(user: User) -> QuerySet[YearTarget]:
    return YearTarget.objects.visible_to(user).select_related("centre")


def figure(counted: Counted, measure: TargetMeasure) -> Decimal:
    return {
        TargetMeasure.CASES: Decimal(counted.cases),
        TargetMeasure.PEOPLE: Decimal(counted.people),
        TargetMeasure.RECOVERED: counted.recovered,
    }[measure]


def _line(
    target: YearTarget,
    whole: YearSoFar,
    types: Mapping[CaseType, YearSoFar],
    groups: Mapping[ClientGroup, YearSoFar],
    over: tuple[int, int],
) -> TargetLine:
    part = whole
    if target.case_type:
        part = types[CaseType(target.case_type)]
    elif target.group:
        part = groups[ClientGroup(target.group)]
    measure = TargetMeasure(target.measure)
    last = figure(part.last, measure)
    so_far = figure(part.so_far, measure)
    return TargetLine(
        target, last, progress(growth=target.growth, amount=target.amount, so_far=so_far, last=last, over=over)
    )


def _counted(centre: Organisation, year: int, *, today: date) -> dict[tuple[str, str], YearSoFar]:
    """By type of case and group of client."""
    this, last = (Q(closed_on__gte=date(each, 1, 1), closed_on__lt=date(each + 1, 1, 1)) for each in (year, year - 1))
    spans = {"so_far": this, "last": last, "by_then": last & Q(closed_on__lt=_same_day(today, year))}
    sums = {f"{name}_{what}": how(field, filter=span) for name, span in spans.items() for what, how, field in SUMS}
    cases = Case.objects.filter(this | last, centre=centre).order_by()
    found: dict[tuple[str, str], YearSoFar] = {}
    for case_type, group, *counted in cases.values_list("case_type", "client__group").annotate(**sums):
        parts = (counted[at : at + len(SUMS)] for at in range(0, len(sums), len(SUMS)))
        found[case_type, group] = YearSoFar(*(Counted(n, people or 0, yuan or Decimal(0)) for n, people, yuan in parts))
    return found


def _same_day(today: date, year: int) -> date:
    """As many days into the year before as are over of the year, by the day of the month."""
    if today.year != year:
        return date(year, 1, 1) if today.year > year else date(year - 1, 1, 1)
    leap = today.month == 2 and today.day == 29  # noqa: PLR2004 - the day that the year before lacks
    return date(year - 1, 3, 1) if leap else today.replace(year=year - 1)


def _summed(parts: list[YearSoFar]) -> YearSoFar:
    return YearSoFar(
        sum((each.so_far for each in parts), Counted()),
        sum((each.last for each in parts), Counted()),
        sum((each.last_by_then for each in parts), Counted()),
    )
