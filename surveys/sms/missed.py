"""What the provider told us in vain: planned from its own book and from what we know, without asking either."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.sms.base import Entry
from surveys.sms.statuses import RANKS

# Each look overlaps those before, so that a text is looked for a dozen times. The deep look also goes behind a door
# that has been shut since the last text, as far back as an answer is still taken.
SHORT_LOOK, LONGEST_SHORT_LOOK = timedelta(hours=2), timedelta(days=1)
DEEP_LOOK, LONGEST_DEEP_LOOK = timedelta(days=7), timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Plan:
    """Texts to take in, in the order they came, and reports to apply; each once."""

    inbound: tuple[Entry, ...]
    reports: tuple[Entry, ...]


def since_when(*, now: datetime, last_heard: datetime | None, deep: bool) -> datetime:
    """From when on the book is read. `last_heard`: when the newest text of all came in, None for never."""
    look, longest = (DEEP_LOOK, LONGEST_DEEP_LOOK) if deep else (SHORT_LOOK, LONGEST_SHORT_LOOK)
    return now - longest if last_heard is None else max(min(now, last_heard) - look, now - longest)


def planned(book: Iterable[Entry], *, known: Mapping[str, int]) -> Plan:
    """`known`: of each number that one of our rows has, how far that row has got."""
    entries = {entry.sid: entry for entry in book}.values()
    return Plan(
        inbound=tuple(sorted((entry for entry in entries if _is_new(entry, known)), key=lambda entry: entry.at)),
        reports=tuple(entry for entry in entries if _is_further(entry, known)),
    )


def _is_new(entry: Entry, known: Mapping[str, int]) -> bool:
    return entry.inbound and entry.sid not in known


def _is_further(entry: Entry, known: Mapping[str, int]) -> bool:
    """Only of texts we know by number: what was sent without our learning it is the reconciliation's."""
    return not entry.inbound and entry.sid in known and RANKS.get(entry.status, 0) > known[entry.sid]
