"""Frozen rows let their words be written over by the mark of erasure, and refuse everything else as before."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, models, transaction

from qa_service.accounts.enums import Role
from qa_service.common.keeping import ERASED, Part, erase, standing
from qa_service.privacy.rooms import RULES
from reviews.enums import Anchor
from reviews.models import (
    AcceptedLateness,
    CaseReview,
    FileDefect,
    FileEvent,
    LatenessPlea,
    Mark,
    ObjectedItem,
    ReaderWaiver,
    Review,
    VetoMark,
)
from reviews.services.acceptance import decide_plea, state_lateness
from reviews.services.lateness import accept_lateness, take_back_lateness
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.results import release_with_one_reader
from reviews.services.submission import submit_review
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from scoring.enums import RuleCode
from scoring.models import Appeal, Notice
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.reviews import factories as reviews
from tests.scoring.deciding import DISPLAY_OVER, accepted, heard, issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def a_review() -> Any:
    row = reviews.assignment()
    reviews.marked(row, **reviews.GOOD)
    Review.objects.filter(assignment=row).update(comment="案卷总体规范")
    review = Review.objects.get(assignment=row)
    return submit_review(review_id=review.public_id, version=review.version, user=row.reviewer, now=NOW)


def a_mark() -> Any:
    return Mark.objects.filter(review=a_review()).exclude(comment="").first()


def a_result() -> Any:
    a_review()
    return CaseReview.objects.get()


def a_veto() -> Any:
    row = reviews.assignment()
    handler = reviews.account_of(row.case.lawyer)
    review = reviews.marked(row)
    mark = mark_veto(review_id=review.public_id, code="V9", statement="无代理词", page="1", user=row.reviewer, now=NOW)
    review.refresh_from_db()
    submit_review(review_id=review.public_id, version=review.version, user=row.reviewer, now=NOW)
    answer_veto(veto_mark=mark, answer="口头意见", user=handler, now=NOW)
    boss = reviews.manager(row.case.centre)
    decide_veto(veto_mark=mark, confirmed=False, reason="已记入笔录", user=boss, now=NOW)
    return VetoMark.objects.get(pk=mark.pk)


def an_objection() -> Any:
    case = factories.case(factories.centre())
    handler = reviews.account_of(case.lawyer)
    result = reviews.released(case)
    lodged = lodge_objection(result=result, items=["C2"], statement="不服", user=handler, now=NOW)
    mark = MarkEntry(item="C2", anchor=Anchor.MOSTLY, reason_code="other", page="9", comment="补正")
    rulings = [Ruling("C2", upheld=True, mark=mark)]
    boss = reviews.manager(case.centre)
    return decide_objection(objection=lodged, rulings=rulings, answer="采纳", user=boss, now=NOW)


def an_objected_item() -> Any:
    return ObjectedItem.objects.get(objection=an_objection())


def an_accepted_lateness() -> Any:
    case = factories.case(factories.centre(), closed_on=date(2026, 8, 1), filed_on=date(2026, 11, 1))
    boss = reviews.manager(case.centre)
    accept_lateness(case=case, reason="住院", user=boss, now=NOW)
    take_back_lateness(case=case, reason="不属实", user=boss, now=NOW)
    return AcceptedLateness.objects.get()


def a_file_event() -> Any:
    accepting.accepted(accepting.waiting_case(), words="附说明")
    return FileEvent.objects.latest("number")


def a_file_defect() -> Any:
    accepting.returned()
    return FileDefect.objects.exclude(note="").get()


def a_plea() -> Any:
    case = accepting.waiting_case(closed_on=date(2026, 8, 1))
    plea = state_lateness(case=case, words="住院", user=reviews.account_of(case.lawyer), now=NOW)
    boss = reviews.manager(case.centre)
    decide_plea(plea=plea, accepted=False, reason="不属实", user=boss, now=NOW)
    return LatenessPlea.objects.get()


def a_reader_waiver() -> Any:
    row = reviews.assignment()
    reviews.submitted(row)
    boss = reviews.manager(row.case.centre)
    release_with_one_reader(case=row.case, reason="县内无第二名评查员", user=boss, now=NOW)
    return ReaderWaiver.objects.get()


def a_statement() -> Any:
    return heard(RuleCode.S2)[1].statement


def a_decision() -> Any:
    return accepted(RuleCode.S1)[1].decision


def an_appeal() -> Any:
    place, notice = issued(RuleCode.S2)
    appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
    other = factories.user(Role.MANAGER, at=place.centre)
    decide_appeal(appeal=appeal, person=other, upheld=False, answer="驳回", now=DISPLAY_OVER)
    return Appeal.objects.get(pk=appeal.pk)


def a_withdrawn_notice() -> Any:
    place, notice = issued(RuleCode.S2)
    withdraw_notice(notice=notice, person=place.supervisor, reason="依据有误", now=DISPLAY_OVER)
    return Notice.objects.get(pk=notice.pk)


MAKERS = (
    a_review, a_mark, a_result, a_veto, an_objection, an_objected_item, an_accepted_lateness, a_reader_waiver,
    a_file_event, a_file_defect, a_plea,
    a_statement, a_decision, an_appeal, a_withdrawn_notice,
)  # fmt: skip
Maker = Callable[[], models.Model]


def part_of(row: models.Model) -> Part:
    return next(part for rule in RULES for part in rule.parts if part.model is type(row))


def columns(row: models.Model) -> dict[str, Any]:
    found = type(row)._base_manager.filter(pk=row.pk).values().get()
    return {name: deepcopy(value) for name, value in found.items()}


def another(field: "models.Field[Any, Any]", value: Any) -> Any:
    """Some other value of the column's kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    if isinstance(field, models.JSONField):
        return [*value, {"code": "X"}] if isinstance(value, list) else {"other": 1}
    if isinstance(field, models.UUIDField):
        return "0" * 32
    if value is None:
        return NOW if isinstance(field, models.DateTimeField | models.DateField) else 1
    return value + 1 if isinstance(value, int | float) or hasattr(value, "as_tuple") else f"{value}x"[-len(value) :]


