"""Of several clients of a case a few are asked, by lot, and never two on one telephone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.drawing import Ticket, draw
from surveys.enums import PassedOver

NOT, ENOUGH, NUMBER = PassedOver.NOT, PassedOver.ENOUGH, PassedOver.NUMBER


def tickets(*numbers: str) -> list[Ticket]:
    """One a person, in the order of the lots."""
    return [Ticket(pk, lot=f"{pk:02}", number=number) for pk, number in enumerate(numbers, start=1)]


@pytest.mark.parametrize(
    ("numbers", "most", "held", "outcomes"),
    [
        (["a"], 3, [], [NOT]),
        (["a", "b", "c", "d"], 3, [], [NOT, NOT, NOT, ENOUGH]),
        (["a", "a", "b", "c"], 3, [], [NOT, NUMBER, NOT, NOT]),
        (["a", "a", "a"], 3, [], [NOT, NUMBER, NUMBER]),
        (["", "", ""], 2, [], [NOT, NOT, ENOUGH]),
        (["b", "a", "c"], 2, [Ticket(9, "", "a")], [NOT, ENOUGH, ENOUGH]),
        (["a", "b"], 2, [Ticket(9, "", "a")], [NUMBER, NOT]),
        (["a"], 1, [Ticket(9, "", "z")], [ENOUGH]),
        ([], 3, [], []),
    ],
)
def test_who_is_asked(numbers: list[str], most: int, held: list[Ticket], outcomes: list[PassedOver]) -> None:
    drawn = draw(tickets(*numbers), most=most, held=held)

    assert [each.passed_over for each in drawn] == outcomes


@given(
    st.lists(st.tuples(st.text("0123456789abcdef", min_size=4, max_size=4), st.sampled_from(["", "a", "b", "c"]))),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_whoever_names_them_in_whatever_order_the_same_are_drawn(given_people, most, shuffle) -> None:
    people = [Ticket(pk, lot, number) for pk, (lot, number) in enumerate(given_people)]
    drawn = draw(people, most=most)
    shuffle.shuffle(people)

    assert draw(people, most=most) == drawn
    chosen = [each.client_id for each in drawn if each.chosen]
    numbers = [number for pk, (_lot, number) in enumerate(given_people) if pk in chosen and number]
    assert len(chosen) <= most
    assert len(numbers) == len(set(numbers))
    # Nobody is left out for nothing: a place stays empty only where every telephone is taken.
    left = [number for pk, (_lot, number) in enumerate(given_people) if pk not in chosen]
    assert len(chosen) == most or set(left) <= set(numbers)


@given(st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), min_size=1, max_size=8), st.integers(1, 4))
def test_whoever_joins_later_takes_nobodys_place(lots: list[str], most: int) -> None:
    people = [Ticket(pk, lot, f"n{pk}") for pk, lot in enumerate(lots)]
    first, later = people[:-1], people[-1]
    before = [each for each in draw(first, most=most) if each.chosen]

    after = draw([later], most=most, held=[people[each.client_id] for each in before])

    assert [each.chosen for each in after] == [len(before) < most]
