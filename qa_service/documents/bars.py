"""Horizontal bars of counts on one scale."""

from collections.abc import Iterator
from typing import Final

from qa_service.documents.content import BarChart
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import BAR, BLUE, GAP, GREY, MIDDLE, MUTED, TEXT, TITLE, Box, Shape, Words, text_width

_PITCH: Final = 28.0
_LABELS: Final = 0.22  # of the width, more where a label needs it
_MOST_LABELS: Final = 0.4
_COUNTS: Final = 0.24


def height(chart: BarChart) -> float:
    return TITLE + _PITCH * max(len(chart.bars), 1) + 8


def shapes(chart: BarChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    start = _labels_width(chart, width)
    room = width * (1 - _COUNTS) - start
    longest = max((bar.count for bar in chart.bars), default=0) or 1
    for number, bar in enumerate(chart.bars):
        y = TITLE + number * _PITCH
        length = room * bar.count / longest
        words = y + BAR / 2 + TEXT * MIDDLE
        yield Words(start - GAP, words, one_line(bar.label), anchor="end")
        if bar.count:
            colour = GREY if chart.muted else BLUE
            yield Box(start, y, length, f"{one_line(bar.label)} {bar.count}", colour)
        yield Words(start + length + GAP, words, one_line(f"{bar.count}{bar.note}"), colour=MUTED)


def described(chart: BarChart) -> str:
    counted = "; ".join(f"{one_line(bar.label)}: {bar.count}" for bar in chart.bars)
    return ". ".join(part for part in (one_line(chart.description), counted) if part)


def _labels_width(chart: BarChart, width: float) -> float:
    longest = max((text_width(one_line(bar.label)) for bar in chart.bars), default=0.0)
    return max(width * _LABELS, min(longest + GAP, width * _MOST_LABELS))
