"""A row that cannot be read, or breaks whoever takes it, stops no sweep: the others go on and a person is told once."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from cryptography.fernet import InvalidToken
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import CoClient
from qa_service.common.encryption import unreadable_told
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CentreSettings
from surveys import services
from surveys.enums import Channel, Fault, MessageState, StaffReason, Sweep
from surveys.models import (
    Alert,
    Answer,
    Complaint,
    Conversation,
    Escalation,
    Message,
    SecondEntry,
    SendingWarning,
    SetAside,
)
from surveys.services.contact.setting_aside import together
from surveys.services.delivering.reconciliation import reconcile_unknown
from surveys.sms.base import Entry
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.core.test_findings import found
from tests.surveys.faces import rows
from tests.surveys.factories import asked, case_to_ask, invited, questionnaires, reply

pytestmark = pytest.mark.django_db
AGAIN = NOW + timedelta(hours=1)


def damage(table: str, column: str, key: int | None) -> Callable[[], None]:
    """What is kept of a row is no ciphertext any more; returns what mends it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [key])
        kept = cursor.fetchone()[0]
        cursor.execute(f"UPDATE {table} SET {column} = 'x' WHERE id = %s", [key])

    def mend() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [kept, key])

    return mend


def left_out() -> list[tuple[str, int, str, int]]:
    return list(SetAside.objects.order_by("pk").values_list("sweep", "row", "fault", "tries"))


def test_a_client_who_cannot_be_read_stops_no_invitation_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    questionnaires()
    case = case_to_ask()
    other = case_to_ask(at=case.centre)
    boss = factories.user(Role.MANAGER, at=case.centre)
    operator = factories.user(Role.OPERATOR, at=case.centre)
    mend = damage("cases_client", "name", case.client_id)

    first = services.invite_due(now=NOW)
    again = services.invite_due(now=NOW + timedelta(minutes=1))
    later = services.invite_due(now=AGAIN)

    assert [(each.by_text, each.aside) for each in (first, again, later)] == [(1, 1), (0, 0), (0, 1)]
    assert Conversation.objects.get().case == other
    assert left_out() == [(Sweep.INVITE, case.pk, Fault.UNREADABLE, 2)]
    # Told and logged the first time alone; with the case, and nothing of the client.
    told = Notification.objects.order_by("user")
    assert [(row.user, row.params) for row in told] == [
        (boss, {"case": case.number}),
        (operator, {"case": case.number}),
    ]
    assert [record.getMessage() for record in caplog.records if "set aside" in record.getMessage()] == [
        f"invite: row {case.pk} is set aside: it cannot be read"
    ]

    mend()
    assert services.invite_due(now=AGAIN + timedelta(hours=2)).by_text == 1


def test_one_of_several_clients_who_cannot_be_read_stops_no_other_case() -> None:
    questionnaires()
    case = case_to_ask(people_helped=2)
    person = factories.client(case.centre)
    CoClient.objects.create(case=case, client=person, added_at=NOW)
    other = case_to_ask(at=case.centre)
    mend = damage("cases_client", "phone", person.pk)

    services.invite_due(now=NOW)

    assert (Sweep.DRAW, case.pk, Fault.UNREADABLE, 1) in left_out()
    assert Conversation.objects.filter(case=other).exists()

    mend()
    services.invite_due(now=AGAIN)
    damage("cases_client", "phone", person.pk)
    services.invite_due(now=AGAIN)
    assert Conversation.objects.filter(case=case).count() == 2


def test_a_text_that_cannot_be_read_is_not_repeated_and_a_person_telephones() -> None:
    broken, other = asked(), asked()
    damage("surveys_message", "body", broken.messages.values_list("pk", flat=True).get())

    done = services.remind(now=NOW + timedelta(days=3))

    assert (done.by_text, done.handed_over) == (1, 1)
    broken.refresh_from_db()
    assert (broken.channel, broken.staff_reason) == (Channel.TELEPHONE, StaffReason.UNREADABLE)
    assert other.messages.count() == 2


def test_a_client_who_cannot_be_read_stops_no_reminder() -> None:
    broken, other = asked(), asked()
    damage("cases_contactplan", "note", broken.recipient.contact_plan.pk if broken.recipient else None)

    days = [services.remind(now=NOW + timedelta(days=3, minutes=minutes)).by_text for minutes in (0, 1)]

    assert days == [1, 0]
    assert left_out() == [(Sweep.REMIND, broken.pk, Fault.UNREADABLE, 1)]
    assert other.messages.count() == 2
    assert Conversation.objects.get(pk=broken.pk).channel == Channel.SMS_TWO_WAY


