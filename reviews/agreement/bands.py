"""How far two readers of the same files agree (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviews.enums import Band


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's verdict of one file: the unrounded total, 0 to 100, and its band."""

    score: Decimal
    band: Band


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts over `files` doubly read files; a share is for the caller to show beside n, never alone."""

    files: int
    same_band: int
    within_limit: int
    mean_difference: Decimal | None


def agreement(pairs: Sequence[tuple[Reading, Reading]], *, limit: Decimal) -> Agreement:
    """:param pairs: the two readings of each file, first reader first; :param limit: points still called agreement."""
    differences = [first.score - second.score for first, second in pairs]
    return Agreement(
        files=len(pairs),
        same_band=sum(first.band == second.band for first, second in pairs),
        within_limit=sum(abs(difference) <= limit for difference in differences),
        mean_difference=sum(differences, Decimal(0)) / len(pairs) if pairs else None,
    )
