"""Shares: the intervals the specification names, and what is never rounded away."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.shares import Share, percent, share_of, wilson


@pytest.mark.parametrize(("n", "at_least"), [(5, 57), (10, 72), (47, 92)])
def test_all_satisfied_of_few_is_less_than_all(n: int, at_least: int) -> None:
    low, high = wilson(n, n)

    assert (round(low * 100), high) == (at_least, Decimal(1))


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (1, 0), (-1, 3), (4, 3)])
def test_a_share_of_nothing_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="a share"):
        wilson(successes, n)
    if (successes, n) != (0, 0):
        with pytest.raises(ValueError, match="a share"):
            share_of(successes, n)


def test_where_nobody_is_there_is_no_share() -> None:
    nobody = share_of(0, 0)

    assert nobody == Share(part=0, whole=0, low=None, high=None)
    assert (nobody.percent, nobody.low_percent, nobody.high_percent, nobody.small) == (None, None, None, True)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 7, "0.0"), (7, 7, "100.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 16, "6.3"),
        (9999, 10000, "99.9"), (1, 10000, "0.1"),
    ],
)  # fmt: skip
def test_nearly_all_is_not_shown_as_all_nor_nearly_none_as_none(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == Decimal(shown)


counts = st.integers(1, 100_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(counts)
def test_a_share_lies_within_its_interval_and_the_interval_between_nothing_and_all(given: tuple[int, int]) -> None:
    part, whole = given
    found = share_of(part, whole)

    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= Decimal(part) / whole <= found.high <= 1


@given(counts)
def test_who_did_and_who_did_not_mirror_each_other(given: tuple[int, int]) -> None:
    part, whole = given
    did, did_not = wilson(part, whole), wilson(whole - part, whole)

    assert abs(did[0] - (1 - did_not[1])) < Decimal("1e-20")
