from dataclasses import asdict

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from reviews.models import Assignment, CaseReview, Mark, Objection, Sample, VetoMark
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import (
    GOOD,
    assignment,
    checklists,
    entries,
    manager,
    marked,
    released,
    reviewer,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def api(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def reader_of(row: Assignment) -> User:
    return User.objects.get(pk=row.reviewer_id)


def mark(item: str, anchor: str) -> dict[str, str]:
    return {"item": item, "anchor": anchor}


def test_marks_are_saved_with_the_total_and_the_next_version():
    row = assignment()
    url = reverse("api-review-marks", args=[row.review.public_id])

    answer = api(reader_of(row)).put(url, {"version": 0, "marks": [mark("C2", "partly")], "comment": "总评"})

    assert answer.status_code == 200
    assert {key: answer.json()[key] for key in ("version", "saved", "total", "band")} == {
        "version": 1,
        "saved": "10:00",
        "total": "91.60",
        "band": "excellent",
    }


def test_a_stale_version_answers_409_with_what_is_stored():
    row = assignment()
    client = api(reader_of(row))
    url = reverse("api-review-marks", args=[row.review.public_id])
    client.put(url, {"version": 0, "marks": [mark("C2", "partly")]})

    answer = client.put(url, {"version": 0, "marks": [mark("C2", "none")]})

    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.json()["code"], answer.json()["version"]) == ("marks_changed", 1)
    assert answer.json()["current"]["C2"]["anchor"] == "partly"
    assert Mark.objects.get().anchor == "partly"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"version": 0, "marks": [mark("Z9", "full")]}, 422),
        ({"version": 0, "marks": [mark("A1", "superb")]}, 400),
        ({"marks": []}, 400),
        ({"version": 0, "marks": [{"item": "A1", "page": "1" * 41}]}, 400),
    ],
)
def test_marks_that_make_no_sense_are_refused(body, status):
    row = assignment()

    answer = api(reader_of(row)).put(reverse("api-review-marks", args=[row.review.public_id]), body)

    assert (answer.status_code, Mark.objects.count()) == (status, 0)


def test_another_reviewers_file_is_not_found():
    row = assignment()
    client = api(reviewer(row.case.centre))

    for answer in (
        client.get(reverse("api-review", args=[row.review.public_id])),
        client.put(reverse("api-review-marks", args=[row.review.public_id]), {"version": 0, "marks": []}),
        client.post(reverse("api-review-submit", args=[row.review.public_id]), {"version": 0}),
        client.post(reverse("api-review-decline", args=[row.review.public_id]), {"reason": "x"}),
    ):
        assert answer.status_code == 404


def test_a_whole_review_over_the_api():
    row = assignment()
    client = api(reader_of(row))
    marks = [asdict(entry) for entry in entries(row.checklist, **GOOD)]
    own = client.get(reverse("api-reviews")).json()["results"]
    saved = client.put(reverse("api-review-marks", args=[own[0]["review"]]), {"version": 0, "marks": marks}).json()

    unfinished_version = client.post(reverse("api-review-submit", args=[own[0]["review"]]), {"version": 0})
    answer = client.post(reverse("api-review-submit", args=[own[0]["review"]]), {"version": saved["version"]})

    assert (unfinished_version.status_code, answer.status_code) == (409, 200)
    assert answer.json()["total"] == "87.4000000000"
    assert client.get(reverse("api-review", args=[own[0]["review"]])).json()["state"] == "submitted"


def test_an_unfinished_review_names_its_gaps():
    row = assignment()

    answer = api(reader_of(row)).post(reverse("api-review-submit", args=[row.review.public_id]), {"version": 0})

    assert answer.status_code == 422
    assert "A1:mark" in answer.json()["errors"][0]["items"]


def test_a_sample_is_previewed_drawn_once_and_given_out():
    checklists()
    centre = factories.centre()
    for _each in range(4):
        factories.case(centre)
    reviewer(centre)
    client = api(manager(centre))
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4"}

    plan = client.post(reverse("api-sample-preview"), body).json()
    before = Sample.objects.count()
    first = client.post(reverse("api-samples"), body | {"frame_digest": plan["frame_digest"]})
    again = client.post(reverse("api-samples"), body)
    given = client.post(reverse("api-sample-assign", args=[first.json()["public_id"]]))

    assert (before, Sample.objects.count()) == (0, 1)
    assert first.json()["public_id"] == again.json()["public_id"]
    assert given.json() == {"assigned": plan["drawn"], "refused": []}


def test_a_manager_draws_at_their_own_centres_alone():
    centre = factories.centre()
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4"}

    assert api(manager(factories.centre())).post(reverse("api-samples"), body).status_code == 404


def test_a_file_is_handed_over_and_a_second_reader_named():
    row = assignment()
    other, third = reviewer(row.case.centre), reviewer(row.case.centre)
    client = api(manager(row.case.centre))

    moved = client.post(
        reverse("api-assignment-hand-over", args=[row.public_id]),
        {"reviewer": str(other.public_id), "reason": "病假"},
    )
    submitted(Assignment.objects.get(public_id=moved.json()["public_id"]))
    result = CaseReview.objects.get()
    named = client.post(reverse("api-result-readers", args=[result.public_id]))

    assert (moved.status_code, named.status_code, named.json()["order"]) == (201, 201, 2)
    assert third or other
    assert client.get(reverse("api-assignments")).status_code == 200


def test_the_lawyer_objects_and_the_manager_decides():
    case = factories.case(factories.centre())
    result = released(case)
    lawyer = api(factories.user(Role.LAWYER, of=case.lawyer))
    shown = lawyer.get(reverse("api-review-result", args=[result.public_id])).json()
    lawyer.post(reverse("api-result-object", args=[result.public_id]), {"items": ["C2"], "statement": "有书面意见"})
    objection = Objection.objects.get()
    ruling = {"item": "C2", "upheld": True, "anchor": "full"}

    answer = api(manager(case.centre)).post(
        reverse("api-objection-decision", args=[objection.public_id]), {"rulings": [ruling], "answer": "采纳"}
    )

    assert answer.json()["state"] == "decided"
    assert CaseReview.objects.current().get().version == 2
    assert reader_of(Assignment.objects.get(case=case)).display_name not in str(shown)


def test_a_veto_over_the_api():
    row = assignment()
    review = marked(row, **GOOD)
    client = api(reader_of(row))
    client.post(reverse("api-review-vetoes", args=[review.public_id]), {"veto": "V9", "statement": "无", "page": "1"})
    client.post(reverse("api-review-submit", args=[review.public_id]), {"version": review.version})
    veto = VetoMark.objects.get()

    answered = api(factories.user(Role.LAWYER, of=row.case.lawyer)).post(
        reverse("api-veto-answer", args=[veto.public_id]), {"answer": "已口头发表"}
    )
    decided = api(manager(row.case.centre)).post(
        reverse("api-veto-decision", args=[veto.public_id]), {"confirmed": False, "reason": "口头意见已记入笔录"}
    )

    assert (answered.json()["state"], decided.json()["state"]) == ("answered", "dismissed")


def test_a_reviewer_gives_a_file_back():
    row = assignment()

    answer = api(reader_of(row)).post(
        reverse("api-review-decline", args=[row.review.public_id]), {"reason": "同学", "relation": "firm"}
    )

    row.refresh_from_db()
    assert (answer.status_code, row.state) == (204, "declined")
