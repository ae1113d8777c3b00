"""The one spelling by which addresses and files name a period, and its words for people."""

import re
from contextlib import suppress
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period, quarter_number

A_DAY = timedelta(days=1)
# Links of before the spelling was one for all name a quarter without its letter.
NAMED = re.compile(r"(?P<year>[0-9]{4})(?:-Q?(?P<quarter>[1-4]))?")
# Nobody asks of a time without legal aid; near the ends of the calendar the year before or after would be no date.
FIRST_DAY = date(1900, 1, 1)
LAST_END = date(2200, 1, 1)


class PeriodUnknown(InvalidInput):
    code = "period_unknown"


def period_named(text: str) -> Period:
    """`2026` is a year, `2026-Q3` (and `2026-3`, in old links) its third quarter, `2026-01-15/2026-03-01` the days
    from one up to the other.

    :raises PeriodUnknown: for anything else.
    """
    with suppress(ValueError, OverflowError):
        period = _read(text)
        if period.start >= FIRST_DAY and period.end <= LAST_END:
            return period
    raise PeriodUnknown(
        gettext_lazy(
            "A period is a year (2026), a quarter (2026-Q3), or days: from the first up to, not including, the last "
            "(2026-01-15/2026-03-01); from 1900 to 2199."
        ),
        field="period",
    )


def _read(text: str) -> Period:
    """:raises ValueError, OverflowError: it is spelt otherwise, or names no days."""
    first, slash, end = text.partition("/")
    if slash:
        return Period(date.fromisoformat(first), date.fromisoformat(end))
    named = NAMED.fullmatch(text)
    if named is None:
        raise ValueError(text)
    if named["quarter"]:
        return Period.quarter(int(named["year"]), int(named["quarter"]))
    return Period.year(int(named["year"]))


def name_of(period: Period) -> str:
    """By which `period_named` finds it; of each period one."""
    if period.is_year:
        return f"{period.start.year:04}"
    if period.is_quarter:
        return f"{period.start.year:04}-Q{quarter_number(period.start)}"
    return f"{period.start}/{period.end}"


def period_in_words(period: Period) -> str:
    """For people, who count the last day in."""
    if period.is_year:
        return _("Year %(year)s") % {"year": period.start.year}
    if period.is_quarter:
        return _("%(year)s, quarter %(quarter)s") % {
            "year": period.start.year,
            "quarter": quarter_number(period.start),
        }
    return _("%(first)s to %(last)s") % {"first": period.start, "last": period.end - A_DAY}
