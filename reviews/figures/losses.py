"""Where points are lost: which items, and by whose files (pure).

Rows that stand out are topics of training, columns that do are talks to have. Fewer than five files say neither: such
a cell has a number of files and no share, and such a lawyer no rank.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from qa_service.common.shares import ENOUGH

FULL = Decimal(100)
# From these whole per cents on a loss is of the next level.
LEVELS = (5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Loss:
    """Of full marks over the files to which the item applied; `lost` in whole per cent, None below five files."""

    files: int
    lost: int | None

    @property
    def level(self) -> int | None:
        """0 to 4, of what is shown and not of what was rounded away."""
        return None if self.lost is None else sum(self.lost >= least for least in LEVELS)


@dataclass(frozen=True, slots=True)
class LawyersLoss:
    """`whole`: over all items together, by their points; `items` in the order of the map."""

    lawyer: int
    whole: Loss
    items: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class LossMap:
    """`codes` are the items, the costliest first; `all` is of all lawyers. Lawyers with five files or more stand first,
    whoever lost the most at the top; then the others, in the order they came."""

    codes: tuple[str, ...]
    all: LawyersLoss
    lawyers: tuple[LawyersLoss, ...]


@dataclass(slots=True)
class _Tally:
    files: int = 0
    lost: Decimal = Decimal(0)
    weight: Decimal = Decimal(0)

    def add(self, lost: Decimal, weight: Decimal) -> None:
        self.files += 1
        self.lost += lost
        self.weight += weight

    @property
    def share(self) -> Decimal:
        return self.lost / self.weight if self.weight else Decimal(0)

    @property
    def loss(self) -> Loss:
        if self.files < ENOUGH:
            return Loss(self.files, None)
        return Loss(self.files, int((FULL * self.share).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


@dataclass(slots=True)
class _Tallies:
    whole: _Tally = field(default_factory=_Tally)
    items: defaultdict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    def add(self, shares: Mapping[str, Decimal], points: Mapping[str, Decimal]) -> None:
        lost = weight = Decimal(0)
        for code, share in shares.items():
            missing = points[code] * (1 - share / FULL)
            self.items[code].add(missing, points[code])
            lost += missing
            weight += points[code]
        self.whole.add(lost, weight)


def loss_map(results: Iterable[tuple[int, Mapping[str, Decimal]]], points: Mapping[str, Decimal]) -> LossMap:
    """:param results: whose file, and its items' shares, 0 to 100, without those that did not apply
    :param points: of every item of the checklist, in its order"""
    everybody, by_lawyer = _Tallies(), defaultdict[int, _Tallies](_Tallies)
    for lawyer, shares in results:
        everybody.add(shares, points)
        by_lawyer[lawyer].add(shares, points)
    codes = sorted(points, key=lambda code: -everybody.items[code].share)
    ranked = sorted(by_lawyer.items(), key=lambda each: _rank(each[1].whole))
    return LossMap(
        codes=tuple(codes),
        all=_line(0, everybody, codes),
        lawyers=tuple(_line(lawyer, tallies, codes) for lawyer, tallies in ranked),
    )


def _rank(whole: _Tally) -> tuple[bool, Decimal]:
    small = whole.files < ENOUGH
    return small, Decimal(0) if small else -whole.share


def _line(lawyer: int, tallies: _Tallies, codes: Sequence[str]) -> LawyersLoss:
    return LawyersLoss(lawyer, tallies.whole.loss, tuple(tallies.items[code].loss for code in codes))
