"""The register of requests: entered once, with a deadline; answered once, with a name and a reason."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.services.erased import PersonErased
from qa_service.common.encryption import blind_index
from qa_service.common.errors import InvalidInput
from qa_service.organisations.models import CalendarYear, CentreSettings
from qa_service.privacy.enums import Asker, Proof, RequestKind, RequestState
from qa_service.privacy.models import PersonRequest
from qa_service.privacy.queries.people import Found
from qa_service.privacy.services import (
    RequestAnswered,
    RequestOpen,
    answer_request,
    correct_person,
    look_up,
    tend_requests,
)
from surveys.models import Conversation, OptOut
from tests import factories
from tests.factories import NOW
from tests.qa_service.cases.county import bring_in, edited
from tests.qa_service.privacy.asking_person import TODAY, asks, boss_of, granted
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return factories.case(factories.centre()).client


def test_the_last_day_is_counted_in_working_days_as_the_centre_has_set_them(client):
    CentreSettings.objects.update(person_request_days=5)

    assert asks(client).due_on == date(2026, 11, 27)


def test_without_a_calendar_the_day_is_set_when_the_calendar_is_there(client):
    CalendarYear.objects.all().delete()
    row = asks(client)
    assert row.due_on is None

    CalendarYear.objects.create(year=2026)
    assert tend_requests(now=NOW) == 1
    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 11)


def test_what_stands_open_is_not_entered_twice(client):
    first = asks(client, RequestKind.ACCESS)
    with pytest.raises(RequestOpen):
        asks(client, RequestKind.ACCESS)

    granted(first)
    assert asks(client, RequestKind.ACCESS).pk != first.pk


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"asker": Asker.RELATIVE, "proof": Proof.AUTHORITY}, "asker_name"),
        ({"asker": Asker.AGENT, "asker_name": "赵某"}, "proof"),
    ],
)
def test_a_day_to_come_or_a_stranger_without_a_right_is_refused(client, said, field):
    with pytest.raises(InvalidInput) as refused:
        asks(client, **said)

    assert refused.value.field == field


def test_a_refusal_needs_its_reason_and_is_told_with_who_decided(client):
    row, boss = asks(client, RequestKind.CORRECTION), boss_of(client)
    with pytest.raises(InvalidInput):
        answer_request(user=boss, request=row, decision=RequestState.REFUSED, now=NOW)

    done = answer_request(user=boss, request=row, decision=RequestState.REFUSED, reason="与档案相符", now=NOW)
    assert (done.state, done.reason, done.decided_by, done.done_on) == ("refused", "与档案相符", boss, TODAY)
    with pytest.raises(RequestAnswered):
        granted(row)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "granted"},
        {"state": "refused", "done_on": TODAY},
        {"rest_waits": True},
        {"asker": "agent"},
        {"state": "withdrawn", "done_on": TODAY - timedelta(days=1)},
    ],
)
def test_the_database_refuses_what_cannot_be(client, wrong):
    row = asks(client)
    if "done_on" in wrong:
        wrong = wrong | {"decided_by": row.registered_by}

    with pytest.raises(IntegrityError), transaction.atomic():
        PersonRequest.objects.filter(pk=row.pk).update(**wrong)


def test_who_asks_to_be_left_alone_is_asked_nothing_more():
    conversation = asking.asked()
    client = conversation.recipient

    granted(asks(client, RequestKind.OBJECTION))

    conversation.refresh_from_db()
    plan = ContactPlan.objects.get(client=client)
    assert conversation.state == "stopped"
    assert (plan.sms_allowed, plan.phone_allowed, plan.visit_allowed, plan.letter_allowed) == (False,) * 4
    assert OptOut.objects.filter(phone_index=client.phone_index, lifted_at=None).exists()
    assert Client.objects.get(pk=client.pk).name == client.name


def test_who_is_erased_is_asked_nothing_more_either():
    conversation = asking.asked()
    client = conversation.recipient

    granted(asks(client, RequestKind.ERASURE))

    conversation.refresh_from_db()
    plan = ContactPlan.objects.get(client=client)
    assert conversation.state == "stopped"
    assert (plan.sms_allowed, plan.phone_allowed, plan.visit_allowed, plan.letter_allowed) == (False,) * 4
    assert OptOut.objects.filter(phone_index=client.phone_index, lifted_at=None).exists()


def test_a_neighbour_on_the_same_telephone_goes_on_being_asked():
    conversation = asking.asked()
    other = factories.case(
        conversation.case.centre, client=factories.client(conversation.case.centre, phone=conversation.recipient.phone)
    )

    granted(asks(other.client, RequestKind.OBJECTION))

    assert Conversation.objects.get(pk=conversation.pk).state == "awaiting"


# --- correction ------------------------------------------------------------------------------------------------------
def test_name_and_number_are_put_right_at_once_and_recorded(client):
    row, boss = asks(client, RequestKind.CORRECTION), boss_of(client)

    correct_person(user=boss, request=row, name="李四 ", phone="138 1234 5678", owner=NumberOwner.CLIENT, now=NOW)

    client.refresh_from_db()
    assert (client.name, client.name_index, client.phone) == ("李四", blind_index("李四"), "+8613812345678")
    acts = set(Entry.objects.filter(subject_type="cases.Client").values_list("action", flat=True))
    assert {"cases.name_corrected", "cases.phone_corrected"} <= acts


def test_where_one_of_two_corrections_is_refused_neither_is_made(client):
    row = asks(client, RequestKind.CORRECTION)
    before = client.name

    with pytest.raises(InvalidInput):
        correct_person(
            user=boss_of(client), request=row, name="李四", phone="不知道", owner=NumberOwner.CLIENT, now=NOW
        )

    client.refresh_from_db()
    assert client.name == before


def test_an_export_that_still_has_the_old_name_means_the_same_person(tmp_path):
    centre = factories.centre()
    bring_in(centre)
    person = Client.objects.exclude(phone_index="").first()
    people = Client.objects.count()
    correct_person(
        user=boss_of(person),
        request=asks(person, RequestKind.CORRECTION),
        name="改过名",
        owner=NumberOwner.CLIENT,
        now=NOW,
    )

    bring_in(centre, edited(tmp_path / "changed.csv", ("调解", "撤诉"), ("判决", "裁定")))

    assert Client.objects.count() == people
    assert Client.objects.get(pk=person.pk).name == "改过名"


def test_only_a_request_for_correction_corrects(client):
    with pytest.raises(RequestAnswered):
        correct_person(
            user=boss_of(client),
            request=asks(client, RequestKind.ACCESS),
            name="李四",
            owner=NumberOwner.CLIENT,
            now=NOW,
        )


# --- finding ---------------------------------------------------------------------------------------------------------
def test_a_number_finds_the_person_by_the_index_and_the_look_is_recorded(client):
    found = look_up(user=boss_of(client), phone=client.phone.removeprefix("+86"), now=NOW)

    assert found == [Found(client)]
    entry = Entry.objects.get(action="privacy.number_looked_up")
    assert (entry.subject_type, entry.subject_id) == ("cases.Client", str(client.pk))
    assert client.phone[-8:] not in str(entry.details)


def test_looking_for_a_number_that_nobody_has_is_recorded_too(client):
    assert look_up(user=boss_of(client), phone="13900000000", now=NOW) == []

    assert Entry.objects.get(action="privacy.number_looked_up").details == {"found": 0}


def test_a_former_number_finds_the_person_too(client):
    old = client.phone
    correct_person(
        user=boss_of(client),
        request=asks(client, RequestKind.CORRECTION),
        phone="13812345678",
        owner=NumberOwner.CLIENT,
        now=NOW,
    )

    assert look_up(user=boss_of(client), phone=old, now=NOW) == [Found(client)]


def test_a_guardian_s_number_finds_the_wards_and_says_whose_it_is(client):
    asking.through_guardian(client, "+8613900000001")
    other = factories.client(client.centre, phone="+8613900000001")
    factories.client(factories.centre(), plan={"guardian_phone": "+8613900000001"})

    found = look_up(user=boss_of(client), phone="13900000001", now=NOW)

    assert found == [Found(client, by_guardian=True), Found(other)]
    assert Entry.objects.filter(action="privacy.number_looked_up").count() == 2


def test_name_and_case_number_find_the_person_and_either_alone_nobody(client):
    case, boss = client.cases.get(), boss_of(client)

    assert look_up(user=boss, name=" ".join(client.name), case_number=case.number, now=NOW) == [Found(client)]
    assert look_up(user=boss, name="别人", case_number=case.number, now=NOW) == []
    with pytest.raises(InvalidInput):
        look_up(user=boss, name=client.name, now=NOW)


def test_nobody_finds_a_person_of_another_centre_or_of_a_case_they_handled(client):
    case = client.cases.get()
    there = factories.user(Role.MANAGER, at=factories.centre())
    own = factories.user(Role.MANAGER, at=client.centre, of=case.lawyer)

    assert look_up(user=there, phone=client.phone, now=NOW) == []
    assert look_up(user=own, phone=client.phone, now=NOW) == []
    assert not PersonRequest.objects.visible_to(own).filter(pk=asks(client).pk).exists()


def test_whoever_was_erased_can_ask_nothing_more(client):
    granted(asks(client))

    with pytest.raises(PersonErased):
        asks(client, RequestKind.ACCESS)
