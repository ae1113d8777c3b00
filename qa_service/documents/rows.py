"""A ruled form: what is asked for, and what stands there or is written there by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from qa_service.documents.geometry import BLOCK_WIDTH, LEFT, SMALL, baseline, height
from qa_service.documents.linebreaks import Atom, atoms, lines
from qa_service.documents.pagination import Box
from qa_service.documents.pen import Pen

_ROW_AT_LEAST: Final = 42.0
_LEADING: Final = 20.0 / SMALL  # of the size
_LABEL: Final = {1: 0.3, 2: 0.34}  # of a pair's width


@dataclass(frozen=True, slots=True)
class _Column:
    """One broken text; `left` edge and `width` in points."""

    left: float
    width: float
    lines: list[list[Atom]]


def labelled_rows(
    pen: Pen, rows: Sequence[tuple[str, str]], *, at_least: float = _ROW_AT_LEAST, across: int = 1, size: float = SMALL
) -> list[Box]:
    """One box a row; the first draws the upper edge too. `across`: how many pairs stand side by side."""
    beside = [rows[at : at + across] for at in range(0, len(rows), across)]
    width, made = BLOCK_WIDTH / across, []
    for number, pairs in enumerate(beside):
        columns = [
            column
            for at, pair in enumerate(pairs)
            for column in _pair(pen, pair, LEFT + at * width, width, share=_LABEL[across], size=size)
        ]
        made.append(_row(columns, at_least, size=size, first=number == 0))
    return made


def _row(columns: Sequence[_Column], at_least: float, *, size: float, first: bool) -> Box:
    line_height = size * _LEADING
    tall = max(at_least, max(len(column.lines) for column in columns) * line_height + 12)

    def draw(pen: Pen, down: float) -> None:
        top, bottom = height(down), height(down + tall)
        for edge in (top, bottom) if first else (bottom,):
            pen.rule(LEFT, edge, BLOCK_WIDTH, 0.6)
        for x in (*(column.left for column in columns), LEFT + BLOCK_WIDTH):
            pen.upright(x, top, bottom, 0.6)
        for column in columns:
            start = down + (tall - len(column.lines) * line_height) / 2
            for number, line in enumerate(column.lines):
                pen.line(
                    column.left + 8,
                    baseline(start + number * line_height + size * 3 / SMALL, size),
                    line,
                    size,
                    tracking=0.0,
                )

    return Box(draw=draw, height=tall, need=tall, on_grid=False)


def _pair(pen: Pen, pair: tuple[str, str], left: float, width: float, *, share: float, size: float) -> list[_Column]:
    label, text = pair
    label_width = width * share
    measure = partial(pen.width, role="body", size=size)
    bold = partial(pen.width, role="hei", size=size)
    return [
        _Column(left, label_width, lines(list(atoms(label, bold, "hei")), label_width - 16)),
        _Column(
            left + label_width,
            width - label_width,
            [
                line
                for part in text.split("\n")
                for line in lines(list(atoms(part, measure, "body")), width - label_width - 16)
            ],
        ),
    ]
