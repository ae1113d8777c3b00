"""A calibration round in figures (pure): each reader beside the panel, each item, and the readers among themselves.

Everything is told with its number. An interval takes items for independent, and those of one file are not quite: of few
files it is too narrow. So below `ENOUGH` files or three readers the round is called thin, and no coefficient is told on
fewer than `ENOUGH_MARKS` marks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qa_service.common.shares import ENOUGH, Share, share_of
from reviews.agreement.alignment import Alignment, Settled, alignment
from reviews.agreement.chance import Coefficient, krippendorff_alpha, weighted_kappa
from reviews.enums import Anchor
from reviews.figures.agreement import ENOUGH_FILES, ENOUGH_READERS, SCALE

# As many marks as files that two have read, from which agreement is told elsewhere.
ENOUGH_MARKS: Final = ENOUGH_FILES

# An item of a file: the file's id and the item's code.
Place = tuple[int, str]


@dataclass(frozen=True, slots=True)
class ReaderAligned:
    """`leaning`: points a file above the panel (milder) or below. `kappa`: against the panel, where there is enough."""

    reader: int
    files: int
    alignment: Alignment
    same: Share
    leaning: Decimal
    kappa: Coefficient | None

    @property
    def thin(self) -> bool:
        return self.files < ENOUGH


@dataclass(frozen=True, slots=True)
class ItemAligned:
    """Over all files and readers: the panel's mark given, and points above it (or below) in the mean."""

    code: str
    same: Share
    leaning: Decimal


@dataclass(frozen=True, slots=True)
class RoundAligned:
    """`among`: how far the readers agreed with one another before they talked, over all items of all files."""

    files: int
    readers: tuple[ReaderAligned, ...]
    items: tuple[ItemAligned, ...]
    among: Coefficient | None

    @property
    def thin(self) -> bool:
        return self.files < ENOUGH or len(self.readers) < ENOUGH_READERS

    def of(self, reader: int) -> ReaderAligned | None:
        return next((each for each in self.readers if each.reader == reader), None)


def round_aligned(panel: Mapping[Place, Settled], marks: Mapping[int, Mapping[Place, Anchor]]) -> RoundAligned:
    """:param panel: what was agreed; :param marks: each reader's, of the files that they handed in"""
    readers = tuple(_reader(reader, panel, given) for reader, given in marks.items() if given)
    codes = dict.fromkeys(code for _file, code in panel)
    return RoundAligned(
        files=len({file for file, _code in panel}),
        readers=readers,
        items=tuple(_item(code, panel, marks.values()) for code in codes),
        among=_among(panel, marks.values()),
    )


def _reader(reader: int, panel: Mapping[Place, Settled], given: Mapping[Place, Anchor]) -> ReaderAligned:
    found = alignment(panel, given)
    files = len({file for file, _code in given})
    pairs = Counter(
        (SCALE[settled.anchor], SCALE[given[place]])
        for place, settled in panel.items()
        if place in given and settled.anchor in SCALE and given[place] in SCALE
    )
    return ReaderAligned(
        reader=reader,
        files=files,
        alignment=found,
        same=share_of(found.same, found.items),
        leaning=found.leaning / files,
        kappa=weighted_kappa(pairs, places=len(SCALE)) if pairs.total() >= ENOUGH_MARKS else None,
    )


def _item(code: str, panel: Mapping[Place, Settled], marks: Iterable[Mapping[Place, Anchor]]) -> ItemAligned:
    of_item = {place: settled for place, settled in panel.items() if place[1] == code}
    found = [alignment(of_item, given) for given in marks]
    count, same = sum(each.items for each in found), sum(each.same for each in found)
    leaning = sum((each.leaning for each in found), Decimal(0))
    return ItemAligned(code, share_of(same, count), leaning / count if count else Decimal(0))


def _among(panel: Mapping[Place, Settled], marks: Iterable[Mapping[Place, Anchor]]) -> Coefficient | None:
    ratings: dict[Place, list[int]] = defaultdict(list)
    for given in marks:
        for place in panel:
            if given.get(place) in SCALE:
                ratings[place].append(SCALE[given[place]])
    patterns = Counter(tuple(each) for each in ratings.values() if len(each) > 1)
    return krippendorff_alpha(patterns, places=len(SCALE)) if patterns.total() >= ENOUGH_MARKS else None
