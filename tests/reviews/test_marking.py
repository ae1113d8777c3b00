from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_service.common.rounding import half_up
from reviews.enums import Anchor, Band, Method, VetoEffect
from reviews.marking import (
    Defect,
    ItemRule,
    MarkValue,
    SectionRule,
    Sheet,
    band_of,
    combine,
    defects,
    limit_of,
    needs_second_reader,
    total,
)

SHEET = Sheet(
    (
        SectionRule("A", (ItemRule("A1", Decimal(10)), ItemRule("A2", Decimal(30)))),
        SectionRule("B", (ItemRule("B1", Decimal(20)), ItemRule("B2", Decimal(15)))),
        SectionRule("E", (ItemRule("E1", Decimal(25), {"reasoned": Decimal("0.75")}),)),
    )
)

anchors = st.sampled_from(Anchor)
sheets_of_marks = st.fixed_dictionaries({code: anchors.map(MarkValue) for code in SHEET.codes()})


def marks(**anchors: Anchor | MarkValue) -> dict[str, MarkValue]:
    full = {code: MarkValue(Anchor.FULL) for code in SHEET.codes()}
    given_marks = {c: a if isinstance(a, MarkValue) else MarkValue(a, "weak", "3") for c, a in anchors.items()}
    return full | given_marks


@pytest.mark.parametrize(
    ("anchor", "score"),
    [(Anchor.FULL, 100), (Anchor.MOSTLY, Decimal("92.5")), (Anchor.PARTLY, 82), (Anchor.NONE, 70)],
)
def test_an_anchor_is_worth_its_share_of_the_points(anchor, score):
    assert total(SHEET, marks(A2=anchor)).score == score


def test_the_weight_of_an_item_that_does_not_apply_goes_to_its_section():
    found = total(SHEET, marks(A2=Anchor.NOT_APPLICABLE, A1=Anchor.PARTLY))

    assert found.section_scores["A"] == 16  # 40 % of the section's 40 points
    assert found.score == 76


def test_a_section_that_does_not_apply_goes_to_the_file_pro_rata():
    found = total(SHEET, marks(E1=Anchor.NOT_APPLICABLE, A2=Anchor.NONE))

    assert found.score == Decimal(100) * (10 + 35) / 75


@pytest.mark.parametrize(
    ("absent", "limited"), [(("A2",), False), (("A2", "A1"), True), (("E1",), False), (("E1", "B2"), True)]
)
def test_more_than_thirty_points_not_applicable_make_a_limited_review(absent, limited):
    found = total(SHEET, marks(**dict.fromkeys(absent, Anchor.NOT_APPLICABLE)))

    assert found.limited is limited
    assert found.band == (Band.GOOD if limited else Band.EXCELLENT)


def test_an_argument_reasoned_though_rejected_keeps_its_floor():
    rejected = total(SHEET, marks(E1=MarkValue(Anchor.NONE, "reasoned", "8")))
    better = total(SHEET, marks(E1=MarkValue(Anchor.FULL, "reasoned", "8")))

    assert (rejected.shares["E1"], better.shares["E1"]) == (Decimal("0.75"), Decimal(1))


def test_items_without_a_mark_count_in_full_and_are_named():
    found = total(SHEET, {"A1": MarkValue(Anchor.NONE)})

    assert (found.score, found.unmarked) == (Decimal(90), ("A2", "B1", "B2", "E1"))


@given(sheets_of_marks)
def test_a_total_lies_between_the_worst_and_the_best_item(given_marks):
    found = total(SHEET, given_marks)

    if found.shares:
        assert min(found.shares.values()) * 100 - Decimal("1e-20") <= found.score
        assert found.score <= max(found.shares.values()) * 100 + Decimal("1e-20")


@given(sheets_of_marks, st.sampled_from(SHEET.codes()))
def test_a_better_anchor_never_lowers_the_total(given_marks, code):
    if given_marks[code].anchor == Anchor.NOT_APPLICABLE:
        return
    better = given_marks | {code: MarkValue(Anchor.FULL)}

    assert total(SHEET, better).score >= total(SHEET, given_marks).score


@given(sheets_of_marks)
def test_the_order_of_marks_does_not_matter(given_marks):
    assert total(SHEET, dict(reversed(given_marks.items()))) == total(SHEET, given_marks)


def test_every_gap_in_a_sheet_is_named_in_its_order():
    sheet = marks(A1=MarkValue(Anchor.PARTLY), A2=MarkValue(Anchor.NONE, "weak", " "), B1=Anchor.NOT_APPLICABLE)
    del sheet["E1"]

    assert defects(SHEET, sheet) == [
        Defect("A1", "reason"),
        Defect("A1", "page"),
        Defect("A2", "page"),
        Defect("E1", "mark"),
    ]


def test_a_sheet_on_which_nothing_applies_cannot_be_submitted():
    nothing = dict.fromkeys(SHEET.codes(), MarkValue(Anchor.NOT_APPLICABLE))

    assert defects(SHEET, nothing) == [Defect("A1", "applicable")]


@pytest.mark.parametrize(
    ("score", "band"),
    [
        ("100", Band.EXCELLENT), ("90", Band.EXCELLENT), ("89.999", Band.GOOD), ("80", Band.GOOD),
        ("79.9999", Band.PASS), ("60", Band.PASS), ("59.99999", Band.FAIL), ("0", Band.FAIL),
    ],
)  # fmt: skip
def test_bands_are_compared_unrounded(score, band):
    assert band_of(Decimal(score)) == band


