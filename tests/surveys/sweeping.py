"""The hours after a text was handed over, gone through as the scheduler goes through them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from surveys.enums import MessageState
from surveys.models import Message

OFTEN = timedelta(minutes=5)
SELDOM = timedelta(hours=2)
UNDER_WAY = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)


def sweep_moments(*, hours: float, since: datetime, often: timedelta = OFTEN) -> Iterator[datetime]:
    """Every few minutes while a text has no end yet; then seldom, as nothing is due and nothing may stir."""
    moment, end = since, since + timedelta(hours=hours)
    while moment < end:
        under_way = Message.objects.filter(state__in=UNDER_WAY).exists()
        moment = min(end, moment + (often if under_way else SELDOM))
        yield moment
