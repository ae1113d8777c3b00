"""A hearing put off, or held elsewhere; and the reminder that it is near."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.workdays import Calendar, CalendarYearMissing, workday_before
from qa_service.notifications.services import notify
from qa_service.organisations.queries import calendar, on_the_day_there, today_at
from reviews.enums import HearingState, ObservationState
from reviews.models import Hearing, HearingMove, Observation
from reviews.queries.hearings import place_of
from reviews.services.hearings.observers import MY_HEARINGS, REASON_LIMIT, HearingTookPlace, planned_hearing
from reviews.services.words import whole

PLACE_LIMIT = 100
# A day mistyped by years would be reminded of by nothing.
MOST_AHEAD = timedelta(days=366)
# No row of days off is longer.
NEAR = timedelta(days=14)
A_DAY = timedelta(days=1)


class ObservedThatDay(Conflict):
    code = "observed_that_day"


@transaction.atomic
def move_hearing(
    *, hearing: Hearing, held_on: date | None, place: str, reason: str, user: User, now: datetime
) -> Hearing:
    """Give it another day or place; its observers stay and are told, and what they typed so far is kept.

    :param place: the court room or whatever helps to find it; empty where nothing is said of it.
    :raises HearingTookPlace: an observer has handed in; :raises NotObserved: it is closed.
    :raises ObservedThatDay: another hearing of the case is observed on that day.
    :raises InvalidInput: no reason, no change, or a day before today or more than a year off.
    """
    why, where = whole(reason, limit=REASON_LIMIT, field="reason"), whole(place, limit=PLACE_LIMIT, field="place")
    if not why:
        raise InvalidInput(_("Say why the hearing has another day or place."), field="reason")
    # The case first: two of its hearings are not put off to one day.
    Case.with_open.locked().get(pk=hearing.case_id)
    held = planned_hearing(hearing, user=user)
    today = today_at(held.case.centre, now)
    day = required_day(
        held_on,
        first=today,
        last=today + MOST_AHEAD,
        field="held_on",
        missing=_("Enter the day of the hearing."),
        outside=_("The day of the hearing lies before today or more than a year off."),
    )
    if (day, where) == (held.held_on, place_of(held)):
        raise InvalidInput(_("Enter another day or another place."), field="held_on")
    observers = list(held.observations.exclude(state=ObservationState.WITHDRAWN).select_related("observer"))
    if any(row.locked for row in observers):
        raise HearingTookPlace(_("An observer has handed in their marks: the hearing has taken place."))
    others = Hearing.objects.filter(case=held.case_id, held_on=day).exclude(pk=held.pk)
    if others.exclude(state=HearingState.CANCELLED).exists():
        raise ObservedThatDay(_("Another hearing of this case is observed on that day."))
    HearingMove.objects.create(
        hearing=held, before=held.held_on, held_on=day, place=where, reason=why, moved_by=user, moved_at=now
    )
    held.held_on = day
    held.save(update_fields=["held_on"])
    # Who is told of the day at the hour of its reminder needs no other.
    told = now if today >= reminder_day(day, calendar()) else None
    held.observations.filter(state=ObservationState.OPEN).update(reminded_at=told)
    record(actor=user.actor, action="reviews.hearing_moved", subject=held, details={"held_on": str(day)}, at=now)
    notify(
        users=[row.observer for row in observers],
        text=gettext_noop("The hearing of %(case)s that you observe has another day or place: it is on %(day)s."),
        params={"case": held.case.number, "day": day.isoformat()},
        url=MY_HEARINGS,
        now=now,
    )
    return held


def reminder_day(held_on: date, known: Calendar) -> date:
    """The working day before; the very day before where the calendar does not reach so far. It is no term."""
    try:
        return workday_before(held_on, known)
    except CalendarYearMissing:
        return held_on - A_DAY


@transaction.atomic
def remind_of_hearings(*, now: datetime) -> int:
    """Tell each observer once, on the working day before; who was named that day knows. Returns how many."""
    near = on_the_day_there(
        now, "hearing__case__centre", lambda day: Q(hearing__held_on__gt=day, hearing__held_on__lte=day + NEAR)
    )
    found = Observation.objects.filter(
        near, state=ObservationState.OPEN, hearing__state=HearingState.PLANNED, reminded_at=None
    )
    held = found.select_for_update(of=("self",), skip_locked=True)
    rows = held.select_related("observer", "hearing__case__centre__settings")
    known = calendar() if rows else None
    return sum(_remind(row, known, now=now) for row in rows) if known else 0


def _remind(row: Observation, known: Calendar, *, now: datetime) -> bool:
    centre, held_on = row.hearing.case.centre, row.hearing.held_on
    today = today_at(centre, now)
    if today < reminder_day(held_on, known):
        return False
    Observation.objects.filter(pk=row.pk).update(reminded_at=now)
    if today_at(centre, row.named_at) == today:
        return False
    notify(
        users=[row.observer],
        text=gettext_noop("You observe the hearing of %(case)s on %(day)s."),
        params={"case": row.hearing.case.number, "day": held_on.isoformat()},
        url=MY_HEARINGS,
        now=now,
    )
    return True
