"""How fast texts leave: the bucket of segments, alone and in the database."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys import services
from surveys.enums import MessageState
from surveys.models import Message, Sender
from surveys.pacing import FIRST_GROUP, LARGEST_GROUP, SEGMENT, Bucket, Rate, next_group
from surveys.services.outgoing.senders import allowance_of
from surveys.sms.base import SmsError, Verdict
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import invited
from tests.surveys.waiting import invitations_waiting

MICROSECOND = timedelta(microseconds=1)
thousandths = st.integers(min_value=1, max_value=200_000)


def rate_of(segments_per_second: str, burst: int = 10) -> Rate:
    rate = Rate.of(segments_per_second=Decimal(segments_per_second), burst=burst)
    assert rate is not None
    return rate


@given(thousandths, st.lists(st.integers(min_value=0, max_value=3_000_000), max_size=60))
def test_many_looks_find_exactly_what_one_look_would(per_second: int, pauses: list[int]) -> None:
    rate = Rate(thousandths=per_second, burst=10**6)
    often = Bucket(level=0, at=NOW)
    for pause in pauses:
        often = often.refilled(rate=rate, now=often.at + pause * MICROSECOND)

    assert often == Bucket(level=0, at=NOW).refilled(rate=rate, now=often.at)
    assert Fraction(often.level, SEGMENT) == Fraction(per_second, 1000) * Fraction(sum(pauses), 10**6)


def test_a_third_of_a_segment_a_second_has_not_drifted_after_a_hundred_thousand_looks() -> None:
    rate, bucket = rate_of("0.333", burst=10**6), Bucket(level=0, at=NOW)

    for _look in range(100_000):
        bucket = bucket.refilled(rate=rate, now=bucket.at + 777 * MICROSECOND)

    assert bucket.level == 777 * 100_000 * 333


texts = st.tuples(st.integers(min_value=1, max_value=8), st.integers(min_value=0, max_value=4_000_000))


@given(thousandths, st.integers(min_value=1, max_value=20), st.lists(texts, min_size=1, max_size=40))
def test_never_more_leaves_than_a_full_bucket_and_its_refill(
    per_second: int, burst: int, asked: list[tuple[int, int]]
) -> None:
    rate = Rate(thousandths=per_second, burst=burst)
    bucket, left = Bucket(level=rate.capacity, at=NOW), []
    for segments, pause in asked:
        bucket = bucket.refilled(rate=rate, now=bucket.at + pause * MICROSECOND)
        if segments <= bucket.whole() or bucket.is_full(rate):
            bucket = bucket.without(segments)
            left.append((bucket.at, segments))

    for place, (began, _segments) in enumerate(left):
        for last in range(place, len(left)):
            seconds = Fraction((left[last][0] - began) // MICROSECOND, 10**6)
            gone = [segments for _at, segments in left[place : last + 1]]
            # A text larger than the bucket leaves alone, from a full one.
            assert sum(gone) <= max(burst, *gone) + Fraction(per_second, 1000) * seconds


@given(thousandths, st.integers(min_value=1, max_value=20), st.integers(min_value=1, max_value=30),
       st.integers(min_value=-30 * SEGMENT, max_value=SEGMENT))  # fmt: skip
def test_after_the_wait_that_was_named_the_text_may_leave(
    per_second: int, burst: int, segments: int, level: int
) -> None:
    rate = Rate(thousandths=per_second, burst=burst)
    bucket = Bucket(level=min(level, rate.capacity), at=NOW)

    wait = timedelta(seconds=bucket.seconds_until(segments, rate=rate))
    later = bucket.refilled(rate=rate, now=NOW + wait + MICROSECOND)

    assert segments <= later.whole() or later.is_full(rate)


def test_a_clock_that_is_behind_gains_nothing_and_loses_nothing() -> None:
    bucket = Bucket(level=5, at=NOW)

    assert bucket.refilled(rate=rate_of("1"), now=NOW - timedelta(hours=1)) == bucket


@pytest.mark.parametrize(("said", "burst"), [("0.0001", 1), ("-1", 1), ("1", 0)])
def test_a_rate_that_cannot_be_kept_exactly_is_refused(said: str, burst: int) -> None:
    with pytest.raises(ValueError, match=said):
        Rate.of(segments_per_second=Decimal(said), burst=burst)


def test_groups_grow_where_the_provider_is_fast_and_shrink_where_it_is_slow() -> None:
    sizes, size = [], FIRST_GROUP
    for seconds in (0.01, 0.01, 0.01, 0.01, 0.01, 0.07, 3.0, 3.0, 3.0, 3.0, 3.0):
        size = next_group(size, seconds=seconds)
        sizes.append(size)

    assert sizes == [16, 32, 64, 128, 128, 128, 64, 32, 16, 8, 8]
    assert sizes[4] == LARGEST_GROUP


# --- in the database --------------------------------------------------------------------------------------------------


@pytest.fixture
def one_a_second(settings: Any) -> None:
    settings.SMS_SEGMENTS_PER_SECOND = Decimal(1)
    settings.SMS_SEGMENT_BURST = 2


def many_wait(count: int, segments: int = 1) -> None:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    invitations_waiting(at, count, now=NOW)
    Message.objects.update(segments=segments)


def level() -> float:
    return Sender.objects.get().level / SEGMENT


@pytest.mark.django_db
def test_of_many_texts_only_those_leave_for_which_there_are_segments(gateway: Memory, one_a_second: None) -> None:
    many_wait(5)

    at_once = services.deliver(most=8, now=NOW)
    left = len(gateway.outbox)
    after_three_seconds = services.deliver(most=8, now=NOW + timedelta(seconds=3))

    assert (left, len(at_once.deliveries), len(after_three_seconds.deliveries)) == (2, 2, 2)


@pytest.mark.django_db
def test_segments_are_counted_and_not_texts(gateway: Memory, one_a_second: None) -> None:
    many_wait(3, segments=2)

    seconds = [len(services.deliver(most=8, now=NOW + timedelta(seconds=second)).deliveries) for second in range(5)]

    assert seconds == [1, 0, 1, 0, 1]


@pytest.mark.django_db
def test_a_text_larger_than_the_bucket_leaves_from_a_full_one_and_is_paid_for(
    gateway: Memory, one_a_second: None
) -> None:
    many_wait(2, segments=5)

    seconds = [len(services.deliver(most=8, now=NOW + timedelta(seconds=second)).deliveries) for second in range(7)]

    assert seconds == [1, 0, 0, 0, 0, 1, 0]


@pytest.mark.django_db
def test_one_worker_waits_for_the_next_segment_and_the_others_go_back_to_work(
    gateway: Memory, one_a_second: None
) -> None:
    many_wait(5)
    services.deliver(most=8, now=NOW)

    first, second = services.deliver(most=8, now=NOW), services.deliver(most=8, now=NOW)
    after_the_wait = services.deliver(most=8, now=NOW + timedelta(seconds=first.wait))

    assert (first.wait, second.wait, len(after_the_wait.deliveries)) == (1.0, 0, 1)


@pytest.mark.django_db
def test_over_a_minute_of_sweeps_exactly_the_rate_leaves(gateway: Memory, settings: Any) -> None:
    settings.SMS_SEGMENTS_PER_SECOND, settings.SMS_SEGMENT_BURST = Decimal("0.7"), 3
    many_wait(50)

    for step in range(301):
        services.deliver(most=8, now=NOW + timedelta(seconds=step / 5))

    assert len(gateway.outbox) == 3 + 42


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", [Verdict.HALT, Verdict.OK_TO_RETRY, Verdict.PERMANENT, Verdict.SUPPRESS])
def test_a_text_that_was_not_taken_has_used_nothing(gateway: Memory, one_a_second: None, verdict: Verdict) -> None:
    many_wait(1, segments=2)
    gateway.faults = [SmsError(verdict, "code")]

    services.deliver(most=8, now=NOW)

    assert level() == 2


@pytest.mark.django_db
def test_a_text_that_may_have_been_taken_has_used_its_segments(gateway: Memory, one_a_second: None) -> None:
    many_wait(1, segments=2)
    gateway.faults = [SmsError(Verdict.UNKNOWN, "code")]

    services.deliver(most=8, now=NOW)

    assert level() == 0


@pytest.mark.django_db
def test_a_text_held_back_for_the_night_has_used_nothing(gateway: Memory, one_a_second: None) -> None:
    many_wait(2)
    night = NOW.replace(hour=14)

    services.deliver(most=8, now=night)

    assert (level(), len(gateway.outbox)) == (2, 0)


@pytest.mark.django_db
def test_a_day_of_rest_leaves_no_more_than_a_full_bucket(gateway: Memory, one_a_second: None) -> None:
    many_wait(5)
    gateway.faults = [SmsError(Verdict.HALT, "20003")]
    services.deliver(most=1, now=NOW)

    tomorrow = NOW + timedelta(days=1)
    tried = services.deliver(most=8, now=tomorrow)
    then = services.deliver(most=8, now=tomorrow)

    assert (len(tried.deliveries), len(then.deliveries), len(gateway.outbox)) == (1, 1, 2)


@pytest.mark.django_db
def test_while_the_provider_refuses_us_what_comes_new_rests_too(gateway: Memory) -> None:
    invited()
    gateway.faults = [SmsError(Verdict.HALT, "20003")] * 2
    services.deliver(most=8, now=NOW)
    invited()
    resting = services.deliver(most=8, now=NOW + timedelta(minutes=9))
    tried = services.deliver(most=8, now=NOW + timedelta(minutes=10))
    well_again = services.deliver(most=8, now=NOW + timedelta(minutes=20))
    others = services.deliver(most=8, now=NOW + timedelta(minutes=20))

    assert (resting.deliveries, tried.halted, len(tried.deliveries)) == ((), True, 1)
    assert (len(well_again.deliveries), len(others.deliveries), len(gateway.outbox)) == (1, 1, 2)
    assert Sender.objects.get().rests_until is None


@pytest.mark.django_db
def test_without_a_rate_nothing_is_counted(gateway: Memory) -> None:
    many_wait(3)

    services.deliver(most=8, now=NOW)

    assert (len(gateway.outbox), allowance_of(gateway="memory", most=1, now=NOW).segments) == (3, None)
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.ACCEPTED}
