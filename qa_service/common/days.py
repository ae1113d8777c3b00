"""Days that people type: which can be meant at all, which fit a paper; and days that are counted down to."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_service.common.errors import InvalidInput

# What lies outside is a slip of the hand, whatever it was meant for; and at the ends of the calendar no day follows.
FIRST_DAY = date(1950, 1, 1)
YEARS_AHEAD = 5


def last_day(today: date) -> date:
    """The last day that can be meant today: the end of the year five years on."""
    return date(today.year + YEARS_AHEAD, 12, 31)


def refuse_implausible(day: date, *, today: date, field: str) -> None:
    """:raises InvalidInput: nobody can have meant this day."""
    first, last = FIRST_DAY, last_day(today)
    if not first <= day <= last:
        text = _("Enter a day between %(first)s and %(last)s.")
        raise InvalidInput(text % {"first": first.isoformat(), "last": last.isoformat()}, field=field)


def required_day(day: date | None, *, first: date, last: date, field: str, missing: Any, outside: Any) -> date:
    """The day itself, which lies from `first` to `last`, both included.

    :raises InvalidInput: `missing` where there is none, `outside` where it lies before or after.
    """
    if day is None:
        raise InvalidInput(missing, field=field)
    if not first <= day <= last:
        raise InvalidInput(outside, field=field)
    return day


def time_left(until: date, *, today: date) -> str:
    """How long a last day is still off, as a person counts: tomorrow is one day; empty once it has passed."""
    days = (until - today).days
    if days < 0:
        return ""
    if days == 0:
        return _("ends today")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
