"""Taking texts out of the outbox: claimed by one worker, then handed over; what happens to a claim that ran out.

A claim is committed before anything else is done. `handed_at` is committed before the provider hears of a text, so
of a claim that ran out it is known which texts may have left and which surely have not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from qa_service.organisations.models import CentreSettings
from surveys.enums import MessageState
from surveys.models import Message
from surveys.queries.set_aside import read_each
from surveys.services.outgoing import senders
from surveys.services.outgoing.senders import Allowance

# A text whose claims ran out so often breaks whoever takes it: a person looks at it.
MOST_LAPSES = 5

STUCK = "stuck"
# Of a text whose number or words cannot be read any more.
NOT_READ = "not_read"

_PERSON = "conversation__recipient"
ASKED_FOR = (
    *("kind", "gateway", "phone", "phone_index", "body", "segments", "reference", "state", "attempts", "tries"),
    *("created_at", "conversation__case", _PERSON),
    *(f"conversation__{name}" for name in ("wave", "state", "phone_index", "invited_at", "mid_case_plan")),
    *(f"conversation__case__{name}" for name in ("centre", "accepted_on", "assigned_on", "closed_on")),
    *(f"{_PERSON}__{name}" for name in ("phone", "phone_index", "name_index")),
    *(
        f"{_PERSON}__contact_plan__{name}"
        for name in (
            "client", "sms_allowed", "phone_allowed", "visit_allowed", "letter_allowed", "reason", "needs_safety_check",
            "guardian_only", "guardian_index", "safe_from", "safe_until", "language", "confirmed_on", "expires_on",
        )
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Of the claims that ran out: how many texts may have left, how many surely have not, and those given up."""

    unclear: int
    back: int
    stuck: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claimed:
    """`wait`: nothing may leave yet, but the first text may after so many seconds.

    `unreadable`: what is kept of the text or of its person cannot be read; neither was asked for.
    """

    messages: tuple[Message, ...] = ()
    unreadable: tuple[Message, ...] = ()
    wait: float = 0
    # The provider has refused us; these are the one text that tries for all.
    trying: bool = False


def claim(*, gateway: str, most: int = 1, now: datetime) -> Claimed:
    """Take the first texts that are due, safe against every other worker; committed on return.

    Texts whose claim ran out before are taken alone, after all others: one that breaks its worker breaks nothing else.
    """
    with transaction.atomic():
        allowance = senders.allowance_of(gateway=gateway, most=most, now=now)
        taken = _taken(allowance, now=now)
        if taken:
            senders.take(allowance, segments=sum(segments for _key, segments in taken))
        elif segments := _first_due(allowance, now=now):
            return Claimed(wait=senders.wait_for(allowance, segments=segments, now=now))
    if not taken:
        return Claimed()
    messages, unreadable = _whole([key for key, _segments in taken])
    return Claimed(messages=messages, unreadable=unreadable, trying=allowance.is_trying)


def _taken(allowance: Allowance, *, now: datetime) -> list[tuple[int, int]]:
    """Key and segments of each."""
    if allowance.most < 1:
        return []
    return _claimed(allowance, sound=True, now=now) or _claimed(allowance, sound=False, now=now)


def _claimed(allowance: Allowance, *, sound: bool, now: datetime) -> list[tuple[int, int]]:
    """One statement. In a `WITH` that is made once: joined to, PostgreSQL might run an inner LIMIT for every row."""
    table = connection.ops.quote_name(Message._meta.db_table)
    skip = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    # One text tries for all, always the same: the others would be refused likewise, and count as tried.
    order = "tries DESC, not_before, id" if allowance.is_trying else "not_before, id"
    enough = "" if allowance.segments is None else "WHERE sum <= %s" + (" OR place = 1" if allowance.is_full else "")
    statement = f"""
        WITH due AS MATERIALIZED (
            SELECT id, segments, not_before FROM {table}
            WHERE state = %s AND not_before <= %s AND lapses {"=" if sound else ">"} 0
            ORDER BY {order} LIMIT %s{skip}
        ), counted AS MATERIALIZED (
            SELECT id, sum(segments) OVER (ORDER BY not_before, id) AS sum,
                row_number() OVER (ORDER BY not_before, id) AS place FROM due
        )
        UPDATE {table} SET state = %s, attempts = attempts + 1, lease_until = %s, handed_at = NULL
        WHERE id IN (SELECT id FROM counted {enough}) AND state = %s
        RETURNING id, segments
    """  # noqa: S608 - the table's name is ours
    queued, sending = MessageState.QUEUED.value, MessageState.SENDING.value
    lease_until = now + timedelta(seconds=settings.SMS_LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                queued,
                _moment(now),
                allowance.most if sound else 1,
                sending,
                _moment(lease_until),
                *([] if allowance.segments is None else [allowance.segments]),
                queued,
            ],
        )
        return list(cursor.fetchall())


