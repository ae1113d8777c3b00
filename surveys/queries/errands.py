"""Visits to make, letters and paper forms to send or to wait for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db.models import Count, F, QuerySet

from qa_service.accounts.models import User
from surveys.enums import ERRAND_CHANNELS, Channel
from surveys.models import Conversation


def errands(*, user: User, channels: Iterable[Channel] = ERRAND_CHANNELS, now: datetime) -> QuerySet[Conversation]:  # noqa: ARG001 - every list takes the clock
    """Open errands that the user may see: those to be done before those out, then urgent, by promised time, by age."""
    return (
        Conversation.objects.visible_to(user)
        .for_staff()
        .as_told()
        .filter(channel__in=list(channels))
        .select_related("case__centre", "case__station", "recipient__contact_plan", "held_by")
        .order_by(
            F("sent_out_at").asc(nulls_first=True),
            "-urgent",
            F("call_back_at").asc(nulls_last=True),
            "invited_at",
            "pk",
        )
    )


def errands_to_do(*, user: User, now: datetime) -> QuerySet[Conversation]:
    """Without the sheets that are out: nothing is to be done about them until they come back or lapse."""
    return errands(user=user, now=now).filter(sent_out_at=None)


def errands_by_rung(*, user: User) -> Mapping[Channel, int]:
    """How many stand on each rung, for the filter."""
    rows = Conversation.objects.visible_to(user).for_staff().filter(channel__in=ERRAND_CHANNELS)
    counted = dict(rows.order_by().values_list("channel").annotate(count=Count("pk")))
    return MappingProxyType({channel: counted.get(channel, 0) for channel in ERRAND_CHANNELS})
