"""The coverage ledger: which of the four legal means (Legal Aid Law art. 59) each unit's cases received (pure)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looked:
    """Closed cases of a unit, all looked at by the same means: an answer, a file read, an opinion, a hearing."""

    unit: str
    followed_up: bool
    inspected: bool
    organ_heard: bool
    observed: bool
    cases: int = 1

    @property
    def means(self) -> tuple[bool, bool, bool, bool]:
        return (self.followed_up, self.inspected, self.organ_heard, self.observed)


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """How many of a unit's `cases` received each means, and how many received any."""

    unit: str
    cases: int
    followed_up: int
    inspected: int
    organ_heard: int
    observed: int
    any_means: int

    @property
    def never(self) -> bool:
        """Nobody has looked at any of its cases."""
        return not self.any_means


def coverage(found: Iterable[Looked]) -> list[CoverageLine]:
    """Units that nobody looked at first, those with the most cases leading; then by name."""
    counts: dict[str, list[int]] = {}
    for each in found:
        line = counts.setdefault(each.unit, [0] * 6)
        for place, had in enumerate((True, *each.means, any(each.means))):
            line[place] += each.cases if had else 0
    return _ordered(counts)


def _ordered(counts: dict[str, list[int]]) -> list[CoverageLine]:
    lines = [CoverageLine(unit, *found) for unit, found in counts.items()]
    return sorted(lines, key=lambda line: (not line.never, -line.cases if line.never else 0, line.unit))


def merged(lines: Iterable[CoverageLine], unit_of: Callable[[str], str]) -> list[CoverageLine]:
    """Lines of finer units added up to those that `unit_of` names, in the order of `coverage`."""
    counts: dict[str, list[int]] = {}
    for line in lines:
        found = counts.setdefault(unit_of(line.unit), [0] * 6)
        for place, n in enumerate(
            (line.cases, line.followed_up, line.inspected, line.organ_heard, line.observed, line.any_means)
        ):
            found[place] += n
    return _ordered(counts)
