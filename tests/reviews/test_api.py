from dataclasses import asdict
from decimal import Decimal
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.rounding import half_up
from reviews.api import hearing_acts, own_marks, self_assessments
from reviews.api import serializers as shapes
from reviews.models import Assignment, CaseReview, CatalogueEntry, Checklist, Item, Mark, Objection, Sample, VetoMark
from reviews.queries.checklists import standard_of
from reviews.services.objections import lodge_objection
from reviews.services.vetoes import mark_veto
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.reviews.factories import (
    GOOD,
    account_of,
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


def test_of_a_file_of_which_nothing_applies_no_total_is_shown():
    row = assignment()
    client, url = api(reader_of(row)), reverse("api-review-marks", args=[row.review.public_id])
    page = Client()
    page.force_login(reader_of(row))
    codes = [item.code for item in Item.objects.filter(section__checklist=row.checklist)]

    saved = client.put(url, {"version": 0, "marks": [mark(code, "na") for code in codes]}).json()
    read = client.get(reverse("api-review", args=[row.review.public_id])).json()
    shown = page.get(reverse("reviews:workspace", args=[row.review.public_id])).content.decode()

    assert (saved["total"], saved["band"], read["total"]) == (None, None, None)
    assert '<strong id="running-total">—</strong> <span id="running-band"></span>' in shown


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


@pytest.mark.parametrize(
    ("door", "body", "named"),
    [
        ("api-review-marks", {"version": 0, "marks": [mark("A1", "full") | {"score": 99}]}, "score"),
        ("api-review-marks", {"version": 0, "marks": [mark("A1", "full")], "total": 100}, "total"),
        ("api-review-marks", {"version": 0, "marks": [], "arguments": [{"number": 1, "share": 1}]}, "share"),
        ("api-review-submit", {"version": 0, "band": "excellent"}, "band"),
    ],
)
def test_what_is_sent_beside_what_is_known_is_refused_by_its_name_and_nothing_is_saved(door, body, named):
    row = assignment()
    client = api(reader_of(row))

    answer = getattr(client, "post" if door.endswith("submit") else "put")(
        reverse(door, args=[row.review.public_id]), body
    )

    assert (answer.status_code, Mark.objects.count()) == (400, 0)
    assert f"'{named}': ['无法识别该字段。']" in str(answer.json()["errors"])


@pytest.mark.parametrize(
    "shape",
    [
        shapes.DrawWriter, shapes.ObjectionWriter, shapes.KeyedObjectionWriter, shapes.ObjectionDecisionWriter,
        shapes.RulingWriter, own_marks.OwnMarksWriter, own_marks.OwnMarkWriter, own_marks.HandInWriter,
        hearing_acts.PlanWriter, hearing_acts.ObserverWriter, hearing_acts.NotObservedWriter,
        hearing_acts.MoveWriter, hearing_acts.RecordWriter, self_assessments.KeyedMarksWriter,
    ],
)  # fmt: skip
def test_every_form_of_judging_refuses_what_it_does_not_know(shape):
    sent = shape(data={"score": 99})

    assert (sent.is_valid(), set(sent.errors)) == (False, {"score"})


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
    assert answer.json()["total"] == "87.40"  # as on the page
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
    rules = ["random", "every_lawyer"]
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4", "rules": rules}

    plan = client.post(reverse("api-sample-preview"), body).json()
    before = Sample.objects.count()
    first = client.post(reverse("api-samples"), body | {"frame_digest": plan["frame_digest"]})
    again = client.post(reverse("api-samples"), body)
    given = client.post(reverse("api-sample-assign", args=[first.json()["public_id"]]))

    assert (before, Sample.objects.count()) == (0, 1)
    assert first.json()["public_id"] == again.json()["public_id"]
    assert given.json() == {"assigned": plan["drawn"], "refused": []}


@pytest.mark.parametrize(("reviewers", "sent", "read_twice"), [(3, {}, 1), (2, {}, 0), (3, {"twice": "0"}, 0)])
def test_a_fifth_is_read_twice_where_three_review_as_on_the_page_unless_the_program_says_otherwise(
    reviewers, sent, read_twice
):
    checklists()
    centre = factories.centre()
    for _each in range(4):
        factories.case(centre)
    for _each in range(reviewers):
        reviewer(centre)
    client = api(manager(centre))
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4", "rate": 1}
    body |= {"rules": ["random"]} | sent

    plan = client.post(reverse("api-sample-preview"), body, format="json").json()
    drawn = client.post(reverse("api-samples"), body, format="json").json()

    assert (plan["read_twice"], drawn["statement"]["read_twice"]) == (read_twice, read_twice)


def test_a_field_that_nobody_knows_is_refused_and_nothing_of_the_rest_is_done():
    case = accepting.waiting_case()
    desk = api(accepting.clerk(case.centre))
    door = reverse("api-file-receipt", args=[case.public_id])
    body = {"version": 0, "handed_in_on": NOW.date().isoformat()}

    refused = desk.post(door, body | {"counts_on": "2026-01-01"}, format="json")
    taken = desk.post(door, body, format="json")

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["counts_on"])
    assert taken.status_code == 200


