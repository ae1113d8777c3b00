"""Settling the unknown: ask the provider's own list, twice; then once more, or a person (reliability.md 1.7)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet

from surveys.enums import MessageState, StaffReason
from surveys.models import Message
from surveys.queries.set_aside import read_each
from surveys.services.delivering.outcomes import fall_to_staff
from surveys.services.delivering.statuses import act_on_refusal
from surveys.services.outgoing.claims import NOT_READ, give_up_lapsed
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.sms.base import Found, Gateway, SmsError
from surveys.sms.statuses import FINAL_RANK, RANKS, REFUSED_STATES, STATES

logger = logging.getLogger(__name__)

LOOKS = 2
RESENDS = 1
SWEEP = 100
# Providers' lists are by day in places, and clocks differ.
BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """`overdue`: claims that ran out after, `unsent` before the provider was handed the text; the rest by outcome."""

    overdue: int = 0
    unsent: int = 0
    adopted: int = 0
    requeued: int = 0
    handed_over: int = 0
    looked: int = 0


def reconcile_unknown(*, limit: int = SWEEP, now: datetime) -> Reconciled:
    """Settle the claims that ran out, and look for each unknown text in the provider's list."""
    lapsed = give_up_lapsed(now=now)
    for message in Message.objects.filter(pk__in=lapsed.stuck).defer("body", "phone"):
        fall_to_staff(message=message, reason=StaffReason.SENDING_UNCLEAR, now=now)
    gateway = gateway_in_use()
    if gateway is None:
        return Reconciled(overdue=lapsed.unclear, unsent=lapsed.back)
    due = read_each(_to_look_for(now=now), limit=limit)
    results = [_settle_alone(message, gateway, now=now) for message in due.rows]
    results += [_look_in_vain(key, StaffReason.UNREADABLE, now=now) for key in due.unreadable]
    return Reconciled(
        overdue=lapsed.unclear,
        unsent=lapsed.back,
        adopted=results.count("adopted"),
        requeued=results.count("requeued"),
        handed_over=results.count("handed_over"),
        looked=len(results),
    )


def doubt_what_waits(*, now: datetime) -> int:
    """After a backup was put back: what waited then may have left since. Each such text counts as of unclear outcome.

    Returns their number.
    """
    waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
    return waiting.update(state=MessageState.UNKNOWN, lease_until=now, looks=0, looked_at=None)


def _to_look_for(*, now: datetime) -> QuerySet[Message]:
    earlier = now - timedelta(seconds=settings.SMS_LOOK_INTERVAL_SECONDS)
    rested = Q(looked_at=None) | Q(looked_at__lte=earlier)
    return Message.objects.filter(rested, state=MessageState.UNKNOWN).order_by("lease_until", "pk")


def _settle_alone(message: Message, gateway: Gateway, *, now: datetime) -> str:
    """Whatever one text breaks, the others are looked for."""
    try:
        return _settle(message, gateway, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:  # noqa: BLE001 - a provider's list may break in any way
        if not message.looks:
            logger.error("text %d could not be looked for: %s", message.pk, type(fault).__name__)  # noqa: TRY400 - its words may be the row's
        return _look_in_vain(message.pk, StaffReason.SENDING_UNCLEAR, now=now)


@transaction.atomic
def _look_in_vain(key: int, why: StaffReason, *, now: datetime) -> str:
    """Once more later; then a person. Neither its number nor its words are read, which may be damaged."""
    message = Message.objects.defer("phone", "body").get(pk=key)
    if message.looks + 1 < LOOKS:
        if why is StaffReason.UNREADABLE:
            logger.error("text %d cannot be read", key)
        _still_unknown(message).update(looks=message.looks + 1, looked_at=now)
        return "looked"
    settled = {"state": MessageState.NEEDS_HUMAN, "error_code": NOT_READ if why is StaffReason.UNREADABLE else ""}
    if _still_unknown(message).update(**settled, looked_at=now, settled_at=now):
        fall_to_staff(message=message, reason=why, now=now)
    return "handed_over"


def _settle(message: Message, gateway: Gateway, *, now: datetime) -> str:
    if message.gateway != gateway.name:
        return _hand_over(message, now=now)
    try:
        found = _matching(message, list(gateway.find(to=message.phone, since=message.created_at - BEFORE)))
    except SmsError as failure:
        # Not having been able to look is not having looked.
        Message.objects.filter(pk=message.pk).update(looked_at=now, error_code=failure.code)
        return "not_looked"
    if found is not None:
        return _adopt(message, found, now=now)
    if message.looks + 1 < LOOKS:
        _still_unknown(message).update(looks=message.looks + 1, looked_at=now)
        return "looked"
    if message.resends < RESENDS and not message.careful:
        _still_unknown(message).update(
            state=MessageState.QUEUED,
            looks=0,
            looked_at=None,
            resends=message.resends + 1,
            lease_until=None,
            handed_at=None,
        )
        return "requeued"
    return _hand_over(message, now=now)


def _matching(message: Message, listed: list[Found]) -> Found | None:
    """A text with our reference; where the list gives none back, one of the same words that is nobody else's row."""
    ours = [found for found in listed if found.reference and found.reference == message.reference]
    if ours:
        return max(ours, key=lambda found: RANKS.get(found.status, 0))
    same = [found for found in listed if not found.reference and found.body == message.body]
    known = set(
        Message.objects.filter(gateway=message.gateway, sid__in=[found.sid for found in same]).values_list(
            "sid", flat=True
        )
    )
    return next((found for found in same if found.sid not in known), None)


@transaction.atomic
def _adopt(message: Message, found: Found, *, now: datetime) -> str:
    state, rank = STATES.get(found.status, MessageState.ACCEPTED), RANKS.get(found.status, 1)
    adopted = _still_unknown(message).update(
        state=state,
        rank=rank,
        sid=found.sid or None,
        sent_at=now,
        settled_at=now if rank >= FINAL_RANK else None,
        lease_until=None,
        error_code=found.error_code,
    )
    if adopted and state in REFUSED_STATES:
        act_on_refusal(message=message, error_code=found.error_code, now=now)
    return "adopted"


@transaction.atomic
def _hand_over(message: Message, *, now: datetime) -> str:
    if _still_unknown(message).update(state=MessageState.NEEDS_HUMAN, looked_at=now, settled_at=now):
        fall_to_staff(message=message, reason=StaffReason.SENDING_UNCLEAR, now=now)
    return "handed_over"


def _still_unknown(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=MessageState.UNKNOWN)
