"""How near one reader came to what the panel settled on a file that everybody read for practice (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from reviews.enums import SHARES, Anchor


@dataclass(frozen=True, slots=True)
class Settled:
    """What the panel settled on an item: its points in the checklist, and the anchor."""

    points: Decimal
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Alignment:
    """`items`: marked by both; `same`: with the same anchor; `leaning`: the reader's points less the panel's.

    `score`: 100 where every item is the panel's, 0 where each is as far from it as an item can be, weighed by points.
    An item that only one of both holds applicable counts as wholly apart and leans to no side. Without a score where
    no item was marked by both.
    """

    items: int
    same: int
    leaning: Decimal
    score: Decimal | None


def alignment(panel: Mapping[str, Settled], reader: Mapping[str, Anchor]) -> Alignment:
    """:param panel: by the item's code; :param reader: the anchors of one reader, likewise"""
    both = [(settled, reader[code]) for code, settled in panel.items() if code in reader]
    weight = sum((settled.points for settled, _mark in both), Decimal(0))
    apart = sum((settled.points * _distance(settled.anchor, mark) for settled, mark in both), Decimal(0))
    return Alignment(
        items=len(both),
        same=sum(settled.anchor == mark for settled, mark in both),
        leaning=sum((settled.points * _leaning(settled.anchor, mark) for settled, mark in both), Decimal(0)),
        score=100 * (1 - apart / weight) if weight else None,
    )


def _distance(panel: Anchor, mark: Anchor) -> Decimal:
    if panel == mark:
        return Decimal(0)
    if Anchor.NOT_APPLICABLE in (panel, mark):
        return Decimal(1)
    return abs(SHARES[panel] - SHARES[mark])


def _leaning(panel: Anchor, mark: Anchor) -> Decimal:
    return Decimal(0) if Anchor.NOT_APPLICABLE in (panel, mark) else SHARES[mark] - SHARES[panel]
