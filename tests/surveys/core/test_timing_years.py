"""Three years, hour by hour, in three zones: no text leaves or may arrive outside its hours, whatever the clock does.

The oracle reads the wall clock of the zone by itself; it shares no line with the rules.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.workdays import Calendar
from surveys import timing
from surveys.timing import Hours, departure

# Beijing time, the far west's own hour, and a zone that moves its clocks, for control.
ZONES = ("Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin")
HOUR = timedelta(hours=1)
# With a leap day in it.
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)


def holidays() -> dict[date, bool]:
    """As the official notices lay them: New Year, spring, Qingming, May, Dragon Boat, autumn; weekends made up for."""
    found: dict[date, bool] = {}
    for year in range(2026, 2030):
        runs = (
            (date(year, 1, 1), 3), (date(year, 2, 15), 9), (date(year, 4, 4), 3), (date(year, 5, 1), 5),
            (date(year, 6, 19), 3), (date(year, 9, 30), 9),
        )  # fmt: skip
        for start, days in runs:
            found |= {start + timedelta(days=offset): False for offset in range(days)}
        found |= {date(year, 2, 14): True, date(year, 10, 10): True}
    return found


CALENDAR = Calendar(years=frozenset(range(2026, 2030)), exceptions=holidays())
OFF = frozenset(day for day, works in CALENDAR.exceptions.items() if not works)
SAFE = {
    "the centre's": Hours(zone=ZoneInfo("UTC")),
    "the person's": Hours(zone=ZoneInfo("UTC"), safe_from=time(12), safe_until=time(13, 30)),
    "late, cut at eight": Hours(zone=ZoneInfo("UTC"), safe_from=time(19), safe_until=time(23)),
}


def inside(moment: datetime, hours: Hours) -> bool:
    """On the clock on the wall: a day that is not off, from the later of both openings to the earlier of both ends."""
    wall = moment.astimezone(hours.zone)
    minutes = wall.hour * 60 + wall.minute
    opens = max(9 * 60, (hours.safe_from or time(0)).hour * 60 + (hours.safe_from or time(0)).minute)
    closes = 20 * 60
    if hours.safe_until is not None:
        closes = min(closes, hours.safe_until.hour * 60 + hours.safe_until.minute)
    return wall.date() not in OFF and opens <= minutes < closes


def last_second_inside(moment: datetime, seconds: int, hours: Hours) -> bool:
    """It may be on its way to the last second of the hours, and no longer."""
    end = moment + timedelta(seconds=seconds)
    return inside(end - timedelta(microseconds=1), hours) and not inside(end + timedelta(seconds=1), hours)


def hourly() -> Iterator[datetime]:
    moment = FIRST
    while moment < LAST:
        yield moment
        moment += HOUR


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("name", sorted(SAFE))
def test_of_three_years_of_hours_none_sends_outside_the_window(zone: str, name: str) -> None:
    hours = Hours(zone=ZoneInfo(zone), safe_from=SAFE[name].safe_from, safe_until=SAFE[name].safe_until)
    sent, outside, at_night, held_wrongly = 0, 0, 0, 0

    for moment in hourly():
        leaves = departure(moment, hours=hours, calendar=CALENDAR)
        if leaves is None:
            held_wrongly += 1
        elif leaves.hold_until is None:
            sent += 1
            outside += not inside(moment, hours)
            at_night += not last_second_inside(moment, leaves.valid_for, hours)
        else:
            held_wrongly += inside(moment, hours) or not inside(leaves.hold_until, hours)

    assert (outside, at_night, held_wrongly) == (0, 0, 0)
    assert sent > 900


JUMPS = (-HOUR, HOUR, timedelta(days=-1), timedelta(days=1), timedelta(minutes=37))


@given(
    st.datetimes(datetime(2026, 1, 2), datetime(2028, 12, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(JUMPS), max_size=40),
)
def test_a_clock_that_jumps_lets_nothing_out_at_night(begun: datetime, zone: str, jumps: list[timedelta]) -> None:
    """Leap days, New Year and both changes of the clock lie in the span."""
    hours = Hours(zone=ZoneInfo(zone))
    moment = begun.replace(tzinfo=UTC)

    for jump in jumps:
        moment += jump
        leaves = departure(moment, hours=hours, calendar=CALENDAR)
        assert leaves is not None
        assert inside(moment, hours) == (leaves.hold_until is None)
        if leaves.hold_until is None:
            assert last_second_inside(moment, leaves.valid_for, hours)


@pytest.mark.parametrize("zone", ZONES)
def test_every_day_of_three_years_three_texts_keep_their_distance(zone: str) -> None:
    """Begun at any day and sent as the rules allow, however long the holidays are: 3 days, then 5, then 3."""
    hours, near = Hours(zone=ZoneInfo(zone)), []

    def leaves(moment: datetime) -> datetime:
        found = timing.next_permitted(moment, hours=hours, calendar=CALENDAR)
        assert found is not None
        return found

    for day in range((LAST - FIRST).days - 60):
        moments = [leaves(FIRST + timedelta(days=day))]
        for sent in range(3):
            due = timing.earliest_next_text(last_sent_at=moments[-1], reminders_sent=sent, zone=hours.zone)
            moments.append(leaves(due))
        days = [moment.astimezone(hours.zone).date() for moment in moments]
        gaps = [(later - earlier).days for earlier, later in pairwise(days)]
        near += [gaps] if gaps[0] < 3 or gaps[1] < 5 or gaps[2] < 3 else []

    assert near == []
