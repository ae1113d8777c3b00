"""The response funnel with its words, for every face."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.accounts.models import User
from surveys.documents.figures.content import About, FunnelContent, LossLine, RateLine, StepLine, WayLines
from surveys.figures.funnel import Funnel, Reach, Step, Way
from surveys.queries.figures.funnel import EACH_WAY, response_funnel
from surveys.queries.figures.scope import Choice
from surveys.queries.figures.words import WAYS, finding, loss_words, step_words


def funnel_content(
    *, user: User, choice: Choice, about: About, ways: tuple[Way, ...] = EACH_WAY, now: datetime
) -> FunnelContent:
    """In the active language; the whole line, then the ways asked for."""
    found = response_funnel(user=user, choice=choice, ways=ways, now=now)
    return FunnelContent(
        about=about,
        finding=finding(found.reach, found.whole),
        rates=rate_lines(found.reach),
        ways=tuple(_way(each, choice) for each in (found.whole, *found.ways)),
    )


def rate_lines(found: Reach) -> tuple[RateLine, ...]:
    """Reach, refusal and answers: what stands beside every mean."""
    return (
        RateLine("reached", pgettext("step of asking", "Reached"), _("the follow-ups begun"), found.reached),
        RateLine("answered", pgettext("step of asking", "Answered"), _("the follow-ups begun"), found.response),
        RateLine("refused", _("Declined, or asked for no more contact"), _("those reached"), found.refusal),
    )


def _way(funnel: Funnel, choice: Choice) -> WayLines:
    """While the case runs nobody is counted who was not asked: there is no step before the follow-up began."""
    steps = tuple(
        StepLine(each.step.code, step_words(funnel.way, each.step), each.count, each.of_first, each.of_before)
        for each in funnel.steps
        if each.step is not Step.CLOSED or not choice.under_way
    )
    losses = tuple(
        LossLine(
            code=each.loss,
            after_code=each.after.code,
            after=step_words(funnel.way, each.after),
            label=loss_words(each.loss),
            count=each.count,
            still_open=each.still_open,
        )
        for each in funnel.losses
    )
    return WayLines(code=funnel.way.value, label=str(WAYS[funnel.way]), steps=steps, losses=losses)
