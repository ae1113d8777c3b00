"""The register of requests for programs: the same rules, and no word of the person in any answer."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from qa_service.audit.models import Entry
from qa_service.cases.models import Client
from qa_service.privacy.models import PersonRequest
from tests import factories
from tests.qa_service.privacy.asking_person import boss_of

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/privacy/requests"
PEOPLE = "/api/v1/privacy/people"


@pytest.fixture
def person() -> Client:
    return factories.case(factories.centre()).client


@pytest.fixture
def program(person: Client) -> APIClient:
    program = APIClient(headers={"accept-language": "en"})
    program.force_authenticate(boss_of(person))
    return program


def asked(person: Client, **more: Any) -> dict[str, Any]:
    said = {"client": str(person.public_id), "kind": "erasure", "proof": "card", "came_by": "letter"}
    return said | {"received_on": "2026-11-20", "wanted": "请删除"} | more


def test_a_request_is_entered_listed_and_answered_once(program, person):
    made = program.post(DOOR, asked(person), format="json")
    assert made.status_code == 201
    one = f"{DOOR}/{made.json()['public_id']}"
    assert program.get(DOOR).json()["results"] == [program.get(one).json()] == [made.json()]

    done = program.post(f"{one}/answer", {"decision": "granted"}, format="json").json()
    person.refresh_from_db()
    assert (done["state"], person.erased_at is not None) == ("partly", True)
    assert {"rule": "cases.matters", "rows": 1, "why": "duty", "until": "2031-11-09"} in done["outcome"]
    assert program.post(f"{one}/answer", {"decision": "withdrawn"}, format="json").json()["code"] == "request_answered"


def test_no_answer_holds_a_name_a_number_or_what_was_written(program, person):
    made = program.post(DOOR, asked(person, kind="copy"), format="json")

    said = made.content.decode() + program.get(DOOR).content.decode()
    assert [word for word in (person.name, person.phone, person.phone_masked, "请删除") if word in said] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"received_on": "2999-01-01"}, 422), ({"asker": "agent"}, 422), ({"kind": "all"}, 400), ({"client": "x"}, 400)],
)
def test_what_cannot_be_is_refused_and_enters_nothing(program, person, wrong, code):
    answer = program.post(DOOR, asked(person, **wrong), format="json")

    assert (answer.status_code, PersonRequest.objects.count()) == (code, 0)


def test_the_person_of_another_centre_is_not_found(program):
    stranger = factories.client(factories.centre())

    assert program.post(DOOR, asked(stranger), format="json").json()["code"] == "person_unknown"


@pytest.mark.parametrize("by", ["number", "name and case"])
def test_a_person_is_found_and_the_answer_and_the_address_name_nobody(program, person, by):
    case = person.cases.get()
    given = {"phone": person.phone} if by == "number" else {"name": person.name, "case_number": case.number}

    found = program.post(PEOPLE, given, format="json")

    assert found.json() == [{"client": str(person.public_id), "centre": person.centre.code, "by_guardian": False}]
    looked = Entry.objects.get(action__in=["privacy.number_looked_up", "privacy.person_looked_up"])
    assert (looked.subject_id, person.phone in str(looked.details)) == (str(person.pk), False)


def test_nobody_is_found_elsewhere_nor_without_enough_to_go_by(program):
    stranger = factories.client(factories.centre())

    elsewhere = program.post(PEOPLE, {"phone": stranger.phone}, format="json")
    too_little = [program.post(PEOPLE, given, format="json") for given in ({}, {"name": "某人"}, {"phone": "12"})]

    assert (elsewhere.status_code, elsewhere.json()) == (200, [])
    assert [(answer.status_code, answer.json()["errors"][0]["field"]) for answer in too_little] == [(422, "phone")] * 3


def test_what_is_wrong_is_put_right_and_all_that_is_held_is_handed_out(program, person):
    made = program.post(DOOR, asked(person, kind="correction"), format="json").json()
    one = f"{DOOR}/{made['public_id']}"

    corrected = program.post(f"{one}/correction", {"new_phone": "139 0000 0001", "new_name": "王小美"}, format="json")
    wrong = program.post(f"{one}/correction", {"new_phone": "12"}, format="json")
    copy = program.post(f"{one}/copy")

    person.refresh_from_db()
    assert (corrected.status_code, wrong.status_code, copy.status_code) == (200, 422, 200)
    assert (person.name, person.phone) == ("王小美", "+8613900000001")
    held = {each["rule"]: each["rows"] for each in copy.json()["held"]}
    assert wrong.json()["errors"][0]["field"] == "new_phone"
    assert {"name": "王小美", "phone": "+8613900000001"}.items() <= held["cases.people"][0].items()
    assert copy.headers["Cache-Control"] == "no-store"
    assert Entry.objects.filter(action="privacy.copied").count() == 1
