"""The delivery step: claim, commit, send, record. The only place where anything of ours waits on a provider.

A row is claimed and the claim committed before the provider hears of it; no transaction is open while it answers. What
became of it is written only where the claim is still ours. An unclear outcome is left for `reconciliation`.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from qa_service.common.workdays import CalendarYearMissing
from surveys import texts
from surveys.enums import ConversationState, MessageKind, MessageState, OptOutSource, StaffReason
from surveys.models import Conversation, Message
from surveys.models.conversations import HANDED
from surveys.services.clearance import Clearance, clearance_of
from surveys.services.gateways import gateway_in_use
from surveys.services.opt_outs import opt_out
from surveys.services.rungs import hand_over
from surveys.sms.base import Gateway, Receipt, Sms, SmsError, Verdict
from surveys.sms.statuses import FINAL_RANK, RANKS, REFUSED_STATES, STATES

logger = logging.getLogger(__name__)

# How often a text that the provider surely did not take is tried before a person is asked: about a day of its being
# busy or away, two hours of its refusing us (only the one text that tries for all is counted then).
MOST_ATTEMPTS = {Verdict.OK_TO_RETRY: 100, Verdict.HALT: 12}
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 900
LONGEST_WAIT_ASKED_FOR = 3600
HALT_SECONDS = 600
ASKING = (MessageKind.INVITATION, MessageKind.REMINDER)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row dealt with. `halted`: the provider refuses us altogether, so the sweep should rest."""

    message_id: int
    state: MessageState
    halted: bool = False


def deliver_next(*, now: datetime, monotonic: Callable[[], float] = time.monotonic) -> Delivery | None:
    """Send the first text whose turn it is; None when nothing waits or no gateway is set."""
    gateway = gateway_in_use()
    if gateway is None:
        return None
    # The claim must still be fresh when the request leaves: a process that slept in between gives it up.
    last_moment = monotonic() + settings.SMS_LEASE_SECONDS / 2
    message = claim(now=now)
    return None if message is None else _send(message, gateway, last_moment=last_moment, monotonic=monotonic, now=now)


def _send(
    message: Message, gateway: Gateway, *, last_moment: float, monotonic: Callable[[], float], now: datetime
) -> Delivery:
    try:
        clearance = clearance_of(message=message, gateway=gateway, now=now)
    except CalendarYearMissing as missing:
        # Not known whether today is a holiday: nothing was sent, so the text simply waits for the calendar.
        logger.error("%s: texts that ask wait", missing)  # noqa: TRY400 - the sentence says all
        return _back_to_queue(message, not_before=now + timedelta(seconds=HALT_SECONDS))
    if clearance.hold_until is not None:
        return _back_to_queue(message, not_before=clearance.hold_until)
    if clearance.refusal:
        return _suppress(message, clearance, now=now)
    if monotonic() > last_moment:
        return record_failure(message=message, failure=SmsError(Verdict.OK_TO_RETRY, "slept"), now=now)
    words = texts.recognise(message.body)
    sms = Sms(
        reference=message.reference or "", to=message.phone, body=message.body, valid_for=clearance.valid_for,
        template=words.name if words else "", variables=words.variables if words else {},
    )  # fmt: skip
    try:
        receipt = gateway.send(sms)
    except SmsError as failure:
        return record_failure(message=message, failure=failure, now=now)
    return record_taken(message=message, receipt=receipt, now=now)


def claim(*, now: datetime) -> Message | None:
    """Take the first due row, in one statement that is safe against every other worker; committed on return."""
    table = connection.ops.quote_name(Message._meta.db_table)
    skip = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    # `=`, not `IN`: PostgreSQL may join to an IN, running the inner SELECT, and its LIMIT, anew for every outer row.
    statement = f"""
        UPDATE {table} SET state = %s, attempts = attempts + 1, lease_until = %s
        WHERE id = (
            SELECT id FROM {table} WHERE state = %s AND not_before <= %s ORDER BY not_before, id LIMIT 1{skip}
        ) AND state = %s
        RETURNING id
    """  # noqa: S608 - the table's name is ours
    lease_until = connection.ops.adapt_datetimefield_value(now + timedelta(seconds=settings.SMS_LEASE_SECONDS))
    due = connection.ops.adapt_datetimefield_value(now)
    queued = MessageState.QUEUED.value
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [MessageState.SENDING.value, lease_until, queued, due, queued])
        row = cursor.fetchone()
    if row is None:
        return None
    return _whole().get(pk=row[0])


def _whole() -> QuerySet[Message]:
    return Message.objects.select_related(
        "conversation__case__centre__settings", "conversation__recipient__contact_plan", "in_reply_to"
    )


