"""What was erased here, or is old enough, leaves no words with the provider either. No transaction is open then."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import F, Q, QuerySet

from surveys.enums import MessageState
from surveys.models import Message
from surveys.services.outgoing.gateways import gateway_in_use
from surveys.sms.base import Blanks, SmsError, Verdict
from surveys.sms.missed import LONGEST_DEEP_LOOK

logger = logging.getLogger(__name__)

A_SWEEP = 200
UNSETTLED = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)
# The provider is away or asks us to wait: what it says of one text it would say of the next.
AWAY = (Verdict.OK_TO_RETRY, Verdict.UNKNOWN, Verdict.HALT)


@dataclass(frozen=True, slots=True)
class Blanked:
    blanked: int = 0
    failed: int = 0


def blank_at_provider(*, now: datetime) -> Blanked:
    """Take the words of settled texts away from the provider; done twice it changes nothing more.

    Never of one whose outcome is unclear: its words are compared with the provider's list. Of a text that came in, none
    that a look into the book might still have to take in.
    """
    gateway, days = gateway_in_use(), settings.BLANK_AT_PROVIDER_AFTER_DAYS
    if not days or gateway is None or not isinstance(gateway, Blanks):
        return Blanked()
    blanked = failed = 0
    for key, sid in _due(gateway.name, older_than=now - max(timedelta(days=days), LONGEST_DEEP_LOOK))[:A_SWEEP]:
        try:
            gateway.blank(sid=sid)
        except SmsError as refused:
            logger.warning("a text could not be blanked at the provider: %s", refused.code)
            failed += 1
            Message.objects.filter(pk=key).update(looked_at=now)
            if refused.verdict in AWAY:
                break
        else:
            blanked += Message.objects.filter(pk=key).update(blanked_at=now)
    return Blanked(blanked, failed)


def _due(gateway: str, *, older_than: datetime) -> QuerySet[Message, tuple[int, str]]:
    """Those that were refused before come last, so that they keep out no other."""
    rows = Message.objects.filter(gateway=gateway, sid__isnull=False, blanked_at=None)
    settled = rows.exclude(state__in=UNSETTLED)
    wanted = settled.filter(Q(created_at__lt=older_than) | Q(body__isempty=True))
    rows = wanted.order_by(F("looked_at").asc(nulls_first=True), "created_at")
    return cast("QuerySet[Message, tuple[int, str]]", rows.values_list("pk", "sid"))
