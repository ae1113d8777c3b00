"""Shares of a count, and what they may as well be. Source: domain.md 4.7 (Wilson's interval).

One case more or less says little of few, so a share stands beside its whole and its interval; below five it is grey.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from qa_service.common.rounding import half_up

CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
ZERO, ONE = Decimal(0), Decimal(1)
# Fewer than this: no rank, no colour.
ENOUGH = 5
Z95 = Decimal("1.96")
LEAST_SHOWN, MOST_SHOWN = Decimal("0.1"), Decimal("99.9")


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`; `low` to `high` is the 95 % interval, 0 to 1, None where there is no whole."""

    part: int
    whole: int
    low: Decimal | None
    high: Decimal | None

    @property
    def percent(self) -> Decimal | None:
        return percent(self.part, self.whole)

    @property
    def low_percent(self) -> Decimal | None:
        return None if self.low is None else half_up(self.low * 100, places=1)

    @property
    def high_percent(self) -> Decimal | None:
        return None if self.high is None else half_up(self.high * 100, places=1)

    @property
    def small(self) -> bool:
        return self.whole < ENOUGH


NOBODY = Share(part=0, whole=0, low=None, high=None)


def share_of(part: int, whole: int) -> Share:
    """:raises ValueError: the part is not among the whole."""
    if not whole and not part:
        return NOBODY
    low, high = wilson(part, whole)
    return Share(part=part, whole=whole, low=low, high=high)


def percent(part: int, whole: int) -> Decimal | None:
    """To one place; 100 says all and 0 says none, never nearly. None where there is no whole."""
    if not whole:
        return None
    shown = half_up(Decimal(100 * part) / whole, places=1)
    return shown if part in (0, whole) else min(max(shown, LEAST_SHOWN), MOST_SHOWN)


def wilson(successes: int, n: int, z: Decimal = Z95) -> tuple[Decimal, Decimal]:
    """Interval of a share, 0 to 1: all of 5 is at least 57 %.

    :raises ValueError: when n is not positive or the successes are not among the n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError("a share needs a number")
    with localcontext(CONTEXT):
        return wilson_of_share(Decimal(successes) / n, Decimal(n), z)


def wilson_of_share(share: Decimal, n: Decimal, z: Decimal = Z95) -> tuple[Decimal, Decimal]:
    """As `wilson`, of a share (0 to 1) of so many that `n`, above 0, need not be whole."""
    with localcontext(CONTEXT):
        square = z * z
        middle = share + square / (2 * n)
        half = z * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        whole = 1 + square / n
        low = (middle - half) / whole if share else ZERO
        high = (middle + half) / whole if share < ONE else ONE
        return low, high
