"""The frame a sample is drawn from, and the plan of a draw before anyone confirms it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from qa_service.cases.enums import CaseType, ClientGroup, ContactReason
from qa_service.cases.filing import counted_from
from qa_service.cases.models import Case, RiskFlag
from qa_service.cases.queries import changed_since
from qa_service.common.encryption import derived_key
from qa_service.common.periods import MONTHS_A_QUARTER, Period
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.queries import today_at
from reviews.acceptance import without_the_desks
from reviews.enums import CalibrationState, Exclusion, Family, Rule
from reviews.evidence import counted_day
from reviews.models import AcceptedLateness, CalibrationFile, FrameExclusion, SampledCase
from reviews.queries.checklists import lists_in_force
from reviews.sampling import FrameCase, InPlace, Plan, next_in_order, plan_sample

DEFAULT_RATE = Decimal("0.1")
DEFAULT_RULES = tuple(Rule)
LATE_BY_DAYS = 30
ADULT = 18
# What puts a case into a frame, and into its stratum.
FRAMING = ("closed_on", "case_type")
CRIMINAL = CaseType.CRIMINAL.value
ROWS_AT_ONCE = 2000
COLUMNS = (
    "pk", "number", "case_type", "lawyer_id", "closed_on", "judgment_received_on", "came_on",
    "file_acceptance__correct_by", "file_acceptance__desk_days", "accepted_on",
    "client__group", "client__birth_year", "client__contact_plan__reason", "at_risk", "already_drawn", "covered",
    "excused", "left_out",
)  # fmt: skip


def planned_sample(
    *,
    centre: Organisation,
    period: Period,
    seed: str,
    rate: Decimal = DEFAULT_RATE,
    rules: Iterable[Rule] = DEFAULT_RULES,
    twice: Decimal = Decimal(0),
    left_out: Collection[int] = (),
    now: datetime,
) -> Plan:
    """What a draw would take; writes nothing. The frame is every case of the centre closed in the period.

    :param left_out: ids of cases that are no part of the frame.
    """
    frame = frame_of(centre=centre, period=period, now=now)
    if left_out:
        frame = (case for case in frame if case.case_id not in left_out)
    known = _known_from_calibration(centre) if twice else ()
    return plan_sample(frame=frame, key=_key(centre), seed=seed, rate=rate, rules=rules, twice=twice, known=known)


def _known_from_calibration(centre: Organisation) -> frozenset[int]:
    """Files that reviewers of the centre have marked for practice, or are to: nobody who did reads them any more."""
    files = CalibrationFile.objects.filter(round__centre=centre).exclude(round__state=CalibrationState.CANCELLED)
    return frozenset(files.values_list("case_id", flat=True))


def file_in_place_of(row: SampledCase, *, now: datetime) -> InPlace:
    """Which file takes the place of one that cannot be read; writes nothing.

    The order of the draw says it, and nothing that was done since: a file left out after the draw has its turn all the
    same, and is told as passed over. None that was no part of the frame, which is published: whoever brings in cases,
    or takes back what was left out, would choose what is read. Not one that came after the draw, or was closed or got
    another type only then, whatever day it is given; and none that the statement names as kept out.
    """
    sample = row.sample
    period = Period(sample.period_start, sample.period_end)
    closed = Case.objects.filter(centre=sample.centre, closed_on__gte=period.start, closed_on__lt=period.end)
    out = {each["number"] for each in sample.statement["excluded"]}
    frame = frame_of(centre=sample.centre, period=period, now=now, seen_by=sample.drawn_at)
    return next_in_order(
        frame=(case for case in frame if case.number not in out),
        key=_key(sample.centre),
        seed=sample.seed,
        stratum=row.stratum,
        taken=frozenset(sample.cases.values_list("case_id", flat=True)).union(
            changed_since(closed, sample.drawn_at, fields=FRAMING)
        ),
    )


def _key(centre: Organisation) -> bytes:
    return derived_key(f"draw:{centre.code}")


def frame_of(
    *, centre: Organisation, period: Period, now: datetime, seen_by: datetime | None = None
) -> Iterator[FrameCase]:
    """One by one, since there may be a million and a half; only what is drawn of them is kept.

    :param seen_by: of cases that were known and closed then, by the day at the centre; None: of all that are.
    """
    settings = CentreSettings.objects.get(centre=centre)
    today = today_at(centre, now)
    listed = lists_in_force(centre).case_types
    firsts = _first_cases(centre, settings.go_live_on)
    late_after = timedelta(days=settings.filing_limit_days + LATE_BY_DAYS)
    for (
        pk, number, case_type, lawyer_id, closed_on, judged_on, came_on, due_back, desk_days, accepted_on, group,
        born, kept_from, at_risk, already_drawn, covered, excused, left_out,
    ) in _known(_rows(centre, period), centre, seen_by).iterator(chunk_size=ROWS_AT_ONCE):  # fmt: skip
        criminal = case_type == CRIMINAL
        came_in = counted_day(counts_on=came_on, correct_by=due_back, today=today)
        came_in = came_in or without_the_desks(today, desk_days or 0)
        yield FrameCase(
            pk,
            number,
            _stratum(criminal, closed_on.year, closed_on.month),
            lawyer_id,
            _always(
                pk in firsts,
                criminal and _must_be_defended(group, born, kept_from, accepted_on),
                at_risk,
                not excused and came_in > counted_from(closed_on, judged_on) + late_after,
            ),
            covered,
            _exclusion(already_drawn, left_out, case_type in listed),
        )


@lru_cache(maxsize=16)
def _always(first: bool, statutory: bool, at_risk: bool, late: bool) -> frozenset[Rule]:
    """The rules that draw a case whatever the dice say; of most cases there are none."""
    applies = (
        (Rule.FIRST_CASE, first),
        (Rule.STATUTORY, statutory),
        (Rule.RISK, at_risk),
        (Rule.LATE_FILING, late),
    )
    return frozenset(rule for rule, holds in applies if holds)


def _rows(centre: Organisation, period: Period) -> QuerySet[Case, tuple[Any, ...]]:
    standing = SampledCase.objects.filter(replaced_at=None)
    this_year = standing.filter(
        case__lawyer=OuterRef("lawyer"),
        case__closed_on__gte=date(period.start.year, 1, 1),
        case__closed_on__lt=date(period.start.year + 1, 1, 1),
    )
    found = Case.objects.filter(centre=centre, closed_on__gte=period.start, closed_on__lt=period.end).annotate(
        at_risk=Exists(RiskFlag.objects.filter(case=OuterRef("pk"), cleared_at=None)),
        already_drawn=Exists(standing.filter(case=OuterRef("pk"))),
        covered=Exists(this_year),
        came_on=Coalesce("file_acceptance__counts_on", "filed_on"),
        left_out=Exists(FrameExclusion.objects.filter(case=OuterRef("pk"), taken_back_at=None)),
        excused=Exists(AcceptedLateness.objects.filter(case=OuterRef("pk"), withdrawn_at=None)),
    )
    return found.values_list(*COLUMNS)


def _known(
    rows: QuerySet[Case, tuple[Any, ...]], centre: Organisation, seen_by: datetime | None
) -> QuerySet[Case, tuple[Any, ...]]:
    if seen_by is None:
        return rows
    return rows.filter(first_seen_at__lte=seen_by, closed_on__lte=today_at(centre, seen_by))


def _first_cases(centre: Organisation, go_live_on: date | None) -> set[int]:
    """Each lawyer's first case closed since go-live; none before a go-live date is set."""
    if go_live_on is None:
        return set()
    turn = Window(RowNumber(), partition_by="lawyer_id", order_by=["closed_on", "number"])
    since = Case.objects.filter(centre=centre, closed_on__gte=go_live_on).annotate(turn=turn)
    return set(since.filter(turn=1).values_list("pk", flat=True))


@lru_cache(maxsize=1024)
def _stratum(criminal: bool, year: int, month: int) -> str:
    """Each family of cases in each quarter gives its own share, whatever period is drawn: `criminal 2026-3`."""
    family = Family.CRIMINAL if criminal else Family.OTHER
    first = Period.quarter_of(date(year, month, 1)).start
    return f"{family} {first.year}-{first.month // MONTHS_A_QUARTER + 1}"


def _must_be_defended(group: str, born: int | None, kept_from: str | None, accepted_on: date) -> bool:
    """Under 18, disabled, or not able to act alone. No export says which disability, or what sentence may follow."""
    if born is not None and accepted_on.year - born < ADULT:
        return True
    return group in (ClientGroup.MINOR, ClientGroup.DISABLED_PERSON) or kept_from == ContactReason.INCAPACITY


@lru_cache(maxsize=8)
def _exclusion(already_drawn: bool, left_out: bool, listed: bool) -> Exclusion | None:
    if already_drawn:
        return Exclusion.ALREADY_DRAWN
    if left_out:
        return Exclusion.LEFT_OUT
    return None if listed else Exclusion.NO_CHECKLIST
