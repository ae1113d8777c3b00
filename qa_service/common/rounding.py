"""Figures for reading: half up, as people round. Never for comparison, which is of unrounded figures."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, *, places: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """At most two places, as few figures as say it: 5, 7.5, 7.25."""
    return f"{half_up(value).normalize():f}"
