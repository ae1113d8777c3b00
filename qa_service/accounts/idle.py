"""When a session has ended of itself: nobody used it for a while, or it is older than a working day. No framework."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

# The stamp is written no oftener than this: reading a page costs one write a minute, not one a page.
STAMPED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Use:
    """When somebody signed in, and when the session was last used."""

    signed_in: datetime
    last: datetime

    @classmethod
    def read(cls, kept: Mapping[str, int]) -> Self:
        """What the session holds."""
        return cls(*(datetime.fromtimestamp(kept[name], tz=UTC) for name in ("signed_in", "last")))

    def written(self) -> dict[str, int]:
        return {"signed_in": int(self.signed_in.timestamp()), "last": int(self.last.timestamp())}

    def has_ended(self, *, idle: timedelta, longest: timedelta, now: datetime) -> bool:
        return now - self.last >= idle or now - self.signed_in >= longest

    def used(self, *, now: datetime) -> "Use":
        """The same session used now; within the minute of its stamp it is left as it is."""
        return self if now - self.last < STAMPED_EVERY else Use(signed_in=self.signed_in, last=now)
