"""What lawyers and firms are told of a mean over their clients' answers: a step of the scale, never the mean.

Five answers and their exact mean are often enough to work out every one of them: a mean of 85 over five texts can only
be five times "satisfied". So a mean is told as the step it lies in. The steps are chosen so that for every five answers
or more there are others in the same step that differ in each client's answer, and that each client may have given any
of the five: whatever is told, nobody's answer follows. `tests/scoring/test_telling.py` tries every combination.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from scoring.calculation.figures import FULL, ZERO, weighted_mean

# Finer steps at the ends would tell: of five clients with a mean of 90 and more nobody was dissatisfied.
STEPS = (ZERO, Decimal(40), Decimal(50), Decimal(60), Decimal(70), Decimal(80), FULL)


@dataclass(frozen=True, slots=True)
class Told:
    """The mean lies from `low` to `high`, whole numbers from 0 to 100; in a step of its own below `high`, or at 100."""

    low: int
    high: int


def told(mean: Decimal) -> Told:
    """The step in which a mean of five answers or more lies."""
    place = min(bisect_right(STEPS, mean), len(STEPS) - 1)
    return Told(low=int(STEPS[place - 1]), high=int(STEPS[place]))


def told_together(parts: Sequence[tuple[int, Told]]) -> Told:
    """Of several means told already, as pairs (over how many, as told): no more than a reader can reckon."""
    low = weighted_mean([(n, Decimal(part.low)) for n, part in parts])
    high = weighted_mean([(n, Decimal(part.high)) for n, part in parts])
    return Told(
        low=int(low.to_integral_value(rounding=ROUND_FLOOR)), high=int(high.to_integral_value(rounding=ROUND_CEILING))
    )
