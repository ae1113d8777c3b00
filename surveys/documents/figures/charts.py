"""Charts of asking, as content: drawn as SVG for a page and onto paper from the same."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from qa_service.documents.content import Bar, BarChart, OpinionBar, OpinionChart, OpinionPart, Side
from surveys.documents.figures.content import AnswerLine, QuestionLines, WayLines


def way_chart(way: WayLines, *, title: str) -> BarChart:
    """Bars from the first step to the answer, each with its count and its share of the first."""
    bars = tuple(
        Bar(step.label, step.count, "" if step.of_first is None else f" ({step.of_first} %)") for step in way.steps
    )
    return BarChart(title=title, bars=bars, description=way.label, muted=way.small)


def opinion_chart(questions: Iterable[QuestionLines], *, title: str) -> OpinionChart:
    """The questions that have a good and a bad side, one under the other, all ways together."""
    return OpinionChart(title=title, bars=tuple(_opinion(each) for each in questions if each.favourable))


def plain_chart(question: QuestionLines) -> BarChart:
    """A question whose answers have no side: one bar an answer."""
    bars = tuple(Bar(part.label, part.count, f" ({part.percent} %)") for part in question.whole.parts)
    return BarChart(title=question.text, bars=bars)


def _opinion(question: QuestionLines) -> OpinionBar:
    line = question.whole
    parts = [
        OpinionPart(part.label, part.count, float(part.percent) / 100, f"{part.percent:.0f} %", Side(part.side))
        for part in line.parts
    ]
    return OpinionBar(
        label=question.text if not question.begins_anew else f"{question.text} ({question.asked_in})",
        parts=tuple(sorted(parts, key=lambda part: list(Side).index(part.side))),
        note=of_how_many(line),
    )


def of_how_many(line: AnswerLine) -> str:
    """n, and how many of those who answered said nothing to it."""
    counted = {"n": line.n, "none": line.none, "silent": line.silent}
    if line.small:
        return _("too few: n = %(n)d; no opinion %(none)d; not asked or left open %(silent)d") % counted
    return _("n = %(n)d; no opinion %(none)d; not asked or left open %(silent)d") % counted
