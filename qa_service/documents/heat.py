"""A table of shares whose cells are the darker the more was lost; every cell says its number in print."""

from collections.abc import Iterator
from typing import Final

from qa_service.documents.content import HeatChart
from qa_service.documents.printable import one_line
from qa_service.documents.shapes import INK, MIDDLE, MUTED, TITLE, WHITE, Area, Box, Colour, Shape, Words, text_width

_ROW: Final = 22.0
_HEAD: Final = 18.0
_SMALL: Final = 11.0
_LABELS: Final = 0.32  # of the width
_WIDEST: Final = 56.0
_AIR: Final = 1.0  # between two cells
# The colour of the cell, and of the words in it: each pair reads at 4.5 to 1 or better.
_COLOURS: Final[tuple[tuple[Colour, Colour], ...]] = (
    ((0xF2 / 255, 0xF5 / 255, 0xF8 / 255), INK),
    ((0xD6 / 255, 0xE4 / 255, 0xF2 / 255), INK),
    ((0x9F / 255, 0xC4 / 255, 0xE8 / 255), INK),
    ((0x2A / 255, 0x69 / 255, 0xA8 / 255), WHITE),
    ((0x0B / 255, 0x3A / 255, 0x6E / 255), WHITE),
)


def height(chart: HeatChart) -> float:
    return TITLE + _HEAD + _ROW * max(len(chart.rows), 1) + 4


def shapes(chart: HeatChart, width: float) -> Iterator[Shape]:
    yield Words(0, 14, one_line(chart.title), 13.0, strong=True)
    labels = width * _LABELS
    column = min((width - labels) / max(len(chart.columns), 1), _WIDEST)
    for place, name in enumerate(chart.columns):
        yield Words(
            labels + (place + 0.5) * column, TITLE + 12, shortened(one_line(name), column), _SMALL, anchor="middle"
        )
    for number, row in enumerate(chart.rows):
        y = TITLE + _HEAD + number * _ROW
        baseline = y + _ROW / 2 + _SMALL * MIDDLE
        yield Words(0, baseline, shortened(one_line(row.label), labels - 6), _SMALL)
        for place, cell in enumerate(row.cells):
            x, words = labels + place * column, MUTED
            tip = f"{one_line(row.label)}, {one_line(chart.columns[place])} {cell.shown}"
            if cell.level is not None:
                colour, words = _COLOURS[cell.level]
                yield Box(x, y, column - _AIR, tip, colour, _ROW - _AIR)
            yield Words(x + column / 2, baseline, one_line(cell.shown), _SMALL, anchor="middle", colour=words)
            if cell.href:
                yield Area(x, y, column - _AIR, _ROW - _AIR, cell.href, tip)


def described(chart: HeatChart) -> str:
    rows = "; ".join(
        f"{one_line(row.label)}: "
        + ", ".join(f"{one_line(name)} {cell.shown}" for name, cell in zip(chart.columns, row.cells, strict=True))
        for row in chart.rows
    )
    return ". ".join(part for part in (one_line(chart.description), rows) if part)


def shortened(text: str, room: float, size: float = _SMALL) -> str:
    """As much of it as there is room for; the table beside the picture has all of it."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
