"""Where clients are lost between the closing of a case and an answer (domain.md 2.1 J, 3 features 51 and 55).

Every follow-up stands at exactly one step, and one that has no answer is missing for exactly one reason: so what a step
loses is the sum of its reasons. The five ways overlap at their beginnings (a client who did not answer the text is
telephoned), and their answers add up to all answers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum, StrEnum

from qa_service.common.shares import Share, percent, share_of
from surveys.enums import (
    OPEN_STATES,
    TEXT_CHANNELS,
    Channel,
    ConversationState,
    ErrandOutcome,
    MessageState,
    Mode,
    PhoneOutcome,
    StaffReason,
)


class Step(IntEnum):
    """How far a follow-up has got; whoever stands at a step has passed all before it."""

    CLOSED = 0
    BEGUN = 1
    REACHABLE = 2
    TRIED = 3
    ARRIVED = 4
    STARTED = 5
    ANSWERED = 6

    @property
    def code(self) -> str:
        return self.name.lower()


class Way(StrEnum):
    """By which way; ALL is one line through all of them."""

    ALL = "all"
    TEXT = "text"
    TELEPHONE = "telephone"
    VISIT = "visit"
    LETTER = "letter"
    PAPER = "paper"


class Loss(StrEnum):
    """Why a follow-up has no answer. That a client may not be texted is told by the contact plan's own reason."""

    NONE = ""
    # No follow-up yet.
    NOT_RELEASED = "not_released"
    ANOTHER_CASE = "another_case"
    NOT_YET = "not_yet"
    # No text was written.
    NO_GATEWAY = "no_gateway"
    PLAN_EXPIRED = "plan_expired"
    NO_NUMBER = "no_number"
    CENTRE_WITHOUT_TEXTS = "centre_without_texts"
    TEXTS_UNWANTED = "texts_unwanted"
    # No way was open, or nobody went it.
    NO_WAY = "no_way"
    NEVER_TRIED = "never_tried"
    # The text.
    TO_SEND = "to_send"
    HELD_BACK = "held_back"
    UNCLEAR = "unclear"
    NUMBER_REFUSED = "number_refused"
    NO_RECEIPT = "no_receipt"
    TO_STAFF = "to_staff"
    # People of the centre.
    ON_LIST = "on_list"
    SHEET_OUT = "sheet_out"
    SHEET_KEPT = "sheet_kept"
    NOBODY_MET = "nobody_met"
    PUT_OFF = "put_off"
    NUMBER_GONE = "number_gone"
    ADDRESS_GONE = "address_gone"
    NOT_THE_PERSON = "not_the_person"
    # The client.
    AWAITED = "awaited"
    SILENT = "silent"
    LEFT_HALFWAY = "left_halfway"
    DECLINED = "declined"
    STOPPED = "stopped"
    DECEASED = "deceased"
    SOMEBODY_ELSE = "somebody_else"
    ANSWERED_OTHERWISE = "answered_otherwise"


# Not lost: it may still come.
STILL_OPEN = frozenset({Loss.NOT_YET, Loss.TO_SEND, Loss.ON_LIST, Loss.SHEET_OUT, Loss.AWAITED})

STEPS: Mapping[Way, tuple[Step, ...]] = {
    Way.ALL: tuple(Step),
    Way.TEXT: tuple(Step)[1:],
    Way.TELEPHONE: (Step.REACHABLE, Step.TRIED, Step.ARRIVED, Step.ANSWERED),
    Way.VISIT: (Step.REACHABLE, Step.TRIED, Step.ARRIVED, Step.ANSWERED),
    # That a sheet arrived is known only once it comes back.
    Way.LETTER: (Step.REACHABLE, Step.TRIED, Step.ANSWERED),
    Way.PAPER: (Step.REACHABLE, Step.TRIED, Step.ANSWERED),
}
CHANNELS = {
    Way.TELEPHONE: Channel.TELEPHONE,
    Way.VISIT: Channel.VISIT,
    Way.LETTER: Channel.LETTER,
    Way.PAPER: Channel.PAPER,
}
MODES = {
    Way.TEXT: (Mode.SMS, Mode.WEB),
    Way.TELEPHONE: (Mode.TELEPHONE,),
    Way.VISIT: (Mode.VISIT,),
    Way.LETTER: (Mode.LETTER,),
    # A sheet or card bears a code: who was sent no text and answered on the web, typed it.
    Way.PAPER: (Mode.PAPER, Mode.WEB),
}
LEFT_US = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERED)
# The person was on the line, or at the door.
MET = (PhoneOutcome.REACHED, PhoneOutcome.CALL_BACK, PhoneOutcome.REFUSED, ErrandOutcome.COME_AGAIN)

