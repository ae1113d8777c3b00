"""The response funnel on paper: chart, steps and reasons, way by way."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.shares import ENOUGH
from qa_service.documents.content import Align, Column, Heading, Paragraph, Sheet, SheetBlock, Table
from surveys.documents.figures.charts import of_how_many, opinion_chart, plain_chart, way_chart
from surveys.documents.figures.content import AnswersContent, FunnelContent, QuestionLines, RateLine, WayLines
from surveys.documents.wording import minute

NOTHING = "—"
_SMALL = 10.5
_SMALLER = 9.0


def funnel_sheet(content: FunnelContent, *, language: str) -> Sheet:
    blocks: list[SheetBlock] = [
        way_chart(content.whole, title=content.whole.label),
        Paragraph(content.finding),
        _rates(content.rates),
    ]
    for way in content.ways:
        blocks += _way(way)
    as_of = _("As of %(moment)s") % {"moment": minute(content.about.as_of)}
    return Sheet(
        title=_("From being asked to answering"),
        subline=_(", ").join(content.about.words),
        blocks=tuple(blocks),
        language=language,
        foot=as_of,
    )


def answers_sheet(content: AnswersContent, *, language: str) -> Sheet:
    blocks: list[SheetBlock] = []
    if any(question.favourable for question in content.questions):
        blocks.append(opinion_chart(content.questions, title=content.title))
    blocks += [Paragraph(content.finding), _rates(content.rates)]
    for question in content.questions:
        blocks += _question(question)
    if content.money is not None:
        blocks += [Heading(_("Money or gifts")), Paragraph(money_words(content.money))]
    return Sheet(
        title=_("What clients answered"),
        subline=_(", ").join(content.about.words),
        blocks=tuple(blocks),
        language=language,
        foot=_("As of %(moment)s") % {"moment": minute(content.about.as_of)},
    )


def money_words(count: int) -> str:
    """A count alone: an alarm, not a score."""
    return _("Matters of this kind that you see to: %(count)d. They are told as a number only.") % {"count": count}


def _question(question: QuestionLines) -> list[SheetBlock]:
    blocks: list[SheetBlock] = [Heading(question.text)]
    if question.begins_anew:
        blocks.append(Paragraph(_("Worded differently before: %(versions)s only.") % {"versions": question.asked_in}))
    if question.differs:
        blocks.append(Paragraph(question.differs))
    if question.whole.small:
        return [*blocks, Paragraph(of_how_many(question.whole))]
    if not question.favourable:
        blocks.append(plain_chart(question))
    columns = (
        Column(pgettext("asking", "Way"), 3),
        *(Column(choice, 2, Align.RIGHT) for choice in question.choices),
        Column(_("No opinion"), 2, Align.RIGHT),
        Column(_("Not asked or left open"), 2, Align.RIGHT),
        Column("n", 1, Align.RIGHT),
    )
    rows = tuple(
        (
            line.label,
            *(f"{part.count}\n{part.percent} %" for part in line.parts),
            *(() if line.parts else (NOTHING,) * len(question.choices)),
            str(line.none),
            str(line.silent),
            str(line.n),
        )
        for line in question.lines
    )
    return [*blocks, Table(columns, rows, size=_SMALLER)]


def _rates(rates: tuple[RateLine, ...]) -> Table:
    columns = (
        Column(pgettext("rate", "Share"), 4),
        Column(pgettext("rate", "Of"), 3),
        Column(pgettext("rate", "Number"), 2, Align.RIGHT),
        Column(pgettext("rate", "Per cent"), 2, Align.RIGHT),
        Column(_("95 % interval"), 3, Align.RIGHT),
    )
    rows = tuple(
        (
            rate.label,
            rate.of,
            f"{rate.share.part} / {rate.share.whole}",
            _percent(rate.share.percent),
            NOTHING if rate.share.low is None else f"{rate.share.low_percent}–{rate.share.high_percent} %",
        )
        for rate in rates
    )
    return Table(columns, rows, size=_SMALL)


def _way(way: WayLines) -> list[SheetBlock]:
    columns = (
        Column(_("Step"), 5),
        Column(pgettext("rate", "Number"), 2, Align.RIGHT),
        Column(_("Of the first"), 2, Align.RIGHT),
        Column(_("Of the step before"), 2, Align.RIGHT),
    )
    steps = tuple(
        (step.label, str(step.count), _percent(step.of_first), _percent(step.of_before)) for step in way.steps
    )
    if not way.first:
        return [Heading(way.label), Paragraph(_("Nobody was to be asked in this way."))]
    blocks: list[SheetBlock] = [Heading(way.label), Table(columns, steps, size=_SMALL)]
    if way.small:
        few = _("Fewer than %(enough)d: too few to draw anything from.") % {"enough": ENOUGH}
        blocks.append(Paragraph(few))
    if way.losses:
        blocks.append(_losses(way))
    return blocks


def _losses(way: WayLines) -> Table:
    columns = (
        Column(_("After"), 3),
        Column(_("Why there is no answer"), 6),
        Column(pgettext("rate", "Number"), 2, Align.RIGHT),
    )
    rows = tuple(
        (line.after, _("%(reason)s (not lost yet)") % {"reason": line.label} if line.still_open else line.label,
         str(line.count))
        for line in way.losses
    )  # fmt: skip
    return Table(columns, rows, size=_SMALL)


def _percent(share: Decimal | None) -> str:
    return NOTHING if share is None else f"{share} %"
