"""The pages of the register: from finding a person to the answer; nothing of the person in an address."""

import json

import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.privacy.enums import RequestKind
from qa_service.privacy.models import PersonRequest
from tests import factories
from tests.qa_service.privacy.asking_person import asks, boss_of
from tests.qa_service.privacy.kept import WORDS
from tests.qa_service.privacy.test_person_erased import answered

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return answered().recipient


@pytest.fixture
def browser(person):
    signed_in = Browser(headers={"accept-language": "en"})
    signed_in.force_login(boss_of(person), backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


def test_a_person_is_found_their_request_entered_and_answered(browser, person):
    found = browser.post(reverse("privacy:people"), {"phone": person.phone})
    door = reverse("privacy:person", args=[person.public_id])
    assert door in found.content.decode()
    assert person.phone not in found.content.decode()

    entered = browser.post(
        door,
        {"kind": "erasure", "asker": "person", "proof": "card", "came_by": "counter", "received_on": "2026-11-20"},
    )
    row = PersonRequest.objects.get()
    assert entered["Location"] == reverse("privacy:request", args=[row.public_id])
    assert person.name in browser.get(reverse("privacy:requests")).content.decode()
    assert "Requests about personal data to answer" in browser.get("/").content.decode()

    browser.post(entered["Location"], {"decision": "granted"})
    page = browser.get(entered["Location"]).content.decode()
    assert "The law or the archive asks for it until then (art. 47)" in page
    assert person.name not in page
    assert "No request waits for an answer." in browser.get(reverse("privacy:requests")).content.decode()


def test_a_refusal_without_a_reason_is_shown_at_its_field(browser, person):
    door = reverse("privacy:request", args=[asks(person).public_id])

    answer = browser.post(door, {"decision": "refused"})

    assert answer.status_code == 422
    assert "A refusal needs its reason" in answer.content.decode()


def test_an_answer_sent_twice_is_told_so_and_done_once(browser, person):
    door = reverse("privacy:request", args=[asks(person).public_id])

    browser.post(door, {"decision": "granted"})
    again = browser.post(door, {"decision": "refused", "reason": "x"}, follow=True)

    assert "This request is answered already." in again.content.decode()
    assert Entry.objects.filter(action="privacy.request_answered").count() == 1


def test_the_copy_is_read_on_paper_and_by_a_program_and_each_is_recorded(browser, person):
    door = reverse("privacy:request-copy", args=[asks(person, RequestKind.COPY).public_id])

    paper = browser.post(door, {"form": "page"}).content.decode()
    data = browser.post(door, {"form": "data"})

    held = {part["rule"]: part for part in json.loads(data.content)["held"]}
    assert (person.phone in paper, WORDS in paper) == (True, True)
    assert held["cases.people"]["rows"][0]["phone"] == person.phone
    assert WORDS in str(held["surveys.answers"])
    assert "attachment" in data["Content-Disposition"]
    assert "no-store" in data["Cache-Control"]
    assert [entry.details["form"] for entry in Entry.objects.filter(action="privacy.copied")] == ["page", "data"]


def test_a_wrong_correction_is_shown_at_its_field_and_a_right_one_made(browser, person):
    row = asks(person, RequestKind.CORRECTION)
    door = reverse("privacy:request-correct", args=[row.public_id])

    wrong = browser.post(door, {"new_phone": "不知道", "owner": "client"})
    assert (wrong.status_code, "This is not a telephone number." in wrong.content.decode()) == (422, True)

    browser.post(door, {"new_name": "李四", "owner": "client"})
    person.refresh_from_db()
    assert person.name == "李四"


def test_the_register_shows_late_ones_as_late(browser, person):
    PersonRequest.objects.filter(pk=asks(person).pk).update(due_on="2020-01-01")

    page = browser.get(reverse("privacy:requests")).content.decode()
    assert 'text-danger fw-bold">' in page
    assert "1 is late." in browser.get("/").content.decode()


def test_staff_who_answer_no_requests_see_no_door_to_them(person):
    clerk = Browser(headers={"accept-language": "en"})
    clerk.force_login(
        factories.user(Role.FOLLOW_UP, at=person.centre), backend="django.contrib.auth.backends.ModelBackend"
    )

    assert reverse("privacy:requests") not in clerk.get(reverse("privacy:kept")).content.decode()
