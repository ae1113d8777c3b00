from decimal import Decimal
from hmac import digest
from math import ceil
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.enums import Exclusion, Rule
from reviews.sampling import FrameCase, plan_sample

ALL = tuple(Rule)
KEY = b"of the service"


def frame(size: int, *, lawyers: int = 5, **fields) -> list[FrameCase]:
    return [
        FrameCase(case_id=n, number=f"案{n}", stratum="civil" if n % 4 else "criminal", lawyer_id=n % lawyers, **fields)
        for n in range(1, size + 1)
    ]


def drawn(plan) -> list[str]:
    return [draw.number for draw in plan.draws]


def test_the_same_seed_draws_the_same_files_whatever_the_order():
    cases = frame(200)
    shuffled = Random(7).sample(cases, len(cases))

    first = plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal("0.1"), rules=ALL)
    again = plan_sample(key=KEY, frame=shuffled, seed="s", rate=Decimal("0.1"), rules=ALL)

    assert (drawn(first), first.frame_digest) == (drawn(again), again.frame_digest)


def test_another_seed_draws_other_files():
    cases = frame(200)

    assert drawn(plan_sample(key=KEY, frame=cases, seed="a", rate=Decimal("0.1"), rules=ALL)) != drawn(
        plan_sample(key=KEY, frame=cases, seed="b", rate=Decimal("0.1"), rules=ALL)
    )


def test_whoever_lacks_the_key_cannot_compute_the_draw_from_its_seed():
    cases = frame(200)

    ours = plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal("0.1"), rules=ALL)
    theirs = plan_sample(key=b"a guess", frame=cases, seed="s", rate=Decimal("0.1"), rules=ALL)

    assert drawn(ours) != drawn(theirs)
    assert ours.frame_digest == theirs.frame_digest


@given(st.integers(0, 120), st.decimals(0, 1, places=2))
def test_each_stratum_gives_at_least_its_share(size, rate):
    plan = plan_sample(key=KEY, frame=frame(size), seed="s", rate=rate, rules=[Rule.RANDOM])

    for stratum in plan.strata:
        found = sum(draw.stratum == stratum.name for draw in plan.draws)
        assert found == stratum.random
        assert rate * stratum.size <= found < rate * stratum.size + 1


@given(st.integers(0, 60), st.decimals(0, 1, places=1), st.sets(st.integers(0, 59), max_size=9))
def test_a_draw_is_the_first_of_each_stratum_in_the_order_of_their_digests_and_what_rules_add(size, rate, risky):
    cases = [case._replace(always=frozenset({Rule.RISK} if n in risky else ())) for n, case in enumerate(frame(size))]
    in_order = sorted(cases, key=lambda case: digest(KEY, f"s\n{case.number}".encode(), "sha256"))
    expected = {case.number for case in cases if case.always}
    for stratum in ("civil", "criminal"):
        of_it = [case.number for case in in_order if case.stratum == stratum]
        expected |= set(of_it[: ceil(rate * len(of_it))])
    lawyers = {case.lawyer_id for case in cases if case.number in expected}
    for case in in_order:
        if case.lawyer_id not in lawyers:
            lawyers.add(case.lawyer_id)
            expected.add(case.number)

    plan = plan_sample(key=KEY, frame=iter(cases), seed="s", rate=rate, rules=ALL)

    assert drawn(plan) == [case.number for case in in_order if case.number in expected]


def test_who_is_read_twice_stands_in_an_order_of_its_own():
    """The first in the order of the draw came at random, and by that of the frame anybody could tell who is read so."""
    cases = frame(40)

    plan = plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal("0.5"), rules=ALL, twice=Decimal("0.2"))

    mixed = sorted(drawn(plan), key=lambda number: digest(KEY, f"s\ntwice\n{number}".encode(), "sha256"))
    assert {draw.number for draw in plan.draws if draw.twice} == set(mixed[: ceil(Decimal("0.2") * len(mixed))])


def test_files_known_from_calibration_are_drawn_as_others_and_never_for_two_readers():
    cases = frame(40)
    usual: dict[str, Any] = {
        "key": KEY,
        "frame": cases,
        "seed": "s",
        "rate": Decimal("0.5"),
        "rules": ALL,
        "twice": Decimal("0.2"),
    }
    before = plan_sample(**usual)
    known = {draw.case_id for draw in before.draws if draw.twice}

    plan = plan_sample(**usual, known=known)

    assert known
    assert drawn(plan) == drawn(before)
    assert plan.read_twice == before.read_twice
    assert not known & {draw.case_id for draw in plan.draws if draw.twice}


def test_every_lawyer_is_read_once_unless_read_before():
    plan = plan_sample(key=KEY, frame=frame(50, lawyers=10), seed="s", rate=Decimal(0), rules=[Rule.EVERY_LAWYER])
    covered = plan_sample(
        key=KEY, frame=frame(50, lawyers=10, covered=True), seed="s", rate=Decimal(0), rules=[Rule.EVERY_LAWYER]
    )

    assert len(plan.draws) == 10
    assert covered.draws == ()


def test_a_rule_that_is_off_draws_nothing():
    cases = frame(20, always=frozenset({Rule.STATUTORY}))

    assert plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal("0.1"), rules=[Rule.EVERY_LAWYER]).counts() == {
        Rule.EVERY_LAWYER: 5
    }


def test_a_file_answers_to_every_rule_that_draws_it():
    cases = frame(3, always=frozenset({Rule.RISK, Rule.LATE_FILING}))

    plan = plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal(1), rules=ALL)

    assert plan.counts() == {Rule.RANDOM: 3, Rule.RISK: 3, Rule.LATE_FILING: 3}


@pytest.mark.parametrize("reason", Exclusion)
def test_an_excluded_file_is_never_drawn_and_says_why(reason):
    cases = [*frame(5), FrameCase(case_id=9, number="案9", stratum="civil", lawyer_id=77, excluded=reason)]

    plan = plan_sample(key=KEY, frame=cases, seed="s", rate=Decimal(1), rules=ALL)

    assert "案9" not in drawn(plan)
    assert [(each.number, each.reason) for each in plan.excluded] == [("案9", reason)]
    assert plan.frame_size == 5


def test_the_chance_of_the_random_share_is_recorded():
    plan = plan_sample(key=KEY, frame=frame(40), seed="s", rate=Decimal("0.1"), rules=[Rule.RANDOM])

    assert {draw.stratum: draw.probability for draw in plan.draws} == {
        "civil": Decimal(3) / 30,
        "criminal": Decimal(1) / 10,
    }


def test_an_empty_frame_draws_nothing():
    assert plan_sample(key=KEY, frame=[], seed="s", rate=Decimal("0.1"), rules=ALL).draws == ()
