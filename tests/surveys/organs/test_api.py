"""Programs do with organs what the pages do."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from surveys import queries
from surveys.models import Conversation, LetterBatch, Organ, SecondEntry
from tests import factories
from tests.factories import NOW
from tests.surveys.organs.rows import COURT, GOOD, asked, asking_centre, keyed_in, organ

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def centre():
    return asking_centre()


def program(role: Role, at: Any, **fields: Any) -> APIClient:
    client = APIClient()
    client.force_authenticate(factories.user(role, at=at, **fields))
    return client


def door(name: str, *row: Any) -> str:
    return reverse(f"api-{name}", args=[each.public_id for each in row])


def test_the_book_is_read_completed_and_changed(centre):
    factories.case(centre)
    manager = program(Role.MANAGER, centre)

    unknown = manager.get(door("organs-unknown")).json()
    made = manager.post(
        door("organs"), {"centre": centre.code, "name": COURT, "kind": unknown[0]["kind"], "way": "letter"}
    )
    unit = Organ.objects.get()
    changed = manager.patch(door("organ", unit), {"phone": "0739-5550200", "also_called": ["县法院"]})

    assert [(found["name"], found["cases"]) for found in unknown] == [(COURT, 1)]
    assert (made.status_code, made.json()["way"], made.json()["kind"]) == (201, "letter", "court")
    assert (changed.json()["phone"], sorted(changed.json()["names"])) == ("0739-5550200", sorted([COURT, "县法院"]))
    assert changed.json()["way"] == "letter"
    assert [each["name"] for each in manager.get(door("organs")).json()["results"]] == [COURT]


def test_an_entry_that_does_not_go_together_is_refused_by_field(centre):
    manager = program(Role.MANAGER, centre)

    refused = manager.post(door("organs"), {"centre": centre.code, "name": COURT, "kind": "court", "way": "email"})

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email")


def test_who_was_asked_is_listed_and_narrowed(centre):
    waiting, answered = asked(centre), asked(centre)
    keyed_in(answered)
    reader = program(Role.SUPERVISOR, centre)

    def listed(query: str = "") -> list[str]:
        return [row["case_number"] for row in reader.get(door("organs-asked") + query).json()["results"]]

    assert listed() == [waiting.case.number]
    assert listed("?show=answered") == [answered.case.number]
    assert reader.get(door("organs-asked") + "?show=x").status_code == 400
    assert reader.get(door("organs-asked") + "?unit=x").status_code == 400
    one = reader.get(door("organ-asked", answered)).json()
    assert (one["unit"], one["state"], "q1" in str(one)) == (COURT, "finished", False)


def test_an_opinion_is_keyed_in_once(centre):
    conversation = asked(centre)
    clerk = program(Role.FOLLOW_UP, centre)
    body = {
        "signed_by": "民一庭（章）",
        "received_on": "2026-11-20",
        "answers": [{"question": code, "value": value} for code, value in GOOD.items()],
    }

    first, second = (clerk.post(door("organ-opinion", conversation), body) for _each in range(2))

    beside = clerk.post(door("organ-second-opinion", conversation), body | {"signed_by": "刑一庭（章）"})
    without_a_first = clerk.post(door("organ-second-opinion", asked(centre)), body)

    assert (first.status_code, second.status_code) == (201, 409)
    assert first.json()["mode"] == "paper"
    assert (beside.status_code, without_a_first.status_code) == (201, 409)
    kept = SecondEntry.objects.get()
    assert (beside.json()["id"], kept.conversation, "刑一庭（章）" in kept.note) == (
        str(kept.public_id), conversation, True,
    )  # fmt: skip
    assert queries.organ_opinions([conversation.case_id])[0].q5 == 3


@pytest.mark.parametrize("missing", ["signed_by", "received_on", "answers"])
def test_an_opinion_without_what_it_needs_is_refused(centre, missing):
    conversation = asked(centre)
    body = {"signed_by": "章", "received_on": "2026-11-20", "answers": [{"question": "q1", "value": "5"}]}
    del body[missing]

    assert program(Role.FOLLOW_UP, centre).post(door("organ-opinion", conversation), body).status_code == 400


def test_a_unit_that_declines_is_recorded(centre):
    conversation = asked(centre)

    answer = program(Role.FOLLOW_UP, centre).post(door("organ-end", conversation), {"outcome": "refused"})

    assert (answer.status_code, answer.json()["state"]) == (200, "stopped")


@pytest.mark.usefixtures("fonts")
def test_letters_are_put_together_printed_and_leave(centre):
    conversation = asked(centre)
    clerk = program(Role.FOLLOW_UP, centre)

    stacks = clerk.get(door("organ-letters")).json()
    made = clerk.post(door("organ-batch-new", Organ.objects.get()))
    batch = LetterBatch.objects.get()
    papers = [
        clerk.post(door("organ-batch-paper", batch), {"language": "en"}),
        clerk.post(door("organ-letter", conversation)),
    ]
    early = clerk.post(door("organ-batch-sent", batch), {"sent_on": "2026-11-19"})
    left = clerk.post(door("organ-batch-sent", batch), {"sent_on": "2026-11-20"})

    assert [(stack["unit"], stack["letters"]) for stack in stacks] == [(COURT, 1)]
    assert (made.status_code, made.json()["letters"], made.json()["open"]) == (201, 1, 1)
    assert [(paper.headers["Content-Type"], paper.content[:5]) for paper in papers] == [
        ("application/pdf", b"%PDF-")
    ] * 2
    assert (early.status_code, left.json()["sent_on"]) == (422, "2026-11-20")
    assert clerk.get(door("organ-batches")).json()["results"] == []
    assert Conversation.objects.with_organs().get().sent_out_at == NOW


def test_who_answers_is_counted(centre):
    keyed_in(asked(centre))

    assert program(Role.MANAGER, centre).get(door("organ-rates")).json() == [
        {
            "unit": COURT, "centre": centre.name, "asked": 1, "answered": 1, "late": 0, "open": 0, "silent": 0,
            "unsent": 0, "percent": "100.0", "low": "20.7", "high": "100.0",
        }
    ]  # fmt: skip


def test_a_lawyer_with_a_second_hat_reads_nothing_of_their_own_case(centre):
    conversation = asked(centre)
    keyed_in(conversation)
    user = factories.user(Role.MANAGER, Role.LAWYER, at=centre, of=conversation.case.lawyer)
    client = APIClient()
    client.force_authenticate(user)

    assert client.get(door("organ-asked", conversation)).status_code == 404
    assert client.get(door("organs-asked") + "?show=all").json()["results"] == []
    assert client.get(door("organ-rates")).json() == []


def test_lists_of_clients_hold_no_organ(centre):
    asked(centre)

    assert program(Role.FOLLOW_UP, centre).get(door("conversations")).json()["results"] == []


@pytest.mark.parametrize(
    "name", ["organs", "organs-unknown", "organs-asked", "organ-letters", "organ-batches", "organ-rates"]
)
def test_lists_cost_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, name):
    manager = program(Role.MANAGER, centre)
    for number in range(5):
        unit = organ(centre, name=f"第{number}法院")
        asked(centre, organ=unit.name)
        factories.case(centre, organ=f"第{number}检察院")

    with django_assert_max_num_queries(6):
        manager.get(door(name))
