"""How far a share of so many may lie from a target by chance alone (pure).

Exactly, by the binomial law, up to `EXACT_TO`; above that by the normal curve, which no reader can tell from it. Where
units differ more than chance would have it (over-dispersion), limits are widened by the factor that Spiegelhalter gives
(Statistics in Medicine 24:1185, 2005): an exact law of a spread that is not binomial would be exact about nothing.
"""

from functools import lru_cache
from math import exp, lgamma, log, sqrt

EXACT_TO = 500
# Two-sided 95 % and 99.8 %, as a tail and as a quantile of the normal curve.
WARNING, ACTION = (0.025, 1.959964), (0.001, 3.090232)


def limits(target: float, n: int, level: tuple[float, float], spread: float = 1.0) -> tuple[float, float]:
    """The lowest and the highest share of `n` that chance leaves at the level, 0 to 1; `spread` 1 is chance alone."""
    tail, quantile = level
    if spread <= 1.0 and n <= EXACT_TO:
        return _exact(round(target, 6), n, tail)
    half = quantile * sqrt(max(spread, 1.0) * target * (1 - target) / n)
    return max(0.0, target - half), min(1.0, target + half)


@lru_cache(maxsize=4096)
def _exact(target: float, n: int, tail: float) -> tuple[float, float]:
    """The first and the last count that is not so rare that it, or one further out, comes with the tail's chance."""
    if target <= 0.0 or target >= 1.0:
        return target, target
    low, below = 0, _chance(0, n, target)
    while below <= tail:  # so few, or fewer, are too rare
        low += 1
        below += _chance(low, n, target)
    high, above = n, _chance(n, n, target)
    while above <= tail:
        high -= 1
        above += _chance(high, n, target)
    return low / n, high / n


def _chance(count: int, n: int, share: float) -> float:
    chosen = lgamma(n + 1) - lgamma(count + 1) - lgamma(n - count + 1)
    return exp(chosen + count * log(share) + (n - count) * log(1 - share))
