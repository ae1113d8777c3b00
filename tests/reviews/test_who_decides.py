"""Who may decide about a file and act for it: not who held it as its reader, not who is tied, not another lawyer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case
from qa_service.common.errors import NotIndependent, NotPermitted
from qa_service.organisations.models import Organisation
from reviews.enums import Anchor, ConflictReason
from reviews.models import Assignment, CaseReview, Relation, VetoMark
from reviews.queries import cases_marked_by, people_who_marked
from reviews.services.assignments import (
    ConflictOfInterest,
    NoReviewerFree,
    NotTheirsToGive,
    add_next_reader,
    decline,
    hand_over,
)
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.services.transfers import NotToTransfer, record_transfer
from reviews.services.vetoes import LawyerNotHeard, answer_veto, decide_veto, mark_veto
from reviews.services.vetoes_on_paper import key_in_veto_answer, serve_veto
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    account_of,
    assignment,
    checklists,
    manager,
    marked,
    released,
    reviewer,
    submitted,
)
from tests.reviews.test_every_tie import of_the_county_in_a_city_wide_review

pytestmark = pytest.mark.django_db


def manager_who_reads(case: Case) -> User:
    person = reviewer(case.centre)
    Grant.objects.create(user=person, role=Role.MANAGER, organisation=case.centre)
    return User.objects.get(pk=person.pk)


def given_back(row: Assignment, person: User) -> None:
    decline(assignment=row, reason="太忙", user=person, now=NOW)


def marked_and_given_back(row: Assignment, person: User) -> None:
    marked(row, **GOOD)
    given_back(row, person)


def vetoed_and_given_back(row: Assignment, person: User) -> None:
    mark_veto(review_id=row.review.public_id, code="V1", statement="收费凭证", page="40", user=person, now=NOW)
    given_back(row, person)


def taken_away(row: Assignment, _person: User) -> None:
    hand_over(assignment=row, reviewer=reviewer(row.case.centre), reason="休假", user=manager(row.case.centre), now=NOW)


@pytest.mark.parametrize(
    ("leave", "barred"),
    [(taken_away, True), (marked_and_given_back, True), (vetoed_and_given_back, True), (given_back, False)],
)
def test_who_held_a_file_as_its_reader_decides_nothing_about_it(
    leave: Callable[[Assignment, User], None], barred: bool
) -> None:
    checklists()
    case = factories.case(factories.centre())
    person = manager_who_reads(case)
    leave(assignment(case, person), person)
    own = account_of(case.lawyer)
    submitted(Assignment.objects.filter(case=case, state="open").first() or assignment(case), **GOOD)
    result = CaseReview.objects.current().get(case=case)
    lodged = lodge_objection(result=result, items=["A2"], statement="不服", user=own, now=NOW)

    assert (person.pk in people_who_marked(case.pk)) is barred
    assert (case.pk in cases_marked_by(person.pk, [case.pk])) is barred
    decision: dict[str, Any] = {
        "objection": lodged,
        "rulings": [Ruling("A2", upheld=False)],
        "answer": "维持",
        "user": person,
    }
    if barred:
        with pytest.raises(NotIndependent):
            decide_objection(**decision, now=NOW)
    else:
        assert decide_objection(**decision, now=NOW).decided_by == person


def vetoed(*, reads: bool = True, under: Organisation | None = None) -> tuple[Case, VetoMark]:
    checklists()
    case = factories.case(factories.centre(under))
    if reads:
        account_of(case.lawyer)
    row = assignment(case)
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V1", statement="收费凭证", page="40", user=reader, now=NOW)
    submitted(row, **GOOD)
    return case, VetoMark.objects.get(review=row.review)


def who_confirmed_a_veto(case: Case, person: User) -> None:
    """So that the file waits for its second reader."""
    row = assignment(case)
    mark_veto(review_id=row.review.public_id, code="V9", statement="无代理词", page="目录", user=row.reviewer, now=NOW)
    submitted(row, **GOOD)
    veto = VetoMark.objects.get()
    answer_veto(veto_mark=veto, answer="已口头发表意见", user=account_of(case.lawyer), now=NOW)
    decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=person, now=NOW)


def who_upheld_an_objection(case: Case, person: User) -> None:
    result = released(case)
    own = account_of(case.lawyer)
    lodged = lodge_objection(result=result, items=["A2"], statement="不服", user=own, now=NOW)
    full = [Ruling("A2", upheld=True, mark=MarkEntry(item="A2", anchor=Anchor.FULL))]
    decide_objection(objection=lodged, rulings=full, answer="成立", user=person, now=NOW)


@pytest.mark.parametrize("decide", [who_confirmed_a_veto, who_upheld_an_objection])
def test_whoever_decided_is_not_the_next_reader_named_or_chosen(decide: Callable[[Case, User], None]) -> None:
    checklists()
    case = factories.case(factories.centre())
    account_of(case.lawyer)
    decider, boss = manager_who_reads(case), manager(case.centre)
    decide(case, decider)

    with pytest.raises(ConflictOfInterest) as refused:
        add_next_reader(case=case, reviewer=decider, user=boss, now=NOW)
    with pytest.raises(NoReviewerFree):
        add_next_reader(case=case, user=boss, now=NOW)
    another = reviewer(case.centre)
    given = add_next_reader(case=case, user=boss, now=NOW)

    assert refused.value.reasons == (ConflictReason.DECIDED,)
    assert str(refused.value.message) == (
        "此人不得评查此卷：已先行介入本案评查（对本案的一票否决项或者评查异议作过决定）"
    )
    assert (given.reviewer_id, given.order) == (another.pk, 2)
    with pytest.raises(ConflictOfInterest):
        hand_over(assignment=given, reviewer=decider, reason="休假", user=boss, now=NOW)


def related(case: Case, role: Role = Role.MANAGER) -> User:
    """Of another firm, and declared to be close to the lawyer."""
    person = factories.user(role, at=case.centre)
    Relation.objects.create(reviewer=person, lawyer=case.lawyer, declared_at=NOW)
    return person


def test_only_the_lawyer_of_the_case_answers_a_veto() -> None:
    _case, veto = vetoed()
    another = factories.user(Role.LAWYER, of=factories.lawyer())

    with pytest.raises(NotPermitted):
        answer_veto(veto_mark=veto, answer="代答。", user=another, now=NOW)

    assert VetoMark.objects.get().state == "marked"


def test_who_is_tied_to_the_lawyer_hands_no_veto_on() -> None:
    case, veto = vetoed()
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=account_of(case.lawyer), now=NOW)
    decide_veto(veto_mark=veto, confirmed=True, reason="属实", user=manager(case.centre), now=NOW)
    letter: dict[str, Any] = {"organ": "市律师协会", "reference": "3号", "transferred_on": NOW.date()}

    with pytest.raises(NotTheirsToGive):
        record_transfer(veto_mark=veto, user=related(case, Role.SUPERVISOR), now=NOW, **letter)

    assert record_transfer(veto_mark=veto, user=manager(case.centre), now=NOW, **letter).organ == "市律师协会"
    with pytest.raises(NotToTransfer):
        record_transfer(veto_mark=veto, user=manager(case.centre), now=NOW, **letter)


def test_who_is_tied_to_the_lawyer_decides_no_veto_though_they_were_heard() -> None:
    case, veto = vetoed()
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=account_of(case.lawyer), now=NOW)

    with pytest.raises(NotIndependent):
        decide_veto(veto_mark=veto, confirmed=False, reason="不属实", user=related(case), now=NOW)


def test_who_is_untied_decides_no_veto_before_the_lawyer_was_heard() -> None:
    case, veto = vetoed()

    with pytest.raises(LawyerNotHeard):
        decide_veto(veto_mark=veto, confirmed=False, reason="不属实", user=manager(case.centre), now=NOW)


def test_who_is_tied_to_the_lawyer_serves_no_veto() -> None:
    case, veto = vetoed(reads=False)

    with pytest.raises(NotTheirsToGive):
        serve_veto(veto_mark=veto, served_on=NOW.date(), user=related(case), now=NOW)

    assert VetoMark.objects.get().served_on is None


def test_who_is_tied_to_the_lawyer_enters_no_answer_to_a_veto() -> None:
    case, veto = vetoed(reads=False)
    serve_veto(veto_mark=veto, served_on=NOW.date(), user=manager(case.centre), now=NOW)

    with pytest.raises(NotTheirsToGive):
        key_in_veto_answer(veto_mark=veto, answer="代答。", received_on=NOW.date(), user=related(case), now=NOW)

    assert VetoMark.objects.get().state == "marked"


def test_who_may_not_decide_reads_why_in_place_of_the_form(client: Client) -> None:
    bureau = factories.organisation("bureau")
    case, veto = vetoed(under=bureau)
    own, boss, above = account_of(case.lawyer), manager(case.centre), factories.user(Role.SUPERVISOR, at=bureau)
    answer_veto(veto_mark=veto, answer="系诉讼费。", user=own, now=NOW)
    decided = reverse("reviews:decide-veto", args=[veto.public_id])

    def shown_to(person: User, page: str, form: str) -> tuple[bool, bool]:
        client.force_login(person)
        text = client.get(page).content.decode()
        return form in text, "全市评查" in text

    vetoes = reverse("reviews:vetoes"), decided
    assert shown_to(boss, *vetoes) == (True, False)
    of_the_county_in_a_city_wide_review(case, boss)
    assert (shown_to(boss, *vetoes), shown_to(above, *vetoes)) == ((False, True), (True, False))

    decide_veto(veto_mark=veto, confirmed=False, reason="不属实", user=above, now=NOW)
    result = CaseReview.objects.current().get(case=case)
    lodged = lodge_objection(result=result, items=["A2"], statement="不服", user=own, now=NOW)
    objection = reverse("reviews:objection", args=[lodged.public_id]), 'name="answer"'
    assert (shown_to(boss, *objection), shown_to(above, *objection)) == ((False, True), (True, False))


def test_the_page_of_vetoes_asks_as_often_for_one_as_for_many(client: Client) -> None:
    _case, veto = vetoed()
    client.force_login(manager(veto.review.assignment.case.centre))

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("reviews:vetoes"))
        return len(found)

    asked()
    once = asked()
    row = assignment(factories.case(veto.review.assignment.case.centre))
    mark_veto(review_id=row.review.public_id, code="V1", statement="收费", page="4", user=row.reviewer, now=NOW)
    submitted(row, **GOOD)
    assert asked() == once
