"""How long the acceptance desk took over each file that came in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.queries import ClosedCases
from qa_service.common.workdays import Calendar, CalendarYearMissing
from reviews.acceptance import check_day
from reviews.enums import MANAGING, FileAct
from reviews.models import FileEvent

ANSWERS = (FileAct.RETURNED, FileAct.ACCEPTED)
BEGINNINGS = (FileAct.HANDED_IN, FileAct.REOPENED)


@dataclass(frozen=True, slots=True)
class DeskTime:
    """From the day a file came in (again) to the day it was accepted or sent back; `due` None without a calendar."""

    came_on: date
    due_on: date | None
    answered_on: date | None


def desk_times(user: User, cases: ClosedCases, *, calendar: Calendar) -> Iterator[DeskTime]:
    """Of closed cases that neither the person nor their firm handled; one query."""
    path = "acceptance__case__"
    events = FileEvent.objects.filter(within(user, f"{path}centre__path", *MANAGING), cases.of(path)).exclude(
        own_work(user, lawyer=f"{path}lawyer", firm=f"{path}firm")
    )
    waiting: tuple[int, date] | None = None
    for file, act, day in events.order_by("acceptance", "number").values_list("acceptance", "act", "happened_on"):
        if waiting is not None and waiting[0] != file:
            yield _time(waiting[1], None, calendar)
            waiting = None
        if act in BEGINNINGS:
            waiting = (file, day)
        elif act == FileAct.RECEIPT_UNDONE:
            waiting = None
        elif act in ANSWERS and waiting is not None:
            yield _time(waiting[1], day, calendar)
            waiting = None
    if waiting is not None:
        yield _time(waiting[1], None, calendar)


def _time(came: date, answered: date | None, calendar: Calendar) -> DeskTime:
    try:
        return DeskTime(came, check_day(came, calendar), answered)
    except CalendarYearMissing:
        return DeskTime(came, None, answered)
