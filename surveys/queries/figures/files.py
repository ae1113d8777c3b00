"""Figures as tables to take away: the lines of the page, no more and no other."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.documents.figures.content import AnswersContent, CostsContent, FunnelContent, HeardContent

Cell = str | int | Decimal | None


def funnel_header() -> tuple[str, ...]:
    return (
        pgettext("asking", "Way"), _("Step"), _("Why there is no answer"), _("Not lost yet"),
        pgettext("rate", "Number"), _("Of the first, %"), _("Of the step before, %"),
    )  # fmt: skip


def funnel_rows(content: FunnelContent) -> Iterator[tuple[Cell, ...]]:
    """Steps, each followed by what was lost after it."""
    for way in content.ways:
        for step in way.steps:
            yield way.label, step.label, "", "", step.count, step.of_first, step.of_before
            for loss in way.losses:
                if loss.after_code == step.code:
                    waits = _("yes") if loss.still_open else _("no")
                    yield way.label, step.label, loss.label, waits, loss.count, None, None


def answers_header() -> tuple[str, ...]:
    return (
        pgettext("questionnaire", "Code"), _("Question"), _("Versions"), pgettext("asking", "Way"),
        pgettext("record", "Answer"), pgettext("rate", "Number"), pgettext("rate", "Per cent"),
        _("95 % interval from"), _("95 % interval to"),
    )  # fmt: skip


def answers_rows(content: AnswersContent) -> Iterator[tuple[Cell, ...]]:
    """Each answer by each way; then the good side with its interval, and who said nothing."""
    for question in content.questions:
        for line in question.lines:
            named = (question.code, question.text, question.asked_in, line.label)
            for part in line.parts:
                yield *named, part.label, part.count, part.percent, None, None
            if line.favourable is not None:
                share = line.favourable
                yield *named, question.favourable, share.part, share.percent, share.low_percent, share.high_percent
            yield *named, _("Opinions"), line.n, None, None, None
            yield *named, _("No opinion"), line.none, None, None, None
            yield *named, _("Not asked or left open"), line.silent, None, None, None
    if content.money is not None:
        yield "", _("Money or gifts"), "", "", _("Matters that you see to"), content.money, None, None, None


def heard_header() -> tuple[str, ...]:
    return (
        _("Grouped by"), pgettext("figures", "Group"), _("Asked"),
        pgettext("step of asking", "Reached"), _("Reached, %"), _("95 % interval from"), _("95 % interval to"),
        pgettext("step of asking", "Answered"), _("Answered, %"), _("95 % interval from"), _("95 % interval to"),
        _("Of all reached, %"), _("Of all not reached, %"), _("Less heard"),
    )  # fmt: skip


def heard_rows(content: HeardContent) -> Iterator[tuple[Cell, ...]]:
    for dimension in content.dimensions:
        for line in dimension.lines:
            reached, answered = line.reached, line.answered
            yield (
                dimension.label, line.label, line.begun,
                reached.part, reached.percent, reached.low_percent, reached.high_percent,
                answered.part, answered.percent, answered.low_percent, answered.high_percent,
                line.of_reached.percent, line.of_unreached.percent, line.flag,
            )  # fmt: skip


def costs_header(content: CostsContent) -> tuple[str, ...]:
    money = _("Money, %(currency)s") % {"currency": content.currency}
    return (
        pgettext("asking", "Way"), pgettext("figures", "What was done"), pgettext("step of asking", "Answered"), money,
        _("Money for one answer"), _("Minutes"), _("Minutes for one answer"), pgettext("figures", "Not known"),
    )  # fmt: skip


def costs_rows(content: CostsContent) -> Iterator[tuple[Cell, ...]]:
    for line in content.lines:
        acts = _(", ").join(f"{n} {kind}" for kind, n in line.acts)
        yield (
            line.label, acts, line.answered, line.money, line.per_answer, line.minutes, line.minutes_per_answer,
            line.not_known,
        )  # fmt: skip
