"""What lies between two readers' totals of the same file, over many files (pure).

Source: Bland and Altman, "Statistical methods for assessing agreement between two methods of clinical measurement",
Lancet 327 (1986): the mean difference, and the limits within which 19 of 20 differences lie, each with its interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from reviews.agreement.intervals import Z95, Around, around

# Below it a spread is no more than one difference.
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """Points of 100, the first reader's total less the second's; without figures below `FEWEST`."""

    files: int
    mean: Around | None
    lower: Around | None
    upper: Around | None


def limits_of_agreement(pairs: Sequence[tuple[float, float]]) -> Limits:
    """:param pairs: both readers' totals of each file, unrounded, 0 to 100"""
    differences = [first - second for first, second in pairs]
    files = len(differences)
    if files < FEWEST:
        return Limits(files, None, None, None)
    mean, spread = fmean(differences), stdev(differences)
    # The article's standard errors: of a mean, and of a limit some 1.7 times as much.
    of_mean, of_limit = spread / sqrt(files), spread * sqrt(3 / files)
    return Limits(
        files=files,
        mean=around(mean, of_mean),
        lower=around(mean - Z95 * spread, of_limit),
        upper=around(mean + Z95 * spread, of_limit),
    )
