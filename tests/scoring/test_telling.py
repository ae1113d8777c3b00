"""From what is told of a mean nobody's answer can be worked out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import cache
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.calculation.telling import STEPS, Told, told, told_together

# The first question as it is weighed, from "very satisfied" to "very dissatisfied".
SCALE = (100, 85, 65, 35, 0)
SIZES = range(5, 13)
# Every figure of a client is a whole number of these parts of a point: halves of means of up to five questions.
PARTS = 120


def told_of(figures: Sequence[int], parts: int = 1) -> Told:
    return told(Decimal(sum(figures)) / (parts * len(figures)))


def reached(choices: Iterable[Iterable[int]]) -> int:
    """The sums that one figure of each of the choices can come to, as the bits of a number."""
    sums = 1
    for choice in choices:
        sums = _any_of(sums, choice)
    return sums


def _any_of(sums: int, choice: Iterable[int]) -> int:
    found = 0
    for figure in choice:
        found |= sums << figure
    return found


def meets(sums: int, step: Told, n: int, parts: int = 1) -> bool:
    """Whether one of the sums over n figures would be told as this step."""
    top = step.high * n * parts + (step.high == 100)
    return bool((sums & ((1 << top) - 1)) >> (step.low * n * parts))


@pytest.mark.parametrize("n", SIZES)
def test_whatever_is_told_each_client_may_have_given_any_answer_and_none_is_certain(n: int) -> None:
    given_in: dict[Told, list[set[int]]] = defaultdict(list)
    for answers in combinations_with_replacement(SCALE, n):
        given_in[told_of(answers)].append(set(answers))

    assert {step: set.union(*each) for step, each in given_in.items()} == {step: set(SCALE) for step in given_in}
    assert {step: set.intersection(*each) for step, each in given_in.items()} == {step: set() for step in given_in}
    assert len(given_in) == len(STEPS) - 1


@pytest.mark.parametrize("n", SIZES)
def test_for_all_answers_by_text_there_are_others_told_alike_in_which_every_client_said_something_else(n: int) -> None:
    for answers in combinations_with_replacement(SCALE, n):
        otherwise = reached([each for each in SCALE if each != said] for said in answers)

        assert meets(otherwise, told_of(answers), n), answers


@cache
def long_forms() -> dict[int, frozenset[int]]:
    """By the answer to the first question: what the whole form can be weighed as, the other half answered or not."""
    halves = {Decimal(sum(each)) / len(each) for k in range(1, 6) for each in product((0, 50, 100), repeat=k)}
    return {
        first: frozenset({first * PARTS} | {round((first + half) * PARTS / 2) for half in halves}) for first in SCALE
    }


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(SCALE)).flatmap(
            lambda each: st.tuples(
                st.just(each[0]),
                st.just(each[1]),
                st.sampled_from(sorted(long_forms()[each[1]])) if each[0] else st.just(each[1] * PARTS),
            )
        ),
        min_size=5,
        max_size=12,
    )
)
def test_nor_where_some_answered_the_whole_form(clients: list[tuple[bool, int, int]]) -> None:
    """Even a reader who knows which clients answered which form."""
    step = told_of([figure for _form, _first, figure in clients], PARTS)

    otherwise = reached(_said_otherwise(form=form, first=first) for form, first, _figure in clients)

    assert meets(otherwise, step, len(clients), PARTS)


@cache
def _said_otherwise(*, form: bool, first: int) -> frozenset[int]:
    others = (each for each in SCALE if each != first)
    if not form:
        return frozenset(each * PARTS for each in others)
    return frozenset[int]().union(*(long_forms()[each] for each in others))


@pytest.mark.parametrize(
    ("mean", "low", "high"),
    [
        ("0", 0, 40),
        ("39.99999999", 0, 40),
        ("40", 40, 50),
        ("79.99999999", 70, 80),
        ("80", 80, 100),
        ("85", 80, 100),
        ("100", 80, 100),
    ],
)
def test_a_mean_is_told_as_the_step_it_lies_in(mean: str, low: int, high: int) -> None:
    assert told(Decimal(mean)) == Told(low, high)


@given(st.lists(st.tuples(st.integers(5, 40), st.decimals(0, 100, places=8)), min_size=1, max_size=6))
def test_what_is_told_of_several_batches_follows_from_what_was_told_of_each(batches: list[tuple[int, Decimal]]) -> None:
    parts = [(n, told(mean)) for n, mean in batches]
    whole = sum(n * mean for n, mean in batches) / sum(n for n, _mean in batches)

    found = told_together(parts)

    assert found.low <= whole <= found.high
    assert found == told_together([(n, told(Decimal(step.low + step.high) / 2)) for n, step in parts])
