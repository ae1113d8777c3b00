"""How far those who read the same files agree (pure): counts always, statistics where there is enough to say.

Below `ENOUGH_FILES` files that two have read no coefficient, limit or leniency is told: it would be luck. Nor is
leniency where fewer than `ENOUGH_READERS` share files: of two, the one would read the other's from their own; nor where
no two readers are joined in more than one way, for then the fit is perfect whatever they gave, and without an interval.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qa_service.common.shares import ENOUGH, Share, share_of
from reviews.agreement.bands import Reading as Verdict
from reviews.agreement.bands import agreement
from reviews.agreement.chance import Coefficient, krippendorff_alpha, weighted_kappa
from reviews.agreement.differences import Limits, limits_of_agreement
from reviews.agreement.severity import Leniency, Severity, Total, severity
from reviews.enums import Anchor, Band
from reviews.marking import AGREE_WITHIN

ENOUGH_FILES: Final = 20
ENOUGH_READERS: Final = 3
# "Not applicable" is no place on it.
SCALE: Final = {Anchor.NONE: 0, Anchor.PARTLY: 1, Anchor.MOSTLY: 2, Anchor.FULL: 3}


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's total of one file; `turn`: 1, 2 or 3."""

    file: int
    reader: int
    turn: int
    points: Decimal
    band: Band


@dataclass(frozen=True, slots=True)
class Point:
    """One file read twice: the mean of both totals, and what the first lies above the second."""

    mean: float
    difference: float


@dataclass(frozen=True, slots=True)
class TotalsAgree:
    """Over files that two have read: the same grade, no more than 8 points apart; `limits` where there is enough."""

    files: int
    same_band: Share
    within: Share
    limits: Limits | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class ItemAgrees:
    """Of one item: the same mark of both, and the coefficients where there is enough."""

    code: str
    same: Share
    kappa: Coefficient | None
    alpha: Coefficient | None


@dataclass(frozen=True, slots=True)
class ReadersAgree:
    """`severity`: None where there is too little to say; `apart`: there are readers whom no file joins to the others,
    who `alone` have read nothing that another has read too."""

    totals: TotalsAgree
    severity: Severity | None
    apart: bool
    alone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OneAgrees:
    """Of one reader with those who read the same files, taken together; `leniency` where there is enough to say."""

    totals: TotalsAgree
    leniency: Leniency | None


def readers_agree(readings: Iterable[Reading]) -> ReadersAgree:
    """:param readings: every submitted one, files that one alone has read too"""
    files = _by_file(readings)
    pairs = [(each[1], each[2]) for each in files.values() if {1, 2} <= each.keys()]
    found = _severity(files)
    told = found.residual is not None and len(found.readers) >= ENOUGH_READERS and _shared(files) >= ENOUGH_FILES
    several = len(found.readers) + len(found.alone) > 1
    return ReadersAgree(_totals(pairs), found if told else None, several and not found.comparable, found.alone)


def one_agrees(readings: Iterable[Reading], reader: int) -> OneAgrees:
    """:param readings: as of all; what is told is of this reader alone"""
    files = _by_file(readings)
    pairs = []
    for turns in files.values():
        own = next((each for each in turns.values() if each.reader == reader), None)
        others = [each for _turn, each in sorted(turns.items()) if each.reader != reader]
        if own is not None and others:
            pairs.append((own, others[0]))
    found = _severity(files)
    mine = next((each for each in found.readers if each.reader == reader), None)
    group = {each.reader for each in found.readers if mine is not None and each.group == mine.group}
    joined = {
        file: turns for file, turns in files.items() if group.intersection(each.reader for each in turns.values())
    }
    enough = len(group) >= ENOUGH_READERS and _shared(joined) >= ENOUGH_FILES
    told = enough and mine is not None and mine.shared >= ENOUGH and mine.interval is not None
    return OneAgrees(_totals(pairs), mine if told else None)


def items_agree(
    patterns: Iterable[tuple[str, Sequence[Anchor | None], int]], codes: Iterable[str]
) -> tuple[ItemAgrees, ...]:
    """:param patterns: an item, its marks by turn (None where nobody read), and how many files have them
    :param codes: the items in the order of the checklist; one that nobody marked twice is left out"""
    by_item: dict[str, list[tuple[Sequence[Anchor | None], int]]] = defaultdict(list)
    for code, marks, files in patterns:
        by_item[code].append((marks, files))
    return tuple(_item(code, by_item[code]) for code in codes if code in by_item)


def _item(code: str, patterns: Sequence[tuple[Sequence[Anchor | None], int]]) -> ItemAgrees:
    pairs: Counter[tuple[int, int]] = Counter()
    ratings: Counter[tuple[int, ...]] = Counter()
    files = same = 0
    for marks, count in patterns:
        files += count
        same += count if marks[0] == marks[1] else 0
        places = tuple(SCALE[mark] for mark in marks if mark in SCALE)
        if marks[0] in SCALE and marks[1] in SCALE:
            pairs[places[0], places[1]] += count
        if len(places) > 1:
            ratings[places] += count
    enough = pairs.total() >= ENOUGH_FILES
    return ItemAgrees(
        code=code,
        same=share_of(same, files),
        kappa=weighted_kappa(pairs, places=len(SCALE)) if enough else None,
        alpha=krippendorff_alpha(ratings, places=len(SCALE)) if enough else None,
    )


def _by_file(readings: Iterable[Reading]) -> dict[int, dict[int, Reading]]:
    files: dict[int, dict[int, Reading]] = defaultdict(dict)
    for each in readings:
        files[each.file][each.turn] = each
    return files


def _shared(files: Mapping[int, Mapping[int, Reading]]) -> int:
    return sum(len(turns) > 1 for turns in files.values())


def _severity(files: Mapping[int, Mapping[int, Reading]]) -> Severity:
    return severity(
        Total(each.file, each.reader, float(each.points)) for turns in files.values() for each in turns.values()
    )


def _totals(pairs: Sequence[tuple[Reading, Reading]]) -> TotalsAgree:
    verdicts = [(Verdict(one.points, one.band), Verdict(other.points, other.band)) for one, other in pairs]
    found = agreement(verdicts, limit=AGREE_WITHIN)
    totals = [(float(one.points), float(other.points)) for one, other in pairs]
    enough = found.files >= ENOUGH_FILES
    return TotalsAgree(
        files=found.files,
        same_band=share_of(found.same_band, found.files),
        within=share_of(found.within_limit, found.files),
        limits=limits_of_agreement(totals) if enough else None,
        points=tuple(Point((one + other) / 2, one - other) for one, other in totals) if enough else (),
    )
