"""Reading the provider's book again for what it told us in vain: callbacks are best effort, and our door may be shut.

A reply that was lost on the way may be a stop; a failure that was lost leaves a person unasked.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import InterfaceError, OperationalError

from surveys.enums import Direction
from surveys.models import Message
from surveys.services.answering.inbox import receive_text
from surveys.services.delivering.statuses import record_status
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.sms.base import Entry, Gateway, SmsError
from surveys.sms.missed import Plan, planned, since_when

logger = logging.getLogger(__name__)

CHUNK = 500


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What one look found. `unread`: the book could not be read; the next look goes as far back."""

    taken: int = 0
    applied: int = 0
    failed: int = 0
    unread: bool = False


def catch_up(*, deep: bool = False, now: datetime) -> CaughtUp:
    """Take in the texts and apply the reports that never reached us; safe to run twice, and at once."""
    gateway = gateway_in_use()
    if gateway is None:
        return CaughtUp()
    since = since_when(now=now, last_heard=_last_heard(gateway), deep=deep)
    try:
        book = list(gateway.book(since=since))
    except SmsError as failure:
        logger.warning("the provider's book could not be read: %s", failure.code)
        return CaughtUp(unread=True)
    return _act_on(planned(book, known=_known(book, gateway)), gateway, now=now)


def _last_heard(gateway: Gateway) -> datetime | None:
    """Among the newest rows, not by the newest moment: the key is indexed. What was taken in late is dated back."""
    heard = Message.objects.filter(direction=Direction.IN, gateway=gateway.name).order_by("-pk")
    return max(heard.values_list("created_at", flat=True)[:CHUNK], default=None)


def _known(book: list[Entry], gateway: Gateway) -> dict[str, int]:
    sids = (entry.sid for entry in book)
    known: dict[str, int] = {}
    while chunk := list(islice(sids, CHUNK)):
        rows = Message.objects.filter(gateway=gateway.name, sid__in=chunk).values_list("sid", "rank")
        known.update((sid, rank) for sid, rank in rows if sid)
    return known


def _act_on(plan: Plan, gateway: Gateway, *, now: datetime) -> CaughtUp:
    taken = applied = failed = 0
    for entry in (*plan.inbound, *plan.reports):
        try:
            if entry.inbound:
                # At the moment it came: it may have been in time then, and is not thanked for hours later.
                taken += receive_text(
                    gateway=gateway.name, sid=entry.sid, sender=entry.sender, body=entry.body, now=entry.at
                ).new
            else:
                applied += record_status(
                    gateway=gateway.name, sid=entry.sid, status=entry.status, error_code=entry.error_code, now=now
                )
        except (OperationalError, InterfaceError):
            raise  # the database is away: nothing is wrong with this one
        except Exception as broken:  # noqa: BLE001 - whatever it is
            # One that cannot be kept must not keep out the others, and is tried again by the next look.
            logger.error("a text in the provider's book could not be taken in: %s", type(broken).__name__)  # noqa: TRY400 - its words may be the row's
            failed += 1
    if taken or applied:
        logger.info("caught up: %d texts and %d reports had not reached us", taken, applied)
    return CaughtUp(taken=taken, applied=applied, failed=failed)
