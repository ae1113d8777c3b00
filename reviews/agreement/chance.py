"""Agreement beyond what chance alone would give (pure): weighted kappa of two readers, Krippendorff's alpha of any.

Both are worked out from how often each pattern of ratings occurs, so that a hundred thousand files cost what a few
hundred do. A rating is the place of an anchor on its scale, 0 for the lowest; "not applicable" is no place on it and
does not come here.

Sources: Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), with quadratic weights; Krippendorff, "Content
Analysis" (2004), chapter 11, ordinal difference. Standard errors by the infinitesimal jackknife: Efron, "The
Jackknife, the Bootstrap and Other Resampling Plans" (1982), chapter 6.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate, combinations
from math import sqrt
from typing import TypeVar

from reviews.agreement.intervals import around

Pattern = tuple[int, ...]
Counts = Mapping[Pattern, float]
P = TypeVar("P", bound=Pattern)

FEWEST_PLACES = 2
# How far a pattern's share is moved to see what it weighs: small beside any share, large beside rounding.
NUDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Coefficient:
    """1 is full agreement, 0 what chance gives, below that less. `units`: files rated at least twice.

    Without a value where all ratings are the same: then nothing tells agreement from habit.
    """

    units: int
    value: float | None
    low: float | None
    high: float | None


def weighted_kappa(pairs: Mapping[tuple[int, int], int], *, places: int) -> Coefficient:
    """Of two readers, near misses counted by the square of the distance.

    :param pairs: how many files the first reader placed at the one and the second at the other
    :param places: how many places the scale has, at least 2
    :raises ValueError: a rating off the scale, a count below nought
    """
    _check(pairs, places)
    return _with_interval(lambda counts: _kappa(counts, places), pairs)


def krippendorff_alpha(patterns: Mapping[Pattern, int], *, places: int) -> Coefficient:
    """Of any number of readers a file, on an ordinal scale.

    :param patterns: how many files have these ratings; their order does not matter, and who has one says nothing
    :raises ValueError: a rating off the scale, a count below nought
    """
    _check(patterns, places)
    folded: dict[Pattern, int] = {}
    for pattern, count in patterns.items():
        if len(pattern) > 1:
            key = tuple(sorted(pattern))
            folded[key] = folded.get(key, 0) + count
    return _with_interval(lambda counts: _alpha(counts, places), folded)


def _check(patterns: Mapping[P, int], places: int) -> None:
    if places < FEWEST_PLACES:
        raise ValueError("a scale has at least two places")
    for pattern, count in patterns.items():
        if count < 0 or not all(0 <= rating < places for rating in pattern):
            raise ValueError(f"no such ratings on a scale of {places}: {pattern} x {count}")


def _kappa(counts: Counts, places: int) -> float | None:
    whole = sum(counts.values())
    first, second = [0.0] * places, [0.0] * places
    seen = 0.0
    for (one, other), count in counts.items():
        first[one] += count
        second[other] += count
        seen += count * (one - other) ** 2
    expected = sum(first[one] * second[other] * (one - other) ** 2 for one in range(places) for other in range(places))
    return 1 - seen * whole / expected if expected else None


def _alpha(counts: Counts, places: int) -> float | None:
    """By the matrix of coincidences: each file gives as many as it has ratings, in all its ordered pairs."""
    together = [[0.0] * places for _ in range(places)]
    for pattern, count in counts.items():
        each = count / (len(pattern) - 1)
        for one, other in combinations(pattern, 2):
            together[one][other] += each
            together[other][one] += each
    sums = [sum(row) for row in together]
    apart = _ordinal_distances(sums)
    seen = sum(together[one][other] * apart[one][other] for one in range(places) for other in range(places))
    expected = sum(sums[one] * sums[other] * apart[one][other] for one in range(places) for other in range(places))
    return 1 - (sum(sums) - 1) * seen / expected if expected else None


def _ordinal_distances(sums: list[float]) -> list[list[float]]:
    """Squared: between two places lie all ratings between them, and half of those on both."""
    up_to = [0.0, *accumulate(sums)]

    def apart(low: int, high: int) -> float:
        return (up_to[high + 1] - up_to[low] - (sums[low] + sums[high]) / 2) ** 2

    places = range(len(sums))
    return [[apart(min(one, other), max(one, other)) if one != other else 0.0 for other in places] for one in places]


def _with_interval(statistic: Callable[[Counts], float | None], patterns: Mapping[P, int]) -> Coefficient:
    counts: dict[Pattern, float] = {pattern: float(count) for pattern, count in patterns.items() if count}
    units = sum(patterns.values())
    value = statistic(counts) if counts else None
    if value is None:
        return Coefficient(units, None, None, None)
    found = around(value, _standard_error(statistic, counts, value))
    return Coefficient(units, value, max(-1.0, found.low), min(1.0, found.high))


def _standard_error(statistic: Callable[[Counts], float | None], counts: dict[Pattern, float], value: float) -> float:
    """Nought where every file was rated alike, and where there is but one: such an interval says nothing of others."""
    whole = sum(counts.values())
    variance = 0.0
    for pattern, count in counts.items():
        # A little more of this pattern, and of all others as much less.
        moved = {key: kept * (1 - NUDGE) for key, kept in counts.items()}
        moved[pattern] += NUDGE * whole
        nudged = statistic(moved)
        if nudged is not None:
            variance += count / whole * ((nudged - value) / NUDGE) ** 2
    return sqrt(variance / whole)
