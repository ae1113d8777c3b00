"""When to ask, to remind and to give up: 09:00–20:00 in the centre's zone, never on a public holiday (domain.md 4.6).

Every moment is aware; days are counted in the centre's zone. A year without its official calendar is an error
(`CalendarYearMissing`), never a guess.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from qa_service.common.workdays import Calendar, CalendarYearMissing

CONTACT_DAYS = (0, 3, 8)
CLOSES_AFTER_DAYS = 21
LATE_UNTIL_DAYS = 60
# Offices answer letters in weeks.
ORGAN_CONTACT_DAYS = (0, 14, 28)
ORGAN_CLOSES_AFTER_DAYS = 45
ORGAN_LATE_UNTIL_DAYS = 90
# After the last text, before a person telephones.
SILENCE_DAYS = 3
SHORTEST_RUNG = timedelta(days=3)
# The longest run of public holidays is about nine days; two weeks without a permitted hour mean there is none.
LOOK_AHEAD_DAYS = 14


FIRST_CALL, LAST_CALL = time(9), time(20)


def earlier(moment: time, *, by: timedelta) -> time:
    """On the same day: the day does not begin before midnight."""
    midnight = datetime(2000, 1, 1, tzinfo=UTC)
    return max(midnight.replace(hour=moment.hour, minute=moment.minute) - by, midnight).time()


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours in which one person may be texted; the person's own safe hours narrow the centre's."""

    zone: ZoneInfo
    opens: time = time(9)
    closes: time = time(20)
    safe_from: time | None = None
    safe_until: time | None = None
    # Nothing is handed over so shortly before they end: for a gateway that cannot be told until when to deliver.
    margin: timedelta = timedelta(0)

    @property
    def window(self) -> tuple[time, time] | None:
        """First and last permitted time of a day (the last not included), or None where nothing is left."""
        start = max(self.opens, self.safe_from or self.opens)
        end = earlier(min(self.closes, self.safe_until or self.closes), by=self.margin)
        return (start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Both are the first moment after: what comes at `closes_at` is late, what comes at `late_until` is not taken."""

    closes_at: datetime
    late_until: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """What to do with a text at a moment: send it, to be delivered within so many seconds; or hold it until another."""

    valid_for: int = 0
    hold_until: datetime | None = None


def is_public_holiday(day: date, calendar: Calendar) -> bool:
    """A day off by the official notice. An ordinary weekend is not one: people may be texted on it.

    :raises CalendarYearMissing: when the year's notice has not been imported.
    """
    if day.year not in calendar.years:
        raise CalendarYearMissing(day.year)
    return calendar.exceptions.get(day) is False


def permitted(moment: datetime, *, hours: Hours, calendar: Calendar) -> bool:
    local = moment.astimezone(hours.zone)
    window = hours.window
    if window is None or is_public_holiday(local.date(), calendar):
        return False
    return window[0] <= local.time() < window[1]


def next_permitted(moment: datetime, *, hours: Hours, calendar: Calendar) -> datetime | None:
    """The first permitted moment at or after the given one; None where the hours leave nothing."""
    window = hours.window
    if window is None:
        return None
    local = moment.astimezone(hours.zone)
    for offset in range(LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=offset)
        if is_public_holiday(day, calendar):
            continue
        opening = datetime.combine(day, window[0], tzinfo=hours.zone)
        closing = datetime.combine(day, window[1], tzinfo=hours.zone)
        if moment < closing:
            return max(moment, opening)
    return None


def calling_hours(opens: time, closes: time) -> tuple[time, time]:
    """When people telephone. A centre may text at any hour, a trial does; nobody is promised a call at midnight."""
    first, last = max(opens, FIRST_CALL), min(closes, LAST_CALL)
    return (first, last) if first < last else (opens, closes)


def ringing_hours(
    *, opens: time, closes: time, safe_from: time | None = None, safe_until: time | None = None
) -> tuple[time, time]:
    """When one person may be rung: in the centre's hours and the person's own safe ones.

    Where the two have nothing in common the person's own stand alone.
    """
    start, end = max(opens, safe_from or opens), min(closes, safe_until or closes)
    return (start, end) if start < end else (safe_from or time.min, safe_until or time.max)


def rings_from(
    moment: datetime, *, hours: tuple[time, time], zone: ZoneInfo, days_off: Collection[date] = ()
) -> datetime:
    """The first moment at or after the given one at which somebody with these hours may be rung.

    `days_off` are the public holidays that are known: whoever rings knows what day it is, so a missing year stops
    nobody.
    """
    day = moment.astimezone(zone).date()
    while day in days_off or moment >= datetime.combine(day, hours[1], tzinfo=zone):
        day += timedelta(days=1)
    return max(moment, datetime.combine(day, hours[0], tzinfo=zone))


def is_to_come(moment: datetime, *, now: datetime) -> bool:
    """Whether somebody may be promised it: after now, and within a year or so.

    At the ends of the calendar no zone can be applied, so the year is looked at first.
    """
    return now.year <= moment.year <= now.year + 1 and moment > now


def next_office_hour(moment: datetime, *, hours: Hours, calendar: Calendar) -> datetime:
    """The first moment at or after the given one at which offices work: within the hours of a working day.

    :raises CalendarYearMissing: when the year's notice has not been imported.
    """
    local = moment.astimezone(hours.zone)
    day = local.date()
    while True:
        opening = datetime.combine(day, hours.opens, tzinfo=hours.zone)
        closing = datetime.combine(day, hours.closes, tzinfo=hours.zone)
        if moment < closing and calendar.is_workday(day):
            return max(moment, opening)
        day += timedelta(days=1)


def window_ends(moment: datetime, *, hours: Hours) -> datetime:
    """When today's permitted hours end: a text is not to be delivered after it."""
    local = moment.astimezone(hours.zone)
    window = hours.window or (hours.opens, hours.closes)
    return datetime.combine(local.date(), window[1], tzinfo=hours.zone)


def departure(moment: datetime, *, hours: Hours, calendar: Calendar) -> Departure | None:
    """Whether a text may leave now; None where the hours leave nothing. It is not to be delivered after they end."""
    opening = next_permitted(moment, hours=hours, calendar=calendar)
    if opening is None:
        return None
    if opening > moment:
        return Departure(hold_until=opening)
    left = window_ends(moment, hours=hours).astimezone(UTC) - moment.astimezone(UTC)
    return Departure(valid_for=int(left.total_seconds()))


def safe_seconds(moment: datetime, *, hours: Hours) -> int:
    """How long the hours safe for the person still last today, whatever the centre's own; 0: it is not one of them."""
    local = moment.astimezone(hours.zone)
    start, end = hours.safe_from or time.min, hours.safe_until
    if local.time() < start or (end is not None and local.time() >= end):
        return 0
    until = datetime.combine(local.date(), end, tzinfo=hours.zone) if end else next_day(moment, zone=hours.zone)
    return int((until.astimezone(UTC) - moment.astimezone(UTC)).total_seconds())


def first_contact_due(*, closed_on: date, delay_days: int, zone: ZoneInfo) -> datetime:
    """The start of the day on which the client may first be asked; hours and holidays are applied on sending."""
    return datetime.combine(closed_on + timedelta(days=delay_days), time.min, tzinfo=zone)


def last_closing_day_due(*, now: datetime, delay_days: int, zone: ZoneInfo) -> date:
    """The newest closing day whose clients are due now: the sweep's side of `first_contact_due`."""
    return now.astimezone(zone).date() - timedelta(days=delay_days)


def earliest_next_text(
    *, last_sent_at: datetime, reminders_sent: int, contact_days: Sequence[int] = CONTACT_DAYS, zone: ZoneInfo
) -> datetime:
    """The start of the day before which the next text, or after the last one a telephone call, would crowd the person.

    The plan's days count from the invitation. A text that holidays or a provider held back leaves later, and what
    follows it keeps its distance.
    """
    position = reminders_sent + 1
    apart = contact_days[position] - contact_days[position - 1] if position < len(contact_days) else SILENCE_DAYS
    return datetime.combine(last_sent_at.astimezone(zone).date() + timedelta(days=apart), time.min, tzinfo=zone)


def next_day(moment: datetime, *, zone: ZoneInfo) -> datetime:
    """The start of the day after."""
    return _end_of(moment.astimezone(zone).date(), zone)


def reminder_due(
    *, invited_at: datetime, reminders_sent: int, contact_days: Sequence[int] = CONTACT_DAYS, zone: ZoneInfo
) -> datetime | None:
    """The start of the day of the next reminder, or None when none is left."""
    position = reminders_sent + 1
    if position >= len(contact_days):
        return None
    day = invited_at.astimezone(zone).date() + timedelta(days=contact_days[position])
    return datetime.combine(day, time.min, tzinfo=zone)


def hand_over_due(*, invited_at: datetime, contact_days: Sequence[int] = CONTACT_DAYS, zone: ZoneInfo) -> datetime:
    """When silence after the last text becomes a matter for the telephone list."""
    day = invited_at.astimezone(zone).date() + timedelta(days=contact_days[-1] + SILENCE_DAYS)
    return datetime.combine(day, time.min, tzinfo=zone)


def rung_lapses_at(*, since: datetime, closes_at: datetime, rungs_left: int) -> datetime | None:
    """When a rung gives way: each that is left has an equal share of the time until closing, and three days at least.

    None on the last rung, and where the next would get no time.
    """
    if rungs_left < 2:  # noqa: PLR2004 - the last one stays until closing
        return None
    moment = since + max((closes_at - since) / rungs_left, SHORTEST_RUNG)
    return moment if moment < closes_at else None


def deadlines(
    *,
    invited_at: datetime,
    closes_after_days: int = CLOSES_AFTER_DAYS,
    late_until_days: int = LATE_UNTIL_DAYS,
    zone: ZoneInfo,
) -> Deadlines:
    """The closing day and the last day for late answers count whole, in the centre's zone."""
    invited_on = invited_at.astimezone(zone).date()
    return Deadlines(
        closes_at=_end_of(invited_on + timedelta(days=closes_after_days), zone),
        late_until=_end_of(invited_on + timedelta(days=late_until_days), zone),
    )


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
