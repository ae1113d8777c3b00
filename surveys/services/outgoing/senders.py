"""What all workers know of one gateway: how many segments may leave now, and whether the provider refuses us."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from surveys.models import Sender
from surveys.pacing import SEGMENT, Bucket, Rate

# A worker waits for the next segment if it is this near; else the next sweep comes for it.
LONGEST_WAIT_SECONDS = 1.0
# What waking up may take longer than planned before another worker waits instead.
SLACK = timedelta(milliseconds=250)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What may leave at this moment. `segments` is None where no rate is set."""

    sender: Sender
    most: int
    segments: int | None = None
    # A text larger than the whole bucket leaves alone, when the bucket is full.
    is_full: bool = True

    @property
    def is_trying(self) -> bool:
        """The provider has refused us; one text finds out whether it still does."""
        return self.sender.rests_until is not None


def rate_in_use() -> Rate | None:
    return Rate.of(segments_per_second=settings.SMS_SEGMENTS_PER_SECOND, burst=settings.SMS_SEGMENT_BURST)


def allowance_of(*, gateway: str, most: int, now: datetime) -> Allowance:
    """How many texts the caller may claim; its row stays locked until the claim is committed where a rate is set.

    While the provider refuses us nothing may leave; then one text tries for all.
    """
    rate = rate_in_use()
    senders = Sender.objects.all() if rate is None else Sender.objects.select_for_update()
    sender = senders.filter(gateway=gateway).first()
    if sender is None:
        Sender.objects.bulk_create([Sender(gateway=gateway, level=_full(rate), level_at=now)], ignore_conflicts=True)
        sender = senders.get(gateway=gateway)
    if sender.rests_until is not None:
        most = 0 if now < sender.rests_until else 1
    if rate is None:
        return Allowance(sender=sender, most=most)
    bucket = Bucket(level=sender.level, at=sender.level_at).refilled(rate=rate, now=now)
    sender.level, sender.level_at = bucket.level, bucket.at
    return Allowance(sender=sender, most=most, segments=bucket.whole(), is_full=bucket.is_full(rate))


def _full(rate: Rate | None) -> int:
    return rate.capacity if rate else 0


def take(allowance: Allowance, *, segments: int) -> None:
    """In the transaction of the claim."""
    if allowance.segments is None:
        return
    sender = allowance.sender
    sender.level -= segments * SEGMENT
    sender.awaited_until = None
    sender.save(update_fields=["level", "level_at", "awaited_until"])


def wait_for(allowance: Allowance, *, segments: int, now: datetime) -> float:
    """The seconds after which a text of so many segments may leave; 0 where that is far off or another worker waits.

    In the transaction of the claim: one waits, and the others go back to other work.
    """
    rate, sender = rate_in_use(), allowance.sender
    if rate is None or allowance.most < 1 or (sender.awaited_until is not None and now < sender.awaited_until):
        return 0
    seconds = Bucket(level=sender.level, at=sender.level_at).seconds_until(segments, rate=rate)
    if seconds > LONGEST_WAIT_SECONDS:
        return 0
    sender.awaited_until = now + timedelta(seconds=seconds) + SLACK
    sender.save(update_fields=["level", "level_at", "awaited_until"])
    return seconds


def give_back(*, gateway: str, segments: int) -> None:
    """Of texts that did not leave after all. Beyond a full bucket they are lost at the next look, as they should be."""
    if segments and rate_in_use() is not None:
        Sender.objects.filter(gateway=gateway).update(level=F("level") + segments * SEGMENT)


def rest(*, gateway: str, until: datetime) -> None:
    """The provider refuses every text: nothing leaves before this moment, and then one tries for all."""
    Sender.objects.filter(gateway=gateway).update(rests_until=until)


def go_on(*, gateway: str) -> None:
    """The provider took a text again."""
    Sender.objects.filter(gateway=gateway).exclude(rests_until=None).update(rests_until=None)
