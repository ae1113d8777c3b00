"""Diverging stacked bars: for on the right of the middle line, against on its left, what lies between across it.

Black and white tell as much as colour does: the side is the meaning, and every part that has room says its own words.
"""

from collections.abc import Iterator
from typing import Final

from qa_service.documents.content import OpinionBar, OpinionChart, OpinionPart, Side
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import (
    BLUE,
    INK,
    MIDDLE,
    MUTED,
    TEXT,
    TITLE,
    WHITE,
    Box,
    Colour,
    Shape,
    Words,
    text_width,
)

_PITCH: Final = 76.0
_LABEL: Final = 14.0  # from the top of a row to the baseline of its label
_NOTE: Final = 30.0
_BAR_TOP: Final = 38.0
_BAR: Final = 22.0
_SMALL: Final = 11.0
_PADDING: Final = 6.0
_COLOURS: Final[dict[Side, tuple[Colour, Colour]]] = {
    # The colour of the part, and of the words in it.
    Side.WORST: ((0x8A / 255, 0x53 / 255, 0x00 / 255), WHITE),
    Side.POOR: ((0xE2 / 255, 0xB4 / 255, 0x66 / 255), INK),
    Side.MIDDLE: ((0xE3 / 255, 0xE7 / 255, 0xEB / 255), INK),
    Side.GOOD: ((0x9F / 255, 0xC4 / 255, 0xE8 / 255), INK),
    Side.BEST: (BLUE, WHITE),
}
_AGAINST = (Side.WORST, Side.POOR)


def height(chart: OpinionChart) -> float:
    return TITLE + _PITCH * max(len(chart.bars), 1) + 4


def shapes(chart: OpinionChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    left = max((_against(bar) for bar in chart.bars), default=0.0)
    right = max((_whole(bar) - _against(bar) for bar in chart.bars), default=0.0)
    unit = width / (left + right) if left + right else 0.0
    for number, bar in enumerate(chart.bars):
        yield from _row(bar, TITLE + number * _PITCH, left * unit, unit)


def described(chart: OpinionChart) -> str:
    rows = "; ".join(
        f"{one_line(bar.label)}: {', '.join(f'{one_line(part.label)} {part.count}' for part in bar.parts) or bar.note}"
        for bar in chart.bars
    )
    return ". ".join(part for part in (one_line(chart.description), rows) if part)


def _row(bar: OpinionBar, y: float, middle: float, unit: float) -> Iterator[Shape]:
    yield Words(0, y + _LABEL, one_line(bar.label))
    yield Words(0, y + _NOTE, one_line(bar.note), _SMALL, colour=MUTED)
    if bar.parts:  # behind the bar: seen above and below it
        yield Box(middle - 0.75, y + _BAR_TOP - 4, 1.5, "", INK, _BAR + 8)
    x = middle - _against(bar) * unit
    for part in bar.parts:
        length = part.share * unit
        if part.count:
            yield from _part(part, x, y + _BAR_TOP, length)
        x += length


def _part(part: OpinionPart, x: float, y: float, length: float) -> Iterator[Shape]:
    colour, words = _COLOURS[part.side]
    label = one_line(part.label)
    yield Box(x, y, length, f"{label} {part.count}", colour, _BAR)
    said = next(
        (text for text in (f"{label} {part.shown}", part.shown) if text_width(text, _SMALL) + _PADDING <= length), ""
    )
    if said:
        yield Words(x + length / 2, y + _BAR / 2 + TEXT * MIDDLE, said, _SMALL, anchor="middle", colour=words)


def _against(bar: OpinionBar) -> float:
    """What lies left of the middle line: all against, and half of what lies between."""
    return sum(
        part.share if part.side in _AGAINST else part.share / 2 if part.side is Side.MIDDLE else 0.0
        for part in bar.parts
    )


def _whole(bar: OpinionBar) -> float:
    return sum(part.share for part in bar.parts)
