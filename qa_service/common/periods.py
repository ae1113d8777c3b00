"""Half-open periods of days: months, quarters, years."""

from dataclasses import dataclass
from datetime import date

MONTHS_A_QUARTER = 3
MONTHS_A_YEAR = 12


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
        return self._whole_months() == MONTHS_A_YEAR and self.start.month == 1

    @property
    def is_quarter(self) -> bool:
        return self._whole_months() == MONTHS_A_QUARTER and self.start.month % MONTHS_A_QUARTER == 1

    def _whole_months(self) -> int:
        """How many, from a first to a first; 0 where the days are no whole months. Makes no day: there may be none."""
        if self.start.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.start.year) * MONTHS_A_YEAR + self.end.month - self.start.month


def quarter_number(day: date) -> int:
    """1 to 4."""
    return (day.month - 1) // MONTHS_A_QUARTER + 1


def quarters_until(day: date, count: int) -> list[Period]:
    """The quarter of the day and those before it, the latest first."""
    last = day.year * 4 + quarter_number(day) - 1
    return [Period.quarter(each // 4, each % 4 + 1) for each in range(last, last - count, -1)]
