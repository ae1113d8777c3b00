"""How near one reader came to what the panel settled on files that everybody read for practice (pure)."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import TypeVar

from reviews.agreement.intervals import Around, around
from reviews.enums import SHARES, Anchor

Key = TypeVar("Key", bound=Hashable)
Apart = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the panel settled on an item: its points in the checklist, the anchor, and what each anchor is worth."""

    points: Decimal
    anchor: Anchor
    shares: Mapping[Anchor, Decimal] | None = None

    def worth(self, anchor: Anchor) -> Decimal:
        return (self.shares or SHARES)[anchor]


@dataclass(frozen=True, slots=True)
class Alignment:
    """`items`: marked by both; `same`: with the same anchor; `leaning`: the reader's points less the panel's.

    `score`: 100 where every item is the panel's, 0 where each is as far from it as an item can be, weighed by points.
    An item that only one of both holds applicable counts as wholly apart and leans to no side. Without a score where
    no item was marked by both. `interval`, of the score, holds 19 times of 20 for other items as these; there is none
    where all items lie equally far apart, for that says nothing of others.
    """

    items: int
    same: int
    leaning: Decimal
    score: Decimal | None
    interval: Around | None = None


def alignment(panel: Mapping[Key, Settled], reader: Mapping[Key, Anchor]) -> Alignment:
    """:param panel: by the item's code, or by file and code; :param reader: the anchors of one reader, likewise"""
    both = [(settled, reader[key]) for key, settled in panel.items() if key in reader]
    apart = [(settled.points, _distance(settled, mark)) for settled, mark in both]
    weight = sum((points for points, _far in apart), Decimal(0))
    distance = sum((points * far for points, far in apart), Decimal(0))
    score = 100 * (1 - distance / weight) if weight else None
    return Alignment(
        items=len(both),
        same=sum(settled.anchor == mark for settled, mark in both),
        leaning=sum((settled.points * _leaning(settled, mark) for settled, mark in both), Decimal(0)),
        score=score,
        interval=None if score is None else _interval(float(score), apart),
    )


def _distance(panel: Settled, mark: Anchor) -> Decimal:
    if panel.anchor == mark:
        return Decimal(0)
    if Anchor.NOT_APPLICABLE in (panel.anchor, mark):
        return Decimal(1)
    return abs(panel.worth(panel.anchor) - panel.worth(mark))


def _leaning(panel: Settled, mark: Anchor) -> Decimal:
    if Anchor.NOT_APPLICABLE in (panel.anchor, mark):
        return Decimal(0)
    return panel.worth(mark) - panel.worth(panel.anchor)


def _interval(score: float, apart: Sequence[Apart]) -> Around | None:
    """Of a weighted mean, the weights known: the ratio estimate of Cochran, "Sampling Techniques" (1977), chapter 6."""
    count = len(apart)
    weight = float(sum(points for points, _far in apart))
    mean = 1 - score / 100
    squares = sum((float(points) * (float(far) - mean)) ** 2 for points, far in apart)
    if len({far for _points, far in apart}) < 2:  # noqa: PLR2004 - all lie equally far apart
        return None
    found = around(score, 100 * sqrt(squares * count / (count - 1)) / weight)
    return Around(found.value, max(0.0, found.low), min(100.0, found.high))
