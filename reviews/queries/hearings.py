"""Hearings to come and those observed, for who plans, who observes, and who weighs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, without_the_role
from qa_service.cases.models import Case
from qa_service.common.encryption import derived_key
from qa_service.common.rounding import half_up
from qa_service.common.waiting import Waiting
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from reviews.conflicts import conflicts
from reviews.enums import MANAGING, HearingState, ObservationState
from reviews.hearings import ComingHearing
from reviews.models import Hearing, HearingMove, Observation, ObservedMark, RecordedMark
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.reviewers import case_facts, reviewer_facts
from reviews.queries.scorecard import ItemRow, Marks, pageless_marks, scorecard


@dataclass(frozen=True, slots=True)
class HearingEvidence:
    """`score` is 0 to 100, the mean where several hearings were recorded; None where none is yet."""

    case_id: int
    score: Decimal | None


def hearing_evidence(case_ids: Iterable[int]) -> dict[int, HearingEvidence]:
    """Of each case of which a hearing was to be observed: one query, whatever their number."""
    totals: dict[int, list[Decimal]] = defaultdict(list)
    rows = Hearing.objects.filter(case__in=list(case_ids)).exclude(state=HearingState.CANCELLED)
    for case_id, total in rows.order_by("pk").values_list("case_id", "total"):
        totals[case_id] += [] if total is None else [total]
    return {
        case_id: HearingEvidence(case_id, sum(found, Decimal(0)) / len(found) if found else None)
        for case_id, found in totals.items()
    }


def hearing_recorded(case: str = "case") -> Exists:
    """A condition on rows: `hearing_evidence` has a score of their case. `case` is the path to it."""
    return Exists(Hearing.objects.filter(state=HearingState.RECORDED, case=OuterRef(case)))


def draw_key(centre: Organisation) -> bytes:
    return derived_key(f"hearings:{centre.code}")


def hearings_to_come(*, centre: Organisation, until: date, now: datetime) -> list[ComingHearing]:
    """Of the centre's cases under way, from today on and not planned yet: the frame of a plan."""
    planned = Hearing.objects.filter(case=OuterRef("pk"), held_on=OuterRef("hearing_on"))
    # The case system may go on naming a day that was put off.
    moved = HearingMove.objects.filter(hearing__case=OuterRef("pk"), before=OuterRef("hearing_on"))
    rows = Case.with_open.filter(
        centre=centre, closed_on=None, hearing_on__gte=today_at(centre, now), hearing_on__lte=until
    ).exclude(
        Exists(planned.exclude(state=HearingState.CANCELLED))
        | Exists(moved.exclude(hearing__state=HearingState.CANCELLED))
    )
    # Whoever had a case before this one is not new; one taken on later does not make them old.
    earlier = Case.with_open.filter(lawyer=OuterRef("lawyer"), accepted_on__lt=OuterRef("accepted_on"))
    found = rows.annotate(experienced=Exists(earlier)).order_by("hearing_on", "number")
    columns = ("pk", "number", "hearing_on", "people_helped", "experienced")
    return [
        ComingHearing(case_id=pk, number=number, held_on=day, people=people, first_time=not experienced)
        for pk, number, day, people, experienced in found.values_list(*columns)
    ]


def place_of(hearing: Hearing) -> str:
    """What was said of its place when it was moved last; empty where nothing was."""
    return hearing.moves.order_by("-pk").values_list("place", flat=True).first() or ""


def day_named_elsewhere(hearing: Hearing) -> date | None:
    """The day that the case system names for a hearing to come, where it is another and was not put off from it."""
    day = hearing.case.hearing_on
    if hearing.state != HearingState.PLANNED or day in (None, hearing.held_on):
        return None
    return None if any(move.before == day for move in hearing.moves.all()) else day


def _last_place(of: str) -> Combinable:
    """`of`: the path to the hearing."""
    moves = HearingMove.objects.filter(hearing=OuterRef(of)).order_by("-pk")
    return Coalesce(Subquery(moves.values("place")[:1]), Value(""))


def observers_of(centre: Organisation) -> list[User]:
    return list(people_with(Role.OBSERVER, centre).order_by("pk"))


def observing_without_the_role() -> QuerySet[Observation]:
    """Of hearings to come, by people who hold the role of an observer over their centre no more."""
    gone = without_the_role(Role.OBSERVER, person="observer", path="hearing__case__centre__path")
    return Observation.objects.filter(gone, state=ObservationState.OPEN, hearing__state=HearingState.PLANNED)


def hearings_before(observers: Iterable[User]) -> dict[int, int]:
    """How many hearings each has before them."""
    ids = [person.pk for person in observers]
    rows = Observation.objects.filter(
        observer__in=ids, state=ObservationState.OPEN, hearing__state=HearingState.PLANNED
    )
    counted = dict(rows.order_by().values_list("observer_id").annotate(Count("pk")))
    return {pk: counted.get(pk, 0) for pk in ids}


def tied_observers(observers: Iterable[User], cases: Iterable[Case]) -> dict[int, set[int]]:
    """For each case, those who may not observe its hearing: as for whoever reads its file."""
    facts, rows = reviewer_facts(observers), case_facts(cases)
    return {pk: {user for user, each in facts.items() if conflicts(each, case)} for pk, case in rows.items()}


