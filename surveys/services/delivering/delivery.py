"""The delivery step: claim, commit, hand over, commit, send, record. The only place where anything waits on a provider.

A group of texts is claimed, and the claim committed, before anything else. Each is looked at once more, then marked as
handed over, and that committed too, before the provider hears of it. While it answers no transaction is open and no
connection to the database is held. What became of each is written only where the claim is still ours; an unclear
outcome is left for `reconciliation`.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from qa_service.common.workdays import CalendarYearMissing
from surveys import texts
from surveys.enums import Fault, MessageState, Refusal, StaffReason, Sweep
from surveys.models import Message, SetAside
from surveys.queries.set_aside import left_out
from surveys.services.contact.setting_aside import alone, set_aside
from surveys.services.delivering.apart import postpone
from surveys.services.delivering.clearance import Clearance, Frame, clearance_of, frame_for
from surveys.services.delivering.flights import Clock, Flight, NotSent, Outcome
from surveys.services.delivering.outcomes import (
    HALT_SECONDS,
    Delivery,
    ask_in_person,
    fall_to_staff,
    record_all_taken,
    record_failure,
)
from surveys.services.outgoing import senders
from surveys.services.outgoing.allowances import admit, hold_back, uncount
from surveys.services.outgoing.claims import NOT_READ, STUCK, claim, hand_over, held, put_back, put_back_untried
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.sms import HARMLESS
from surveys.sms.base import Gateway, Receipt, Sms, SmsError

logger = logging.getLogger(__name__)

# Of these the sender's rate was used; every other text left nothing behind at the provider.
LEFT_US = (
    MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERED, MessageState.UNKNOWN,
)  # fmt: skip
# Of a text that cannot be looked at: an hour, two hours, then a person asks.
MOST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Group:
    """What became of the texts of one group. `wait`: none may leave yet, the first may after so many seconds."""

    deliveries: tuple[Delivery, ...] = ()
    wait: float = 0

    @property
    def halted(self) -> bool:
        return any(delivery.halted for delivery in self.deliveries)


@dataclass(frozen=True, slots=True)
class Cleared:
    """A text that may be sent at this moment, and how long it may be on its way."""

    message: Message
    sms: Sms


def deliver_next(*, now: datetime, monotonic: Clock = time.monotonic) -> Delivery | None:
    """Send the first text whose turn it is; None when nothing may leave or no gateway is set."""
    return next(iter(deliver(most=1, now=now, monotonic=monotonic).deliveries), None)


def deliver(*, most: int, now: datetime, monotonic: Clock = time.monotonic) -> Group:
    """Send the first texts whose turn it is, at most so many, several at once. Safe beside any number of others."""
    gateway = gateway_in_use()
    if gateway is None:
        return Group()
    began = monotonic()
    claimed = claim(gateway=gateway.name, most=most, now=now)
    put_off = [_unreadable(message, now=now) for message in claimed.unreadable]
    if not claimed.messages and not put_off:
        return Group(wait=claimed.wait)
    deliveries, cleared = _cleared(claimed.messages, gateway, now=now)
    # The claim must still be fresh when the request leaves: a process that slept in between gives it up.
    flight = Flight(gateway, began=began, last_moment=began + settings.SMS_LEASE_SECONDS / 2, monotonic=monotonic)
    deliveries += _sent(cleared, flight, now=now)
    used = {delivery.message_id for delivery in deliveries if delivery.state in LEFT_US}
    unused = [message for message in (*claimed.messages, *claimed.unreadable) if message.pk not in used]
    senders.give_back(gateway=gateway.name, segments=sum(message.segments for message in unused))
    if claimed.trying and used:
        senders.go_on(gateway=gateway.name)
    return Group(deliveries=(*put_off, *deliveries))


def _unreadable(message: Message, *, now: datetime) -> Delivery:
    """A text that cannot be read, or whose person cannot."""
    if message.conversation is None:
        return _suppress(message, Clearance(refusal=Refusal.NOBODY), now=now)
    case = message.conversation.case_id
    return _put_off(message, set_aside(sweep=Sweep.DELIVER, row=message.pk, case_id=case, now=now), now=now)


@transaction.atomic
def _put_off(message: Message, aside: SetAside, *, now: datetime) -> Delivery:
    """Until the next try, so that what is mended soon still leaves; after the last a person asks instead."""
    if aside.tries < MOST_TRIES:
        put_back(message, not_before=aside.again_at)
        return Delivery(message.pk, MessageState.QUEUED)
    unread = aside.fault == Fault.UNREADABLE
    over = {"error_code": NOT_READ if unread else STUCK, "settled_at": now, "lease_until": None}
    if held(message).update(state=MessageState.NEEDS_HUMAN, **over):
        reason = StaffReason.UNREADABLE if unread else StaffReason.SENDING_UNCLEAR
        fall_to_staff(message=message, reason=reason, now=now)
    return Delivery(message.pk, MessageState.NEEDS_HUMAN)


def _cleared(messages: Sequence[Message], gateway: Gateway, *, now: datetime) -> tuple[list[Delivery], list[Cleared]]:
    """The last look at each. Those that do not go are dealt with here."""
    frame = frame_for(messages, gateway=gateway, now=now)
    deliveries: list[Delivery] = []
    cleared: list[Cleared] = []
    for message in messages:
        look = partial(_looked_at, message, frame)
        case = message.conversation.case_id if message.conversation else None
        clearance = look() if case is None else alone(look, sweep=Sweep.DELIVER, row=message.pk, case_id=case, now=now)
        if clearance is None:
            deliveries.append(_put_off(message, left_out(Sweep.DELIVER, message.pk), now=now))
            continue
        if clearance.hold_until is not None:
            if clearance.begins_later:
                postpone(message, until=clearance.hold_until, now=now)
            else:
                put_back(message, not_before=clearance.hold_until)
            deliveries.append(Delivery(message.pk, MessageState.QUEUED))
        elif clearance.refusal:
            deliveries.append(_suppress(message, clearance, now=now))
        else:
            cleared.append(Cleared(message, _sms(message, clearance)))
    return deliveries, cleared


def _looked_at(message: Message, frame: Frame) -> Clearance:
    """How it stands with the text."""
    try:
        return clearance_of(message=message, frame=frame)
    except CalendarYearMissing as missing:
        # Not known whether today is a holiday: nothing was sent, so the text simply waits for the calendar.
        logger.error("%s: texts that ask wait", missing)  # noqa: TRY400 - the sentence says all
        return Clearance(hold_until=frame.now + timedelta(seconds=HALT_SECONDS))


def _sms(message: Message, clearance: Clearance) -> Sms:
    words = texts.recognise(message.body)
    return Sms(
        reference=message.reference or "", to=message.phone, body=message.body, valid_for=clearance.valid_for,
        template=words.name if words else "", variables=words.variables if words else {},
    )  # fmt: skip


def _sent(cleared: Sequence[Cleared], flight: Flight, *, now: datetime) -> list[Delivery]:
    if not cleared:
        return []
    deliveries, ours = _handed_over(cleared, now=now)
    if not ours:
        return deliveries
    if flight.gateway.name not in HARMLESS:
        _let_go()
    outcomes = flight.fly([each.sms for each in ours])
    recorded = _recorded([(each.message, outcome) for each, outcome in zip(ours, outcomes, strict=True)], now=now)
    stayed = {delivery.message_id for delivery in recorded if delivery.state not in (*LEFT_US, MessageState.SENDING)}
    uncount([each.message for each in ours if each.message.pk in stayed], now=now)
    return deliveries + recorded


@transaction.atomic
def _handed_over(cleared: Sequence[Cleared], *, now: datetime) -> tuple[list[Delivery], list[Cleared]]:
    """Those that may leave now, counted and marked. What we no longer hold, or a limit holds back, is dealt with."""
    handed = hand_over([each.message for each in cleared], now=now)
    deliveries = [Delivery(each.message.pk, MessageState.SENDING) for each in cleared if each.message.pk not in handed]
    ours = [each for each in cleared if each.message.pk in handed]
    limits = admit([each.message for each in ours], now=now)
    hold_back([each.message for each in ours if each.message.pk in limits], limits, now=now)
    deliveries += [Delivery(key, MessageState.QUEUED) for key in limits]
    return deliveries, [each for each in ours if each.message.pk not in limits]


def _let_go() -> None:
    """Of the database: whoever waits for a provider must not keep others from it. Its next use opens it again."""
    if not connection.in_atomic_block:
        connection.close()


def _recorded(outcomes: Sequence[tuple[Message, Outcome]], *, now: datetime) -> list[Delivery]:
    taken = [(message, outcome) for message, outcome in outcomes if isinstance(outcome, Receipt)]
    deliveries = record_all_taken(taken, now=now)
    for message, outcome in outcomes:
        if isinstance(outcome, SmsError):
            deliveries.append(record_failure(message=message, failure=outcome, now=now))
        elif isinstance(outcome, NotSent):
            put_back_untried(message)
            deliveries.append(Delivery(message.pk, MessageState.QUEUED))
    return deliveries


@transaction.atomic
def _suppress(message: Message, clearance: Clearance, *, now: datetime) -> Delivery:
    held(message).update(state=MessageState.SUPPRESSED, error_code=clearance.refusal, settled_at=now, lease_until=None)
    if clearance.ask_staff:
        ask_in_person(message=message, reason=clearance.staff_reason, now=now)
    return Delivery(message.pk, MessageState.SUPPRESSED)
