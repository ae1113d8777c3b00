"""Standings of a period. The database counts, sums and squares; the formulas live in `scoring.standings`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, DecimalField, Exists, F, Model, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localdate

from qa_service.accounts.models import User
from qa_service.accounts.queries import NOTHING, organisations_reached, reached_paths, within
from qa_service.cases.models import Case
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
    UnitKind.COUNTY: Organisation,
    UnitKind.CITY: Organisation,
}
ABOVE_CENTRES = (UnitKind.COUNTY, UnitKind.CITY)
A_DAY = timedelta(days=1)
# Which unit of a group of rows it is, by the field that the kind groups by; None belongs to none.
UnitOf = Callable[[int], int | None]


@dataclass(frozen=True, slots=True)
class StandingsTable:
    """Standings of one kind of unit; by unit their names, the ids that addresses name them by, and cases closed."""

    table: pure.Table
    names: Mapping[int, str]
    ids: Mapping[int, UUID] = field(default_factory=dict)
    closed: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Counted:
    """By unit how many of its cases were closed and, of units that are no bureaux, name and public id."""

    closed: Mapping[int, int]
    named: Mapping[int, tuple[str, UUID]]


def standings(
    *, kind: UnitKind, period: Period, user: User, centre: Organisation | None = None, case_type: str = ""
) -> StandingsTable:
    """Every unit with a graded case closed in the period, within what the user oversees (or one centre of it).

    Priors and variances are those of the same set, so the page says what it compares. Six queries at most, at any size.
    Lawyers and firms are no readers of this: their figures would change with other people's.
    Counties and cities are those that the user oversees whole; of them no single centre is chosen.
    """
    place = None if kind in ABOVE_CENTRES else centre
    chosen = _overseen(user, period, place, case_type)
    scores, cases = _score_sums(kind).filter(chosen), _case_counts(kind).filter(chosen)
    voices = _voice_sums(kind).filter(chosen).of_others(user)
    unit_of = _bureaux_of_centres(kind, user).get if kind in ABOVE_CENTRES else _itself
    return _table(kind, _cells(scores, unit_of), _cells(voices, unit_of), _counted(cases, kind, unit_of), period)


def graded_cases(
    *, user: User, period: Period, centre: Organisation | None = None, case_type: str = ""
) -> QuerySet[CaseScore]:
    """What the standings of this choice are made of."""
    return CaseScore.objects.current().graded().filter(_overseen(user, period, centre, case_type))


def standings_today(*, kind: UnitKind, centre: Organisation, period: Period) -> StandingsTable:
    """The same for everybody who reads it: of client voice only what was released in batches, as it was told then.

    Every answer counts as the middle of the step in which lawyer and firm read its batch: exact figures would tell what
    single clients said, and a batch of the whole firm what a lawyer's one client said. A batch counts where all its
    cases closed in the period, so that no two reports differ by fewer than five people.
    """
    outside = BatchedAnswer.objects.filter(batch=OuterRef("pk")).exclude(
        voice__isnull=False, voice__closed_on__gte=period.start, voice__closed_on__lt=period.end
    )
    answers = BatchedAnswer.objects.filter(batch__in=ClientVoiceBatch.objects.exclude(Exists(outside)))
    chosen = Q(centre=centre, **_closed_in(period))
    scores = _cells(_score_sums(kind).filter(chosen), _itself)
    counted = _counted(_case_counts(kind).filter(chosen), kind, _itself)
    return _table(kind, scores, _told_cells(answers.filter(voice__centre=centre), kind), counted, period)


def _table(
    kind: UnitKind, scores: list[pure.Cell], voices: list[pure.Cell], counted: _Counted, period: Period
) -> StandingsTable:
    """By the method that was in force when the period ended."""
    weights = rules_by(scheme_in_force(period.end - A_DAY)).standing_weights
    table = pure.standings(scores, voices, weights)
    units = [row.unit for row in table.rows]
    known = {**counted.named, **_named(kind, set(units) - counted.named.keys())}
    return StandingsTable(
        table=table,
        names={unit: known[unit][0] for unit in units},
        ids={unit: known[unit][1] for unit in units},
        closed={unit: counted.closed.get(unit, 0) for unit in units},
    )


def _named(kind: UnitKind, units: Collection[int]) -> dict[int, tuple[str, UUID]]:
    """By unit its name and public id."""
    if not units:
        return {}
    rows = UNITS[kind]._default_manager.filter(pk__in=units).values_list("pk", "name", "public_id")
    return {pk: (name, public_id) for pk, name, public_id in rows}


def scores_of_unit(rows: QuerySet[CaseScore], *, kind: UnitKind, unit: UUID, user: User) -> QuerySet[CaseScore]:
    """Those of the rows that the unit's standing is made of."""
    if kind not in ABOVE_CENTRES:
        return rows.filter(**{f"{kind.value}__public_id": unit})
    bureau = Organisation.objects.filter(kind=OrganisationKind.BUREAU, public_id=unit).values_list("pk", flat=True)
    wanted = bureau.first()
    below = [centre for centre, above in _bureaux_of_centres(kind, user).items() if above == wanted is not None]
    return rows.filter(centre__in=below)


def _itself(unit: int) -> int:
    return unit