def test_a_result_is_limited_when_the_review_of_any_reader_is():
    whole, limited = total(SHEET, marks()), total(SHEET, marks(A1=Anchor.NOT_APPLICABLE, A2=Anchor.NOT_APPLICABLE))

    assert [combine(read).limited for read in ([whole, whole], [whole, limited], [limited, whole, whole])] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("effects", "limited", "cap"),
    [
        ([], False, None),
        ([], True, Band.GOOD),
        ([VetoEffect.CAP_AT_PASS], True, Band.PASS),
        ([VetoEffect.CAP_AT_PASS, VetoEffect.FAIL], False, Band.FAIL),
        ([VetoEffect.CENTRE_FAILS], False, None),
    ],
)
def test_vetoes_limit_the_grade(effects, limited, cap):
    assert limit_of(limited=limited, effects=effects) == cap


def reader(score: int) -> dict[str, MarkValue]:
    """Marks of the wanted total on a sheet of hundred one-point items."""
    return {f"i{n}": MarkValue(Anchor.FULL if n < score else Anchor.NONE) for n in range(100)}


FINE = Sheet((SectionRule("S", tuple(ItemRule(f"i{n}", Decimal(1)) for n in range(100))),))


@pytest.mark.parametrize(
    ("scores", "method", "score"),
    [
        ((85,), Method.SINGLE, 85),
        ((80, 88), Method.MEAN_OF_TWO, 84),
        ((80, 89), Method.UNSETTLED, Decimal("84.5")),
        ((79, 81), Method.UNSETTLED, 80),
        ((79, 81, 95), Method.MEDIAN, 81),
    ],
)
def test_readers_are_combined_by_how_far_they_agree(scores, method, score):
    found = combine([total(FINE, reader(each)) for each in scores])

    assert (found.method, found.score, found.settled) == (method, score, method != Method.UNSETTLED)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_a_combined_score_is_the_median_and_ignores_order(scores):
    totals = [total(FINE, reader(each)) for each in scores]

    assert combine(totals).score == median(scores) == combine(totals[::-1]).score


def test_of_three_readings_the_items_of_the_middle_one_explain_its_total_and_only_what_is_objected_to_moves():
    read = [marks(B1=Anchor.NONE), marks(B2=Anchor.NONE), marks()]
    as_read = [total(SHEET, each) for each in read]
    middle = sorted(as_read, key=lambda each: each.score)[1]
    found = combine(as_read)

    # The third of the readings had marked nothing down, and so would each item's own middle.
    assert (found.score, found.item_scores) == (
        middle.score,
        {code: 100 * share for code, share in middle.shares.items()},
    )
    assert 0 in found.item_scores.values()

    worse_at_a1 = {"A1": marks(A1=Anchor.NONE)["A1"]}
    corrected = combine([total(SHEET, each | worse_at_a1) for each in read], as_read=as_read)
    moved = {code for code in found.item_scores if corrected.item_scores[code] != found.item_scores[code]}
    assert moved == {"A1"}


@given(
    st.lists(sheets_of_marks, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(SHEET.codes()), anchors.map(MarkValue), min_size=1),
)
def test_corrections_never_change_the_method_nor_any_item_that_was_not_corrected(read, corrections):
    as_read = [total(SHEET, each) for each in read]
    before = combine(as_read)
    after = combine([total(SHEET, each | corrections) for each in read], as_read=as_read)

    assert (after.method, after.readers, after.spread, after.agreed, after.settled) == (
        before.method, before.readers, before.spread, before.agreed, before.settled,
    )  # fmt: skip
    moved = {
        code
        for code in {*before.item_scores, *after.item_scores}
        if before.item_scores.get(code) != after.item_scores.get(code)
    }
    assert moved <= corrections.keys()


def test_what_a_correction_leaves_of_two_who_agree_is_their_mean_however_far_it_draws_them_apart():
    read = [total(SHEET, each) for each in (marks(B1=Anchor.NONE), marks(B2=Anchor.NONE))]
    corrected = combine([total(SHEET, marks()), total(SHEET, marks(B2=Anchor.NONE))], as_read=read)

    assert (corrected.method, corrected.score, corrected.spread) == (Method.MEAN_OF_TWO, Decimal("92.5"), Decimal(5))


def test_an_item_counts_over_the_readers_to_whom_it_applied():
    first = total(SHEET, marks(B1=Anchor.NOT_APPLICABLE))
    second = total(SHEET, marks(B1=Anchor.MOSTLY, B2=Anchor.MOSTLY))

    scores = combine([first, second]).item_scores

    assert (scores["B1"], scores["B2"]) == (Decimal(75), Decimal("87.5"))


@pytest.mark.parametrize(("score", "needed"), [("90", True), ("89.9", False), ("60", False), ("59", True)])
def test_the_best_and_the_worst_grade_need_a_second_reader(score, needed):
    assert needs_second_reader(Decimal(score), limited=False) is needed


def test_a_limited_reading_of_the_best_marks_is_good_and_needs_nobody_more() -> None:
    assert not needs_second_reader(Decimal(95), limited=True)
    assert needs_second_reader(Decimal(95), limited=True, vetoed=True)
    assert needs_second_reader(Decimal(59), limited=True)


def test_display_rounds_half_up():
    assert half_up(Decimal("89.995")) == Decimal("90.00")
