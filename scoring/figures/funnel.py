"""A funnel plot: each unit's share of good grades against how many were graded (pure).

Whom to look into and, as much, whom not to blame: what lies between the limits is what chance makes of equal work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, sqrt

from qa_service.common.shares import ENOUGH
from scoring.figures.limits import ACTION, WARNING, limits

# Fewer units of five graded cases make no funnel.
UNITS_NEEDED = 8
# So much of each end is drawn in before the spread is measured: one unit far out does not widen the limits for all.
WINSORISED = 0.1


class Zone(StrEnum):
    """Where a unit lies: `few` below five cases, of which nothing is said."""

    FEW = "few"
    WITHIN = "within"
    LOW = "low"
    HIGH = "high"
    FAR_LOW = "far_low"
    FAR_HIGH = "far_high"


@dataclass(frozen=True, slots=True)
class Counted:
    """`good` of `n` graded cases of a unit were good or excellent."""

    unit: int
    good: int
    n: int


@dataclass(frozen=True, slots=True)
class Placed:
    counted: Counted
    zone: Zone

    @property
    def share(self) -> float:
        return self.counted.good / self.counted.n


@dataclass(frozen=True, slots=True)
class Funnel:
    """`target` is the share of all together. `spread` above 1: units differ more than by chance, limits are wider.

    `drawn`: there are enough units for limits to mean something; else the table stands alone.
    """

    target: float
    placed: tuple[Placed, ...]
    spread: float
    drawn: bool

    @property
    def small(self) -> bool:
        """All together are too few for their share to be told."""
        return sum(each.counted.n for each in self.placed) < ENOUGH

    def of(self, *zones: Zone) -> list[Placed]:
        return [each for each in self.placed if each.zone in zones]


def funnel(counted: Iterable[Counted]) -> Funnel | None:
    """None where nothing is graded."""
    units = [each for each in counted if each.n]
    total = sum(each.n for each in units)
    if not total:
        return None
    target = sum(each.good for each in units) / total
    large = [each for each in units if each.n >= ENOUGH]
    drawn = len(large) >= UNITS_NEEDED
    spread = _spread(large, target) if drawn else 1.0
    placed = tuple(Placed(each, _zone(each, target, spread, drawn=drawn)) for each in units)
    return Funnel(target=target, placed=placed, spread=spread, drawn=drawn)


def _zone(each: Counted, target: float, spread: float, *, drawn: bool) -> Zone:
    if each.n < ENOUGH:
        return Zone.FEW
    if not drawn:
        return Zone.WITHIN
    share = each.good / each.n
    for level, low_zone, high_zone in ((ACTION, Zone.FAR_LOW, Zone.FAR_HIGH), (WARNING, Zone.LOW, Zone.HIGH)):
        low, high = limits(target, each.n, level, spread)
        if share < low:
            return low_zone
        if share > high:
            return high_zone
    return Zone.WITHIN


def _spread(units: list[Counted], target: float) -> float:
    """How many times as far as by chance the units lie apart; 1 unless that is beyond chance itself."""
    if not 0 < target < 1:
        return 1.0
    scores = sorted((each.good / each.n - target) / sqrt(target * (1 - target) / each.n) for each in units)
    cut = ceil(len(scores) * WINSORISED)
    low, high = scores[cut], scores[len(scores) - 1 - cut]
    drawn_in = [min(max(score, low), high) for score in scores]
    found = sum(score * score for score in drawn_in) / len(drawn_in)
    return found if found > 1 + 2 * sqrt(2 / len(drawn_in)) else 1.0