@transaction.atomic
def record_taken(*, message: Message, receipt: Receipt, now: datetime) -> Delivery:
    """The provider has it. A callback may have been faster; then only its number is still missing."""
    state, rank = STATES.get(receipt.status, MessageState.ACCEPTED), RANKS.get(receipt.status, 1)
    ours = Message.objects.filter(pk=message.pk, attempts=message.attempts)
    held = ours.filter(state__in=[MessageState.SENDING, MessageState.UNKNOWN])
    settled_at = now if rank >= FINAL_RANK else None
    taken = held.update(
        state=state, rank=rank, sid=receipt.sid, sent_at=now, settled_at=settled_at, lease_until=None, error_code=""
    )
    if not taken:
        ours.filter(sid=None).update(sid=receipt.sid)
    if taken and state in REFUSED_STATES:
        fall_to_staff(message=message, reason=StaffReason.NUMBER_REFUSED, now=now)
    return Delivery(message.pk, state)


@transaction.atomic
def record_failure(*, message: Message, failure: SmsError, now: datetime) -> Delivery:
    """What a refusal asks for; where it is not known whether the text was taken, nothing but waiting is safe."""
    held = Message.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING)
    if failure.verdict is Verdict.UNKNOWN:
        held.update(state=MessageState.UNKNOWN, lease_until=now, error_code=failure.code)
        return Delivery(message.pk, MessageState.UNKNOWN)
    if message.attempts < MOST_ATTEMPTS.get(failure.verdict, 0):
        held.update(error_code=failure.code)
        return _try_again(message, failure, now=now)
    tired = failure.verdict in MOST_ATTEMPTS
    state = MessageState.NEEDS_HUMAN if tired else MessageState.FAILED
    if not held.update(state=state, error_code=failure.code, settled_at=now, lease_until=None):
        return Delivery(message.pk, state)
    if failure.verdict is Verdict.SUPPRESS:
        opt_out(phone_index=message.phone_index, source=OptOutSource.PROVIDER, now=now)
    else:
        fall_to_staff(message=message, reason=reason_of(failure.verdict), now=now)
    return Delivery(message.pk, state, halted=failure.verdict is Verdict.HALT)


def reason_of(verdict: Verdict | None) -> StaffReason:
    """Why a person has to ask: what the provider could not do for anybody says nothing about this number."""
    return StaffReason.PROVIDER_AWAY if verdict in MOST_ATTEMPTS else StaffReason.NUMBER_REFUSED


def _try_again(message: Message, failure: SmsError, *, now: datetime) -> Delivery:
    """Later: this text alone where the provider is busy, every text where it refuses us altogether."""
    if failure.verdict is Verdict.HALT:
        logger.error("the provider refuses every text (%s): sending rests", failure.code)
        until = now + timedelta(seconds=HALT_SECONDS)
        _rest(gateway=message.gateway, until=until)
        return _back_to_queue(message, not_before=until, halted=True)
    wait = min(FIRST_WAIT_SECONDS * 2**message.attempts, LONGEST_WAIT_SECONDS)
    asked_for = min(failure.retry_after, LONGEST_WAIT_ASKED_FOR)
    return _back_to_queue(message, not_before=now + timedelta(seconds=max(wait, asked_for)))


def _rest(*, gateway: str, until: datetime) -> None:
    """One text tries again for all: the others would be refused likewise, and count as tried."""
    waiting = Message.objects.filter(gateway=gateway, state=MessageState.QUEUED, not_before__lt=until)
    # What another worker is just claiming is left to it, so that two that rest at once never wait for each other.
    free = waiting.select_for_update(skip_locked=True)
    Message.objects.filter(pk__in=free.values("pk")).update(not_before=until)


def fall_to_staff(*, message: Message, reason: StaffReason, now: datetime) -> None:
    """The question did not arrive, so a person asks it. A lost reply or thanks changes nothing."""
    if message.kind not in ASKING or message.conversation_id is None:
        return
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    if conversation.state in (ConversationState.AWAITING, ConversationState.CLARIFYING):
        hand_over(conversation, reason=reason, now=now)
        conversation.updated_at = now
        conversation.save(update_fields=[*HANDED, "updated_at"])


def _back_to_queue(message: Message, *, not_before: datetime, halted: bool = False) -> Delivery:
    held = Message.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING)
    held.update(state=MessageState.QUEUED, not_before=not_before, lease_until=None)
    return Delivery(message.pk, MessageState.QUEUED, halted=halted)


@transaction.atomic
def _suppress(message: Message, clearance: Clearance, *, now: datetime) -> Delivery:
    held = Message.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING)
    held.update(state=MessageState.SUPPRESSED, error_code=clearance.refusal, settled_at=now, lease_until=None)
    if clearance.ask_staff:
        fall_to_staff(message=message, reason=clearance.staff_reason, now=now)
    return Delivery(message.pk, MessageState.SUPPRESSED)
