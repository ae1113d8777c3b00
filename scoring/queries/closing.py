"""What is frozen when a period is closed, and reading it afterwards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from scoring import standings as pure
from scoring.enums import SETTLED_GRADES, UnitKind
from scoring.models import CaseScore, ClosedPeriod
from scoring.queries.standings import StandingsTable, standings_today

# A centre's own: what lies above it is a sum over centres, each of which closes by itself.
FROZEN_KINDS = (UnitKind.LAWYER, UnitKind.FIRM, UnitKind.STATION, UnitKind.CENTRE)


@dataclass(frozen=True, slots=True)
class Closed:
    """What is to be frozen, and the middle band that is published with it."""

    figures: dict[str, Any]
    band: pure.MiddleBand | None


def figures_of(centre: Organisation, period: Period) -> Closed:
    """The standings as every reader of the report sees them, and how the cases were graded, as of now."""
    tables = {kind: standings_today(kind=kind, centre=centre, period=period) for kind in FROZEN_KINDS}
    closed = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end)
    figures = {
        "cases": dict(closed.order_by().values_list("case_type").annotate(n=Count("pk"))),
        "grades": grades_today(centre, period),
        "standings": {kind.value: _frozen(found) for kind, found in tables.items()},
    }
    return Closed(figures=figures, band=pure.middle_band(tables[UnitKind.LAWYER].table.rows))


def grades_today(centre: Organisation, period: Period) -> dict[str, dict[str, int]]:
    """How many cases of each type came to each grade, as of now."""
    scores = CaseScore.objects.current().filter(
        centre=centre, closed_on__gte=period.start, closed_on__lt=period.end, grade__in=SETTLED_GRADES
    )
    found: dict[str, dict[str, int]] = {}
    for case_type, grade, n in scores.order_by().values_list("case_type", "grade").annotate(n=Count("pk")):
        found.setdefault(case_type, {})[grade] = n
    return found


def closed_period(centre: Organisation, period: Period) -> ClosedPeriod | None:
    """The version in force; None where the period is open."""
    rows = ClosedPeriod.objects.filter(centre=centre, start=period.start, end=period.end)
    return rows.order_by("-version").first()


def standings_closed(closed: ClosedPeriod, kind: UnitKind) -> StandingsTable:
    """As they stood on the day of closing."""
    data = closed.data["standings"][kind.value]
    units = {int(unit): told for unit, told in data["units"].items()}
    return StandingsTable(
        table=pure.thawed(data),
        names={unit: told["name"] for unit, told in units.items()},
        ids={unit: UUID(told["id"]) for unit, told in units.items()},
        closed={unit: told["closed"] for unit, told in units.items()},
    )


def standings_for_the_report(*, kind: UnitKind, centre: Organisation, period: Period) -> StandingsTable:
    """As they were closed; of an open period, as they are today. The same for everybody who reads the report."""
    closed = closed_period(centre, period)
    if closed is not None:
        return standings_closed(closed, kind)
    return standings_today(kind=kind, centre=centre, period=period)


def grades_for_the_report(centre: Organisation, period: Period) -> Mapping[str, Mapping[str, int]]:
    """The same of how the cases of each type were graded."""
    closed = closed_period(centre, period)
    if closed is None:
        return grades_today(centre, period)
    found: dict[str, dict[str, int]] = closed.data["grades"]
    return found


def closed_periods_seen(user: User) -> QuerySet[ClosedPeriod]:
    """All versions, the latest period first."""
    return ClosedPeriod.objects.visible_to(user).select_related("centre__settings", "closed_by").defer("figures")


def bands_published(centre_ids: Iterable[int], *, until: datetime) -> dict[tuple[int, Period], ClosedPeriod]:
    """The middle bands of these centres by centre and period, each of the version in force; one query."""
    rows = ClosedPeriod.objects.in_force().filter(
        centre__in=set(centre_ids), band_low__isnull=False, closed_at__lte=until
    )
    found = rows.select_related("centre__settings").defer("figures")
    return {(row.centre_id, row.period): row for row in found}


def _frozen(found: StandingsTable) -> dict[str, Any]:
    units = {
        str(unit): {"name": name, "id": str(found.ids[unit]), "closed": found.closed[unit]}
        for unit, name in found.names.items()
    }
    return pure.frozen(found.table) | {"units": units}