@pytest.mark.parametrize("door", ["api-sample-preview", "api-samples"])
@pytest.mark.parametrize("days", [{"until": "9999-12-31"}, {"start": "0001-01-01"}])
def test_a_period_that_nobody_can_have_meant_is_refused_at_its_field(door, days):
    checklists()
    centre = factories.centre()
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4"} | days

    answer = api(manager(centre)).post(reverse(door), body, headers={"Accept-Language": "en"})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, *days)
    assert error["message"] == "Enter a day between 1950-01-01 and 2031-12-31."


def test_a_manager_draws_at_their_own_centres_alone():
    centre = factories.centre()
    body = {"centre": centre.code, "start": "2026-10-01", "until": "2026-12-31", "seed": "q4"}

    assert api(manager(factories.centre())).post(reverse("api-samples"), body).status_code == 404


def test_a_file_is_handed_over_and_a_second_reader_named():
    row = assignment()
    other, _third = reviewer(row.case.centre), reviewer(row.case.centre)
    client = api(manager(row.case.centre))

    moved = client.post(
        reverse("api-assignment-hand-over", args=[row.public_id]),
        {"reviewer": str(other.public_id), "reason": "病假"},
    )
    submitted(Assignment.objects.get(public_id=moved.json()["public_id"]))
    result = CaseReview.objects.get()
    named = client.post(reverse("api-result-readers", args=[result.public_id]))

    assert (moved.status_code, named.status_code, named.json()["order"]) == (201, 201, 2)
    assert client.get(reverse("api-assignments")).status_code == 200


def test_the_lawyer_objects_and_the_manager_decides():
    case = factories.case(factories.centre())
    result = released(case)
    lawyer = api(account_of(case.lawyer))
    shown = lawyer.get(reverse("api-review-result", args=[result.public_id])).json()
    assert shown["score"] == f"{half_up(result.score)}"  # as on the page
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

    answered = api(account_of(row.case.lawyer)).post(
        reverse("api-veto-answer", args=[veto.public_id]), {"answer": "已口头发表"}
    )
    decided = api(manager(row.case.centre)).post(
        reverse("api-veto-decision", args=[veto.public_id]), {"confirmed": False, "reason": "口头意见已记入笔录"}
    )

    assert (answered.json()["state"], decided.json()["state"]) == ("answered", "dismissed")


def test_the_codes_that_marks_are_sent_by_can_be_read():
    row = assignment()
    client = api(reader_of(row))

    (civil,) = [each for each in client.get(reverse("api-checklists")).json() if each["case_type"] == "civil"]
    whole = client.get(reverse("api-checklist", args=[civil["public_id"]])).json()

    standard = standard_of(row.checklist)
    assert [item["code"] for item in whole["items"]] == list(standard.items)
    assert {code for item in whole["items"] for code in item["reasons"]} <= {each["code"] for each in whole["reasons"]}
    assert [veto["code"] for veto in whole["vetoes"]] == list(standard.vetoes)
    assert sum(Decimal(item["points"]) for item in whole["items"]) == 100
    assert "full" in whole["anchors"]


def test_a_draft_checklist_is_nobodys_to_read():
    row = assignment()
    draft = Checklist.objects.create(code="new", version=1, case_type="civil", title={"zh": "新"})

    assert api(reader_of(row)).get(reverse("api-checklist", args=[draft.public_id])).status_code == 404


def test_a_manager_finds_a_result_that_waits_and_releases_it_with_a_reason():
    case = factories.case(factories.centre())
    submitted(assignment(case))  # excellent by one reader
    client = api(manager(case.centre))

    (waiting,) = client.get(reverse("api-review-results"), {"state": "awaiting_second"}).json()["results"]
    url = reverse("api-result-release", args=[waiting["public_id"]])
    refused = [client.post(url, {}).status_code, client.post(url, {"reason": "由" * 501}).status_code]
    answer = client.post(url, {"reason": "县内无第二名评查员"})

    assert refused == [400, 400]
    assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "released", 2)
    assert client.post(url, {"reason": "再次"}).status_code == 404  # that version is no longer in force


def test_a_lawyer_lists_their_own_released_results_and_objections():
    case = factories.case(factories.centre())
    result = released(case)
    submitted(assignment(factories.case(case.centre, lawyer=case.lawyer, firm=case.firm)))  # not released
    released(factories.case(case.centre))
    client = api(account_of(case.lawyer))
    url = reverse("api-result-object", args=[result.public_id])
    assert client.post(url, {"items": ["C2"], "statement": "异" * 4001}).status_code == 400
    client.post(url, {"items": ["C2"], "statement": "不服"})

    results = client.get(reverse("api-review-results")).json()["results"]
    objections = client.get(reverse("api-objections")).json()["results"]

    assert [each["case"] for each in results] == [case.number]
    assert [(each["case"], each["state"]) for each in objections] == [(case.number, "lodged")]


