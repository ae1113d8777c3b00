"""Figures for reading: half up, as people round. Never for comparison, which is of unrounded figures."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, *, places: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def signed(value: float) -> str:
    """A difference with its sign, to one place: +2.5, −0.3, 0.0."""
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"


def with_sign(value: Decimal | int) -> str:
    """A difference as it stands: +2, −0.35, +0. No hyphen, which a line may break after."""
    return f"{value:+}".replace("-", "−")


def coefficient(value: float) -> str:
    """To two places, less than nought with a minus sign and no hyphen: 0.42, −0.31, 0.00."""
    return f"{half_up(Decimal(repr(value))) + 0:f}".replace("-", "−")


def plain(value: Decimal) -> str:
    """At most two places, as few figures as say it: 5, 7.5, 7.25."""
    return f"{half_up(value).normalize():f}"
