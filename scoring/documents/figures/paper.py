"""Figures on paper: the overview of quality, two charts a page, each with its table; the appraisal table."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa_service.documents.content import (
    Align,
    BarChart,
    Column,
    HistogramChart,
    Paragraph,
    PlotChart,
    Sheet,
    SheetBlock,
    Table,
)

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


def appraisal_sheet(
    title: str,
    subline: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    note: str,
    language: str,
    foot: str,
) -> Sheet:
    """综合评析表: a line for each lawyer; names to the left, figures in the middle."""
    columns = tuple(
        Column(name, 1.6 if not place else 1.0, Align.LEFT if not place else Align.CENTRE)
        for place, name in enumerate(header)
    )
    table = Table(columns, tuple(map(tuple, rows)), size=_SMALL, air=_AIR)
    return Sheet(title=title, subline=subline, blocks=(table, Paragraph(note)), language=language, foot=foot)
