"""What a score printed above a list of deductions rests on: two figures that need not add up."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class SourcePoints:
    """One kind of evidence that was weighed: its name, its points of 100 and its weight among the others."""

    name: str
    points: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class ScoreBasis:
    """What was weighed into the score, how many read the file, and whether some items did not apply to it."""

    sources: tuple[SourcePoints, ...]
    readers: int
    not_applicable: bool = False
