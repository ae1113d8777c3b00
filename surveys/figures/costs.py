"""What an answer costs, way by way. What is not known is said to be unknown; a sum of less than all is "at least"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from surveys.figures.funnel import Way

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Acts:
    """So many acts of a kind by one way, at the prices of one centre. A text is as many acts as it has parts."""

    way: Way
    kind: str
    n: int
    price: Decimal | None
    minutes: int | None = 0


@dataclass(frozen=True, slots=True)
class WayCost:
    """`known` is the money whose price is known; `unpriced` acts have none. `minutes` likewise, with `untimed`."""

    way: Way
    acts: tuple[tuple[str, int], ...]
    answered: int
    known: Decimal
    unpriced: int
    minutes: int
    untimed: int

    @property
    def per_answer(self) -> Decimal | None:
        """Of money, over all acts of the way; None without an answer, or where no price at all is known."""
        if not self.answered or (self.unpriced and not self.known):
            return None
        return self.known / self.answered

    @property
    def minutes_per_answer(self) -> Decimal | None:
        if not self.answered or (self.untimed and not self.minutes):
            return None
        return Decimal(self.minutes) / self.answered


def costs(acts: Iterable[Acts], answered: Mapping[Way, int]) -> tuple[WayCost, ...]:
    """All ways together first, then each by which something was done or answered."""
    rows = list(acts)
    by_way = [_cost(way, [row for row in rows if row.way is way], answered.get(way, 0)) for way in Way]
    used = [cost for cost in by_way if cost.acts or cost.answered]
    return (_cost(Way.ALL, rows, sum(answered.values())), *used)


def _cost(way: Way, rows: list[Acts], answered: int) -> WayCost:
    counted: dict[str, int] = {}
    for row in rows:
        if row.n:
            counted[row.kind] = counted.get(row.kind, 0) + row.n
    return WayCost(
        way=way,
        acts=tuple(counted.items()),
        answered=answered,
        known=sum((row.price * row.n for row in rows if row.price is not None), NOTHING),
        unpriced=sum(row.n for row in rows if row.price is None),
        minutes=sum(row.minutes * row.n for row in rows if row.minutes is not None),
        untimed=sum(row.n for row in rows if row.minutes is None),
    )
