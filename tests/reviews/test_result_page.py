"""What a lawyer reads on the page of a result: whose mark is whose by turn, and how their objection stands."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.models import User
from reviews.enums import Anchor
from reviews.models import Assignment, CaseReview, Objection
from reviews.services.assignments import add_next_reader
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import account_of, assignment, manager, released, reviewer, submitted

pytestmark = pytest.mark.django_db


def read(*readings: dict[str, Anchor]) -> tuple[User, CaseReview]:
    """A file read by so many, and its lawyer."""
    case = factories.case(factories.centre())
    lawyer = account_of(case.lawyer)
    submitted(assignment(case), **readings[0])
    for marks in readings[1:]:
        row = add_next_reader(case=case, reviewer=reviewer(case.centre), user=manager(case.centre), now=NOW)
        submitted(row, **marks)
    return lawyer, CaseReview.objects.current().get(case=case)


def page(person: User, result: CaseReview, language: str = "zh-hans") -> str:
    browser = Browser(headers={"accept-language": language})
    with time_machine.travel(NOW, tick=False):
        browser.force_login(person)
        return browser.get(reverse("reviews:result", args=[result.public_id])).content.decode()


def cell(shown: str, item: str) -> str:
    """The marks of one item, in one line."""
    _before, _sign, after = shown.partition(f'id="object-{item}"')
    row, _sign, _rest = after.partition("</tr>")
    return " ".join(row.split())


@pytest.mark.parametrize(
    ("language", "first", "second", "both"),
    [
        ("zh-hans", "第一评查员：</span>基本", "第二评查员：</span>", "两名评查员：</span>"),
        ("en", "First reader: </span>Mostly", "Second reader: </span>", "Both readers: </span>"),
    ],
)
def test_two_readers_marks_are_told_apart_by_turn_and_never_by_name(
    language: str, first: str, second: str, both: str
) -> None:
    lawyer, result = read({"A2": Anchor.MOSTLY, "C2": Anchor.PARTLY}, {"A2": Anchor.PARTLY, "C2": Anchor.PARTLY})

    shown = page(lawyer, result, language)

    assert (first in cell(shown, "A2"), second in cell(shown, "A2"), both in cell(shown, "A2")) == (True, True, False)
    assert (both in cell(shown, "C2"), second in cell(shown, "C2")) == (True, False)
    for row in Assignment.objects.select_related("reviewer"):
        assert row.reviewer.display_name not in shown


def test_of_three_readers_two_who_agree_share_a_label() -> None:
    bad = dict.fromkeys(("A1", "B1", "B2"), Anchor.NONE)
    lawyer, result = read({"A2": Anchor.PARTLY}, bad | {"A2": Anchor.MOSTLY}, {"A2": Anchor.PARTLY})

    assert [mark["readers"] for item in result.items if item["code"] == "A2" for mark in item["marks"]] == [[1, 3], [2]]
    assert "第一评查员、第三评查员：" in page(lawyer, result)


def test_one_readers_marks_bear_no_label() -> None:
    case = factories.case(factories.centre())
    result = released(case)

    assert "评查员：" not in page(account_of(case.lawyer), result)


def test_a_result_made_before_the_readers_were_kept_is_labelled_where_the_order_tells() -> None:
    lawyer, result = read({"A2": Anchor.MOSTLY}, {"A2": Anchor.PARTLY})
    for item in result.items:
        for mark in item["marks"]:
            del mark["readers"]
    result.pk, result.version, old = None, result.version + 1, result.pk
    CaseReview.objects.filter(pk=old).update(superseded_at=NOW)
    result.public_id = factories.case(factories.centre()).public_id
    result.save(force_insert=True)

    shown = page(lawyer, result)

    assert "第一评查员：</span>" in cell(shown, "A2")
    assert "两名评查员：</span>" in cell(shown, "A1")


@pytest.fixture
def objection() -> Objection:
    case = factories.case(factories.centre())
    result = released(case)
    return lodge_objection(
        result=result, items=["C2", "A2"], statement="卷宗第35页有补充意见", user=account_of(case.lawyer), now=NOW
    )


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("zh-hans", ["有异议的项目", "由未参与评分的人于", "前（含当日）作出决定"]),
        ("en", ["Items objected to", "A person who did not mark decides by"]),
    ],
)
def test_who_objected_reads_the_items_and_the_day_of_the_decision(
    objection: Objection, language: str, sentences: list[str]
) -> None:
    shown = page(account_of(objection.case.lawyer), objection.result, language)

    followed = shown.split("objection-title")[1]
    assert [part for part in (*sentences, "2026-12-11", "A2 ", "C2 ") if part not in followed] == []
    assert "A1 " not in followed


def test_a_decided_objection_says_what_became_of_each_item(objection: Objection) -> None:
    rulings = [Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.FULL)), Ruling("A2", upheld=False)]
    decide_objection(
        objection=objection,
        rulings=rulings,
        answer="部分采纳",
        user=manager(objection.case.centre),
        now=NOW + timedelta(hours=1),
    )

    handler, newest = account_of(objection.case.lawyer), CaseReview.objects.current().get(case=objection.case)
    shown = page(handler, newest)

    assert f'href="{reverse("reviews:result", args=[newest.public_id])}"' in page(handler, objection.result)
    assert "已被新版本取代" not in shown
    assert "作出决定" not in shown
    items = shown.split("有异议的项目")[1]
    assert [said for said in ("C2 ", "异议成立", "A2 ", "维持原评分", "部分采纳") if said not in items] == []
