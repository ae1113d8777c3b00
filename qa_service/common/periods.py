"""Half-open periods of days: months, quarters, years; and the one spelling by which addresses and files name them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qa_service.common.errors import InvalidInput

MONTHS_A_QUARTER = 3
MONTHS_A_YEAR = 12
A_DAY = timedelta(days=1)
# Links of before the spelling was one for all name a quarter without its letter.
NAMED = re.compile(r"(?P<year>[0-9]{4})(?:-Q?(?P<quarter>[1-4]))?")


class PeriodUnknown(InvalidInput):
    code = "period_unknown"


def _first_of_month(year: int, month: int) -> date:
    return date(year + (month - 1) // MONTHS_A_YEAR, (month - 1) % MONTHS_A_YEAR + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @classmethod
    def month(cls, year: int, month: int) -> "Period":
        return cls(_first_of_month(year, month), _first_of_month(year, month + 1))

    @classmethod
    def quarter(cls, year: int, quarter: int) -> "Period":
        first = (quarter - 1) * MONTHS_A_QUARTER + 1
        return cls(_first_of_month(year, first), _first_of_month(year, first + MONTHS_A_QUARTER))

    @classmethod
    def year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        return cls.quarter(day.year, (day.month - 1) // MONTHS_A_QUARTER + 1)

    @property
    def is_year(self) -> bool:
        return self == Period.year(self.start.year)

    @property
    def is_quarter(self) -> bool:
        return self == Period.quarter_of(self.start)


def quarter_number(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // MONTHS_A_QUARTER + 1


def quarters_until(day: date, count: int) -> list[Period]:
    """The quarter of the day and those before it, the latest first."""
    last = day.year * 4 + quarter_number(day) - 1
    return [Period.quarter(each // 4, each % 4 + 1) for each in range(last, last - count, -1)]


def period_named(text: str) -> Period:
    """`2026` is a year, `2026-Q3` (and `2026-3`, in old links) its third quarter, `2026-01-15/2026-03-01` the days
    from one up to the other.

    :raises PeriodUnknown: for anything else.
    """
    first, slash, end = text.partition("/")
    named = NAMED.fullmatch(text)
    try:
        if slash:
            return Period(date.fromisoformat(first), date.fromisoformat(end))
        if named and named["quarter"]:
            return Period.quarter(int(named["year"]), int(named["quarter"]))
        if named:
            return Period.year(int(named["year"]))
    except (ValueError, OverflowError):
        pass
    raise PeriodUnknown(
        gettext_lazy(
            "A period is a year (2026), a quarter (2026-Q3), or days: from the first up to, not including, the last "
            "(2026-01-15/2026-03-01)."
        ),
        field="period",
    )


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
