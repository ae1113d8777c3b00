"""Of a file that somebody has still to mark they see nothing that others found in it, whatever other hat they wear."""

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.models import Case
from reviews.enums import Anchor
from reviews.models import Assignment, CaseReview, Objection, VetoMark
from reviews.queries import results_of_lawyer
from reviews.queries.transfers import vetoes_transferable
from reviews.queries.work import vetoes_to_decide
from reviews.services.assignments import add_next_reader
from reviews.services.objections import lodge_objection
from reviews.services.vetoes import mark_veto
from scoring.models import CaseScore, Proposal
from scoring.queries.scores import scores_of_lawyer
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scoring.deciding import CORE_ITEM, MONDAY, Office, office, read

pytestmark = pytest.mark.django_db


def found_by_others(case: Case, person: User) -> set[str]:
    """What of the case comes to the person, by the doors of file review and of weighing."""
    seen = {
        "result": CaseReview.objects.visible_to(person).filter(case=case),
        "objection": Objection.objects.visible_to(person).filter(case=case),
        "veto": vetoes_to_decide(person).filter(review__assignment__case=case),
        "veto to hand on": vetoes_transferable(person).filter(review__assignment__case=case),
        "score": CaseScore.objects.visible_to(person).filter(case=case),
        "proposal": Proposal.objects.visible_to(person).filter(case=case),
    }
    return {name for name, rows in seen.items() if rows.exists()}


def who_manages_and_reads(place: Office) -> User:
    person = reviews.reviewer(place.centre)
    for role in (Role.MANAGER, Role.SUPERVISOR):
        Grant.objects.create(user=person, role=role, organisation=place.centre)
    return User.objects.get(pk=person.pk)


def vetoed(place: Office, *, confirmed: bool) -> Case:
    row = reviews.assignment(place.case())
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V1", statement="收费凭证", page="40", user=reader, now=NOW)
    reviews.submitted(row, **reviews.GOOD)
    if confirmed:
        fields = {"state": "confirmed", "decided_by": place.manager, "decided_at": NOW, "decision_reason": "属实"}
        VetoMark.objects.filter(review=row.review).update(
            answered_at=NOW, answer="无", told_lawyer=place.lawyer, **fields
        )
    rescore_changed(now=NOW)
    return row.case


def contested(place: Office) -> Case:
    case = place.case()
    read(case, CORE_ITEM, times=1)
    propose(now=MONDAY)
    result = results_of_lawyer(place.lawyer.pk).get(case=case)
    lodge_objection(result=result, items=["A2"], statement="已会见", user=place.handler, now=NOW)
    return case


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda place: vetoed(place, confirmed=False), {"result", "veto", "score"}),
        (lambda place: vetoed(place, confirmed=True), {"result", "veto to hand on", "score"}),
        (contested, {"result", "objection", "score", "proposal"}),
    ],
    ids=["a veto", "a veto to hand on", "an objection and a proposal"],
)
def test_who_is_still_to_mark_a_file_learns_nothing_of_what_others_found_in_it(make, expected) -> None:
    place = office()
    case, person = make(place), who_manages_and_reads(place)
    assert found_by_others(case, person) == expected

    second = add_next_reader(case=case, reviewer=person, user=place.manager, now=NOW)
    assert found_by_others(case, person) == set()
    page = Client()
    page.force_login(person)
    address = reverse("scoring:case-result", args=[case.public_id])
    assert 'class="empty-state"' in page.get(address, secure=True).content.decode()

    reviews.submitted(second, A2=Anchor.NONE, C2=Anchor.PARTLY)
    assert "result" in found_by_others(case, person)


def test_nor_does_a_lawyer_of_the_score_of_their_own_case_while_it_is_theirs_to_mark() -> None:
    """Nobody is given such a file; a case may come to its reader."""
    place = office()
    case, person = contested(place), who_manages_and_reads(place)
    row = add_next_reader(case=case, reviewer=person, user=place.manager, now=NOW)
    assert list(scores_of_lawyer(place.handler).values_list("case", flat=True)) == [case.pk]

    Assignment.objects.filter(pk=row.pk).update(reviewer=place.handler)
    assert not scores_of_lawyer(place.handler).exists()
