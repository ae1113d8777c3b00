"""How far a firm's own marks lie from the result of its file."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reviews.gaps import apart, gaps
from reviews.marking import ItemRule, SectionRule, Sheet

SHEET = Sheet(
    (SectionRule("A", (ItemRule("A1", Decimal(10)), ItemRule("A2", Decimal(20)), ItemRule("A3", Decimal(5)))),)
)
ASKED = frozenset({"A1", "A2", "A3"})


def compared(own, found, asked=ASKED):
    return {gap.code: (gap.points, gap.differs) for gap in gaps(SHEET, asked=asked, own=own, found=found)}


def test_a_gap_is_told_in_the_points_of_the_item_and_says_who_saw_it_higher():
    own = {"A1": Decimal(1), "A2": Decimal("0.4"), "A3": Decimal(1)}
    found = {"A1": Decimal(75), "A2": Decimal(100), "A3": Decimal(100)}

    assert compared(own, found) == {"A1": (Decimal("2.5"), True), "A2": (Decimal(-12), True), "A3": (0, False)}


def test_an_item_that_applied_to_one_alone_differs_by_no_figure():
    assert compared({"A1": Decimal(1)}, {"A1": None, "A2": Decimal(40), "A3": None}) == {
        "A1": (None, True),
        "A2": (None, True),
        "A3": (None, False),
    }


def test_an_item_that_the_firm_was_not_asked_for_is_no_difference():
    assert compared({}, {"A1": Decimal(75)}, asked=frozenset({"A2", "A3"}))["A1"] == (None, False)


@given(st.dictionaries(st.sampled_from(sorted(ASKED)), st.sampled_from([Decimal(0), Decimal("0.4"), Decimal(1)])))
def test_a_firm_that_marks_as_the_readers_did_has_no_gap(own):
    found = {code: own[code] * 100 if code in own else None for code in ASKED}

    assert not any(gap.differs or gap.points for gap in gaps(SHEET, asked=ASKED, own=own, found=found))


def far(own, found, asked=ASKED):
    return apart(gaps(SHEET, asked=asked, own=own, found=found))


def test_too_high_and_too_low_do_not_make_up_for_one_another():
    own = {"A1": Decimal(1), "A2": Decimal("0.5"), "A3": Decimal(1)}

    # 10 points too high and 10 too low, of 35.
    assert far(own, {"A1": Decimal(0), "A2": Decimal(100), "A3": Decimal(100)}) == Decimal(2000) / 35


def test_an_item_that_applied_to_one_alone_is_wholly_apart_and_one_that_nobody_marked_is_left_out():
    assert far({"A1": Decimal(1)}, {"A1": Decimal(100), "A2": Decimal(40), "A3": None}) == Decimal(2000) / 30


def test_an_item_that_the_firm_was_not_asked_for_counts_neither_for_nor_against_it():
    found = {"A1": Decimal(0), "A2": Decimal(100), "A3": Decimal(100)}

    assert far({"A2": Decimal(1)}, found, asked=frozenset({"A2"})) == 0
    assert far({}, found, asked=frozenset()) is None
