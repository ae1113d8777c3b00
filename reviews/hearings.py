"""Which hearings are observed, and who observes them (pure). The same seed and hearings give the same plan.

At least a twentieth of the hearings to come is drawn at random; beside them every first case of a lawyer, every group
case, and what the centre names because it is major, difficult or disputed, which no export tells.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256
from hmac import digest
from typing import Final

from reviews.enums import HearingRule

LEAST_RATE: Final = Decimal("0.05")
# From so many on it is a group case (Law on Mediation and Arbitration of Labour Disputes art. 7: ten workers).
GROUP_FROM: Final = 10
OBSERVERS: Final = 2


class RateTooLow(ValueError):  # noqa: N818 - named for the fact
    """Fewer than a twentieth of the hearings would be observed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComingHearing:
    """A hearing that is to come. `people`: how many the case helps; `first_time`: its lawyer has had no case before."""

    case_id: int
    number: str
    held_on: date
    people: int = 1
    first_time: bool = False

    @property
    def always(self) -> frozenset[HearingRule]:
        rules = {HearingRule.FIRST_TIME: self.first_time, HearingRule.GROUP: self.people >= GROUP_FROM}
        return frozenset(rule for rule, holds in rules.items() if holds)


@dataclass(frozen=True, slots=True)
class PlannedHearing:
    hearing: ComingHearing
    rules: tuple[HearingRule, ...]


@dataclass(frozen=True, slots=True)
class HearingsPlan:
    """`planned` are observed; `others` of the frame are not. Both by day."""

    planned: tuple[PlannedHearing, ...]
    others: tuple[ComingHearing, ...]

    @property
    def frame_size(self) -> int:
        return len(self.planned) + len(self.others)

    @property
    def digest(self) -> str:
        """Of the frame: other hearings, or other days, have another."""
        frame = [*(each.hearing for each in self.planned), *self.others]
        return sha256("\n".join(sorted(f"{each.number} {each.held_on}" for each in frame)).encode()).hexdigest()

    def counts(self) -> dict[HearingRule, int]:
        """How many of the planned hearings each rule accounts for; one may answer to several."""
        counted = {rule: sum(rule in each.rules for each in self.planned) for rule in HearingRule}
        return {rule: count for rule, count in counted.items() if count}


def plan_of_hearings(
    *, frame: Sequence[ComingHearing], key: bytes, seed: str, rate: Decimal, named: Collection[int] = ()
) -> HearingsPlan:
    """Draw ⌈rate × frame⌉ at random, then what is always observed.

    :param key: the service's own; the same key, seed and frame plan the same hearings.
    :param named: cases whose hearing the centre names.
    :raises RateTooLow: see there.
    """
    if not LEAST_RATE <= rate <= 1:
        raise RateTooLow(rate)
    mixed = sorted(frame, key=lambda each: _place(key, seed, each.number))
    drawn = {each.case_id for each in mixed[: int((rate * len(mixed)).to_integral_value(ROUND_CEILING))]}
    planned, others = [], []
    for each in sorted(frame, key=lambda each: (each.held_on, each.number)):
        found = set(each.always)
        if each.case_id in drawn:
            found.add(HearingRule.RANDOM)
        if each.case_id in named:
            found.add(HearingRule.NAMED)
        if found:
            planned.append(PlannedHearing(each, tuple(rule for rule in HearingRule if rule in found)))
        else:
            others.append(each)
    return HearingsPlan(tuple(planned), tuple(others))


def observers_for(
    *, hearings: Iterable[tuple[int, str]], barred: Mapping[int, Collection[int]], loads: Mapping[int, int], seed: str
) -> dict[int, tuple[int, ...]]:
    """Two observers of each hearing where there are two, the lightest load first, turns by the seed.

    :param hearings: case and number of each, in the order they are given out.
    :param barred: for each case, the observers who are tied to it.
    :param loads: of each observer, how many hearings they have before them.
    """
    held = dict(loads)
    given: dict[int, tuple[int, ...]] = {}
    for case_id, number in hearings:
        free = [user for user in held if user not in barred.get(case_id, ())]
        turn = seed.encode()
        chosen = sorted(free, key=lambda user: (held[user], _place(turn, str(user), number)))[:OBSERVERS]
        for user in chosen:
            held[user] += 1
        given[case_id] = tuple(chosen)
    return given


def _place(key: bytes, seed: str, number: str) -> tuple[bytes, str]:
    return digest(key, f"{seed}\n{number}".encode(), "sha256"), number
