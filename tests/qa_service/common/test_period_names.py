"""How addresses name a period: one spelling given, the older one still read."""

from datetime import date

import pytest

from qa_service.common.period_names import PeriodUnknown, name_of, period_named
from qa_service.common.periods import Period, quarters_until


@pytest.mark.parametrize(
    ("text", "period", "name"),
    [
        ("2026", Period.year(2026), "2026"),
        ("2026-Q3", Period.quarter(2026, 3), "2026-Q3"),
        ("2026-3", Period.quarter(2026, 3), "2026-Q3"),
        ("2026-01-15/2026-03-01", Period(date(2026, 1, 15), date(2026, 3, 1)), "2026-01-15/2026-03-01"),
        ("2026-07-01/2026-10-01", Period.quarter(2026, 3), "2026-Q3"),
        ("1900", Period.year(1900), "1900"),
        ("2199-Q4", Period.quarter(2199, 4), "2199-Q4"),
    ],
)
def test_a_period_is_read_however_it_is_spelt_and_named_in_one_way(text: str, period: Period, name: str) -> None:
    assert (period_named(text), name_of(period), period_named(name)) == (period, name, period)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-Q5",
        "2026-5",
        "2026-q3",
        "2026Q3",
        "226",
        "0000",
        "9999",
        "２０２６",
        " 2026",
        "2026-03-01/",
        "1899",
        "2200",
        "0001",
        "9999-Q3",
        "9999-06-01/9999-07-01",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PeriodUnknown):
        period_named(text)


@pytest.mark.parametrize(
    ("period", "year", "quarter"),
    [
        (Period.year(2026), True, False),
        (Period.quarter(2026, 4), False, True),
        (Period(date(2026, 2, 1), date(2026, 5, 1)), False, False),
        (Period(date(2026, 2, 1), date(2027, 2, 1)), False, False),
        (Period(date(2026, 1, 2), date(2027, 1, 1)), False, False),
        (Period(date(2026, 1, 1), date(2026, 4, 2)), False, False),
        (Period(date(9999, 6, 1), date(9999, 7, 1)), False, False),  # what follows the last year has no date
    ],
)
def test_a_year_and_a_quarter_are_told_from_other_days(period: Period, year: bool, quarter: bool) -> None:
    assert (period.is_year, period.is_quarter) == (year, quarter)


def test_the_quarters_up_to_a_day_are_listed_the_latest_first() -> None:
    assert [name_of(each) for each in quarters_until(date(2026, 5, 1), 3)] == ["2026-Q2", "2026-Q1", "2025-Q4"]
