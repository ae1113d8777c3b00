"""What the overview of quality is drawn from: counts by unit, by quarter and by step, of what a person oversees."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Floor, TruncQuarter

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.cases.enums import CaseType
from qa_service.cases.queries import ClosedCases
from qa_service.common.periods import Period
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.enums import Grade, TaskState, UnitKind
from scoring.figures.distribution import STEP, Distribution, distribution
from scoring.figures.funnel import Counted, Funnel, funnel
from scoring.figures.run import Run, run
from scoring.models import CaseScore, CorrectiveTask, Proposal, Scheme
from scoring.models.scores import STAFF_READERS
from scoring.queries.schemes import rules_by, scheme_in_force
from scoring.queries.standings import UNITS

GOOD = (Grade.EXCELLENT, Grade.GOOD)
QUARTERS_SHOWN = 16
CENTRES_SHOWN = 12
MONTHS_SHOWN = 12
SOON = 5


@dataclass(frozen=True, slots=True)
class FunnelOf:
    """`ids` name units in addresses."""

    kind: UnitKind
    funnel: Funnel | None
    names: dict[int, str]
    ids: dict[int, str]


@dataclass(frozen=True, slots=True)
class RunOf:
    """One centre's quarters, or all together (`centre` empty); `ident` names it in addresses of lists."""

    centre: str
    code: str
    ident: str
    run: Run


@dataclass(frozen=True, slots=True)
class TaskFlow:
    """Corrective tasks: those open by what is left of their time, and how many were closed in each month."""

    overdue: int
    soon: int
    later: int
    closed: tuple[tuple[date, int], ...]

    @property
    def open(self) -> int:
        return self.overdue + self.soon + self.later


@dataclass(frozen=True, slots=True)
class Glance:
    """`changes`: days from which another scheme weighs, by their versions."""

    whose: FunnelOf
    whole: RunOf | None
    centres: tuple[RunOf, ...]
    scores: Distribution
    tasks: TaskFlow
    changes: tuple[tuple[date, int], ...]


def glance_of(user: User, cases: ClosedCases, *, now: datetime) -> Glance:
    """Of files that the person or their firm handled, or is still to mark, nothing; ten queries at any size."""
    seen = CaseScore.objects.current().graded().visible_to(user).filter(within(user, "centre__path", *STAFF_READERS))
    of_type = seen.filter(case_type=cases.case_type) if cases.case_type else seen
    placed = of_type.filter(centre=cases.centre_id) if cases.centre_id else of_type
    chosen = placed
    if cases.period is not None:
        chosen = placed.filter(closed_on__gte=cases.period.start, closed_on__lt=cases.period.end)
    whole, centres = _runs(placed)
    return Glance(
        whose=_funnel(chosen, one_centre=cases.centre_id is not None),
        whole=whole,
        centres=centres,
        scores=_distribution(chosen),
        tasks=_tasks(user, cases, now=now),
        changes=_changes(),
    )


def _funnel(scores: QuerySet[CaseScore], *, one_centre: bool) -> FunnelOf:
    """Of centres, where there are several; within one, of firms."""
    several = not one_centre and scores.order_by().values("centre").distinct().count() > 1
    kind = UnitKind.CENTRE if several else UnitKind.FIRM
    groups = scores.order_by().values_list(kind.value).annotate(n=Count("pk"), good=_good())
    counted = [Counted(unit=unit, good=good, n=n) for unit, n, good in groups]
    units = UNITS[kind]._default_manager.filter(pk__in=[each.unit for each in counted])
    known = list(units.values_list("pk", "name", "public_id"))
    return FunnelOf(
        kind=kind,
        funnel=funnel(counted),
        names={pk: name for pk, name, _public_id in known},
        ids={pk: str(public_id) for pk, _name, public_id in known},
    )


def _good() -> Count:
    return Count("pk", filter=Q(grade__in=GOOD))


def _runs(scores: QuerySet[CaseScore]) -> tuple[RunOf | None, tuple[RunOf, ...]]:
    groups = (
        scores.order_by()
        .annotate(quarter=TruncQuarter("closed_on"))
        .values_list("centre", "quarter")
        .annotate(n=Count("pk"), good=_good())
    )
    by_centre: dict[int, dict[Period, tuple[int, int]]] = defaultdict(dict)
    whole: dict[Period, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for centre_id, quarter, n, good in groups:
        period = Period.quarter_of(quarter)
        by_centre[centre_id][period] = (good, n)
        whole[period] = (whole[period][0] + good, whole[period][1] + n)
    largest = sorted(by_centre, key=lambda pk: (-sum(n for _good, n in by_centre[pk].values()), pk))[:CENTRES_SHOWN]
    known = Organisation.objects.in_bulk(largest)
    ordered = sorted(known.values(), key=lambda centre: centre.path)
    centres = tuple(
        RunOf(centre.name, centre.code, str(centre.public_id), found)
        for centre in ordered
        if (found := run(_in_order(by_centre[centre.pk]))) is not None
    )
    found = run(_in_order(whole))
    return RunOf("", "", "", found) if found else None, centres if len(centres) > 1 else ()


def _in_order(counts: dict[Period, tuple[int, int]]) -> list[tuple[Period, int, int]]:
    return [(period, *counts[period]) for period in sorted(counts)][-QUARTERS_SHOWN:]


def _distribution(scores: QuerySet[CaseScore]) -> Distribution:
    stepped = scores.order_by().annotate(step=Floor(F("score") / STEP))
    groups = stepped.values_list("case_type", "step").annotate(n=Count("pk"))
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for case_type, step, n in groups:
        counts[case_type][int(step)] = n
    bands = rules_by(scheme_in_force()).bands
    named = {str(kind.label): counts[kind] for kind in CaseType if kind in counts}
    return distribution(named, [int(floor) for _grade, floor in bands if floor])


def _tasks(user: User, cases: ClosedCases, *, now: datetime) -> TaskFlow:
    """Whatever period is chosen: what is open is to be seen to today."""
    seen = Proposal.objects.visible_to(user).filter(ClosedCases(cases.centre_id, None, cases.case_type).of("case__"))
    rows = CorrectiveTask.objects.filter(proposal__in=seen).select_related("proposal__centre__settings")
    overdue = soon = later = 0
    for task in rows.filter(state=TaskState.OPEN):
        left = (task.due_on - today_at(task.proposal.centre, now)).days
        overdue, soon, later = overdue + (left < 0), soon + (0 <= left <= SOON), later + (left > SOON)
    months: dict[date, int] = {}
    first = now.date().replace(day=1)
    for back in range(MONTHS_SHOWN - 1, -1, -1):
        count = first.year * 12 + first.month - 1 - back
        months[date(count // 12, count % 12 + 1, 1)] = 0
    for done_at in rows.filter(state=TaskState.DONE).values_list("done_at", flat=True):
        if done_at is not None and (month := done_at.date().replace(day=1)) in months:
            months[month] += 1
    return TaskFlow(overdue=overdue, soon=soon, later=later, closed=tuple(months.items()))


def _changes() -> tuple[tuple[date, int], ...]:
    """A step in a trend that another method makes is no change of the work."""
    rows = Scheme.objects.published().filter(effective_from__isnull=False).order_by("effective_from")
    return tuple((day, version) for day, version in rows.values_list("effective_from", "version") if day is not None)
