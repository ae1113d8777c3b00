"""Figures as tables to take away: the lines of the page, no more and no other."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from surveys.documents.figures.content import FunnelContent

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
