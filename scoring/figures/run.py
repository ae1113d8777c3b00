"""A run chart: the share of good grades quarter by quarter, with the limits that chance leaves (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qa_service.common.periods import Period
from qa_service.common.shares import ENOUGH
from scoring.figures.limits import ACTION, limits

# Fewer points say nothing of a change.
POINTS_NEEDED = 8
# So many in a row on one side of the mean are no chance (1 in 128).
IN_A_ROW = 8


class Signal(StrEnum):
    """What the run tells; `early` as long as there are too few points to tell anything."""

    EARLY = "early"
    STEADY = "steady"
    POINT_LOW = "point_low"
    POINT_HIGH = "point_high"
    RUN_LOW = "run_low"
    RUN_HIGH = "run_high"


@dataclass(frozen=True, slots=True)
class Point:
    """`good` of `n` graded cases that closed in the period. `low` to `high` is what chance leaves (99.8 %)."""

    period: Period
    good: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.good / self.n

    @property
    def small(self) -> bool:
        """Of so few no share is told."""
        return self.n < ENOUGH

    @property
    def outside(self) -> bool:
        return not self.small and not self.low <= self.share <= self.high


@dataclass(frozen=True, slots=True)
class Run:
    """Points in order of time, `mean` of all of them together; of quarters without a graded case there is no point."""

    points: tuple[Point, ...]
    mean: float
    signal: Signal
    at: Period | None

    @property
    def n(self) -> int:
        return sum(point.n for point in self.points)

    @property
    def small(self) -> bool:
        """All points together are too few for their mean to be told."""
        return self.n < ENOUGH


def run(counts: Sequence[tuple[Period, int, int]]) -> Run | None:
    """:param counts: period, good and graded cases, in order of time; None where nothing is graded."""
    graded = [(period, good, n) for period, good, n in counts if n]
    total = sum(n for _period, _good, n in graded)
    if not total:
        return None
    mean = sum(good for _period, good, _n in graded) / total
    points = tuple(Point(period, good, n, *limits(mean, n, ACTION)) for period, good, n in graded)
    signal, at = _signal(points, mean)
    return Run(points=points, mean=mean, signal=signal, at=at)


def _signal(points: Sequence[Point], mean: float) -> tuple[Signal, Period | None]:
    """The latest of what is no chance."""
    if len(points) < POINTS_NEEDED:
        return Signal.EARLY, None
    side, length = 0, 0
    found: tuple[Signal, Period | None] = (Signal.STEADY, None)
    for point in points:
        here = (point.share > mean) - (point.share < mean)
        length = length + 1 if here == side and here else 1
        side = here
        if point.outside:
            found = (Signal.POINT_LOW if point.share < mean else Signal.POINT_HIGH, point.period)
        elif side and length >= IN_A_ROW:
            found = (Signal.RUN_LOW if side < 0 else Signal.RUN_HIGH, point.period)
    return found