_OUTCOMES: Mapping[str, Loss] = {
    PhoneOutcome.NO_ANSWER: Loss.NOBODY_MET,
    ErrandOutcome.NOBODY_HOME: Loss.NOBODY_MET,
    PhoneOutcome.INVALID: Loss.NUMBER_GONE,
    PhoneOutcome.SWITCHED_OFF: Loss.NUMBER_GONE,
    ErrandOutcome.RETURNED: Loss.ADDRESS_GONE,
    ErrandOutcome.MOVED: Loss.ADDRESS_GONE,
    PhoneOutcome.NOT_THE_PERSON: Loss.NOT_THE_PERSON,
    PhoneOutcome.NOT_VERIFIED: Loss.NOT_THE_PERSON,
    PhoneOutcome.CALL_BACK: Loss.PUT_OFF,
    ErrandOutcome.COME_AGAIN: Loss.PUT_OFF,
    ErrandOutcome.SENT: Loss.SHEET_KEPT,
    PhoneOutcome.REFUSED: Loss.DECLINED,
    PhoneOutcome.DECEASED: Loss.DECEASED,
}
_WHY_NO_TEXT = {
    StaffReason.NO_GATEWAY: Loss.NO_GATEWAY,
    StaffReason.PLAN_EXPIRED: Loss.PLAN_EXPIRED,
    StaffReason.NUMBER_REFUSED: Loss.NUMBER_REFUSED,
}
_NOT_SENT: Mapping[str, Loss] = {
    MessageState.QUEUED: Loss.TO_SEND,
    MessageState.SENDING: Loss.TO_SEND,
    MessageState.SUPPRESSED: Loss.HELD_BACK,
    MessageState.UNKNOWN: Loss.UNCLEAR,
    MessageState.NEEDS_HUMAN: Loss.UNCLEAR,
    MessageState.FAILED: Loss.NUMBER_REFUSED,
    MessageState.UNDELIVERED: Loss.NUMBER_REFUSED,
    MessageState.ACCEPTED: Loss.NO_RECEIPT,
    MessageState.SENT: Loss.NO_RECEIPT,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of one follow-up say. `last` is the last outcome of a contact by staff, on the way that is looked
    at (on any, for ALL); `met`: the person was met on it; `barrier` is the contact plan's reason against texts.

    `own`: answered by the client or whoever may answer for them; `other`: by somebody else, which counts as none.
    """

    state: str
    channel: str
    staff_reason: str = ""
    invitation: str | None = None
    wrote: bool = False
    opened: bool = False
    sent_out: bool = False
    last: str | None = None
    met: bool = False
    mode: str | None = None
    own: bool = False
    other: bool = False
    barrier: str | None = None
    has_number: bool = True
    texting: bool | None = None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True)
class Place:
    """Where a follow-up stands. `loss` is a `Loss`, or a reason of the contact plan; empty once it is answered."""

    step: Step
    loss: str = Loss.NONE


@dataclass(frozen=True, slots=True)
class StepCount:
    step: Step
    count: int
    of_first: Decimal | None
    of_before: Decimal | None


@dataclass(frozen=True, slots=True)
class LossCount:
    """`after`: the last step that these passed."""

    after: Step
    loss: str
    count: int
    still_open: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """One way from its first step to the answer; counts of follow-ups, one a case."""

    way: Way
    steps: tuple[StepCount, ...]
    losses: tuple[LossCount, ...]

    @property
    def first(self) -> int:
        return self.steps[0].count

    @property
    def answered(self) -> int:
        return self.steps[-1].count

    def at(self, step: Step) -> int:
        """:raises KeyError: the way has no such step."""
        return {each.step: each.count for each in self.steps}[step]

    def lost(self, *losses: str) -> int:
        return sum(each.count for each in self.losses if each.loss in losses)


@dataclass(frozen=True, slots=True)
class Reach:
    """What stands beside every mean: of the follow-ups begun, how many were reached, answered, and refused.

    Refusal is of those reached: by declining, or by asking for no more.
    """

    begun: int
    arrived: int
    answered: int
    refused: int

    @property
    def response(self) -> Share:
        return share_of(self.answered, self.begun)

    @property
    def reached(self) -> Share:
        return share_of(self.arrived, self.begun)

    @property
    def refusal(self) -> Share:
        return share_of(self.refused, self.arrived)


def place(facts: Facts, way: Way) -> Place:
    """Where one follow-up stands on a way; the rows of a way are those that were to be asked by it."""
    if way is Way.ALL:
        return _through_all(facts)
    if way is Way.TEXT:
        return _by_text(facts)
    return _by_staff(facts, way)


def funnel(way: Way, places: Mapping[Place, int]) -> Funnel:
    """Steps with their shares, and the losses in the order of the steps, the largest first."""
    order = STEPS[way]
    counts = [sum(n for at, n in places.items() if at.step >= step) for step in order]
    steps = tuple(
        StepCount(step, count, percent(count, counts[0]), percent(count, before))
        for step, count, before in zip(order, counts, [counts[0], *counts], strict=False)
    )
    lost: Counter[tuple[Step, str]] = Counter()
    for at, n in places.items():
        if at.loss and n:
            lost[_passed(order, at.step), at.loss] += n
    losses = [LossCount(after, loss, count, loss in STILL_OPEN) for (after, loss), count in lost.items()]
    return Funnel(
        way, steps, tuple(sorted(losses, key=lambda each: (each.after, each.still_open, -each.count, each.loss)))
    )


def reach(places: Mapping[Place, int]) -> Reach:
    """Of places on Way.ALL; cases without a follow-up count for nothing here."""
    begun = {at: n for at, n in places.items() if at.step >= Step.BEGUN}
    arrived = {at: n for at, n in begun.items() if at.step >= Step.ARRIVED}
    return Reach(
        begun=sum(begun.values()),
        arrived=sum(arrived.values()),
        answered=sum(n for at, n in arrived.items() if at.step is Step.ANSWERED),
        refused=sum(n for at, n in arrived.items() if at.loss in (Loss.DECLINED, Loss.STOPPED)),
    )


def tally(rows: Iterable[tuple[Facts, int]], way: Way) -> Counter[Place]:
    counted: Counter[Place] = Counter()
    for facts, n in rows:
        counted[place(facts, way)] += n
    return counted


def _passed(order: tuple[Step, ...], step: Step) -> Step:
    """The last of a way's own steps that is passed by whoever stands at a step which the way may not have."""
    return max((each for each in order if each <= step), default=order[0])


def _through_all(facts: Facts) -> Place:
    if facts.own:
        return Place(Step.ANSWERED)
    step = _step_of_all(facts)
    return Place(step, _end_by_person(facts) or _under_way(facts, step) or _why_lost(facts, step))


def _step_of_all(facts: Facts) -> Step:
    if facts.mode is not None or facts.opened:
        return Step.STARTED
    if facts.invitation == MessageState.DELIVERED or facts.met or facts.wrote:
        return Step.ARRIVED
    if facts.invitation in LEFT_US or facts.last is not None:
        return Step.TRIED
    return Step.BEGUN if facts.channel == Channel.NONE and facts.invitation is None else Step.REACHABLE


def _end_by_person(facts: Facts) -> Loss:
    """What a person's word ended, whatever else was tried."""
    if facts.other:
        return Loss.SOMEBODY_ELSE
    if facts.state == ConversationState.STOPPED:
        return Loss.DECLINED if facts.last == PhoneOutcome.REFUSED else Loss.STOPPED
    return Loss.DECEASED if facts.last == PhoneOutcome.DECEASED else Loss.NONE


def _under_way(facts: Facts, step: Step) -> Loss:
    if not facts.is_open:
        return Loss.NONE
    if facts.channel in TEXT_CHANNELS:
        return Loss.AWAITED if step >= Step.TRIED else _why_not_sent(facts.invitation)
    return Loss.SHEET_OUT if facts.sent_out else Loss.ON_LIST


def _why_lost(facts: Facts, step: Step) -> Loss:
    if step is Step.STARTED:
        return Loss.LEFT_HALFWAY
    if step is Step.ARRIVED and facts.last is None:
        return Loss.SILENT
    if facts.last is not None:
        return _OUTCOMES.get(facts.last, Loss.SILENT)
    if step is Step.BEGUN:
        return Loss.NO_WAY
    return _why_not_sent(facts.invitation)


def _why_not_sent(invitation: str | None) -> Loss:
    return Loss.NEVER_TRIED if invitation is None else _NOT_SENT.get(invitation, Loss.NEVER_TRIED)


def _by_text(facts: Facts) -> Place:
    if facts.own and answered_by(facts, Way.TEXT):
        return Place(Step.ANSWERED)
    if facts.invitation is None:
        return Place(Step.BEGUN, _why_no_text(facts))
    if facts.opened or facts.mode in MODES[Way.TEXT]:
        return Place(Step.STARTED, _why_not_finished(facts))
    if facts.invitation == MessageState.DELIVERED or facts.wrote:
        return Place(Step.ARRIVED, _why_no_reply(facts))
    if facts.invitation not in LEFT_US:
        return Place(Step.REACHABLE, _why_not_sent(facts.invitation))
    waits = facts.is_open and facts.channel in TEXT_CHANNELS
    return Place(Step.TRIED, Loss.AWAITED if waits else _why_not_sent(facts.invitation))


def _why_no_text(facts: Facts) -> str:
    """As it was when the follow-up began where that is still on record, else as the contact plan stands now."""
    if known := _WHY_NO_TEXT.get(StaffReason(facts.staff_reason)):
        return known
    if facts.barrier:
        return facts.barrier
    if not facts.has_number:
        return Loss.NO_NUMBER
    return Loss.TEXTS_UNWANTED if facts.texting else Loss.CENTRE_WITHOUT_TEXTS


def _why_not_finished(facts: Facts) -> Loss:
    if facts.own:
        return Loss.ANSWERED_OTHERWISE
    return _end_by_person(facts) or (Loss.AWAITED if facts.is_open else Loss.LEFT_HALFWAY)


def _why_no_reply(facts: Facts) -> Loss:
    if facts.state == ConversationState.STOPPED and facts.last != PhoneOutcome.REFUSED:
        return Loss.STOPPED
    if facts.is_open and facts.channel in TEXT_CHANNELS:
        return Loss.AWAITED
    return Loss.TO_STAFF if facts.wrote else Loss.SILENT


def _by_staff(facts: Facts, way: Way) -> Place:
    if facts.own and answered_by(facts, way):
        return Place(Step.ANSWERED)
    step = Step.REACHABLE
    if facts.last is not None:
        step = Step.ARRIVED if facts.met else Step.TRIED
    return Place(step, _why_staff_lost(facts, way))


def _why_staff_lost(facts: Facts, way: Way) -> Loss:
    if facts.other and facts.last == PhoneOutcome.REACHED:
        return Loss.SOMEBODY_ELSE
    if facts.own:
        return Loss.ANSWERED_OTHERWISE
    if facts.is_open and facts.channel == CHANNELS[way]:
        return Loss.SHEET_OUT if facts.sent_out else Loss.ON_LIST
    if facts.last is None:
        return Loss.STOPPED if facts.state == ConversationState.STOPPED else Loss.NEVER_TRIED
    return _OUTCOMES.get(facts.last, Loss.SILENT)


def answered_by(facts: Facts, way: Way) -> bool:
    """By which way the answer came: each answer by one."""
    return facts.mode is not None and way_of_answer(facts.mode, texted=facts.invitation is not None) is way


def way_of_answer(mode: str, *, texted: bool) -> Way:
    if mode == Mode.WEB:
        return Way.TEXT if texted else Way.PAPER
    return next(way for way, modes in MODES.items() if mode in modes)
