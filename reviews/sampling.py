"""Which files are read: a seeded draw that the service can repeat and nobody else can (pure).

A file's place in the draw is the HMAC-SHA-256 of the seed and the case number, so it depends neither on row ids nor on
the order of the frame. The key never leaves the service: whoever knows seed and frame could otherwise compute the
random share, learn from what is left which client was unhappy, and try seeds until a friend's file is not drawn.
The random share is drawn first and apart, which keeps its inclusion probability known; the rules that always draw a
file add to it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from functools import cached_property, lru_cache
from hashlib import sha256
from hmac import digest
from itertools import chain, islice
from typing import NamedTuple

from reviews.enums import Exclusion, Rule

# A file in the order of the draw: its place, its number, its id and its lawyer. There may be a million and a half, and
# a plain tuple is one that the collector of cycles need not look at again.
Waiting = tuple[bytes, str, int, int]
NO_RULE: frozenset[Rule] = frozenset()
AT_RANDOM = frozenset({Rule.RANDOM})
TO_COVER = frozenset({Rule.EVERY_LAWYER})
# Reviewers from which on some files are read twice, and how many of those drawn (`domain` 4.8).
LINKED_FROM = 3
LINKED_SHARE = Decimal("0.2")


class FrameCase(NamedTuple):
    """`always` are the rules that draw this file whatever the dice say; `covered`: its lawyer was read this year.

    A tuple, which is made in a third of the time.
    """

    case_id: int
    number: str
    stratum: str
    lawyer_id: int
    always: frozenset[Rule] = NO_RULE
    covered: bool = False
    excluded: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """`probability`: the chance that the random share alone draws this file; the design weight is its inverse.

    `twice`: two people read it whatever the marks, so that the severity of readers can be told from the files' own.
    """

    case_id: int
    number: str
    stratum: str
    reasons: tuple[Rule, ...]
    probability: Decimal
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Excluded:
    case_id: int
    number: str
    reason: Exclusion


@dataclass(frozen=True, slots=True)
class Stratum:
    name: str
    size: int
    random: int


@dataclass(frozen=True)
class Plan:
    """`frame`: the files that can be drawn, in no order, and nothing of why they might be."""

    seed: str
    rate: Decimal
    frame: tuple[Waiting, ...]
    draws: tuple[Draw, ...]
    excluded: tuple[Excluded, ...]
    strata: tuple[Stratum, ...]

    @property
    def frame_size(self) -> int:
        return len(self.frame)

    @cached_property
    def frame_digest(self) -> str:
        """Of the numbers of the frame: another frame has another."""
        return self.digest_without(())

    def digest_without(self, case_ids: Container[int]) -> str:
        """The digest of the same frame without these files."""
        numbers = sorted(number for _place, number, case_id, _lawyer in self.frame if case_id not in case_ids)
        return sha256("\n".join(numbers).encode()).hexdigest()

    @property
    def read_twice(self) -> int:
        return sum(draw.twice for draw in self.draws)

    def counts(self) -> dict[Rule, int]:
        """How many of the drawn files each rule accounts for; a file may answer to several."""
        counted = Counter(rule for draw in self.draws for rule in draw.reasons)
        return {rule: counted[rule] for rule in Rule if counted[rule]}


def plan_sample(
    *,
    frame: Iterable[FrameCase],
    key: bytes,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
    known: Container[int] = (),
) -> Plan:
    """Draw ⌈rate × size⌉ of each stratum at random, then what the other `rules` always draw.

    :param frame: looked at once, in any order.
    :param key: the service's own; the same key, seed and frame draw the same files.
    :param rate: share of each stratum, 0 to 1.
    :param twice: share of the drawn files, 0 to 1, that two people read; ⌈twice × drawn⌉ of them, at random.
    :param known: files that many of the reviewers know from calibration and may not read: two are not asked for.
    """
    wanted = frozenset(rules)
    urn = _Urn(_places(key, seed), wanted)
    urn.fill(frame)
    strata = urn.draw_shares(rate if Rule.RANDOM in wanted else Decimal(0))
    if Rule.EVERY_LAWYER in wanted:
        urn.cover_lawyers()
    drawn = sorted(urn.drawn.values(), key=lambda each: each.row)
    linking = _linking(drawn, _places(key, f"{seed}\ntwice"), twice, known)
    chances = {s.name: Decimal(s.random) / s.size for s in strata}
    return Plan(
        seed=seed,
        rate=rate,
        frame=tuple(chain.from_iterable(urn.pools.values())),
        draws=tuple(each.as_draw(chances[each.stratum], twice=each.case_id in linking) for each in drawn),
        excluded=tuple(urn.excluded),
        strata=strata,
    )


@dataclass(slots=True)
class _Drawn:
    row: Waiting
    stratum: str
    reasons: frozenset[Rule]

    @property
    def number(self) -> str:
        return self.row[1]

    @property
    def case_id(self) -> int:
        return self.row[2]

    def as_draw(self, chance: Decimal, *, twice: bool) -> Draw:
        return Draw(self.case_id, self.number, self.stratum, _ordered(self.reasons), chance, twice)


class _Pool:
    """The files of one stratum. Only as many of them as are drawn are put in order."""

    def __init__(self) -> None:
        # By the first byte of their place: all files of one go before all of the next.
        self.rows: list[list[Waiting]] = [[] for _byte in range(256)]

    def __len__(self) -> int:
        return sum(map(len, self.rows))

    def __iter__(self) -> Iterator[Waiting]:
        return chain.from_iterable(self.rows)

    def first(self, count: int) -> Iterator[Waiting]:
        return islice(chain.from_iterable(map(sorted, self.rows)), count)


@dataclass(slots=True)
class _Urn:
    """The files of a frame that can be drawn, by their strata, and those that are."""

    place_of: Callable[[str], bytes]
    wanted: frozenset[Rule]
    pools: defaultdict[str, _Pool] = field(default_factory=lambda: defaultdict(_Pool))
    excluded: list[Excluded] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)
    drawn: dict[int, _Drawn] = field(default_factory=dict)

    def fill(self, frame: Iterable[FrameCase]) -> None:
        for case_id, number, stratum, lawyer_id, always, covered, excluded in frame:
            if excluded is not None:
                self.excluded.append(Excluded(case_id, number, excluded))
                continue
            place = self.place_of(number)
            row = (place, number, case_id, lawyer_id)
            self.pools[stratum].rows[place[0]].append(row)
            if covered:
                self.covered.add(lawyer_id)
            if always and (reasons := always & self.wanted):
                self._draw(row, stratum, reasons)

    def draw_shares(self, rate: Decimal) -> tuple[Stratum, ...]:
        """The first of each stratum: chance has put them in order."""
        strata = tuple(Stratum(name, len(pool), _share(rate, len(pool))) for name, pool in sorted(self.pools.items()))
        for stratum in strata:
            for row in self.pools[stratum.name].first(stratum.random):
                self._draw(row, stratum.name, AT_RANDOM)
        return strata

    def cover_lawyers(self) -> None:
        """Add the first file of each lawyer of whom nothing is drawn and nothing was read."""
        seen = self.covered.union(each.row[3] for each in self.drawn.values())
        first: dict[int, tuple[Waiting, str]] = {}
        for stratum, pool in self.pools.items():
            for row in pool:
                lawyer_id = row[3]
                if lawyer_id not in seen and (lawyer_id not in first or row < first[lawyer_id][0]):
                    first[lawyer_id] = row, stratum
        for row, stratum in first.values():
            self._draw(row, stratum, TO_COVER)

    def _draw(self, row: Waiting, stratum: str, reasons: frozenset[Rule]) -> None:
        before = self.drawn.get(row[2])
        if before is None:
            self.drawn[row[2]] = _Drawn(row, stratum, reasons)
        else:
            before.reasons |= reasons


class InPlace(NamedTuple):
    """What takes the place of a file that cannot be read: `comes`, None where none is left.

    `passed`: files that stood before it in the order of the draw and were left out since. They had their turn, so that
    it is on record what came by leaving them out.
    """

    passed: tuple[FrameCase, ...]
    comes: FrameCase | None


def next_in_order(*, frame: Iterable[FrameCase], key: bytes, seed: str, stratum: str, taken: Container[int]) -> InPlace:
    """The first of its stratum, in the order of the draw, that was not `taken`: nobody chooses it.

    :param frame: of the draw; `LEFT_OUT` are those that were left out only since. Looked at once, in any order.
    """
    place_of = _places(key, seed)
    comes: tuple[tuple[bytes, str], FrameCase] | None = None
    left_out: list[tuple[tuple[bytes, str], FrameCase]] = []
    for case in frame:
        if case.stratum != stratum or case.case_id in taken:
            continue
        turn = (place_of(case.number), case.number), case
        if case.excluded == Exclusion.LEFT_OUT:
            left_out.append(turn)
        elif case.excluded is None and (comes is None or turn[0] < comes[0]):
            comes = turn
    passed = sorted(turn for turn in left_out if comes is None or turn[0] < comes[0])
    return InPlace(tuple(case for _turn, case in passed), comes and comes[1])


def usual_share_read_twice(reviewers: int) -> Decimal:
    """Where nobody says another. Of fewer reviewers who share files nothing could be told."""
    return LINKED_SHARE if reviewers >= LINKED_FROM else Decimal(0)


def weight_of(draw: Draw) -> Decimal:
    """For how many files of its stratum a drawn file stands in a rate (Horvitz and Thompson, 1952).

    What a rule alone drew stands for none: its kind differs from the others, which is why the rule draws it.
    """
    return 1 / draw.probability if Rule.RANDOM in draw.reasons else Decimal(0)


def _places(key: bytes, seed: str) -> Callable[[str], bytes]:
    """Where a file stands in the order of a draw, by its number."""
    before = f"{seed}\n".encode()
    return lambda number: digest(key, before + number.encode(), "sha256")


def _share(rate: Decimal, size: int) -> int:
    return int((rate * size).to_integral_value(ROUND_CEILING))


def _linking(
    drawn: Sequence[_Drawn], place_of: Callable[[str], bytes], share: Decimal, known: Container[int]
) -> set[int]:
    """In an order of its own: the first in the order of the draw came at random, and the last by a rule."""
    mixed = sorted((place_of(each.number), each.number, each.case_id) for each in drawn if each.case_id not in known)
    return {case_id for _place, _number, case_id in mixed[: _share(share, len(drawn))]}


@lru_cache(maxsize=256)
def _ordered(found: frozenset[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in Rule if rule in found)