def _moment(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def _first_due(allowance: Allowance, *, now: datetime) -> int:
    """The segments of the text that waits for the rate alone; 0 where none does."""
    if allowance.segments is None or allowance.most < 1:
        return 0
    due = Message.objects.filter(state=MessageState.QUEUED, not_before__lte=now).order_by("not_before", "pk")
    return due.values_list("segments", flat=True).first() or 0


def _whole(keys: Sequence[int]) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """With all that the last look asks for, in the order of the outbox, and each centre once; then the unreadable.

    Any other field is read when it is asked for: to read and decrypt all would take twice the time of the whole step.
    """
    related = Message.objects.select_related("conversation__case", "conversation__recipient__contact_plan")
    read = read_each(related.only(*ASKED_FOR).filter(pk__in=keys).order_by("not_before", "pk"), limit=len(keys))
    messages = tuple(read.rows)
    cases = [message.conversation.case for message in messages if message.conversation is not None]
    of_centres = CentreSettings.objects.select_related("centre").filter(centre__in={case.centre_id for case in cases})
    centres = {settings.centre_id: settings.centre for settings in of_centres}
    for case in cases:
        if case.centre_id in centres:
            case.centre = centres[case.centre_id]
    unread = Message.objects.defer("phone", "body").select_related("conversation").filter(pk__in=read.unreadable)
    return messages, tuple(unread) if read.unreadable else ()


def held(message: Message) -> QuerySet[Message]:
    """The row, while the claim in hand is its newest and no outcome is known."""
    return Message.objects.filter(pk=message.pk, attempts=message.attempts, state=MessageState.SENDING)


@transaction.atomic
def hand_over(messages: Sequence[Message], *, now: datetime) -> frozenset[int]:
    """Say, before it happens, that the provider will hear of these; committed on return.

    Returns the keys of those that are still ours: a worker that slept has lost its claim and may send nothing.
    """
    table = connection.ops.quote_name(Message._meta.db_table)
    claims = ", ".join(["(%s, %s)"] * len(messages))
    statement = f"""
        WITH ours (id, attempts) AS (VALUES {claims})
        UPDATE {table} SET handed_at = %s, tries = tries + 1 FROM ours
        WHERE {table}.id = ours.id AND {table}.attempts = ours.attempts AND {table}.state = %s
        RETURNING {table}.id
    """  # noqa: S608 - the table's name is ours
    numbers = [number for message in messages for number in (message.pk, message.attempts)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*numbers, _moment(now), MessageState.SENDING.value])
        handed = frozenset(row[0] for row in cursor.fetchall())
    for message in messages:
        message.tries += message.pk in handed
    return handed


def put_back(message: Message, *, not_before: datetime) -> None:
    """Into the outbox again: the provider has not got it."""
    held(message).update(state=MessageState.QUEUED, not_before=not_before, lease_until=None, handed_at=None)


def put_back_untried(message: Message) -> None:
    """The same where the provider has not even been asked."""
    held(message).update(state=MessageState.QUEUED, lease_until=None, handed_at=None, tries=F("tries") - 1)


@transaction.atomic
def give_up_lapsed(*, now: datetime) -> Lapsed:
    """Claims that ran out: what was handed over is unclear, what was not goes back, unless that happened too often."""
    over = Message.objects.filter(state=MessageState.SENDING, lease_until__lte=now)
    if not over.exists():  # so nearly always: each sweep looks for them
        return Lapsed(unclear=0, back=0, stuck=())
    unclear = over.exclude(handed_at=None).update(state=MessageState.UNKNOWN)
    unsent = over.filter(handed_at=None)
    # By key: reading the row itself may be what breaks.
    given_up = unsent.filter(lapses__gte=MOST_LAPSES).select_for_update(skip_locked=True)
    stuck = tuple(given_up.values_list("pk", flat=True))
    Message.objects.filter(pk__in=stuck).update(
        state=MessageState.NEEDS_HUMAN, error_code=STUCK, settled_at=now, lease_until=None
    )
    back = unsent.update(state=MessageState.QUEUED, lapses=F("lapses") + 1, lease_until=None)
    return Lapsed(unclear=unclear, back=back, stuck=stuck)
