"""Staff add the further clients of a case: each a person of their own, with a contact plan as safe as a file's."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from qa_service.cases.models import Case, Client, CoClient
from qa_service.cases.queries import client_names, clients_of
from qa_service.cases.services import ClientAlready, NotForOwnCase, add_client, lift_ended_bans, take_client_off
from qa_service.cases.services.single import RowRefused
from qa_service.common.errors import InvalidInput
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

PERSON = {"client_name": "钱小红", "phone": "17012345678", "sms_consent": "yes", "age": "35", "group": "woman"}


@pytest.fixture
def case() -> Case:
    return factories.case(factories.centre(), people_helped=25)


def added(case: Case, **fields: Any) -> CoClient:
    user = factories.user(Role.FOLLOW_UP, at=case.centre)
    return add_client(case=case, fields=PERSON | fields, user=user, now=NOW)


def test_a_person_who_is_added_is_a_client_of_the_case_with_a_plan_of_their_own(case: Case) -> None:
    row = added(case)

    person = row.client
    assert clients_of(case) == [case.client, person]
    assert (person.name, person.phone, person.birth_year, person.group) == ("钱小红", "+8617012345678", 1991, "woman")
    # 180 days from the day on which staff spoke with the person.
    assert (person.contact_plan.sms_allowed, person.contact_plan.expires_on) == (True, date(2027, 5, 19))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"contact_note": "家暴，勿发短信"}, "safety"),
        ({"age": "13"}, "minor"),
        ({"sms_consent": "no"}, "not_consented"),
        ({"phone": ""}, "number_invalid"),
        ({"contact_note": "在看守所"}, "in_custody"),
    ],
)
def test_the_plan_is_as_safe_as_it_would_be_in_a_file(case: Case, fields: dict[str, str], reason: str) -> None:
    plan = added(case, **fields).client.contact_plan

    assert (plan.sms_allowed, plan.reason) == (False, reason)


def test_nobody_is_texted_at_a_number_that_another_client_gave(case: Case) -> None:
    row = added(case, phone=case.client.phone)

    assert lift_ended_bans(now=NOW) == 0
    plans = [client.contact_plan for client in Client.objects.filter(pk__in=[row.client_id, case.client_id])]
    assert [(plan.sms_allowed, plan.reason) for plan in plans] == [(False, "number_shared")] * 2


def test_who_has_the_number_alone_again_is_texted_again_as_soon_as_they_are_added_and_it_is_kept(case: Case) -> None:
    row = added(case, phone=case.client.phone)
    take_client_off(co_client=row, why="输错", user=factories.user(Role.MANAGER, at=case.centre), now=NOW)

    again = added(factories.case(case.centre), client_name=case.client.name, phone=case.client.phone)

    assert again.client == case.client
    assert again.client.contact_plan.sms_allowed
    assert history(case.client).get().details["loosened"] == ["reason"]


def test_whom_the_centre_knows_is_the_same_person(case: Case) -> None:
    other = factories.case(case.centre)
    known = added(other).client

    assert added(case).client == known
    assert Client.objects.filter(name_index=known.name_index).count() == 1


def test_the_same_person_is_added_once_and_the_one_of_the_export_not_at_all(case: Case) -> None:
    added(case)

    with pytest.raises(ClientAlready):
        added(case)
    with pytest.raises(ClientAlready):
        added(case, client_name=case.client.name, phone=case.client.phone)


@pytest.mark.parametrize(
    ("fields", "field"), [({"client_name": " "}, "client_name"), ({"phone": "12"}, "phone"), ({"age": "abc"}, "age")]
)
def test_what_cannot_be_read_is_refused_by_its_field(case: Case, fields: dict[str, str], field: str) -> None:
    with pytest.raises((RowRefused, InvalidInput)) as refused:
        added(case, **fields)

    assert refused.value.field == field
    assert not CoClient.objects.exists()


@pytest.mark.parametrize("under_way", [False, True])
def test_who_handled_the_case_neither_adds_nor_takes_off(case: Case, under_way: bool) -> None:
    if under_way:
        case = factories.open_case(case.centre)
    row = added(case)
    own = factories.user(Role.MANAGER, at=case.centre, of=case.lawyer)

    with pytest.raises(NotForOwnCase):
        add_client(case=case, fields=PERSON | {"client_name": "某人"}, user=own, now=NOW)
    with pytest.raises(NotForOwnCase):
        take_client_off(co_client=row, why="输错", user=own, now=NOW)


def test_who_is_taken_off_leaves_a_trace_and_can_come_back(case: Case) -> None:
    row = added(case)
    user = factories.user(Role.MANAGER, at=case.centre)

    for _twice in range(2):
        take_client_off(co_client=row, why="输错", user=user, now=NOW)
    assert clients_of(case) == [case.client]
    # What was once theirs is still not to be printed.
    assert client_names(case) == {case.client.name, "钱小红"}
    assert added(case) == row
    acts = Entry.objects.filter(action__startswith="cases.client_").order_by("pk")
    assert [entry.action for entry in acts] == ["cases.client_added", "cases.client_taken_off", "cases.client_added"]


def test_taking_off_needs_a_reason(case: Case) -> None:
    row = added(case)

    with pytest.raises(InvalidInput):
        take_client_off(co_client=row, why="  ", user=factories.user(Role.MANAGER, at=case.centre), now=NOW)


def browser(*roles: Role, case: Case) -> Browser:
    one = Browser()
    one.force_login(factories.user(*roles, at=case.centre))
    return one


def test_the_page_adds_and_takes_off(case: Case) -> None:
    staff = browser(Role.FOLLOW_UP, case=case)
    address = reverse("cases:clients", args=[case.public_id])

    kept = staff.post(address, PERSON | {"sms_consent": "on"})
    shown = staff.get(address).content.decode()

    assert kept.status_code == 302
    assert all(words in shown for words in ("钱小红", "25", case.client.name))
    person = CoClient.objects.get().client
    staff.post(reverse("cases:client-off", args=[case.public_id, person.public_id]), {"why": "输错"})
    assert CoClient.objects.get().taken_off_at is not None


def test_the_page_says_what_is_wrong_beside_the_field(case: Case) -> None:
    answer = browser(Role.MANAGER, case=case).post(
        reverse("cases:clients", args=[case.public_id]), PERSON | {"phone": "12"}
    )

    assert answer.status_code == 422
    assert "id_phone" in answer.content.decode()


def test_a_supervisor_looks_and_changes_nothing(case: Case) -> None:
    watcher = browser(Role.SUPERVISOR, case=case)
    address = reverse("cases:clients", args=[case.public_id])

    assert watcher.get(address).status_code == 200
    assert watcher.post(address, PERSON).status_code == 404
    assert not CoClient.objects.exists()


def test_programs_do_the_same(case: Case) -> None:
    program = browser(Role.MANAGER, case=case)
    address = reverse("api-case-clients", args=[case.public_id])

    made = program.post(address, PERSON | {"sms_consent": True, "age": 35}, content_type="application/json")
    unknown = program.post(address, PERSON | {"street": "x"}, content_type="application/json")
    listed = program.get(address).json()

    assert (made.status_code, unknown.status_code) == (201, 400)
    assert [(row["name"], row["phone_masked"], row["contact"]["sms_allowed"]) for row in listed] == [
        ("钱小红", made.json()["phone_masked"], True)
    ]
    off = reverse("api-case-client-off", args=[case.public_id, made.json()["id"]])
    assert program.post(off, {"why": "输错"}, content_type="application/json").status_code == 204
    assert program.get(address).json() == []
