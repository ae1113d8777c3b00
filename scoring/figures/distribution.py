"""How scores are distributed, by steps of five points and by type of case, against the lines of the bands (pure)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STEP = 5
STEPS = tuple(range(0, 100, STEP))


@dataclass(frozen=True, slots=True)
class Series:
    """`counts` by step: how many scores lie from it up to, not including, the next; 100 is in the last."""

    name: str
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Distribution:
    series: tuple[Series, ...]
    cuts: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(each.n for each in self.series)

    def at_least(self, points: int) -> int:
        """How many scores lie in steps from so many points on."""
        place = points // STEP
        return sum(sum(each.counts[place:]) for each in self.series)

    @property
    def crowded(self) -> tuple[int, int] | None:
        """The step that more than half of all lie in, with its share in per cent: the method parts nobody there."""
        total = self.n
        columns = [sum(each.counts[place] for each in self.series) for place in range(len(STEPS))]
        most = max(columns, default=0)
        return (STEPS[columns.index(most)], round(100 * most / total)) if total and 2 * most > total else None


def distribution(counts: Mapping[str, Mapping[int, int]], cuts: Iterable[int]) -> Distribution:
    """:param counts: by name of the type, how many scores lie in each step, by its number from 0."""
    last = len(STEPS) - 1
    series = []
    for name, steps in counts.items():
        found = [0] * len(STEPS)
        for step, n in steps.items():
            found[min(max(step, 0), last)] += n
        series.append(Series(name, tuple(found)))
    return Distribution(series=tuple(each for each in series if each.n), cuts=tuple(sorted(cuts)))