def test_a_text_of_unclear_outcome_that_cannot_be_read_goes_to_a_person_and_the_others_are_found(
    gateway: Memory,
) -> None:
    broken, _other = asked(), asked()
    Message.objects.update(state=MessageState.UNKNOWN, lease_until=NOW, sid=None, rank=0)
    damage("surveys_message", "phone", broken.messages.values_list("pk", flat=True).get())

    looks = [reconcile_unknown(now=NOW + timedelta(minutes=11 * step)) for step in (1, 2, 3)]

    assert [(each.adopted, each.handed_over, each.looked) for each in looks] == [(1, 0, 2), (0, 1, 1), (0, 0, 0)]
    text = Message.objects.filter(conversation=broken).values_list("state", "error_code").get()
    assert text == (MessageState.NEEDS_HUMAN, "not_read")
    broken.refresh_from_db()
    assert (broken.channel, broken.staff_reason) == (Channel.TELEPHONE, StaffReason.UNREADABLE)


def test_words_that_cannot_be_read_stop_no_other_form_from_being_acted_on() -> None:
    talks = []
    for _person in range(2):
        talk, key = rows.asked()
        browser = rows.begin(key)
        rows.press(browser, key, "q1", "1")
        talks.append(talk)
    broken, other = talks
    Conversation.objects.update(matters_due_at=NOW)
    damage("surveys_answer", "text", broken.response.answers.values_list("pk", flat=True).get())

    seen = [services.act_on_forms(now=NOW), services.act_on_forms(now=NOW)]

    assert seen == [1, 0]
    other.refresh_from_db()
    assert other.matters_due_at is None
    assert left_out() == [(Sweep.FORMS, broken.pk, Fault.UNREADABLE, 1)]


def test_which_way_is_open_is_told_of_a_client_who_cannot_be_read(gateway: Memory) -> None:
    talk = invited(settings={"sms_enabled": False})
    damage("cases_client", "phone", talk.recipient_id)
    Conversation.objects.update(lapses_at=NOW)

    assert services.lapse(now=NOW).moved == 1


def test_a_text_that_cannot_be_looked_at_holds_up_no_other_and_leaves_once_it_is_mended(gateway: Memory) -> None:
    broken, stays, *_others = invited(), invited(), invited(), invited()
    mend = damage("cases_client", "phone", broken.recipient_id)
    damage("surveys_message", "body", Message.objects.values_list("pk", flat=True).get(conversation=stays))

    services.deliver(most=8, now=NOW)

    assert len(gateway.outbox) == 2
    assert {row[2:] for row in left_out()} == {(Fault.UNREADABLE, 1)}

    mend()
    services.deliver(most=8, now=AGAIN)
    services.deliver(most=8, now=AGAIN + timedelta(hours=2))

    assert len(gateway.outbox) == 3
    text = Message.objects.filter(conversation=stays).values_list("state", "error_code").get()
    assert text == (MessageState.NEEDS_HUMAN, "not_read")
    stays.refresh_from_db()
    assert (stays.channel, stays.staff_reason) == (Channel.TELEPHONE, StaffReason.UNREADABLE)


def test_of_several_acted_on_at_once_the_one_that_breaks_is_left_out_and_the_others_stay_together() -> None:
    centre = factories.centre()
    cases = {case.pk: case.pk for case in (factories.case(centre) for _number in range(3))}
    broken, *sound = cases

    @transaction.atomic
    def letter(keys: Sequence[int]) -> str:
        SendingWarning.objects.create(kind="resting", number=len(keys), day=NOW.date(), at=NOW)
        return "".join(dict.fromkeys(sound, "x")[key] for key in keys)

    assert together(letter, cases, sweep=Sweep.ASK_ORGANS, now=NOW) == ("xx", 1)
    assert SendingWarning.objects.get().number == len(sound)
    assert left_out() == [(Sweep.ASK_ORGANS, broken, Fault.BROKEN, 1)]


def test_what_may_be_sealed_is_left_out_without_its_case_and_the_operator_alone_hears(client: Client) -> None:
    (first, person), (second, _other) = found(), found()
    CentreSettings.objects.filter(centre=first.centre).update(time_zone="Nowhere/At_all")
    operator = factories.user(Role.OPERATOR, at=first.centre)

    assert services.register_findings(now=NOW) == 1

    assert Complaint.objects.get().case == second
    aside = SetAside.objects.get()
    assert (aside.sweep, aside.case, aside.centre) == (Sweep.FINDINGS, None, first.centre)
    told = Notification.objects.filter(url="/surveys/set-aside/").values_list("user", "params")
    assert list(told) == [(operator.pk, {"place": first.centre.name})]
    assert [seen_aside(client, user) for user in (person, operator)] == [[], [""]]


def test_managers_see_what_is_set_aside_and_have_it_tried_again_at_once(client: Client) -> None:
    questionnaires()
    case = case_to_ask()
    boss = factories.user(Role.MANAGER, at=case.centre)
    elsewhere = factories.user(Role.MANAGER, at=factories.centre())
    mend = damage("cases_client", "phone", case.client_id)
    with time_machine.travel(NOW, tick=False):
        services.invite_due(now=NOW)
        mend()

        assert [seen_aside(client, user) for user in (elsewhere, boss)] == [[], [case.number]]
        address = reverse("surveys:set-aside-again", args=[SetAside.objects.get().public_id])
        page = client.get(reverse("surveys:set-aside")).content.decode()
        assert case.number in page
        assert address in page
        client.post(address)

    assert services.invite_due(now=NOW).by_text == 1


