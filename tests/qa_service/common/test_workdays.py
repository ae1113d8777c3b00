"""Working days are counted by the imported calendar alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.workdays import Calendar, CalendarYearMissing, add_workdays, workdays_between

# The week of 1 October 2026: a holiday, and the Saturday after it is worked.
HOLIDAYS = {date(2026, 10, day): False for day in range(1, 8)} | {date(2026, 10, 10): True}
CALENDAR = Calendar(years=frozenset({2026}), exceptions=HOLIDAYS)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 9, 28), 1, date(2026, 9, 29)),
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 10, 9), 2, date(2026, 10, 12)),
        (date(2026, 10, 9), 0, date(2026, 10, 9)),
    ],
)
def test_holidays_do_not_count_and_made_up_days_do(start, count, expected):
    assert add_workdays(start, count, CALENDAR) == expected


def test_a_year_that_was_not_imported_is_an_error_never_a_guess():
    with pytest.raises(CalendarYearMissing) as missing:
        add_workdays(date(2026, 12, 31), 1, CALENDAR)

    assert missing.value.year == 2027


@given(st.dates(date(2026, 1, 1), date(2026, 9, 1)), st.integers(0, 40))
def test_adding_and_counting_agree(start, count):
    end = add_workdays(start, count, CALENDAR)

    assert workdays_between(start, end, CALENDAR) == count
    assert end - start >= timedelta(days=count)
