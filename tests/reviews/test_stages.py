"""Before trial there is no hearing: nobody gets or loses points for one, on a page or by a program."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.models import User
from qa_service.cases.enums import CaseType, Stage
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput
from reviews.blueprint import Document, read_document
from reviews.defaults import default_checklists
from reviews.enums import EVERY_STAGE, Anchor, ObjectionState
from reviews.models import Assignment, CaseReview, Objection, SelfAssessment
from reviews.queries.checklists import standard_of_document
from reviews.services.marks import MarkEntry
from reviews.services.objections import Ruling, decide_objection, lodge_objection
from reviews.stages import inapplicable
from tests import factories
from tests.factories import NOW
from tests.reviews import self_rows
from tests.reviews.factories import GOOD, account_of, assignment, manager, marked, submitted

pytestmark = pytest.mark.django_db

NO_HEARING = {"D1": Anchor.NOT_APPLICABLE, "D2": Anchor.NOT_APPLICABLE}
CRIMINAL = next(read_document(each) for each in default_checklists() if each["code"] == "criminal")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def before_trial() -> Case:
    return factories.case(factories.centre(), case_type=CaseType.CRIMINAL, stage=Stage.INVESTIGATION)


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def without(document: Document, anchor: Anchor) -> Document:
    offered = [each.value for each in Anchor if each != anchor]
    sections = [
        part | {"items": [item | {"anchors": offered} for item in part["items"]]} for part in document["sections"]
    ]
    return document | {"sections": sections}


@pytest.mark.parametrize(
    ("document", "case_type", "stage", "codes"),
    [
        (CRIMINAL, CaseType.CRIMINAL, Stage.INVESTIGATION, ("D1", "D2")),
        (CRIMINAL, CaseType.CRIMINAL, Stage.PROSECUTION_REVIEW, ("D1", "D2")),
        (CRIMINAL, CaseType.CRIMINAL, Stage.TRIAL, ()),
        (CRIMINAL, CaseType.CIVIL, Stage.INVESTIGATION, ()),
        # A list written for the stage says itself what applies; one that forbids "not applicable" would be locked out.
        (CRIMINAL | {"stage": Stage.INVESTIGATION.value}, CaseType.CRIMINAL, Stage.INVESTIGATION, ()),
        (CRIMINAL | {"purpose": "hearing"}, CaseType.CRIMINAL, Stage.INVESTIGATION, ()),
        (without(CRIMINAL, Anchor.NOT_APPLICABLE), CaseType.CRIMINAL, Stage.INVESTIGATION, ()),
        (CRIMINAL | {"sections": CRIMINAL["sections"][3:4]}, CaseType.CRIMINAL, Stage.INVESTIGATION, ()),
    ],
)
def test_what_is_asked_of_a_hearing_applies_from_the_trial_on(
    document: Document, case_type: CaseType, stage: Stage, codes: tuple[str, ...]
) -> None:
    assert CRIMINAL["stage"] == EVERY_STAGE
    assert inapplicable(standard_of_document(document).sheet, case_type=case_type, stage=stage) == codes


def test_a_readers_form_chooses_not_applicable_where_there_was_no_hearing_yet_and_nowhere_else(client: Client) -> None:
    row = assignment(before_trial())
    client.force_login(reader_of(row))

    page = client.get(reverse("reviews:workspace", args=[row.review.public_id])).content.decode()

    assert re.findall(r'id="(\w+)-na"[^>]* checked', page) == ["D1", "D2"]
    assert re.findall(r'id="(\w+)-full"[^>]* checked', page) == []


def test_points_for_a_hearing_before_trial_are_refused_on_the_page_and_by_program_with_the_item_and_why(
    client: Client,
) -> None:
    row = assignment(before_trial())
    review, program = marked(row, **NO_HEARING | {"D2": Anchor.FULL}), APIClient()
    client.force_login(reader_of(row))
    program.force_authenticate(reader_of(row))
    door = reverse("api-review-submit", args=[review.public_id])

    shown = client.get(reverse("reviews:submit", args=[review.public_id])).content.decode()
    posted = client.post(reverse("reviews:submit", args=[review.public_id]), {"version": review.version})
    refused = program.post(door, {"version": review.version}, format="json")
    right = marked(row, **NO_HEARING)
    taken = program.post(door, {"version": right.version}, format="json")

    assert "D2 庭审表现：案件尚未进入审判阶段" in shown
    assert "D1 " not in shown
    assert posted.headers["Location"] == reverse("reviews:submit", args=[review.public_id])
    assert (refused.status_code, refused.json()["code"]) == (422, "review_unfinished")
    assert refused.json()["title"].startswith("D2：案件尚未进入审判阶段")
    assert refused.json()["errors"][0]["items"] == "D2:stage"
    assert taken.status_code == 200


def test_an_objection_brings_no_points_for_a_hearing_before_trial() -> None:
    case = before_trial()
    handler, boss = account_of(case.lawyer), manager(case.centre)
    submitted(assignment(case), **GOOD | NO_HEARING)
    result = CaseReview.objects.current().get()
    objection = lodge_objection(result=result, items=["D2"], statement="庭审准备充分", user=handler, now=NOW)

    def decided(anchor: Anchor) -> Objection:
        ruling = Ruling("D2", upheld=True, mark=MarkEntry(item="D2", anchor=anchor))
        return decide_objection(objection=objection, rulings=[ruling], answer="成立", user=boss, now=NOW)

    with pytest.raises(InvalidInput) as refused:
        decided(Anchor.FULL)
    stands = decided(Anchor.NOT_APPLICABLE).state

    assert refused.value.field == "D2.anchor"
    assert stands == ObjectionState.DECIDED


def test_a_firm_marks_no_hearing_before_trial_either(client: Client) -> None:
    case = before_trial()
    account_of(case.lawyer)
    self_rows.drawn(case, by=manager(case.centre))
    row = SelfAssessment.objects.get(case=case)
    client.force_login(self_rows.lawyer_of(row))
    url = reverse("reviews:self-assess", args=[row.public_id])
    typed = {f"{each.item}-anchor": each.anchor for each in self_rows.entries(row)}

    form = client.get(url).content.decode()
    refused = client.post(url, {"version": "0", "next": "submit"} | typed)
    not_held = {f"{code}-anchor": anchor.value for code, anchor in NO_HEARING.items()}
    taken = client.post(url, {"version": "1", "next": "submit"} | typed | not_held)

    assert re.findall(r'id="(\w+)-na"[^>]* checked', form) == ["D1", "D2"]
    assert refused.status_code == 422
    assert "D1 · 案件尚未进入审判阶段" in refused.content.decode()
    assert taken.status_code == 302
