"""Marks among curves between two axes: funnel plots, run charts. A mark's form is its meaning, colour repeats it."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from qa_service.documents.content import Curve, Form, PlotChart, PlotMark
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import (
    BLUE,
    GREY,
    INK,
    MIDDLE,
    MUTED,
    RED,
    TITLE,
    Box,
    Shape,
    Sign,
    Stroke,
    Words,
    text_width,
)

_PLOT: Final = 220.0
_PLOT_LOW: Final = 96.0  # of many beside each other
_FOOT: Final = 40.0
_LEFT: Final = 44.0
_RIGHT: Final = 0.16  # of the width, for the names of the curves
_SMALL: Final = 11.0
_SIGN: Final = 7.0
_LINE_OF_LABELS: Final = 14.0

Place = Callable[[float], float]


def height(chart: PlotChart) -> float:
    return TITLE + 22 + _tall(chart) + _FOOT


def shapes(chart: PlotChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    yield Words(0, TITLE + 8, one_line(chart.y_label), _SMALL, colour=MUTED)
    top, right, tall = TITLE + 22, width * (1 - _RIGHT), _tall(chart)
    across = _axis([x for x, _said in chart.x_ticks], _LEFT, right)
    down = _axis([y for y, _said in chart.y_ticks], top + tall, top)
    for level, said in chart.y_ticks:
        yield Words(_LEFT - 6, down(level) + _SMALL * MIDDLE, said, _SMALL, "end", MUTED)
        yield Box(_LEFT, down(level), right - _LEFT, "", GREY, 0.4)
    for place, said in chart.x_ticks:
        yield Words(across(place), top + tall + 16, said, _SMALL, "middle", MUTED)
    yield Words((_LEFT + right) / 2, top + tall + 32, one_line(chart.x_label), _SMALL, "middle", MUTED)
    for place, said in chart.uprights:
        yield Stroke(across(place), top, across(place), top + tall, MUTED, 1.0, dashed=True)
        yield Words(across(place) + 3, top + 9, one_line(said), _SMALL, colour=MUTED)
    yield from _curves(chart, across, down, right)
    for mark in chart.marks:
        yield _sign(mark, across, down)
    yield from _labels(chart, across, down, right)


def described(chart: PlotChart) -> str:
    said = "; ".join(one_line(mark.tip) for mark in chart.marks if mark.form is not Form.DOT or mark.label)
    return " ".join(part for part in (one_line(chart.description), said) if part)  # the first is a sentence


def _tall(chart: PlotChart) -> float:
    return _PLOT_LOW if chart.low else _PLOT


def _axis(ticks: list[float], start: float, end: float) -> Place:
    low, high = min(ticks, default=0.0), max(ticks, default=1.0)
    return lambda value: start + (end - start) * (value - low) / ((high - low) or 1.0)


def _curves(chart: PlotChart, across: Place, down: Place, right: float) -> Iterator[Shape]:
    """Names at the right ends, pushed apart where two curves end side by side."""
    ends: list[tuple[float, Curve]] = []
    for curve in chart.curves:
        colour = MUTED if curve.muted else BLUE
        for (x, y), (to_x, to_y) in pairwise(curve.points):
            yield Stroke(across(x), down(y), across(to_x), down(to_y), colour, 1.2, dashed=curve.dashed)
        if curve.name and curve.points:
            ends.append((down(curve.points[-1][1]), curve))
    last = float("-inf")
    for y, curve in sorted(ends, key=lambda each: each[0]):
        last = max(y + _SMALL * MIDDLE, last + _SMALL + 1)
        yield Words(right + 6, last, one_line(curve.name), _SMALL, colour=MUTED)


def _sign(mark: PlotMark, across: Place, down: Place) -> Sign:
    colour = RED if mark.form is Form.DIAMOND else MUTED if mark.form is Form.RING else BLUE
    return Sign(
        across(mark.x),
        down(mark.y),
        _SIGN + (2 if mark.form is Form.DIAMOND else 0),
        one_line(mark.tip),
        colour,
        ring=mark.form is Form.RING,
        pointed=mark.form is Form.DIAMOND,
        href=mark.href,
    )


def _labels(chart: PlotChart, across: Place, down: Place, right: float) -> Iterator[Shape]:
    """Beside their marks, on the side that has room; what would cover another label is left to the table."""
    taken: list[tuple[float, float, float]] = []
    for mark in sorted((each for each in chart.marks if each.label), key=lambda each: (each.y, each.x)):
        text = one_line(mark.label)
        wide, y = text_width(text, _SMALL), down(mark.y) + _SMALL * MIDDLE
        at_left = across(mark.x) + _SIGN + wide > right
        start = across(mark.x) - _SIGN - wide if at_left else across(mark.x) + _SIGN
        if any(
            abs(y - other) < _LINE_OF_LABELS and start < end and begin < start + wide for other, begin, end in taken
        ):
            continue
        taken.append((y, start, start + wide))
        yield Words(start, y, text, _SMALL, colour=INK)
