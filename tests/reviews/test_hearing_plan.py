from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.enums import HearingRule
from reviews.hearings import LEAST_RATE, ComingHearing, HearingsPlan, RateTooLow, observers_for, plan_of_hearings

DAY = date(2026, 12, 1)
KEY = b"the service's own"


def hearing(number: int, *, people: int = 1, first_time: bool = False) -> ComingHearing:
    held_on = DAY + timedelta(days=number % 20)
    return ComingHearing(case_id=number, number=f"{number:04d}", held_on=held_on, people=people, first_time=first_time)


def plan(
    *frame: ComingHearing, seed: str = "s", rate: Decimal = LEAST_RATE, named: tuple[int, ...] = ()
) -> HearingsPlan:
    return plan_of_hearings(frame=frame, key=KEY, seed=seed, rate=rate, named=named)


def chosen(found: HearingsPlan) -> set[int]:
    return {each.hearing.case_id for each in found.planned}


@given(st.integers(1, 200), st.decimals(LEAST_RATE, 1, places=2), st.text(max_size=8))
def test_at_least_the_share_is_drawn_and_nothing_is_lost(size, rate, seed):
    found = plan(*map(hearing, range(size)), rate=rate, seed=seed)

    assert len(found.planned) >= rate * size
    assert len(found.planned) < rate * size + 1
    assert found.frame_size == size


def test_the_same_seed_plans_the_same_whatever_the_order_it_came_in():
    frame = [hearing(n) for n in range(40)]

    assert plan(*frame) == plan(*reversed(frame))
    assert chosen(plan(*frame)) != chosen(plan(*frame, seed="another"))


@pytest.mark.parametrize(
    ("added", "rule"),
    [
        (hearing(99, first_time=True), HearingRule.FIRST_TIME),
        (hearing(99, people=10), HearingRule.GROUP),
    ],
)
def test_first_cases_and_group_cases_are_always_observed(added, rule):
    found = plan(*map(hearing, range(40)), added)

    (planned,) = [each for each in found.planned if each.hearing == added]
    assert rule in planned.rules


def test_nine_people_are_no_group():
    assert HearingRule.GROUP not in hearing(1, people=9).always


def test_what_the_centre_names_is_added_and_says_so():
    frame = [hearing(n) for n in range(40)]
    other = plan(*frame).others[0]

    found = plan(*frame, named=(other.case_id,))

    assert chosen(found) == chosen(plan(*frame)) | {other.case_id}
    assert found.counts()[HearingRule.NAMED] == 1


def test_less_than_a_twentieth_is_no_plan():
    with pytest.raises(RateTooLow):
        plan(hearing(1), rate=Decimal("0.04"))


def test_a_hearing_put_off_makes_another_frame():
    before, after = hearing(1), ComingHearing(case_id=1, number="0001", held_on=DAY + timedelta(days=9))

    assert plan(before).digest != plan(after).digest


def test_two_observers_go_to_each_hearing_the_load_is_even_and_nobody_goes_to_their_own():
    hearings = [(n, f"{n:04d}") for n in range(6)]

    given = observers_for(hearings=hearings, barred={0: {1, 2}}, loads={1: 0, 2: 0, 3: 0, 4: 5}, seed="s")

    assert [len(each) for each in given.values()] == [2] * 6
    assert not {1, 2} & set(given[0])
    counted = [sum(user in each for each in given.values()) for user in (1, 2, 3, 4)]
    assert max(counted[:3]) - min(counted[:3]) <= 1
    assert counted[3] <= 1


def test_a_hearing_that_nobody_may_observe_is_left_without():
    assert observers_for(hearings=[(1, "0001")], barred={1: {7}}, loads={7: 0}, seed="s") == {1: ()}
