"""An objection that is upheld: the items objected to move, the total with them, and nothing else."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.notifications.models import Notification
from qa_service.notifications.queries import unread_notifications
from reviews.enums import Anchor, Method, ResultState
from reviews.models import Assignment, CaseReview
from reviews.queries.work import cases_needing_a_reader
from reviews.services.assignments import add_next_reader, hand_over
from reviews.services.calling_readers import NEEDED
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.relations import declare_relation
from reviews.services.submission import submit_review
from reviews.services.telling import stand_down_who_is_tied_since
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, assignment, manager, marked, released, reviewer, submitted

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)
Marks = dict[str, Any]


def decide(case: Case, boss: User, **anchors: Anchor) -> CaseReview:
    """The lawyer objects to these items, and each gets the mark named."""
    result = CaseReview.objects.current().get(case=case)
    own = account_of(case.lawyer)
    lodged = lodge_objection(result=result, items=[*anchors], statement="见第3页", user=own, now=LATER)
    rulings = [
        Ruling(
            code,
            upheld=True,
            mark=MarkEntry(item=code, anchor=anchor, reason_code="other", page="3", comment="见第3页"),
        )
        for code, anchor in anchors.items()
    ]
    decide_objection(objection=lodged, rulings=rulings, answer="成立", user=boss, now=LATER)
    return CaseReview.objects.current().get(case=case)


def moved(before: CaseReview, after: CaseReview) -> dict[str, tuple[str, str]]:
    pairs = zip(before.items, after.items, strict=True)
    return {one["code"]: (one["share"], other["share"]) for one, other in pairs if one["share"] != other["share"]}


def read_by_two(first: Marks, second: Marks) -> tuple[Case, User]:
    case = factories.case(factories.centre())
    boss = manager(case.centre)
    account_of(case.lawyer)
    rows = [assignment(case, reviewer(case.centre), order=order) for order in (1, 2)]
    for row, marks in zip(rows, (first, second), strict=True):
        submitted(row, **marks)
    return case, boss


NONE, PARTLY, FULL = Anchor.NONE, Anchor.PARTLY, Anchor.FULL
APART = ({"C2": NONE}, {"B2": NONE, "A2": PARTLY})  # 86 and 85.8
ALIKE = (GOOD, GOOD)


@pytest.mark.parametrize(
    ("read", "decided", "shares", "score", "grade"),
    [
        (APART, {"C2": FULL}, {"C2": ("50", "100")}, "92.9", "excellent"),
        (APART, {"C2": NONE}, {"C2": ("50", "0")}, "78.9", "pass"),
        (APART, {"B2": FULL}, {"B2": ("50", "100")}, "90.9", "excellent"),
        (APART, {"C2": FULL, "B2": NONE}, {"C2": ("50", "100"), "B2": ("50", "0")}, "87.9", "good"),
        (ALIKE, {"C2": FULL}, {"C2": ("40", "100")}, "95.8", "excellent"),
        (ALIKE, {"C2": NONE, "B2": NONE}, {"C2": ("40", "0"), "B2": ("100", "0")}, "71.8", "pass"),
    ],
)
def test_of_two_readers_who_agreed_only_what_was_objected_to_moves_and_the_result_stays_released(
    read: tuple[Marks, Marks], decided: Marks, shares: dict[str, tuple[str, str]], score: str, grade: str
) -> None:
    case, boss = read_by_two(*read)
    before = CaseReview.objects.current().get(case=case)

    after = decide(case, boss, **decided)

    assert (before.state, before.method) == (ResultState.RELEASED, Method.MEAN_OF_TWO)
    assert moved(before, after) == shares
    assert (after.state, after.method, after.spread, after.agreed) == (
        ResultState.RELEASED, Method.MEAN_OF_TWO, before.spread, True,
    )  # fmt: skip
    assert (after.score, after.grade, after.objection_until) == (Decimal(score), grade, before.objection_until)
    assert after.released_at is not None
    assert not cases_needing_a_reader(boss).exists()
    assert not [each for each in unread_notifications(boss) if each.text in NEEDED.values()]


@pytest.mark.parametrize(("anchor", "grade"), [(FULL, "excellent"), (NONE, "fail")])
def test_one_readers_result_stays_released_also_where_its_corrected_grade_takes_two(anchor: Anchor, grade: str) -> None:
    case = factories.case(factories.centre())
    before = released(case)
    items = ["A2", "C2"] if anchor == FULL else ["A2", "B2", "C1", "C2", "D2"]

    after = decide(case, manager(case.centre), **dict.fromkeys(items, anchor))

    assert (after.state, after.grade, after.method) == (ResultState.RELEASED, grade, Method.SINGLE)
    assert moved(before, after).keys() == set(items)


def test_a_correction_tells_the_lawyer_of_no_new_period_to_object() -> None:
    case = factories.case(factories.centre())
    released(case)
    ready = Notification.objects.filter(user__lawyer=case.lawyer, text__contains="You may object within")
    before = ready.count()

    decide(case, manager(case.centre), C2=FULL)

    assert (before, ready.count()) == (1, 1)


def test_a_correction_keeps_nothing_released_that_rests_on_a_reader_who_is_tied_by_now() -> None:
    case, boss = read_by_two({"C2": Anchor.MOSTLY}, {"C2": Anchor.MOSTLY})
    second = Assignment.objects.select_related("reviewer__lawyer").get(case=case, order=2)
    second.reviewer.lawyer.memberships.create(firm=case.firm, starts_on=LATER.date())

    after = decide(case, boss, C2=FULL)

    assert (after.readers, after.grade, after.state) == (1, "excellent", ResultState.AWAITING_SECOND)


def test_a_correction_leaves_the_result_released_while_another_reader_is_at_work() -> None:
    case = factories.case(factories.centre())
    before, boss = released(case), manager(case.centre)
    second = add_next_reader(case=case, reviewer=reviewer(case.centre), user=boss, now=NOW)

    after = decide(case, boss, C2=FULL)

    assert (after.state, after.objection_until) == (ResultState.RELEASED, before.objection_until)
    submitted(second, **GOOD)
    result = CaseReview.objects.current().get(case=case)
    assert (result.state, result.method, result.score) == (ResultState.RELEASED, Method.MEAN_OF_TWO, after.score)


def test_a_decision_on_an_item_stands_when_its_reader_does_not_and_the_new_readers_own_mark_is_shown_beside_it(
    client: Client,
) -> None:
    case = factories.case(factories.centre())
    boss, person, other = manager(case.centre), reviewer(case.centre), reviewer(case.centre)
    account_of(case.lawyer)
    submitted(assignment(case, person), C2=NONE)
    decide(case, boss, C2=FULL)
    declare_relation(lawyer=case.lawyer, user=person, now=LATER)
    stand_down_who_is_tied_since(now=LATER)
    assert not CaseReview.objects.current().filter(case=case).exists()
    row = Assignment.objects.get(case=case)

    anew = hand_over(assignment=row, reviewer=other, reason="回避", user=boss, now=LATER)
    review = marked(anew, **GOOD)
    submit_review(review_id=review.public_id, version=review.version, user=other, now=LATER)

    result = CaseReview.objects.current().get(case=case)
    item = next(each for each in result.items if each["code"] == "C2")
    assert (item["share"], item["corrected"]) == ("100", True)
    # 87.4 as it was read: the decision, which makes it 95.8, calls for nobody here either.
    assert (result.state, result.score) == (ResultState.RELEASED, Decimal("95.8"))
    assert item["as_read"] == [{"anchor": "partly", "readers": [1]}]
    client.force_login(account_of(case.lawyer))
    shown = client.get(reverse("reviews:result", args=[result.public_id])).content.decode()
    assert "评查员原评：部分" in shown
    # The lawyer is heard again on what was read anew, this item with it.
    assert next(each for each in decide(case, boss, C2=NONE).items if each["code"] == "C2")["share"] == "0"
