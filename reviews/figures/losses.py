"""Where points are lost: which items, and by whose files (pure).

Rows that stand out are topics of training, columns that do are talks to have. Fewer than five files say neither: such
a cell has counts and no share, and such a lawyer no rank.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from qa_service.common.shares import ENOUGH

NOUGHT = Decimal(0)
FULL = Decimal(100)
# From these whole per cents on a loss is of the next level.
LEVELS = (5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Loss:
    """Of full marks over the files to which the item applied; `lost` in whole per cent, None below five files.

    `docked`: of those files, how many lost any of it, which can be said of few, too; None over all items together.
    """

    files: int
    lost: int | None
    docked: int | None = None

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
    """`kept`: shares of full marks, each as often as there are files with it."""

    files: int = 0
    docked: int = 0
    kept: Decimal = Decimal(0)

    def add(self, share: Decimal, files: int) -> None:
        self.files += files
        self.docked += files if share < FULL else 0
        self.kept += share * files

    @property
    def lost(self) -> Decimal:
        """In files' worth of full marks."""
        return self.files - self.kept / FULL


@dataclass(slots=True)
class _Tallies:
    """`files`: of all, those of which an item did not apply too."""

    points: Mapping[str, Decimal]
    files: int = 0
    items: defaultdict[str, _Tally] = field(default_factory=lambda: defaultdict(_Tally))

    @property
    def share(self) -> Decimal:
        """Lost over all items, by their points."""
        lost = sum((self.points[code] * each.lost for code, each in self.items.items()), NOUGHT)
        weight = sum((self.points[code] * each.files for code, each in self.items.items()), NOUGHT)
        return _share(lost, weight)

    def share_at(self, code: str) -> Decimal:
        return _share(self.items[code].lost, Decimal(self.items[code].files))


def loss_map(
    files: Mapping[int, int], shares: Iterable[tuple[int, str, Decimal, int]], points: Mapping[str, Decimal]
) -> LossMap:
    """:param files: how many each lawyer has
    :param shares: whose files, an item, its share, 0 to 100, and how many of the files have it; of those to which the
        item did not apply, nothing
    :param points: of every item of the checklist, in its order"""
    everybody = _Tallies(points, sum(files.values()))
    by_lawyer = {lawyer: _Tallies(points, count) for lawyer, count in files.items()}
    for lawyer, code, share, count in shares:
        everybody.items[code].add(share, count)
        by_lawyer[lawyer].items[code].add(share, count)
    codes = sorted(points, key=lambda code: -everybody.share_at(code))
    ranked = sorted(by_lawyer.items(), key=lambda each: _rank(each[1]))
    return LossMap(
        codes=tuple(codes),
        all=_line(0, everybody, codes),
        lawyers=tuple(_line(lawyer, tallies, codes) for lawyer, tallies in ranked),
    )


def _share(lost: Decimal, weight: Decimal) -> Decimal:
    return lost / weight if weight else NOUGHT


def _rank(tallies: _Tallies) -> tuple[bool, Decimal]:
    small = tallies.files < ENOUGH
    return small, NOUGHT if small else -tallies.share


def _line(lawyer: int, tallies: _Tallies, codes: Sequence[str]) -> LawyersLoss:
    items = tuple(
        _loss(tallies.items[code].files, tallies.share_at(code), tallies.items[code].docked) for code in codes
    )
    return LawyersLoss(lawyer, _loss(tallies.files, tallies.share), items)


def _loss(files: int, share: Decimal, docked: int | None = None) -> Loss:
    if files < ENOUGH:
        return Loss(files, None, docked)
    return Loss(files, int((FULL * share).quantize(Decimal(1), rounding=ROUND_HALF_UP)), docked)
