"""How far the result of each file leans by who happened to read it (pure).

Told for reports alone, beside the marks as they were given: a lawyer's grade never moves for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reviews.agreement.severity import Severity
from reviews.figures.agreement import Reading, readers_agree


@dataclass(frozen=True, slots=True)
class Leanings:
    """Points by which each file's result lies above (milder) or below what readers like these give on average.

    None where a reader shares no file with the others, not even through others. `readers` are those who do.
    """

    by_file: Mapping[int, float | None]
    readers: int


def leanings(readings: Iterable[Reading]) -> Leanings | None:
    """:param readings: every submitted one; None where there is too little to say how mild its readers are."""
    files: dict[int, list[Reading]] = defaultdict(list)
    for each in readings:
        files[each.file].append(each)
    severity = readers_agree(each for turns in files.values() for each in turns).severity
    if severity is None:
        return None
    known = _of_the_largest_group(severity)
    return Leanings(
        by_file={file: _leaning([known.get(each.reader) for each in _given(turns)]) for file, turns in files.items()},
        readers=len(known),
    )


def _of_the_largest_group(severity: Severity) -> dict[int, float]:
    """Groups that no file joins lean each from a middle of its own."""
    return {each.reader: each.points for each in severity.readers if each.group == 1}


def _given(turns: Sequence[Reading]) -> Sequence[Reading]:
    """Those whose marks are the result: one, two together, or of three the one in the middle."""
    if len(turns) < 3:  # noqa: PLR2004 - a third reader
        return turns
    by_points = sorted(turns, key=lambda each: (each.points, each.turn))
    return [by_points[len(by_points) // 2]]


def _leaning(points: Sequence[float | None]) -> float | None:
    known = [each for each in points if each is not None]
    return sum(known) / len(known) if len(known) == len(points) else None
