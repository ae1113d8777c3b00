"""How far a year has come towards what was set for it (pure). Source: the seeds' yearly targets (growth by a tenth)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_service.common.rounding import half_up
from qa_service.common.shares import ENOUGH

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Counted:
    """Closed cases, people helped, and yuan recovered for them."""

    cases: int = 0
    people: int = 0
    recovered: Decimal = Decimal(0)

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(self.cases + other.cases, self.people + other.people, self.recovered + other.recovered)


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """`last` is the whole year before, `last_by_then` the same days of it as are over of this one."""

    so_far: Counted
    last: Counted
    last_by_then: Counted


@dataclass(frozen=True, slots=True)
class Progress:
    """`wanted` is None where the year before had nothing to grow from. `reached` and `due` are percentages of it.

    `due` is what an even year would have reached by now.
    """

    wanted: Decimal | None
    so_far: Decimal
    reached: Decimal | None
    due: Decimal

    @property
    def lacking(self) -> Decimal:
        """How much less than `due` was reached; below zero where more was."""
        return self.due - (self.reached or Decimal(0))

    @property
    def behind(self) -> bool:
        return self.reached is not None and self.lacking > 0


def growth_of(now: Decimal | int, before: Decimal | int, *, cases_before: int) -> Decimal | None:
    """In percent to one place; None where there was nothing before, or it came of fewer than five cases.

    One of them more or less is a fifth and more: the counts say it better.
    """
    if not before or cases_before < ENOUGH:
        return None
    return half_up((Decimal(now) - before) * HUNDRED / Decimal(before), places=1)


def days_over(year: int, today: date) -> tuple[int, int]:
    """Full days of the year that are over, and all its days."""
    first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
    whole = (next_first - first).days
    return max(0, min((today - first).days, whole)), whole


def progress(
    *, growth: Decimal | None, amount: Decimal | None, so_far: Decimal, last: Decimal, over: tuple[int, int]
) -> Progress:
    """:param growth: percent over `last`, where no `amount` is set; :param over: see `days_over`."""
    wanted = amount if amount is not None else last * (HUNDRED + (growth or 0)) / HUNDRED
    passed, whole = over
    due = half_up(HUNDRED * passed / whole, places=1)
    if not wanted:
        return Progress(None, so_far, None, due)
    return Progress(wanted, so_far, half_up(HUNDRED * so_far / wanted, places=1), due)
