"""Signs that figures look better than the work is: pure, counts in and findings with their figures out.

Nothing is found in few: a share is compared by its 95 % interval (Wilson), and only over `ENOUGH` of both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from qa_service.common.rounding import plain
from qa_service.common.shares import Share, share_of
from scoring.enums import Monitor

ENOUGH = 20
ENOUGH_FLAGGED = 5
ENOUGH_ASSESSED = 5
# Points by which a firm sees its work as better than the readers do, before anybody is told.
PRAISE = Decimal(10)
# A way of answering whose share moved by so many hundredths was not what it was.
MOVED = Decimal("0.25")
DROPPED_ABOVE = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Finding:
    monitor: Monitor
    figures: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UnitCount:
    """So many of a whole, at one unit."""

    unit: str
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class HeardCount:
    """Clients heard: of cases whose file was graded low, and of the others."""

    unit: str
    low: int
    of_low: int
    high: int
    of_high: int


@dataclass(frozen=True, slots=True)
class Surplus:
    """By how many points of 100 a firm's marks of each file lie above the readers'."""

    unit: str
    points: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Modes:
    """How many answered by each way, in the period and in the one before."""

    unit: str
    now: Mapping[str, int]
    before: Mapping[str, int]


def inflated(units: Sequence[UnitCount]) -> Iterator[Finding]:
    """Units whose share of excellent files lies above that of all others together."""
    part, whole = sum(each.part for each in units), sum(each.whole for each in units)
    for each in units:
        own, others = share_of(each.part, each.whole), share_of(part - each.part, whole - each.whole)
        if _apart(higher=own, lower=others):
            yield Finding(Monitor.INFLATED, {"unit": each.unit} | _told(own) | _told(others, "other_"))


def unreached(units: Iterable[HeardCount]) -> Iterator[Finding]:
    """Units where clients of poor files are heard less than the others."""
    for each in units:
        low, high = share_of(each.low, each.of_low), share_of(each.high, each.of_high)
        if _apart(higher=high, lower=low):
            yield Finding(Monitor.UNREACHED, {"unit": each.unit} | _told(low) | _told(high, "other_"))


def dropped(units: Iterable[UnitCount]) -> Iterator[Finding]:
    """Units where more than one in ten cases with a sign of trouble were never read to the end."""
    for each in units:
        share = share_of(each.part, each.whole)
        if each.whole >= ENOUGH_FLAGGED and share.low is not None and share.low > DROPPED_ABOVE:
            yield Finding(Monitor.DROPPED, {"unit": each.unit} | _told(share))


def self_praise(firms: Iterable[Surplus]) -> Iterator[Finding]:
    """Firms that see their own files ten points or more above the readers, on average."""
    for each in firms:
        if len(each.points) < ENOUGH_ASSESSED:
            continue
        mean = sum(each.points, Decimal(0)) / len(each.points)
        if mean >= PRAISE:
            above = sum(points >= PRAISE for points in each.points)
            figures = {"unit": each.unit, "whole": str(len(each.points)), "part": str(above), "mean": plain(mean)}
            yield Finding(Monitor.SELF_PRAISE, figures)


def moved_modes(units: Iterable[Modes]) -> Iterator[Finding]:
    """Units where a way of answering won or lost a quarter of all answers from one period to the next."""
    for each in units:
        now, before = sum(each.now.values()), sum(each.before.values())
        if min(now, before) < ENOUGH:
            continue
        for mode in sorted({*each.now, *each.before}):
            own, then = each.now.get(mode, 0), each.before.get(mode, 0)
            if abs(Decimal(own) / now - Decimal(then) / before) >= MOVED:
                yield Finding(
                    Monitor.MODE,
                    {
                        "unit": each.unit,
                        "mode": mode,
                        "part": str(own),
                        "whole": str(now),
                        "share": _percent(share_of(own, now)),
                        "other_part": str(then),
                        "other_whole": str(before),
                        "other_share": _percent(share_of(then, before)),
                    },
                )


def changed_schemes(units: Mapping[str, tuple[frozenset[int], frozenset[int]]]) -> Iterator[Finding]:
    """Units whose cases of this period and of the one before were not all weighed by one scheme."""
    for unit, (now, before) in sorted(units.items()):
        if now and before and len(now | before) > 1:
            yield Finding(Monitor.SCHEME, {"unit": unit, "versions": ", ".join(map(str, sorted(now | before)))})


def _apart(*, higher: Share, lower: Share) -> bool:
    if min(higher.whole, lower.whole) < ENOUGH or higher.low is None or lower.high is None:
        return False
    return higher.low > lower.high


def _told(share: Share, prefix: str = "") -> dict[str, str]:
    return {
        f"{prefix}part": str(share.part),
        f"{prefix}whole": str(share.whole),
        f"{prefix}low": str(share.low_percent),
        f"{prefix}high": str(share.high_percent),
    }


def _percent(share: Share) -> str:
    return str(share.percent)