def test_vetoes_are_listed_for_whom_they_wait_and_taken_back_by_their_reader():
    row = assignment()
    reader, review = api(reader_of(row)), row.review.public_id
    for code in ("V8", "V9"):
        reader.post(
            reverse("api-review-vetoes", args=[review]), {"veto": code, "statement": "无代理词", "page": "目录"}
        )
    taken = reader.delete(reverse("api-review-veto", args=[review, "V8"])).status_code
    submitted(row, **GOOD)
    lawyer, boss = api(account_of(row.case.lawyer)), api(manager(row.case.centre))

    def listed(client):
        return [(each["veto"], each["statement"]) for each in client.get(reverse("api-vetoes")).json()["results"]]

    assert (taken, reader.delete(reverse("api-review-veto", args=[review, "V9"])).status_code) == (204, 409)
    assert listed(lawyer) == listed(boss) == [("V9", "无代理词")]
    assert listed(api(factories.user(Role.LAWYER, of=factories.lawyer(factories.firm(row.case.centre))))) == []
    assert listed(api(manager(factories.centre()))) == []


def test_a_reader_types_where_the_papers_stand():
    row = assignment()
    code = row.checklist.catalogue[0]["code"]
    url = reverse("api-review-catalogue", args=[row.review.public_id])
    client = api(reader_of(row))

    assert client.put(url, {"pages": {code: "x"}}).status_code == 422
    assert client.put(url, {"pages": {code: "12-14"}}).status_code == 204
    assert str(CatalogueEntry.objects.get()) == f"{code} 12–14"


@pytest.mark.parametrize(
    ("items", "code", "named"),
    [
        (["C2", "Z9"], "items_unknown", "Z9"),
        # Of the form by which hearings are observed.
        (["H1", "C2", "H2"], "items_unknown", "H1、H2"),
        (["C2", "A2", "C2"], "items_repeated", "C2"),
    ],
)
def test_items_that_are_not_the_results_or_come_twice_are_named_and_nothing_is_saved(items, code, named):
    result = released(factories.case(factories.centre()))
    url = reverse("api-result-object", args=[result.public_id])

    answer = api(account_of(result.case.lawyer)).post(url, {"items": items, "statement": "不服"})

    assert (answer.status_code, answer.json()["code"], Objection.objects.count()) == (400, code, 0)
    assert named in answer.json()["title"]


def test_two_rulings_on_one_item_decide_nothing():
    result = released(factories.case(factories.centre()))
    lawyer = account_of(result.case.lawyer)
    row = lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW)
    rulings = [{"item": "C2", "upheld": True, "anchor": "full"}, {"item": "C2", "upheld": False}]

    answer = api(manager(result.case.centre)).post(
        reverse("api-objection-decision", args=[row.public_id]), {"rulings": rulings, "answer": "采纳"}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "items_repeated")
    assert Objection.objects.get().state == "lodged"


@pytest.mark.parametrize("name", ["api-review-results", "api-objections", "api-vetoes", "api-checklists"])
def test_lists_ask_the_database_as_often_for_one_row_as_for_many(name):
    checklists()
    centre = factories.centre()
    lawyer_row = factories.lawyer(factories.firm(centre))
    lawyer = User.objects.get(pk=factories.user(Role.LAWYER, of=lawyer_row).pk)

    def one_more():
        result = released(factories.case(centre, lawyer=lawyer_row))
        lodge_objection(result=result, items=["C2"], statement="不服", user=lawyer, now=NOW)
        row = assignment(factories.case(centre, lawyer=lawyer_row))
        reader = reader_of(row)
        mark_veto(review_id=row.review.public_id, code="V9", statement="无", page="1", user=reader, now=NOW)
        submitted(row, **GOOD)

    def asked():
        with CaptureQueriesContext(connection) as context:
            assert api(lawyer).get(reverse(name)).status_code == 200
        return len(context)

    one_more()
    asked()
    one = asked()
    one_more()
    one_more()
    assert asked() == one


@pytest.mark.parametrize("name", ["api-sample-assign", "api-result-readers", "api-ask", "api-issue", "api-acknowledge"])
def test_broken_json_is_refused_where_no_body_is_asked_for(name):
    checklists()
    client = api(factories.user(Role.MANAGER, Role.LAWYER, at=factories.centre()))

    answer = client.generic("POST", reverse(name, args=[UUID(int=1)]), "{", content_type="application/json")

    assert answer.status_code == 400


def test_a_reviewer_gives_a_file_back():
    row = assignment()

    answer = api(reader_of(row)).post(
        reverse("api-review-decline", args=[row.review.public_id]), {"reason": "同学", "relation": "firm"}
    )

    row.refresh_from_db()
    assert (answer.status_code, row.state) == (204, "declined")