def _bureaux_of_centres(kind: UnitKind, user: User) -> dict[int, int | None]:
    """To which county or city a centre belongs, among those that the user oversees whole.

    The tree says no more than who stands above whom: a county is the bureau directly above the centre, a city the
    nearest one above it that has bureaux below. A city's own centre (市本级) counts among the counties by its name.
    """
    bureaux = dict(Organisation.objects.filter(kind=OrganisationKind.BUREAU).values_list("path", "pk"))
    step, reached = Organisation.steplen, tuple(reached_paths(user, *STAFF_READERS))
    with_bureaux = {path[:-step] for path in bureaux}

    def above(path: str) -> int | None:
        places = (path[:length] for length in range(len(path) - step, 0, -step))
        fitting = (place for place in places if place in bureaux and (kind == UnitKind.COUNTY or place in with_bureaux))
        found = next(fitting, "")
        return bureaux[found] if found and found.startswith(reached) else None

    centres = Organisation.objects.filter(within(user, "path", *STAFF_READERS), kind=OrganisationKind.CENTRE)
    return {pk: above(path) for pk, path in centres.values_list("pk", "path")}


def centres_overseen(user: User) -> QuerySet[Organisation]:
    """Centres whose standings this person reads."""
    reached = organisations_reached(user, *STAFF_READERS).filter(kind=OrganisationKind.CENTRE)
    return reached.select_related("settings")


def day_of(centre: Organisation | None, *, among: Iterable[Organisation], now: datetime) -> date:
    """The day it is at the centre chosen; without one, at the first of those among which one chooses."""
    place = centre or next(iter(among), None)
    return today_at(place, now) if place else localdate(now)


def _overseen(user: User, period: Period, centre: Organisation | None, case_type: str) -> Q:
    """A condition on rows of cases. Of one centre it is known beforehand whether the user reaches it: so its rows are
    found without the tree."""
    chosen = Q(**_closed_in(period), **({"case_type": case_type} if case_type else {}))
    if centre is None:
        return within(user, "centre__path", *STAFF_READERS) & chosen
    reached = centre.path.startswith(tuple(reached_paths(user, *STAFF_READERS)))
    return Q(centre=centre) & chosen if reached else NOTHING


def _closed_in(period: Period) -> dict[str, date]:
    return {"closed_on__gte": period.start, "closed_on__lt": period.end}


def _told_cells(answers: QuerySet[BatchedAnswer], kind: UnitKind) -> list[pure.Cell]:
    unit_of = f"voice__{kind.value}"
    groups = answers.order_by().values_list(unit_of, "voice__case_type", "batch__mean").annotate(n=Count("pk"))
    found: dict[tuple[int, str], list[tuple[int, Decimal, Decimal]]] = defaultdict(list)
    for unit, case_type, mean, n in groups.exclude(**{unit_of: None}):
        step = told(mean)
        found[unit, case_type].append((n, Decimal(step.low), Decimal(step.high)))
    return [pure.told_cell(unit, case_type, steps) for (unit, case_type), steps in found.items()]


@cache
def _score_sums(kind: UnitKind) -> QuerySet[CaseScore, Any]:
    return _sums(CaseScore.objects.current().graded(), kind)


@cache
def _voice_sums(kind: UnitKind) -> Any:
    return _sums(CaseVoice.objects.current(), kind)


def _sums(rows: QuerySet[Any], kind: UnitKind) -> QuerySet[Any, Any]:
    """By unit and case type. Put together once a process and then narrowed: of one centre's few groups the wording of
    the question takes longer than the answer."""
    groups = _grouped(rows, kind).values_list(_field(kind), "case_type")
    squares = Sum(F("score") * F("score"), output_field=SQUARE)
    found: QuerySet[Any, Any] = groups.annotate(n=Count("pk"), total=Sum("score"), squares=squares)
    return found


@cache
def _case_counts(kind: UnitKind) -> QuerySet[Case, Any]:
    unit = _field(kind)
    groups = _grouped(Case.objects.all(), kind).values_list(unit, f"{unit}__name", f"{unit}__public_id")
    found: QuerySet[Case, Any] = groups.annotate(n=Count("pk"))
    return found


def _cells(groups: Iterable[Any], unit_of: UnitOf) -> list[pure.Cell]:
    sums: dict[tuple[int, str], tuple[int, Decimal, Decimal]] = {}
    # In one round trip: a cursor of the server takes four, which is most of the time of one centre's few groups.
    for group, case_type, n, total, squares in groups:
        unit = unit_of(group)
        if unit is not None:
            before = sums.get((unit, case_type), (0, Decimal(0), Decimal(0)))
            sums[unit, case_type] = (before[0] + n, before[1] + total, before[2] + squares)
    return [
        pure.Cell(unit=unit, stratum=case_type, n=n, total=total, squares=squares)
        for (unit, case_type), (n, total, squares) in sums.items()
    ]


def _counted(groups: Iterable[Any], kind: UnitKind, unit_of: UnitOf) -> _Counted:
    """Whoever has a graded case has a closed one, so that the names come with the counts."""
    closed: dict[int, int] = defaultdict(int)
    named: dict[int, tuple[str, UUID]] = {}
    for pk, name, public_id, n in groups:
        unit = unit_of(pk)
        if unit is not None:
            closed[unit] += n
            named[unit] = name, public_id
    return _Counted(closed, {} if kind in ABOVE_CENTRES else named)


def _grouped(rows: QuerySet[Any], kind: UnitKind) -> QuerySet[Any]:
    """Every case has a centre, a firm and a lawyer; not every one a station."""
    return (rows.filter(station__isnull=False) if kind == UnitKind.STATION else rows).order_by()


def _field(kind: UnitKind) -> str:
    """Bureaux are put together from their centres."""
    return "centre" if kind in ABOVE_CENTRES else str(kind.value)
