"""Small worlds of texts and reports in any order end as the reference model says, and the model says what it should."""

import random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from prove.reports import became, happens, scene, write
from prove.reports_model import Answered, End, Event, Report, Standing, Text, expected, last_word
from tests.fakes import twilio as fake

SID = "SM" + "1" * 32
ONE = [Text("r1", "+85250000001", "c1")]


@pytest.fixture
def twilio(settings: Any) -> None:
    for name, value in fake.IN_USE.items():
        setattr(settings, name, value)


@pytest.mark.django_db
@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(chance=st.randoms(use_true_random=False))
def test_a_small_world_ends_as_the_model_says(twilio: None, chance: random.Random) -> None:
    texts, events = scene(24, chance)

    with transaction.atomic():
        messages = write(texts)
        door = [happens(place, event, texts, messages) for place, event in enumerate(events)]
        ends, standings, stopped = became(texts)
        transaction.set_rollback(True)

    must = expected(texts, events)
    assert not any(door)
    assert ends == must.ends
    assert standings == [must.standings[text.conversation] for text in texts]
    assert stopped == must.stopped_numbers


def told(*words: str, **more: Any) -> list[Event]:
    return [Report(0, SID, word, **more) for word in words]


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([], End()),
        (told("delivered", "sent", "queued"), End("delivered", 5, SID)),
        (told("read", "delivered"), End("delivered", 6, SID)),
        (told("delivered", "failed"), End("delivered", 5, SID)),
        ([Answered(0, SID)], End("accepted", 1, SID)),
        ([*told("sent"), Answered(0, SID)], End("sent", 4, SID)),
        (told("delivered", ours=False), End()),
        ([*told("delivered", ours=False), Answered(0, SID)], End("accepted", 1, SID)),
        (told("failed", "read"), End("failed", 5, SID)),
        ([Answered(0, SID), *told("delivered", ours=False)], End("delivered", 5, SID)),
        (told("delivered", believed=False), End()),
        (told("pondering"), End()),
        ([*told("sent"), Report(0, "SM" + "2" * 32, "failed", "30006")], End("sent", 4, SID)),
    ],
)
def test_the_model_of_one_text(events: list[Event], end: End) -> None:
    assert expected(ONE, events).ends == [end]


def test_the_model_of_what_follows_from_a_refusal() -> None:
    two = [*ONE, Text("r2", "+85250000001", "c2"), Text("r3", "+85250000002", "c3", asks=False)]
    unreachable, stop = Report(0, SID, "failed", "30006"), Report(1, "SM" + "2" * 32, "failed", "21610")
    thanks = Report(2, "SM" + "3" * 32, "undelivered", "30006")

    found = expected(two, [unreachable, stop, thanks])

    assert found.standings == {
        "c1": Standing("stopped", "number_refused"), "c2": Standing("stopped"), "c3": Standing("awaiting"),
    }  # fmt: skip
    assert found.stopped_numbers == {"+85250000001"}


@pytest.mark.parametrize(
    ("said", "asking", "other"),
    [
        (("delivered", ""), Standing(), Standing()),
        (("failed", "30001"), Standing("awaiting", "provider_away"), Standing()),
        # Of a number that wants no texts nobody is handed over any more: the stop was known first.
        (("failed", "30006"), Standing("stopped"), Standing("stopped")),
    ],
)
def test_the_model_hands_over_who_was_refused_and_who_has_not_stopped_before(
    said: tuple[str, str], asking: Standing, other: Standing
) -> None:
    two = [*ONE, Text("r2", "+85250000001", "c2")]
    stop = [Report(1, "SM" + "2" * 32, "failed", "21610")] if asking.state == "stopped" else []

    found = expected(two, [*stop, Report(0, SID, *said)])

    assert found.standings == {"c1": asking, "c2": other}


def test_whoever_writes_down_the_last_word_is_wrong() -> None:
    assert last_word(ONE, told("delivered", "sent")) == ["sent"]
