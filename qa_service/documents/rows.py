"""A ruled form of two columns: what is asked for, and what stands there or is written there by hand."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from qa_service.documents.geometry import BLOCK_WIDTH, LEFT, SMALL, baseline, height
from qa_service.documents.linebreaks import atoms, lines
from qa_service.documents.pagination import Box
from qa_service.documents.pen import Pen

_ROW_AT_LEAST: Final = 42.0


def labelled_rows(pen: Pen, rows: Sequence[tuple[str, str]], *, at_least: float = _ROW_AT_LEAST) -> list[Box]:
    """One box a row; the first draws the upper edge too."""
    return [_row(pen, label, text, at_least, first=number == 0) for number, (label, text) in enumerate(rows)]


def _row(pen: Pen, label: str, text: str, at_least: float, *, first: bool) -> Box:
    label_width = BLOCK_WIDTH * 0.3
    measure = partial(pen.width, role="body", size=SMALL)
    bold = partial(pen.width, role="hei", size=SMALL)
    label_lines = lines(list(atoms(label, bold, "hei")), label_width - 16)
    text_lines = [
        line
        for part in text.split("\n")
        for line in lines(list(atoms(part, measure, "body")), BLOCK_WIDTH - label_width - 16)
    ]
    tall = max(at_least, max(len(label_lines), len(text_lines)) * 20.0 + 12)

    def draw(pen: Pen, down: float) -> None:
        top, bottom = height(down), height(down + tall)
        for edge in (top, bottom) if first else (bottom,):
            pen.rule(LEFT, edge, BLOCK_WIDTH, 0.6)
        for x in (LEFT, LEFT + label_width, LEFT + BLOCK_WIDTH):
            pen.upright(x, top, bottom, 0.6)
        for x, broken in ((LEFT + 8, label_lines), (LEFT + label_width + 8, text_lines)):
            start = down + (tall - len(broken) * 20.0) / 2
            for number, line in enumerate(broken):
                pen.line(x, baseline(start + number * 20.0 + 3, SMALL), line, SMALL, tracking=0.0)

    return Box(draw=draw, height=tall, need=tall, on_grid=False)
