"""The whole life of a file that two read apart, with a veto and an objection, by the services that make it in life."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from qa_service.accounts.models import User
from qa_service.common.errors import NotIndependent
from reviews.enums import Anchor, Method, ResultState, Standing
from reviews.models import CaseReview, ObjectionPaper, VetoMark
from reviews.queries import review_evidence
from reviews.queries.work import cases_needing_a_reader
from reviews.services.assignments import add_next_reader
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.scans import Upload
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from tests import factories
from tests.factories import NOW
from tests.qa_service.files.papers import pdf
from tests.reviews.factories import GOOD, account_of, assignment, manager, marked, reviewer, submitted

pytestmark = pytest.mark.django_db


def test_a_file_read_apart_and_disputed_comes_to_one_result_with_every_step_kept(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    case = factories.case(factories.centre())
    boss, another, own = manager(case.centre), manager(case.centre), account_of(case.lawyer)
    people = [reviewer(case.centre) for _each in range(3)]

    # The first marks a veto; the second reads more than eight points higher.
    review = marked(assignment(case, people[0]), **GOOD)
    mark_veto(review_id=review.public_id, code="V9", statement="无代理词", page="目录", user=people[0], now=NOW)
    submitted(review.assignment, **GOOD)
    veto = VetoMark.objects.get()
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=own, now=NOW)
    submitted(add_next_reader(case=case, reviewer=people[1], user=boss, now=NOW))
    assert [found.method for found in cases_needing_a_reader(boss)] == [Method.UNSETTLED]

    submitted(add_next_reader(case=case, reviewer=people[2], user=boss, now=NOW), C2=Anchor.NONE)
    assert CaseReview.objects.current().get(case=case).state == ResultState.VETO_PENDING
    for reader in people:
        with pytest.raises(NotIndependent):
            decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=reader, now=NOW)
    decide_veto(veto_mark=veto, confirmed=True, reason="无书面意见", user=another, now=NOW)

    released = CaseReview.objects.current().get(case=case)
    assert (released.state, released.method, released.readers) == (ResultState.RELEASED, Method.MEDIAN, 3)
    assert (released.veto_state, released.grade) == (Standing.CONFIRMED, "pass")

    # Two items are objected to, with a paper: one moves up, one down, and nothing beside them.
    paper = Upload(stream=io.BytesIO(data := pdf(["第35页有补充意见"])), size=len(data), name="补充意见.pdf")
    later = NOW + timedelta(days=3)
    objection = lodge_objection(
        result=released, items=["C2", "A1"], statement="卷宗第35页有补充意见", papers=[paper], user=own, now=later
    )
    rulings = [
        Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor=Anchor.FULL)),
        Ruling("A1", upheld=True, mark=MarkEntry(item="A1", anchor=Anchor.NONE, reason_code="other", page="3")),
    ]
    decision: dict[str, Any] = {"objection": objection, "rulings": rulings, "answer": "采纳一项，一项从严"}
    with pytest.raises(NotIndependent):
        decide_objection(**decision, user=User.objects.get(pk=people[1].pk), now=later)
    decide_objection(**decision, user=another, now=later)

    corrected = CaseReview.objects.current().get(case=case)
    before, after = ({each["code"]: each["share"] for each in result.items} for result in (released, corrected))
    moved = {code: (before[code], after[code]) for code in before if before[code] != after[code]}
    assert moved.keys() == {"A1", "C2"}
    assert Decimal(moved["C2"][0]) < Decimal(moved["C2"][1]) == 100
    assert Decimal(moved["A1"][0]) > Decimal(moved["A1"][1]) == 0
    assert (corrected.version, corrected.objection_until) == (released.version + 1, released.objection_until)
    assert (review_evidence([case.pk])[case.pk].version, ObjectionPaper.objects.count()) == (corrected.version, 1)
    versions = CaseReview.objects.filter(case=case).order_by("version")
    assert [row.superseded_at is None for row in versions] == [False] * (corrected.version - 1) + [True]
