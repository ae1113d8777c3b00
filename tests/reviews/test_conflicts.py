from dataclasses import replace
from datetime import date

import pytest

from reviews.conflicts import CaseFacts, ReviewerFacts, conflicts
from reviews.enums import ConflictReason
from reviews.giving import choose

BEGUN = date(2026, 5, 1)
CASE = CaseFacts(case_id=1, number="案1", lawyer_id=10, firm_id=20, begun_on=BEGUN)


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({}, ()),
        ({"lawyer_id": 11, "firms": {21: None}}, ()),
        ({"lawyer_id": 10}, (ConflictReason.OWN_CASE,)),
        ({"lawyer_id": 11, "firms": {20: None}}, (ConflictReason.SAME_FIRM,)),
        ({"firms": {20: date(2026, 5, 2)}}, (ConflictReason.SAME_FIRM,)),
        ({"firms": {20: BEGUN}}, ()),
        ({"related_lawyers": frozenset({10})}, (ConflictReason.DECLARED_RELATION,)),
        ({"related_firms": frozenset({20})}, (ConflictReason.DECLARED_RELATION,)),
        ({"lawyer_id": 10, "firms": {20: None}}, (ConflictReason.OWN_CASE, ConflictReason.SAME_FIRM)),
    ],
)
def test_conflicts_are_named(facts, reasons):
    assert conflicts(ReviewerFacts(user_id=1, **facts), CASE) == reasons


def test_the_lightest_load_reads_next():
    reviewers = [ReviewerFacts(user_id=1, load=3), ReviewerFacts(user_id=2, load=1), ReviewerFacts(user_id=3, load=2)]

    assert choose(case=CASE, reviewers=reviewers).user_id == 2


def test_ties_turn_from_case_to_case():
    reviewers = [ReviewerFacts(user_id=1), ReviewerFacts(user_id=2)]
    cases = [CaseFacts(case_id=n, number=f"案{n}", lawyer_id=10, firm_id=20, begun_on=BEGUN) for n in range(40)]

    chosen = {choose(case=case, reviewers=reviewers).user_id for case in cases}

    assert chosen == {1, 2}


def test_nobody_is_chosen_without_saying_why():
    reviewers = [
        ReviewerFacts(user_id=1, lawyer_id=10),
        ReviewerFacts(user_id=2, load=20),
        ReviewerFacts(user_id=3),
        ReviewerFacts(user_id=4),
    ]
    case = replace(CASE, readers=frozenset({3}), decliners=frozenset({4}))

    choice = choose(case=case, reviewers=reviewers)

    assert choice.user_id is None
    assert choice.refused == {
        1: (ConflictReason.OWN_CASE,),
        3: (ConflictReason.ALREADY_READER,),
        4: (ConflictReason.DECLINED,),
    }
    assert choice.full == (2,)
