"""Working-day arithmetic over a calendar of holidays and make-up workdays. A missing year is an error, never a guess.

Source: the State Council's yearly notice moves workdays to weekends (调休), so weekdays alone do not tell.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY = 5


class CalendarYearMissing(LookupError):  # noqa: N818 - named for the fact
    def __init__(self, year: int) -> None:
        super().__init__(year)
        self.year = year


@dataclass(frozen=True, slots=True)
class Calendar:
    """`years` are those whose notice has been imported; `exceptions` maps a day to whether it is worked."""

    years: frozenset[int]
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """:raises CalendarYearMissing: when the year's notice has not been imported."""
        if day.year not in self.years:
            raise CalendarYearMissing(day.year)
        return self.exceptions.get(day, day.weekday() < SATURDAY)


NOTICE_OUT_FROM = 10  # the State Council's notice for the next year comes out in autumn


def year_wanted(today: date, years: Collection[int]) -> int | None:
    """The year whose notice ought to be here and is not: this one, and from October on the next."""
    due = [today.year, today.year + 1] if today.month >= NOTICE_OUT_FROM else [today.year]
    return next((year for year in due if year not in years), None)


def add_workdays(start: date, count: int, calendar: Calendar) -> date:
    """The day on which `count` working days after `start` are full; the day of the event itself does not count."""
    day = start
    left = count
    while left:
        day += timedelta(days=1)
        left -= calendar.is_workday(day)
    return day


def workday_before(day: date, calendar: Calendar) -> date:
    """The last working day before the day.

    :raises CalendarYearMissing: when a year's notice on the way has not been imported.
    """
    before = day - timedelta(days=1)
    while not calendar.is_workday(before):
        before -= timedelta(days=1)
    return before


def workdays_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not later."""
    days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
    return sum(calendar.is_workday(day) for day in days)
