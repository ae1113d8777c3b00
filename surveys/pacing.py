"""How fast texts may leave: a bucket of segments for each sender, and how many texts are handed over at once (pure).

The level is kept in billionths of a segment and time in microseconds, so a rate of up to three decimals refills without
any rounding: after a year of looks at odd moments the bucket holds exactly what one look would have found.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

SEGMENT = 1_000_000_000
_MICROSECOND = timedelta(microseconds=1)

# Texts handed over at once, and the seconds that such a group may take. Small, since a worker that dies leaves the
# whole group unclear; more only where the provider takes them faster than our own statements run.
FIRST_GROUP, LARGEST_GROUP = 8, 128
LONGEST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Rate:
    """`thousandths`: of a segment, gained each second. `burst`: the segments that may leave at once after a pause."""

    thousandths: int
    burst: int

    @classmethod
    def of(cls, *, segments_per_second: Decimal, burst: int) -> "Rate | None":
        """None for no rate at all.

        :raises ValueError: a rate of more than three decimals, below zero, or no burst to send from.
        """
        if not segments_per_second:
            return None
        thousandths = segments_per_second * 1000
        if thousandths < 0 or thousandths != int(thousandths) or burst < 1:
            raise ValueError(segments_per_second)
        return cls(thousandths=int(thousandths), burst=burst)

    @property
    def capacity(self) -> int:
        return self.burst * SEGMENT


@dataclass(frozen=True, slots=True)
class Bucket:
    """`level`: billionths of a segment that may leave, as of `at`. Below zero after a text larger than the bucket."""

    level: int
    at: datetime

    def refilled(self, *, rate: Rate, now: datetime) -> "Bucket":
        """A clock that is behind another worker's gains nothing, and loses nothing."""
        elapsed = max((now - self.at) // _MICROSECOND, 0)
        return Bucket(level=min(self.level + elapsed * rate.thousandths, rate.capacity), at=max(self.at, now))

    def whole(self) -> int:
        """Segments that may leave now."""
        return max(self.level // SEGMENT, 0)

    def is_full(self, rate: Rate) -> bool:
        return self.level >= rate.capacity

    def without(self, segments: int) -> "Bucket":
        return replace(self, level=self.level - segments * SEGMENT)

    def seconds_until(self, segments: int, *, rate: Rate) -> float:
        """How long until a text of so many segments may leave; one larger than the bucket leaves when it is full."""
        missing = min(segments * SEGMENT, rate.capacity) - self.level
        # Rounded up: a microsecond early would find the bucket just short.
        return max(-(-missing // rate.thousandths), 0) / 1_000_000


def next_group(size: int, *, seconds: float) -> int:
    """The size of the next group, by how long the last one took."""
    if seconds > LONGEST_SECONDS:
        return max(size // 2, FIRST_GROUP)
    return min(size * 2, LARGEST_GROUP) if seconds < LONGEST_SECONDS / 2 else size
