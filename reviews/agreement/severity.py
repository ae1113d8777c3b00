"""Who marks milder and who harder than those who read the same files (pure).

A total is taken as what the file deserves, plus how mild its reader is, plus chance; fitted by least squares over the
files that two or more have read. Only shared files tell readers apart from the files they happened to get: readers
who are joined by none, not even through others, stand in groups that cannot be compared, and the fit says so.

Source: the additive form of a many-facet model, as in Linacre, "Many-Facet Rasch Measurement" (1989), chapter on
linking; the elimination of the files' own effects is that of any two-way layout (Searle, "Linear Models", 1971).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import mul

from reviews.agreement.intervals import Around, around


@dataclass(frozen=True, slots=True)
class Total:
    """One reader's total of one file, 0 to 100."""

    file: int
    reader: int
    points: float


@dataclass(frozen=True, slots=True)
class Leniency:
    """Points above (milder) or below the mean of the readers of the same group.

    `shared`: files that another read too. The interval holds 19 times of 20; it is absent where as many things were to
    be found out as there were files to tell them.
    """

    reader: int
    group: int
    shared: int
    points: float
    interval: Around | None


@dataclass(frozen=True, slots=True)
class Severity:
    """`residual`: the standard deviation of what neither file nor reader explains, in points.

    `alone`: readers of whom nobody has read a file too.
    """

    readers: tuple[Leniency, ...]
    groups: int
    alone: tuple[int, ...]
    residual: float | None

    @property
    def comparable(self) -> bool:
        """Whether every reader can be set beside every other."""
        return self.groups <= 1 and not self.alone


def severity(totals: Iterable[Total]) -> Severity:
    """:raises ValueError: one reader has two totals of one file"""
    by_file = _by_file(totals)
    everybody = {reader for readings in by_file.values() for reader in readings}
    shared = [readings for readings in by_file.values() if len(readings) > 1]
    groups = _groups(shared)
    found: list[Leniency] = []
    unexplained, freedom = 0.0, 0
    fits = [_Fit(members, files) for members, files in zip(groups, _files_of(groups, shared), strict=True)]
    for fit in fits:
        unexplained += fit.unexplained
        freedom += fit.freedom
    residual = sqrt(unexplained / freedom) if freedom > 0 else None
    for group, fit in enumerate(fits, start=1):
        found += fit.leniencies(group, residual)
    return Severity(
        readers=tuple(sorted(found, key=lambda one: (one.group, one.points, one.reader))),
        groups=len(groups),
        alone=tuple(sorted(everybody.difference(*groups))),
        residual=residual,
    )


def _by_file(totals: Iterable[Total]) -> dict[int, dict[int, float]]:
    by_file: dict[int, dict[int, float]] = defaultdict(dict)
    for total in totals:
        if total.reader in by_file[total.file]:
            raise ValueError(f"reader {total.reader} has two totals of file {total.file}")
        by_file[total.file][total.reader] = total.points
    return by_file


def _groups(shared: Sequence[dict[int, float]]) -> list[set[int]]:
    """Readers joined by a file, or through others; the largest group first."""
    group_of: dict[int, set[int]] = {}
    for readings in shared:
        joined = group_of.get(next(iter(readings)), set())
        if readings.keys() <= joined:
            continue
        for reader in readings:
            joined |= group_of.get(reader, {reader})
        for reader in joined:
            group_of[reader] = joined
    distinct = {id(group): group for group in group_of.values()}.values()
    return sorted(distinct, key=lambda group: (-len(group), min(group)))


def _files_of(groups: Sequence[set[int]], shared: Sequence[dict[int, float]]) -> list[list[dict[int, float]]]:
    group_of = {reader: place for place, group in enumerate(groups) for reader in group}
    files: list[list[dict[int, float]]] = [[] for _ in groups]
    for readings in shared:
        files[group_of[next(iter(readings))]].append(readings)
    return files


class _Fit:
    """The readers of one group: each file's own effect is taken out, what is left is solved for the readers."""

    def __init__(self, members: set[int], files: Sequence[dict[int, float]]) -> None:
        self.members = sorted(members)
        self.files = files
        self.place = {reader: place for place, reader in enumerate(self.members)}
        size = len(self.members)
        # The matrix has all readers' common level added, which its inverse carries as one over their number.
        self.effects, self.variances = _solved(self._matrix(), self._right_side())
        middle = sum(self.effects) / size
        self.effects = [effect - middle for effect in self.effects]
        readings = sum(map(len, files))
        self.freedom = readings - len(files) - (size - 1)
        self.unexplained = self._unexplained()

    def _matrix(self) -> list[list[float]]:
        size = len(self.members)
        matrix = [[1.0 / size] * size for _ in range(size)]
        for readings in self.files:
            part = 1.0 / len(readings)
            places = [self.place[reader] for reader in readings]
            for one in places:
                row = matrix[one]
                row[one] += 1.0
                for other in places:
                    row[other] -= part
        return matrix

    def _right_side(self) -> list[float]:
        right = [0.0] * len(self.members)
        for readings in self.files:
            mean = sum(readings.values()) / len(readings)
            for reader, points in readings.items():
                right[self.place[reader]] += points - mean
        return right

    def _unexplained(self) -> float:
        left = 0.0
        for readings in self.files:
            over = [points - self.effects[self.place[reader]] for reader, points in readings.items()]
            mean = sum(over) / len(over)
            left += sum((points - mean) ** 2 for points in over)
        return left

    def leniencies(self, group: int, residual: float | None) -> Iterable[Leniency]:
        shared: dict[int, int] = defaultdict(int)
        for readings in self.files:
            for reader in readings:
                shared[reader] += 1
        size = len(self.members)
        for place, (reader, points) in enumerate(zip(self.members, self.effects, strict=True)):
            interval = None
            if residual is not None:
                interval = around(points, residual * sqrt(max(0.0, self.variances[place] - 1.0 / size)))
            yield Leniency(reader=reader, group=group, shared=shared[reader], points=points, interval=interval)


def _solved(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> tuple[list[float], list[float]]:
    """The unknowns of a symmetric, positive definite system, and the diagonal of the inverse.

    By Cholesky's factor and that of the inverse (Golub and Van Loan, "Matrix Computations", 2013, chapter 4): for 300
    readers a seventh of the time that the whole inverse takes.
    """
    lower: list[list[float]] = []
    for row in matrix:
        factors: list[float] = []
        for above in lower:
            place = len(factors)
            factors.append((row[place] - _dot(factors, above)) / above[place])
        factors.append(sqrt(row[len(factors)] - _dot(factors, factors)))
        lower.append(factors)
    half: list[float] = []
    for row, value in zip(lower, right, strict=True):
        half.append((value - _dot(row, half)) / row[-1])
    columns = [_column(lower, first) for first in range(len(lower))]
    return [_dot(column, half[first:]) for first, column in enumerate(columns)], [_dot(each, each) for each in columns]


def _column(lower: Sequence[Sequence[float]], first: int) -> list[float]:
    """Of the inverse of a lower triangle, from its diagonal on."""
    found = [1.0 / lower[first][first]]
    for row in lower[first + 1 :]:
        found.append(-_dot(row[first:-1], found) / row[-1])
    return found


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    """As far as the shorter goes."""
    found: float = sum(map(mul, one, other))
    return found
