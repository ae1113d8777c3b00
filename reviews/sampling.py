"""Which files are read: a seeded draw that the service can repeat and nobody else can (pure).

A file's place in the draw is the HMAC-SHA-256 of the seed and the case number, so it depends neither on row ids nor on
the order of the frame. The key never leaves the service: whoever knows seed and frame could otherwise compute the
random share, learn from what is left which client was unhappy, and try seeds until a friend's file is not drawn.
The random share is drawn first and apart, which keeps its inclusion probability known; the rules that always draw a
file add to it.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from hmac import digest
from typing import NamedTuple

from reviews.enums import Exclusion, Rule


class FrameCase(NamedTuple):
    """`always` are the rules that draw this file whatever the dice say; `covered`: its lawyer was read this year.

    A tuple, which is made in a third of the time: there may be a million and a half.
    """

    case_id: int
    number: str
    stratum: str
    lawyer_id: int
    always: frozenset[Rule] = frozenset()
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


class InFrame(NamedTuple):
    """A file that can be drawn, and nothing of why it might be. A tuple: there may be a million and a half."""

    case_id: int
    number: str


@dataclass(frozen=True, slots=True)
class Plan:
    seed: str
    rate: Decimal
    frame: tuple[InFrame, ...]
    draws: tuple[Draw, ...]
    excluded: tuple[Excluded, ...]
    strata: tuple[Stratum, ...]

    @property
    def frame_size(self) -> int:
        return len(self.frame)

    @property
    def frame_digest(self) -> str:
        """Of the numbers of the frame: another frame has another."""
        return self.digest_without(())

    def digest_without(self, case_ids: Container[int]) -> str:
        """The digest of the same frame without these files."""
        numbers = sorted(case.number for case in self.frame if case.case_id not in case_ids)
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
    frame: Sequence[FrameCase],
    key: bytes,
    seed: str,
    rate: Decimal,
    rules: Iterable[Rule],
    twice: Decimal = Decimal(0),
) -> Plan:
    """Draw ⌈rate × size⌉ of each stratum at random, then what the other `rules` always draw.

    :param key: the service's own; the same key, seed and frame draw the same files.
    :param rate: share of each stratum, 0 to 1.
    :param twice: share of the drawn files, 0 to 1, that two people read; ⌈twice × drawn⌉ of them, at random.
    """
    wanted = frozenset(rules)
    open_cases = sorted((case for case in frame if case.excluded is None), key=lambda case: _place(key, seed, case))
    strata = _random_shares(open_cases, rate if Rule.RANDOM in wanted else Decimal(0))
    reasons: dict[int, set[Rule]] = {}
    left = {stratum.name: stratum.random for stratum in strata}
    for case in open_cases:
        found = set(case.always & wanted)
        if left[case.stratum]:
            left[case.stratum] -= 1
            found.add(Rule.RANDOM)
        if found:
            reasons[case.case_id] = found
    if Rule.EVERY_LAWYER in wanted:
        _cover_lawyers(open_cases, reasons)
    linking = _linking((case for case in open_cases if case.case_id in reasons), key=key, seed=seed, share=twice)
    chances = {s.name: Decimal(s.random) / s.size for s in strata}
    return Plan(
        seed=seed,
        rate=rate,
        frame=tuple(InFrame(case.case_id, case.number) for case in open_cases),
        draws=tuple(
            Draw(
                c.case_id,
                c.number,
                c.stratum,
                _ordered(reasons[c.case_id]),
                chances[c.stratum],
                c.case_id in linking,
            )
            for c in open_cases
            if c.case_id in reasons
        ),
        excluded=tuple(Excluded(c.case_id, c.number, c.excluded) for c in frame if c.excluded is not None),
        strata=strata,
    )


def next_in_order(
    *, frame: Sequence[FrameCase], key: bytes, seed: str, stratum: str, taken: Container[int]
) -> FrameCase | None:
    """The file that takes the place of one that cannot be read: the first of its stratum, in the order of the draw,
    that nothing keeps out of the frame and that was not `taken`. Nobody chooses it. None where none is left.
    """
    open_cases = (c for c in frame if c.stratum == stratum and c.excluded is None and c.case_id not in taken)
    return min(open_cases, key=lambda case: _place(key, seed, case), default=None)


def weight_of(draw: Draw) -> Decimal:
    """For how many files of its stratum a drawn file stands in a rate (Horvitz and Thompson, 1952).

    What a rule alone drew stands for none: its kind differs from the others, which is why the rule draws it.
    """
    return 1 / draw.probability if Rule.RANDOM in draw.reasons else Decimal(0)


def _place(key: bytes, seed: str, case: FrameCase) -> tuple[bytes, str]:
    return digest(key, f"{seed}\n{case.number}".encode(), "sha256"), case.number


def _random_shares(cases: Sequence[FrameCase], rate: Decimal) -> tuple[Stratum, ...]:
    sizes = Counter(case.stratum for case in cases)
    return tuple(
        Stratum(name, size, int((rate * size).to_integral_value(ROUND_CEILING))) for name, size in sorted(sizes.items())
    )


def _linking(drawn: Iterable[FrameCase], *, key: bytes, seed: str, share: Decimal) -> set[int]:
    """In an order of its own: the first in the order of the draw came at random, and the last by a rule."""
    mixed = sorted(drawn, key=lambda case: _place(key, f"{seed}\ntwice", case))
    return {case.case_id for case in mixed[: int((share * len(mixed)).to_integral_value(ROUND_CEILING))]}


def _cover_lawyers(cases: Sequence[FrameCase], reasons: dict[int, set[Rule]]) -> None:
    """Add the first file, in the order of the draw, of each lawyer of whom nothing is drawn and nothing was read."""
    seen = {case.lawyer_id for case in cases if case.covered or case.case_id in reasons}
    for case in cases:
        if case.lawyer_id not in seen:
            seen.add(case.lawyer_id)
            reasons[case.case_id] = {Rule.EVERY_LAWYER}


def _ordered(found: set[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in Rule if rule in found)