def refused(row: models.Model, **values: Any) -> bool:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**values)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("make", MAKERS)
def test_words_are_written_over_by_nothing_but_the_mark_of_erasure_and_nothing_else_ever(make: Maker) -> None:
    row = make()

    nothing_else_slips_through_beside_an_erasure(row)
    its_words_are_written_over_by_nothing_but_the_mark_and_stay_so(row)


def its_words_are_written_over_by_nothing_but_the_mark_and_stay_so(row: models.Model) -> None:
    part = part_of(row)
    before = columns(row)
    said = [field.name for field in part.fields if field.name != "items" and before[field.name]]
    assert [name for name in said if not refused(row, **{name: "别的话"})] == []
    assert type(row)._base_manager.filter(standing(part), pk=row.pk).exists()

    assert erase(part, [row.pk], now=NOW) == 1

    after = columns(row)
    words = {field.name for field in part.fields}
    assert {name for name in after if after[name] != before[name]} <= words | {part.stamp}
    assert not type(row)._base_manager.filter(standing(part), pk=row.pk).exists()
    assert {after[name] for name in words - {"items"}} <= {ERASED, ""}
    assert erase(part, [row.pk], now=NOW) == 1  # said again, it says the same
    assert {name: value for name, value in columns(row).items() if name != part.stamp} == {
        name: value for name, value in after.items() if name != part.stamp
    }
    assert [name for name in said if not refused(row, **{name: before[name]})] == []


def nothing_else_slips_through_beside_an_erasure(row: models.Model) -> None:
    part = part_of(row)
    now_in = columns(row)
    erasure: dict[str, Any] = {
        field.name: ERASED for field in part.fields if field.name != "items" and now_in[field.name]
    }
    if part.stamp:
        erasure = {"items": shorn(now_in["items"]), "reason": ERASED, "erased_at": NOW}
    others = [
        field
        for field in type(row)._meta.concrete_fields
        if not field.primary_key and field.name not in erasure and field.name not in {f.name for f in part.fields}
    ]

    let_through = [
        field.name
        for field in others
        if not refused(row, **erasure, **{field.attname: another(field, now_in[field.attname])})
    ]
    assert let_through == []


def shorn(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As erasing writes them."""
    return [
        item | {"marks": [mark | {key: ERASED for key in ("comment", "page") if mark[key]} for mark in item["marks"]]}
        for item in items
    ]


def test_a_result_lets_no_mark_share_or_remark_be_changed_in_the_name_of_erasing() -> None:
    row = a_result()
    good = shorn(columns(row)["items"])
    stamp: dict[str, Any] = {"reason": ERASED, "erased_at": NOW}

    def with_other(change: Callable[[list[dict[str, Any]]], object]) -> list[dict[str, Any]]:
        changed = deepcopy(good)
        change(changed)
        return changed

    tries = {
        "share": with_other(lambda items: items[0].update(share="1")),
        "anchor": with_other(lambda items: items[1]["marks"][0].update(anchor="none")),
        "remark": with_other(lambda items: items[1]["marks"][0].update(comment="别的话")),
        "mark gone": with_other(lambda items: items[1]["marks"].clear()),
        "item gone": with_other(lambda items: items.pop()),
        "order": with_other(lambda items: items.reverse()),
    }
    assert [name for name, items in tries.items() if not refused(row, items=items, **stamp)] == []
    assert refused(row, items=good)  # without its stamp
    assert refused(row, erased_at=NOW)  # the stamp alone
    assert not refused(row, items=good, **stamp)
