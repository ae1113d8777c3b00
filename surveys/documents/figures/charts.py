"""Charts of asking, as content: drawn as SVG for a page and onto paper from the same."""

from qa_service.documents.content import Bar, BarChart
from surveys.documents.figures.content import WayLines


def way_chart(way: WayLines, *, title: str) -> BarChart:
    """Bars from the first step to the answer, each with its count and its share of the first."""
    bars = tuple(
        Bar(step.label, step.count, "" if step.of_first is None else f" · {step.of_first} %") for step in way.steps
    )
    return BarChart(title=title, bars=bars, description=way.label, muted=way.small)
