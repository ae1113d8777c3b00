"""One unhappy client, from the rating to the signature: which step may follow, and when each is due (domain.md 1.6).

Verify, put right, tell the client, ask again, sign off. The rating itself is never touched. Nothing here knows who
acts: the services hold back whoever handled a matter from signing it off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from qa_service.common.workdays import Calendar, CalendarYearMissing, add_workdays, workdays_between
from surveys.enums import Clock, Level, RecoveryAct, RecoveryEnd, RecoveryState

A, S = RecoveryAct, RecoveryState

# After so many calls on which nobody answered the matter goes on without the client.
MOST_ATTEMPTS = 3
# The wave of the second, short follow-up. Each matter and round has its own: they share one plan.
WAVE = "recovery"
# Asked again at once and once more; somebody waits to sign.
CONTACT_DAYS = (0, 3)
CLOSES_AFTER_DAYS = 10
LATE_UNTIL_DAYS = 30

STEPS: Mapping[tuple[RecoveryState, RecoveryAct], RecoveryState] = MappingProxyType(
    {
        (S.OPEN, A.TAKE): S.TAKEN,
        (S.TAKEN, A.MISS): S.TAKEN,
        (S.TAKEN, A.REACH): S.CONTACTED,
        (S.TAKEN, A.VERIFY): S.VERIFIED,
        (S.CONTACTED, A.VERIFY): S.VERIFIED,
        # Reached after all, when the matter went on without them.
        (S.VERIFIED, A.REACH): S.VERIFIED,
        (S.FIXED, A.REACH): S.FIXED,
        (S.VERIFIED, A.FIX): S.FIXED,
        (S.FIXED, A.TELL): S.TOLD,
        (S.FIXED, A.SIGN_OFF): S.CLOSED,
        (S.FIXED, A.SEND_BACK): S.VERIFIED,
        (S.TOLD, A.ASK): S.ASKED,
        (S.ASKED, A.SIGN_OFF): S.CLOSED,
        (S.ASKED, A.SEND_BACK): S.VERIFIED,
        (S.OPEN, A.LET_BE): S.CLOSED,
        (S.TAKEN, A.LET_BE): S.CLOSED,
        **{(state, A.CONVERT): S.CLOSED for state in S if state not in (S.OPEN, S.CLOSED)},
    }
)
SIGNING = frozenset({A.SIGN_OFF, A.SEND_BACK})
BEFORE_CONTACT = frozenset({S.OPEN, S.TAKEN})
BEFORE_TELLING = BEFORE_CONTACT | {S.CONTACTED, S.VERIFIED, S.FIXED}


class ActNotOpen(LookupError):  # noqa: N818 - named for the fact
    """The step does not follow from where the matter stands."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one matter stands. `answer_open`: the client may still answer the second question."""

    state: RecoveryState
    may_contact: bool = True
    attempts: int = 0
    reached: bool = False
    answer_open: bool = False

    @property
    def given_up(self) -> bool:
        """Tried often enough: what can be put right is put right without the client."""
        return not self.reached and self.attempts >= MOST_ATTEMPTS


def open_acts(standing: Standing) -> tuple[RecoveryAct, ...]:
    """The steps that may follow, in their usual order."""
    return tuple(act for act in RecoveryAct if (standing.state, act) in STEPS and _allowed(standing, act))


def after(standing: Standing, act: RecoveryAct) -> RecoveryState:
    """:raises ActNotOpen: the step may not follow now."""
    if act not in open_acts(standing):
        raise ActNotOpen(act)
    return STEPS[standing.state, act]


def _allowed(standing: Standing, act: RecoveryAct) -> bool:
    """Who wants no contact is let be; who was spoken with is told; nothing is signed while an answer may come."""
    if not standing.may_contact and standing.state in BEFORE_CONTACT:
        return act is A.LET_BE
    fixed_alone = standing.state is S.FIXED and not standing.reached
    return {
        A.LET_BE: False,
        A.REACH: not standing.reached,
        A.VERIFY: standing.reached or standing.given_up,
        A.TELL: standing.reached,
        A.SIGN_OFF: fixed_alone or (standing.state is S.ASKED and not standing.answer_open),
        A.SEND_BACK: fixed_alone or standing.state is S.ASKED,
        A.CONVERT: standing.reached,
    }.get(act, True)


def end_of(standing: Standing) -> RecoveryEnd:
    return RecoveryEnd.SETTLED if standing.reached else RecoveryEnd.NOT_REACHED


@dataclass(frozen=True, slots=True)
class Days:
    """Working days after the day of the answer; `bureau_after`: after the day that was missed."""

    acknowledge: int = 1
    contact: int = 5
    settle: int = 15
    bureau_after: int = 3


# A client in danger is spoken with on the next working day, whatever a centre gives itself for unhappy clients.
DANGER_DAYS = 1


def hastened(days: Days) -> Days:
    """Those of danger: taken on and spoken with at once. It is closed when the client is safe, by no set day."""
    return replace(days, acknowledge=min(days.acknowledge, DANGER_DAYS), contact=min(days.contact, DANGER_DAYS))


def due_days(answered_on: date, days: Days, calendar: Calendar) -> dict[Clock, date | None]:
    """Each by itself: one that runs into a year without its calendar is not known yet, the others are."""
    counts = {Clock.ACKNOWLEDGE: days.acknowledge, Clock.CONTACT: days.contact, Clock.SETTLE: days.settle}
    return {clock: due_day(answered_on, count, calendar) for clock, count in counts.items()}


def due_day(start: date, count: int, calendar: Calendar) -> date | None:
    """So many working days later; None where the calendar of a year is missing, so that nothing is lost for it."""
    try:
        return add_workdays(start, count, calendar)
    except CalendarYearMissing:
        return None


def running(standing: Standing) -> frozenset[Clock]:
    """Clocks that still run: taking on, speaking with the client, and settling, which ends when they are told."""
    clocks = set()
    if standing.state is S.OPEN:
        clocks.add(Clock.ACKNOWLEDGE)
    if standing.state in BEFORE_CONTACT and not standing.given_up:
        clocks.add(Clock.CONTACT)
    unreached_and_done = standing.state is S.FIXED and not standing.reached
    if standing.state in BEFORE_TELLING and not unreached_and_done:
        clocks.add(Clock.SETTLE)
    return frozenset(clocks)


def late(
    due: Mapping[Clock, date | None], clocks: frozenset[Clock], *, today: date, bureau_after: int, calendar: Calendar
) -> tuple[tuple[Clock, Level], ...]:
    """Who is to be told of what: the manager from the day after, the bureau some working days later."""
    missed = [(clock, day) for clock in Clock if clock in clocks and (day := due.get(clock)) and day < today]
    told = [(clock, Level.MANAGER) for clock, _day in missed]
    told += [(clock, Level.BUREAU) for clock, day in missed if _days_late(day, today, calendar) > bureau_after]
    return tuple(told)


def _days_late(due: date, today: date, calendar: Calendar) -> int:
    """Working days, or plain days where the year's calendar is missing: better told early than not at all."""
    try:
        return workdays_between(due, today, calendar)
    except CalendarYearMissing:
        return (today - due).days


def wave(*, matter: int, turn: int) -> str:
    """The name under which one matter's second question is asked once."""
    return f"{WAVE}-{matter}-{turn}"


def is_second(wave: str) -> bool:
    """Whether a conversation asked again after a recovery: its answer never counts as the rating of the case."""
    return wave == WAVE or wave.startswith(f"{WAVE}-")
