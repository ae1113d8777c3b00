"""The overview of quality on paper: two charts a page, each with its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.documents.content import Align, BarChart, Column, HistogramChart, PlotChart, Sheet, SheetBlock, Table

_SMALL = 9.0
_AIR = 3.0


@dataclass(frozen=True, slots=True)
class Part:
    """One chart and its table twin; the first column holds words, the others figures."""

    charts: tuple[PlotChart | HistogramChart | BarChart, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def glance_sheet(title: str, subline: str, parts: Sequence[Part], *, language: str, foot: str) -> Sheet:
    blocks: list[SheetBlock] = []
    for part in parts:
        blocks += part.charts
        if part.rows:
            columns = tuple(
                Column(name, 2.0 if not place else 1.0, Align.LEFT if not place else Align.CENTRE)
                for place, name in enumerate(part.header)
            )
            blocks.append(Table(columns, part.rows, size=_SMALL, air=_AIR))
    return Sheet(title=title, subline=subline, blocks=tuple(blocks), language=language, foot=foot)
