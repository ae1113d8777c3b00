"""A figure and where it may truly lie, 19 times of 20 (pure)."""

from dataclasses import dataclass

from qa_service.common import shares

Z95 = float(shares.Z95)


@dataclass(frozen=True, slots=True)
class Around:
    value: float
    low: float
    high: float


def around(value: float, error: float) -> Around:
    """:param error: the standard error"""
    return Around(value, value - Z95 * error, value + Z95 * error)
