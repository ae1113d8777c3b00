"""Columns of counts side by side over one axis, with the lines at which a band begins."""

from collections.abc import Iterator
from math import ceil
from typing import Final

from qa_service.documents.content import HistogramChart
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import BLUE, GREY, INK, MIDDLE, MUTED, TITLE, Box, Colour, Shape, Stroke, Words

_PLOT: Final = 180.0
_FOOT: Final = 56.0
_LEFT: Final = 40.0
_SMALL: Final = 11.0
_LEVELS: Final = 4
_COLOURS: Final[tuple[Colour, ...]] = (BLUE, (0xE2 / 255, 0xB4 / 255, 0x66 / 255), MUTED, GREY)


def height() -> float:
    return TITLE + 22 + _PLOT + _FOOT


def shapes(chart: HistogramChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    top, wide = TITLE + 22, (width - _LEFT) / max(len(chart.columns), 1)
    highest = _round_above(max((n for one in chart.series for n in one.counts), default=0))
    for part in range(_LEVELS + 1):
        y = top + _PLOT * (1 - part / _LEVELS)
        yield Words(_LEFT - 6, y + _SMALL * MIDDLE, str(highest * part // _LEVELS), _SMALL, "end", MUTED)
        yield Box(_LEFT, y, width - _LEFT, "", GREY, 0.4)
    bar = wide * 0.8 / max(len(chart.series), 1)
    for number, one in enumerate(chart.series):
        for place, n in enumerate(one.counts):
            if n:
                tall = _PLOT * n / highest
                x = _LEFT + place * wide + wide * 0.1 + number * bar
                tip = f"{one_line(chart.columns[place])}, {one_line(one.name)} {n}"
                yield Box(x, top + _PLOT - tall, bar, tip, _COLOURS[number % len(_COLOURS)], tall)
    for place, said in enumerate(chart.columns):
        yield Words(_LEFT + (place + 0.5) * wide, top + _PLOT + 15, one_line(said), _SMALL - 1, "middle", MUTED)
    for place, said in chart.cuts:
        x = _LEFT + place * wide
        yield Stroke(x, top - 4, x, top + _PLOT, INK, 1.2, dashed=True)
        yield Words(x + 3, top + 4, one_line(said), _SMALL)
    yield from _legend(chart, top + _PLOT + 32)
    yield Words(width, top + _PLOT + 32 + _SMALL * MIDDLE, one_line(chart.x_label), _SMALL, "end", MUTED)


def described(chart: HistogramChart) -> str:
    rows = "; ".join(
        f"{one_line(one.name)}: "
        + ", ".join(f"{one_line(name)} {n}" for name, n in zip(chart.columns, one.counts, strict=True) if n)
        for one in chart.series
    )
    return ". ".join(part for part in (one_line(chart.description), rows) if part)


def _legend(chart: HistogramChart, y: float) -> Iterator[Shape]:
    x = _LEFT
    for number, one in enumerate(chart.series):
        name = one_line(one.name)
        yield Box(x, y - 5, 10, "", _COLOURS[number % len(_COLOURS)], 10)
        yield Words(x + 14, y + _SMALL * MIDDLE, name, _SMALL)
        x += 14 + len(name) * _SMALL + 16


def _round_above(most: int) -> int:
    """A multiple of the number of levels, so that each level is a whole number."""
    return max(ceil(most / _LEVELS), 1) * _LEVELS