def hearings_managed_by(user: User) -> QuerySet[Hearing]:
    """To be observed first, the next at the top; then the others, the newest first."""
    handed_in = Count("observations", filter=Q(observations__state=ObservationState.SUBMITTED))
    named = Count("observations", filter=~Q(observations__state=ObservationState.WITHDRAWN))
    rows = Hearing.objects.managed_by(user).annotate(handed_in=handed_in, named=named, place=_last_place("pk"))
    return rows.select_related("case__lawyer", "case__centre").order_by(
        F("closed_at").desc(nulls_first=True), "held_on", "pk"
    )


def observations_of(user: User) -> QuerySet[Observation]:
    """Of hearings that still stand: what is not handed in first, the next at the top."""
    mine = Observation.objects.held_by(user).exclude(hearing__state=HearingState.CANCELLED)
    rows = mine.select_related("hearing__case__centre__settings", "hearing__case__lawyer", "hearing__checklist")
    found = rows.prefetch_related("hearing__moves").annotate(place=_last_place("hearing"))
    return found.order_by("state", "hearing__held_on", "pk")


def observed_marks(observation: Observation, standard: Standard) -> Marks:
    return pageless_marks(ObservedMark.objects.filter(observation=observation), standard)


def recorded_marks(hearing: Hearing, standard: Standard) -> Marks:
    return pageless_marks(RecordedMark.objects.filter(hearing=hearing), standard)


@dataclass(frozen=True, slots=True)
class RecordShown:
    """What was recorded of one hearing, for the lawyer too: never who observed, nor what each marked alone."""

    held_on: date
    total: Decimal
    items: tuple[ItemRow, ...]


def records_of_case(case_id: int) -> list[RecordShown]:
    """Two queries a hearing, of which a case has one or two."""
    rows = Hearing.objects.filter(case=case_id, state=HearingState.RECORDED).select_related("checklist")
    found = []
    for row in rows.order_by("held_on", "pk"):
        standard = standard_of(row.checklist)
        sections = scorecard(checklist=row.checklist, standard=standard, marks=recorded_marks(row, standard))
        items = tuple(item for section in sections for item in section.items)
        found.append(RecordShown(row.held_on, half_up(row.total or Decimal(0)), items))
    return found


def standing_observations(hearing: Hearing) -> list[Observation]:
    """Those nobody took off, with their marks, in the order they were named."""
    rows = hearing.observations.exclude(state=ObservationState.WITHDRAWN).select_related("observer")
    return list(
        rows.prefetch_related(Prefetch("marks", ObservedMark.objects.order_by("item"))).order_by("named_at", "pk")
    )


def tied_among(observations: Iterable[Observation], case: Case) -> set[int]:
    """Who of those who observed its hearing is tied to the case by now: what they marked carries no record."""
    return tied_observers([row.observer for row in observations], [case])[case.pk]


def all_handed_in(observations: Iterable[Observation]) -> bool:
    """Only then does anybody see what another marked."""
    rows = list(observations)
    return bool(rows) and all(row.locked for row in rows)


def marks_by_item(observations: Iterable[Observation], standard: Standard) -> dict[str, list[dict[str, Any]]]:
    """What each observer marked, item by item, in the order of the observers."""
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in standard.items}
    for row in observations:
        for mark in row.marks.all():
            found[standard.codes[mark.item_id]].append({"observer": row.observer, "mark": mark})
    return found


def hearings_to_observe(user: User) -> QuerySet[Observation]:
    """Not handed in yet, whether the day has come or not."""
    return observations_of(user).filter(state=ObservationState.OPEN, hearing__state=HearingState.PLANNED)


def hearings_to_discuss(user: User) -> QuerySet[Hearing]:
    """All have handed in, and nothing is recorded."""
    waiting = Observation.objects.filter(hearing=OuterRef("pk"))
    rows = Hearing.objects.visible_to(user).filter(state=HearingState.PLANNED)
    submitted = Exists(waiting.filter(state=ObservationState.SUBMITTED))
    return rows.filter(submitted).exclude(Exists(waiting.filter(state=ObservationState.OPEN)))


def hearings_without_observers(user: User) -> QuerySet[Hearing]:
    named = Observation.objects.filter(hearing=OuterRef("pk")).exclude(state=ObservationState.WITHDRAWN)
    return Hearing.objects.managed_by(user).filter(state=HearingState.PLANNED).exclude(Exists(named))


def hearings_waiting(user: User) -> list[Waiting]:
    """Blocks of a home: hearings to go to and to discuss, and those nobody was found for."""
    found: list[Waiting] = []
    mine = reverse("reviews:my-hearings")
    if user.has_role(Role.OBSERVER):
        coming = hearings_to_observe(user).aggregate(all=Count("pk"), next=Min("hearing__held_on"))
        day = format_lazy("{} {}", _("The next is on"), coming["next"]) if coming["next"] else ""
        observing = hearings_to_discuss(user).filter(observations__in=Observation.objects.held_by(user)).distinct()
        found.append(Waiting(_("Hearings to observe"), coming["all"], mine, detail=day))
        found.append(Waiting(_("Hearings to discuss and record"), observing.count(), mine))
    if user.has_role(*MANAGING):
        without = hearings_without_observers(user).count()
        found.append(Waiting(_("Hearings without an observer"), without, reverse("reviews:hearings"), urgent=True))
    return found
