from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.adoption import NOT_ADOPTED, REASONED, Argued, departs, ledger_defects, propose
from reviews.enums import GRADE_SHARES, Anchor, Treatment
from reviews.marking import Defect, ItemRule, MarkValue, SectionRule, Sheet

FLOOR = Decimal("0.75")
E1 = ItemRule("E1", Decimal(6), {REASONED: FLOOR})
SHEET = Sheet((SectionRule("E", (E1,)),))


def argument(treatment: Treatment | None, reasonable: str = "") -> Argued:
    return Argued(words="工资应付至离职日", page="31", judgment_page="4", treatment=treatment, reasonable=reasonable)


ADOPTED, PARTLY, REJECTED, SILENT = map(argument, Treatment)
GUARDED = argument(Treatment.REJECTED, "两种理解都有判例支持")
ledgers = st.lists(st.sampled_from([ADOPTED, PARTLY, REJECTED, SILENT, GUARDED]), max_size=10)


@pytest.mark.parametrize(
    ("ledger", "share", "anchor", "reason"),
    [
        ([ADOPTED], "1", Anchor.FULL, ""),
        ([ADOPTED, ADOPTED, ADOPTED, REJECTED], "0.75", Anchor.MOSTLY, NOT_ADOPTED),
        ([ADOPTED, REJECTED], "0.5", Anchor.PARTLY, NOT_ADOPTED),
        ([PARTLY], "0.5", Anchor.PARTLY, NOT_ADOPTED),
        ([REJECTED], "0", Anchor.NONE, NOT_ADOPTED),
        ([ADOPTED, SILENT], "1", Anchor.FULL, ""),
        ([GUARDED], "0.75", Anchor.MOSTLY, REASONED),
        ([ADOPTED, GUARDED], "1", Anchor.FULL, ""),
        ([REJECTED, GUARDED], "0.375", Anchor.PARTLY, NOT_ADOPTED),
    ],
)
def test_a_ledger_speaks_for_the_anchor_nearest_to_its_share(ledger, share, anchor, reason):
    found = propose(ledger, item=E1)

    assert found is not None
    assert (found.share, found.anchor, found.reason) == (Decimal(share), anchor, reason)


GRADED = ItemRule("E1", Decimal(6), {REASONED: FLOOR}, GRADE_SHARES)


@pytest.mark.parametrize(
    ("item", "ledger", "anchor"),
    [
        (GRADED, [ADOPTED, ADOPTED, ADOPTED, ADOPTED, REJECTED], Anchor.MOSTLY),  # 80 %: good is 85, pass is 70
        (GRADED, [ADOPTED, REJECTED], Anchor.PARTLY),
        (replace(GRADED, offered=frozenset({Anchor.FULL, Anchor.NONE})), [ADOPTED, ADOPTED, REJECTED], Anchor.FULL),
        (replace(E1, offered=frozenset({Anchor.FULL, Anchor.PARTLY})), [REJECTED], Anchor.PARTLY),
    ],
)
def test_what_is_proposed_is_the_nearest_of_the_marks_that_the_list_offers_by_what_they_are_worth_there(
    item, ledger, anchor
):
    found = propose(ledger, item=item)

    assert found is not None
    assert found.anchor == anchor


def test_who_marks_a_graded_indicator_as_proposed_does_not_depart():
    proposal = propose([GUARDED], item=GRADED)

    assert proposal is not None
    assert proposal.anchor == Anchor.PARTLY
    assert not departs(proposal, GRADED, MarkValue(Anchor.PARTLY, REASONED, "31"))


@pytest.mark.parametrize("ledger", [[], [SILENT, SILENT]], ids=["empty", "silence"])
def test_a_ledger_in_which_the_court_decided_nothing_speaks_for_nothing(ledger):
    assert propose(ledger, item=E1) is None


@given(ledgers)
def test_an_argument_that_was_reasonable_though_rejected_never_lowers_what_is_proposed(ledger):
    before, after = propose(ledger, item=E1), propose([*ledger, GUARDED], item=E1)

    assert after is not None
    assert after.share >= (before.share if before else FLOOR)


@given(ledgers)
def test_the_order_of_arguments_does_not_matter_and_nothing_counts_twice(ledger):
    assert propose(ledger, item=E1) == propose(ledger[::-1], item=E1)


def test_two_readings_halfway_between_two_anchors_go_the_lawyers_way():
    halfway = [ADOPTED] * 7 + [REJECTED]  # 87.5 %

    found = propose(halfway, item=E1)

    assert found is not None
    assert (found.share, found.anchor) == (Decimal("0.875"), Anchor.FULL)


def lacking(*arguments: Argued, mark: MarkValue | None = None, comment: str = "") -> list[Defect]:
    marks = {"E1": mark} if mark else {}
    return ledger_defects(SHEET, dict(enumerate(arguments, start=1)), marks, comment=comment)


def test_each_line_says_what_it_lacks_before_it_is_locked():
    found = lacking(Argued(words="时效未过"), Argued(words="", page="3", treatment=Treatment.ADOPTED), SILENT)

    assert [(each.item, each.missing) for each in found] == [
        ("L1", "page"),
        ("L1", "treatment"),
        ("L2", "words"),
        ("L2", "judgment_page"),
    ]


@pytest.mark.parametrize(
    "mark", [MarkValue(Anchor.FULL), MarkValue(Anchor.NONE, "weak"), MarkValue(Anchor.NOT_APPLICABLE)]
)
def test_a_mark_that_departs_from_the_ledger_says_why(mark):
    assert lacking(ADOPTED, REJECTED, mark=mark) == [Defect("E1", "departure")]
    assert lacking(ADOPTED, REJECTED, mark=mark, comment="法院另案已采纳") == []


def test_a_mark_that_a_reason_lifts_to_the_proposal_does_not_depart():
    proposal = propose([GUARDED], item=E1)

    assert proposal is not None
    assert not departs(proposal, E1, MarkValue(Anchor.NONE, REASONED, "31"))


def test_a_list_for_cases_that_no_court_decides_has_no_ledger():
    plain = Sheet((SectionRule("E", (ItemRule("E1", Decimal(6)),)),))

    assert ledger_defects(plain, {1: REJECTED}, {"E1": MarkValue(Anchor.FULL)}, comment="") == []
