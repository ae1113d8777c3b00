"""Standings of a period. The database counts, sums and squares; the formulas live in `scoring.standings`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, Model, OuterRef, QuerySet, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached, within
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Firm, Lawyer, Organisation
from qa_service.organisations.queries import today_at
from scoring import standings as pure
from scoring.calculation import told
from scoring.enums import UnitKind
from scoring.models import BatchedAnswer, CaseScore, CaseVoice, ClientVoiceBatch
from scoring.models.scores import STAFF_READERS
from scoring.queries.schemes import rules_by, scheme_in_force

SQUARE = DecimalField(max_digits=24, decimal_places=8)
UNITS: Mapping[str, type[Model]] = {
    UnitKind.LAWYER: Lawyer,
    UnitKind.FIRM: Firm,
    UnitKind.STATION: Organisation,
    UnitKind.CENTRE: Organisation,
}


class PeriodUnknown(InvalidInput):
    code = "period_unknown"


@dataclass(frozen=True, slots=True)
class StandingsTable:
    """Standings of one kind of unit; `names` by unit."""

    table: pure.Table
    names: Mapping[int, str]


def period_named(text: str) -> Period:
    """`2026` is a year, `2026-3` its third quarter.

    :raises PeriodUnknown: for anything else.
    """
    year, dash, quarter = text.partition("-")
    try:
        if not dash:
            return Period.year(int(year))
        if quarter in {"1", "2", "3", "4"}:
            return Period.quarter(int(year), int(quarter))
    except (ValueError, OverflowError):
        pass
    raise PeriodUnknown(_("A period is a year (2026) or a quarter (2026-3)."), field="period")


def standings(*, kind: UnitKind, period: Period, user: User, centre: Organisation | None = None) -> StandingsTable:
    """Every unit with a graded case closed in the period, within what the user oversees (or one centre of it).

    Priors and variances are those of the same set, so the page says what it compares. Four queries at any size.
    Lawyers and firms are no readers of this: their figures would change with other people's.
    """
    scores = _overseen(CaseScore.objects.current().graded(), user, period, centre)
    voices = _overseen(CaseVoice.objects.current().visible_to(user), user, period, centre)
    return _table(kind, scores, _cells(voices, kind), period)


def standings_for_the_report(*, kind: UnitKind, centre: Organisation, period: Period) -> StandingsTable:
    """The same for everybody who reads it: of client voice only what was released in batches, as it was told then.

    Every answer counts as the middle of the step in which lawyer and firm read its batch: exact figures would tell what
    single clients said, and a batch of the whole firm what a lawyer's one client said. A batch counts where all its
    cases closed in the period, so that no two reports differ by fewer than five people.
    """
    outside = BatchedAnswer.objects.filter(batch=OuterRef("pk")).exclude(
        voice__isnull=False, voice__closed_on__gte=period.start, voice__closed_on__lt=period.end
    )
    answers = BatchedAnswer.objects.filter(batch__in=ClientVoiceBatch.objects.exclude(Exists(outside)))
    scores = _closed_in(CaseScore.objects.current().graded(), period, centre)
    told_of = answers.filter(voice__centre__path__startswith=centre.path)
    return _table(kind, scores, _told_cells(told_of, kind), period)


def _table(kind: UnitKind, scores: QuerySet[Any], voices: list[pure.Cell], period: Period) -> StandingsTable:
    """By the method that was in force when the period ended."""
    weights = rules_by(scheme_in_force(period.end - timedelta(days=1))).standing_weights
    table = pure.standings(_cells(scores, kind), voices, weights)
    units = UNITS[kind]._default_manager.filter(pk__in=[row.unit for row in table.rows])
    return StandingsTable(table=table, names=dict(units.values_list("pk", "name")))


def centres_overseen(user: User) -> QuerySet[Organisation]:
    """Centres whose standings this person reads."""
    reached = organisations_reached(user, *STAFF_READERS).filter(kind=OrganisationKind.CENTRE)
    return reached.select_related("settings")


def day_of(centre: Organisation | None, *, among: Iterable[Organisation], now: datetime) -> date:
    """The day it is at the centre chosen; without one, at the first of those among which one chooses."""
    place = centre or next(iter(among), None)
    return today_at(place, now) if place else localdate(now)


def _overseen(rows: QuerySet[Any], user: User, period: Period, centre: Organisation | None) -> QuerySet[Any]:
    return _closed_in(rows.filter(within(user, "centre__path", *STAFF_READERS)), period, centre)


def _closed_in(rows: QuerySet[Any], period: Period, centre: Organisation | None) -> QuerySet[Any]:
    found = rows
    if centre is not None:
        found = found.filter(centre__path__startswith=centre.path)
    return found.filter(closed_on__gte=period.start, closed_on__lt=period.end)


def _told_cells(answers: QuerySet[BatchedAnswer], kind: UnitKind) -> list[pure.Cell]:
    unit_of = f"voice__{kind.value}"
    groups = answers.order_by().values_list(unit_of, "voice__case_type", "batch__mean").annotate(n=Count("pk"))
    found: dict[tuple[int, str], list[tuple[int, Decimal, Decimal]]] = defaultdict(list)
    for unit, case_type, mean, n in groups.exclude(**{unit_of: None}):
        step = told(mean)
        found[unit, case_type].append((n, Decimal(step.low), Decimal(step.high)))
    return [pure.told_cell(unit, case_type, steps) for (unit, case_type), steps in found.items()]


def _cells(rows: QuerySet[Any], kind: UnitKind) -> list[pure.Cell]:
    groups = (
        rows.filter(**{f"{kind.value}__isnull": False})
        .order_by()
        .values_list(kind.value, "case_type")
        .annotate(n=Count("pk"), total=Sum("score"), squares=Sum(F("score") * F("score"), output_field=SQUARE))
    )
    return [
        pure.Cell(unit=unit, stratum=case_type, n=n, total=total, squares=squares)
        for unit, case_type, n, total, squares in groups.iterator()
    ]
