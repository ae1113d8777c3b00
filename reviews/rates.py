"""Rates of all files from those that were drawn, by their design weights (pure).

Each file counts for as many as it stands for (Hájek's ratio of weighted sums); the interval is Wilson's for the
number of equally weighted files that would tell as much (Kish, "Survey Sampling", 1965: (Σw)² / Σw²). Nothing is
imputed: files without a result take no part, and how many there are stands beside.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qa_service.common.rounding import half_up
from qa_service.common.shares import ENOUGH, wilson_of_share


@dataclass(frozen=True, slots=True)
class Estimate:
    """`share`, `low` and `high` are 0 to 1; `files`: how many were read for it."""

    share: Decimal
    low: Decimal
    high: Decimal
    files: int

    @property
    def small(self) -> bool:
        """Too few to be told."""
        return self.files < ENOUGH

    @property
    def percent(self) -> tuple[Decimal, Decimal, Decimal]:
        """The share, and from where to where it may lie, to one place."""
        share, low, high = (half_up(value * 100, places=1) for value in (self.share, self.low, self.high))
        return share, low, high


def estimated_shares(rows: Iterable[tuple[Decimal, str]]) -> dict[str, Estimate]:
    """The share of each kind. `rows` are (design weight above 0, kind); none gives none."""
    found = list(rows)
    total = sum((weight for weight, _kind in found), Decimal(0))
    if not total:
        return {}
    effective = total * total / sum((weight * weight for weight, _kind in found), Decimal(0))
    of_kind: dict[str, Decimal] = defaultdict(Decimal)
    for weight, kind in found:
        of_kind[kind] += weight
    shares = {kind: weight / total for kind, weight in of_kind.items()}
    return {kind: Estimate(share, *wilson_of_share(share, effective), len(found)) for kind, share in shares.items()}
