"""Writing what became of a text that was handed to the provider. Only the newest claim's worker may."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from surveys.conversation import ASKING_ONCE_MORE
from surveys.enums import (
    TEXT_CHANNELS,
    AlertKind,
    ConversationState,
    MessageKind,
    MessageState,
    OptOutSource,
    StaffReason,
)
from surveys.models import Conversation, Message
from surveys.models.conversations import HANDED
from surveys.services.answering.answers import RESPONDENT, raise_alert
from surveys.services.contact.opt_outs import opt_out
from surveys.services.inviting.rungs import hand_over
from surveys.services.outgoing import senders
from surveys.services.outgoing.claims import held, put_back
from surveys.sms.base import Receipt, SmsError, Verdict
from surveys.sms.statuses import FINAL_RANK, RANKS, REFUSED_STATES, STATES

logger = logging.getLogger(__name__)

# How often a text that the provider surely did not take is tried before a person is asked: about a day of its being
# busy or away, two hours of its refusing us (only the one text that tries for all is counted then).
MOST_TRIES = {Verdict.OK_TO_RETRY: 100, Verdict.HALT: 12}
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 900
LONGEST_WAIT_ASKED_FOR = 3600
HALT_SECONDS = 600
ASKING = (MessageKind.INVITATION, MessageKind.REMINDER)
# In which a receipt is still news: also where the text counts as not sent by now, since the receipt says otherwise.
UNSETTLED = (MessageState.SENDING, MessageState.UNKNOWN, MessageState.QUEUED)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row dealt with. `halted`: the provider refuses us altogether, so the sweep should rest."""

    message_id: int
    state: MessageState
    halted: bool = False


Taken = tuple[Message, Receipt]


def record_taken(*, message: Message, receipt: Receipt, now: datetime) -> Delivery:
    """The provider has it. A callback may have been faster; then only its number is still missing."""
    return record_all_taken([(message, receipt)], now=now)[0]


def record_all_taken(taken: Sequence[Taken], *, now: datetime) -> list[Delivery]:
    """The same for many in one go; where one of them cannot be written the others are not held up by it."""
    if not taken:
        return []
    try:
        return _record(taken, now=now)
    except IntegrityError:
        # A provider that gives one number twice. One by one, so that all but the second are known.
        if len(taken) == 1:
            logger.error("a receipt of %s could not be kept: its number is another text's", taken[0][0])  # noqa: TRY400 - its words hold the row
            return [Delivery(taken[0][0].pk, MessageState.SENDING)]
        return [delivery for one in taken for delivery in record_all_taken([one], now=now)]


@transaction.atomic
def _record(taken: Sequence[Taken], *, now: datetime) -> list[Delivery]:
    written = _written(taken, now=now)
    deliveries = []
    for message, receipt in taken:
        state = STATES.get(receipt.status, MessageState.ACCEPTED)
        if message.pk not in written:
            Message.objects.filter(pk=message.pk, attempts=message.attempts, sid=None).update(sid=receipt.sid)
        elif state in REFUSED_STATES:
            fall_to_staff(message=message, reason=StaffReason.NUMBER_REFUSED, now=now)
        deliveries.append(Delivery(message.pk, state))
    return deliveries


def _written(taken: Sequence[Taken], *, now: datetime) -> frozenset[int]:
    """One statement for all; returns the keys of those that were still to be written."""
    table = connection.ops.quote_name(Message._meta.db_table)
    rows = ", ".join(["(%s, %s, %s, %s, %s)"] * len(taken))
    states = ", ".join(["%s"] * len(UNSETTLED))
    statement = f"""
        WITH taken (id, attempts, sid, state, rank) AS (VALUES {rows})
        UPDATE {table} SET state = taken.state, rank = taken.rank, sid = taken.sid, sent_at = %s, lease_until = NULL,
            settled_at = CASE WHEN taken.rank >= {FINAL_RANK} THEN %s ELSE NULL END, error_code = ''
        FROM taken
        WHERE {table}.id = taken.id AND {table}.attempts = taken.attempts AND {table}.state IN ({states})
        RETURNING {table}.id
    """  # noqa: S608 - names and a number of ours
    values: list[Any] = []
    for message, receipt in taken:
        state, rank = STATES.get(receipt.status, MessageState.ACCEPTED), RANKS.get(receipt.status, 1)
        values += [message.pk, message.attempts, receipt.sid, state.value, rank]
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, moment, moment, *(state.value for state in UNSETTLED)])
        return frozenset(row[0] for row in cursor.fetchall())


