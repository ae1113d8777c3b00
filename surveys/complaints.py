"""The way of a statutory complaint and its clocks (法律援助投诉处理; domain.md 1.7). The clocks are parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from qa_service.common.workdays import Calendar
from surveys.enums import Clock, ComplaintAct, ComplaintOutcome, ComplaintState
from surveys.recovery import due_day

A, S = ComplaintAct, ComplaintState

STEPS: Mapping[tuple[ComplaintState, ComplaintAct], ComplaintState] = MappingProxyType(
    {
        (S.RECEIVED, A.ASK_MORE): S.SUPPLEMENT,
        (S.SUPPLEMENT, A.COMPLETE): S.RECEIVED,
        (S.RECEIVED, A.ACCEPT): S.ACCEPTED,
        (S.RECEIVED, A.REFUSE): S.REFUSED,
        # What was asked for never came.
        (S.SUPPLEMENT, A.REFUSE): S.REFUSED,
        (S.ACCEPTED, A.EXTEND): S.ACCEPTED,
        (S.ACCEPTED, A.DECIDE): S.DECIDED,
        (S.DECIDED, A.REPLY): S.REPLIED,
        **{(state, A.ASSIGN): state for state in (S.RECEIVED, S.SUPPLEMENT, S.ACCEPTED)},
        **{(state, A.NOTE): state for state in (S.RECEIVED, S.SUPPLEMENT, S.ACCEPTED, S.DECIDED)},
        **{(state, A.WITHDRAW): S.WITHDRAWN for state in (S.RECEIVED, S.SUPPLEMENT, S.ACCEPTED)},
        **{(state, A.MERGE): S.MERGED for state in (S.RECEIVED, S.SUPPLEMENT, S.ACCEPTED)},
    }
)
OVER = frozenset({S.REPLIED, S.REFUSED, S.WITHDRAWN, S.MERGED})
UPHELD = frozenset(ComplaintOutcome) - {ComplaintOutcome.UNFOUNDED, ComplaintOutcome.EXPLAINED}


class ActNotOpen(LookupError):  # noqa: N818 - named for the fact
    """The step does not follow from where the complaint stands."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Working days to accept and to reply, days to decide, days an extension may add."""

    accept_days: int = 5
    decide_days: int = 45
    extend_days: int = 30
    reply_days: int = 5


@dataclass(frozen=True, slots=True)
class Dates:
    """What has happened when. `completed_on`: when what was missing came; the time to accept runs from there."""

    received_on: date
    completed_on: date | None = None
    accepted_on: date | None = None
    decided_on: date | None = None
    extended: bool = False


def open_acts(state: ComplaintState, *, asked_more: bool, extended: bool) -> tuple[ComplaintAct, ...]:
    """The steps that may follow. What is missing is asked for once; the time is extended once."""
    spent = {A.ASK_MORE: asked_more, A.EXTEND: extended}
    return tuple(act for act in ComplaintAct if (state, act) in STEPS and not spent.get(act, False))


def after(state: ComplaintState, act: ComplaintAct, *, asked_more: bool, extended: bool) -> ComplaintState:
    """:raises ActNotOpen: the step may not follow now."""
    if act not in open_acts(state, asked_more=asked_more, extended=extended):
        raise ActNotOpen(act)
    return STEPS[state, act]


def due(dates: Dates, rules: Rules, calendar: Calendar) -> dict[Clock, date | None]:
    """The day of each clock that has begun to run; None where it has not, or where a year's calendar is missing."""
    decide = rules.decide_days + (rules.extend_days if dates.extended else 0)
    return {
        Clock.ACCEPT: due_day(dates.completed_on or dates.received_on, rules.accept_days, calendar),
        Clock.DECIDE: dates.accepted_on + timedelta(days=decide) if dates.accepted_on else None,
        Clock.REPLY: due_day(dates.decided_on, rules.reply_days, calendar) if dates.decided_on else None,
    }


def running(state: ComplaintState) -> Clock | None:
    """The clock that runs now. While the complainant is to bring what is missing, none does."""
    return {S.RECEIVED: Clock.ACCEPT, S.ACCEPTED: Clock.DECIDE, S.DECIDED: Clock.REPLY}.get(state)
