"""Points between two axes, with level lines that mean something: each line says in words what it is."""

from collections import Counter
from collections.abc import Iterator
from math import ceil, floor
from typing import Final

from qa_service.common.rounding import with_sign
from qa_service.documents.content import ScatterChart
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import BLUE, GREY, INK, MIDDLE, MUTED, TITLE, Box, Shape, Words

_PLOT: Final = 240.0
_FOOT: Final = 40.0
_LEFT: Final = 44.0
_RIGHT: Final = 0.26  # of the width, for the words of the lines
_SMALL: Final = 11.0
_DOT: Final = 5.0
_MOST: Final = 5.0  # by which a dot of many files is wider
_STEP: Final = 5


def height() -> float:
    return TITLE + 22 + _PLOT + _FOOT


def shapes(chart: ScatterChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    yield Words(0, TITLE + 8, one_line(chart.y_label), _SMALL, colour=MUTED)
    top, right = TITLE + 22, width * (1 - _RIGHT)
    low, high = _ends([x for x, _y in chart.points])
    far = max(abs(end) for end in _ends([*(y for _x, y in chart.points), *(y for y, _said in chart.lines)]))

    def across(x: float) -> float:
        return _LEFT + (right - _LEFT) * (x - low) / (high - low)

    def down(y: float) -> float:
        return top + _PLOT * (far - y) / (2 * far)

    for level in (-far, 0, far):
        yield Words(_LEFT - 6, down(level) + _SMALL * MIDDLE, with_sign(level) if level else "0", _SMALL, "end", MUTED)
        yield Box(_LEFT, down(level), right - _LEFT, "", GREY, 0.5)
    for place in (low, high):
        yield Words(across(place), top + _PLOT + 16, str(place), _SMALL, "middle", MUTED)
    yield Words((_LEFT + right) / 2, top + _PLOT + 32, one_line(chart.x_label), _SMALL, "middle", MUTED)
    for level_, said in chart.lines:
        yield Box(_LEFT, down(level_) - 0.75, right - _LEFT, one_line(said), INK, 1.5)
        yield Words(right + 6, down(level_) + _SMALL * MIDDLE, one_line(said), _SMALL)
    for (x, y), files in sorted(Counter((round(x), round(y)) for x, y in chart.points).items()):
        size = _DOT + min(files - 1, _MOST)
        yield Box(across(x) - size / 2, down(y) - size / 2, size, f"{x}, {with_sign(y)} (n = {files})", BLUE, size)


def described(chart: ScatterChart) -> str:
    lines = "; ".join(one_line(said) for _y, said in chart.lines)
    return ". ".join(part for part in (one_line(chart.description), lines) if part)


def _ends(values: list[float]) -> tuple[int, int]:
    """Round numbers around all of them, never the same."""
    low = floor(min(values, default=0) / _STEP) * _STEP
    return low, max(ceil(max(values, default=0) / _STEP) * _STEP, low + _STEP)