@transaction.atomic
def record_failure(*, message: Message, failure: SmsError, now: datetime) -> Delivery:
    """What a refusal asks for; where it is not known whether the text was taken, nothing but waiting is safe."""
    mine = held(message)
    if failure.verdict is Verdict.UNKNOWN:
        mine.update(state=MessageState.UNKNOWN, lease_until=now, error_code=failure.code)
        return Delivery(message.pk, MessageState.UNKNOWN)
    if message.tries < MOST_TRIES.get(failure.verdict, 0):
        mine.update(error_code=failure.code)
        return _try_again(message, failure, now=now)
    tired = failure.verdict in MOST_TRIES
    state = MessageState.NEEDS_HUMAN if tired else MessageState.FAILED
    if not mine.update(state=state, error_code=failure.code, settled_at=now, lease_until=None):
        return Delivery(message.pk, state)
    if failure.verdict is Verdict.SUPPRESS:
        opt_out(phone_index=message.phone_index, source=OptOutSource.PROVIDER, now=now)
    else:
        fall_to_staff(message=message, reason=reason_of(failure.verdict), now=now)
    return Delivery(message.pk, state, halted=failure.verdict is Verdict.HALT)


def reason_of(verdict: Verdict | None) -> StaffReason:
    """Why a person has to ask: what the provider could not do for anybody says nothing about this number."""
    return StaffReason.PROVIDER_AWAY if verdict in MOST_TRIES else StaffReason.NUMBER_REFUSED


def _try_again(message: Message, failure: SmsError, *, now: datetime) -> Delivery:
    """Later: this text alone where the provider is busy, every text where it refuses us altogether."""
    if failure.verdict is Verdict.HALT:
        logger.error("the provider refuses every text (%s): sending rests", failure.code)
        until = now + timedelta(seconds=HALT_SECONDS)
        senders.rest(gateway=message.gateway, until=until)
        put_back(message, not_before=until)
        return Delivery(message.pk, MessageState.QUEUED, halted=True)
    wait = min(FIRST_WAIT_SECONDS * 2**message.tries, LONGEST_WAIT_SECONDS)
    asked_for = min(failure.retry_after, LONGEST_WAIT_ASKED_FOR)
    put_back(message, not_before=now + timedelta(seconds=max(wait, asked_for)))
    return Delivery(message.pk, MessageState.QUEUED)


def fall_to_staff(*, message: Message, reason: StaffReason, now: datetime) -> None:
    """The question did not arrive, so a person asks it. Lost thanks or a lost promise change nothing."""
    if message.kind in ASKING:
        ask_in_person(message=message, reason=reason, now=now)
    elif message.kind in ASKING_ONCE_MORE:
        ask_in_person(message=message, reason=StaffReason.UNCLEAR, now=now)


def ask_in_person(*, message: Message, reason: StaffReason, now: datetime) -> None:
    """Instead of by this text. What the client wrote, and nobody asks about, is read where no way is open either."""
    if message.conversation_id is None:
        return
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    has_it = reason is StaffReason.UNCLEAR and conversation.channel not in TEXT_CHANNELS
    if has_it or conversation.state not in (ConversationState.AWAITING, ConversationState.CLARIFYING):
        return
    hand_over(conversation, reason=reason, now=now)
    conversation.updated_at = now
    conversation.save(update_fields=[*HANDED, "updated_at"])
    if reason is StaffReason.UNCLEAR and not conversation.is_open:
        raise_alert(conversation=conversation, kind=AlertKind.WROTE, anew=True, actor=RESPONDENT, now=now)