def seen_aside(client: Client, user: User) -> list[str]:
    client.force_login(user)
    with time_machine.travel(NOW, tick=False):
        return [row["case_number"] for row in client.get(reverse("api-set-aside")).json()["results"]]


def test_a_late_complaint_that_breaks_is_left_out_and_the_next_is_told() -> None:
    bureau = factories.organisation("bureau")
    entered = {"bureau": bureau, "centre": factories.centre(bureau), "year": 2026, "complainant_name": "某"} | {
        "facts": "等了半年", "received_by": "visit", "ground": "standard", "respondent": "lawyer",
        "received_on": NOW.date(), "due_on": NOW.date(),
    }  # fmt: skip
    broken, other = (Complaint.objects.create(**entered, number=number, label=f"{number}") for number in (1, 2))
    Complaint.objects.filter(pk=broken.pk).update(state="no_such")

    services.escalate(now=NOW + timedelta(days=3))

    assert Escalation.objects.get().complaint == other
    assert left_out() == [(Sweep.LATE_COMPLAINT, broken.pk, Fault.BROKEN, 1)]


def test_a_late_complaint_that_cannot_be_read_is_told_like_any_other() -> None:
    bureau = factories.organisation("bureau")
    centre = factories.centre(bureau)
    complaint = Complaint.objects.create(
        bureau=bureau, centre=centre, year=2026, number=1, label="1", complainant_name="某", facts="等了半年",
        received_by="visit", ground="standard", respondent="lawyer", received_on=NOW.date(), due_on=NOW.date(),
    )  # fmt: skip
    damage("surveys_complaint", "facts", complaint.pk)

    services.escalate(now=NOW + timedelta(days=3))

    assert Escalation.objects.filter(complaint=complaint.pk).exists()


def test_what_breaks_on_the_way_in_keeps_out_no_other_text_of_the_book(gateway: Memory) -> None:
    broken, other = asked(), asked()
    for talk in (broken, other):
        assert talk.recipient is not None
        gateway.entries.append(
            Entry(sid=f"IN{talk.pk}", inbound=True, status="received", at=NOW, sender=talk.recipient.phone, body="5")
        )
    # An entry as no provider should make one.
    gateway.entries[0] = Entry(sid=f"IN{broken.pk}", inbound=True, status="received", at=NOW, sender=None, body="5")  # type: ignore[arg-type]

    caught = services.catch_up(now=NOW + timedelta(minutes=20))

    assert (caught.taken, caught.failed) == (1, 1)


def test_a_wrong_key_is_told_of_some_rows_and_nothing_is_lost(settings) -> None:
    questionnaires()
    case = case_to_ask()
    factories.user(Role.MANAGER, at=case.centre)
    for _number in range(24):
        case_to_ask(at=case.centre)
    right = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]

    assert services.invite_due(now=NOW).aside == 25
    assert Notification.objects.count() == 20

    settings.ENCRYPTION_KEYS = right
    assert services.invite_due(now=AGAIN).by_text == 25


def test_what_a_client_told_later_and_nobody_can_read_is_said_so_to_them_and_closes_no_matter_page() -> None:
    conversation, key = rows.asked()
    reply(conversation, "1")
    with time_machine.travel(NOW, tick=False):
        rows.go_through(rows.begin(key), key, [("q1", "5"), ("q2", "always")])
        damage("surveys_secondentry", "answers", SecondEntry.objects.values_list("pk", flat=True).get())
        manager = Client()
        manager.force_login(factories.user(Role.MANAGER, at=conversation.case.centre))

        own = Client().get(reverse("surveys:form", args=[key]))
        matter = manager.get(reverse("surveys:alert", args=[Alert.objects.get().public_id]))

    assert (own.status_code, matter.status_code) == (409, 200)
    assert "无法读取，请告知运维人员" in matter.content.decode()


def test_a_form_that_nobody_can_read_names_its_case_to_no_manager_for_it_may_be_about_the_centre() -> None:
    conversation, key = rows.asked()
    boss = factories.user(Role.MANAGER, at=conversation.case.centre)
    operator = factories.user(Role.OPERATOR, at=conversation.case.centre)
    with time_machine.travel(NOW, tick=False):
        browser = rows.begin(key)
        rows.press(browser, key, "q11", "", text="救命")
        for code, value in [*rows.SATISFIED[:5], ("q6", "yes")]:
            rows.press(browser, key, code, value)
    damage("surveys_answer", "text", Answer.objects.values_list("pk", flat=True).first())

    services.act_on_forms(now=AGAIN)

    assert [sweep for sweep, *_rest in left_out()] == [Sweep.FORMS]
    assert set(Notification.objects.values_list("user", flat=True)) == {operator.pk}
    assert not SetAside.objects.visible_to(boss).exists()


def test_the_words_that_stand_for_what_cannot_be_read_never_take_its_place() -> None:
    client = factories.client(factories.centre())
    damage("cases_client", "name", client.pk)
    with unreadable_told():
        seen = type(client).objects.get(pk=client.pk)

    with pytest.raises(InvalidToken):
        seen.save()
