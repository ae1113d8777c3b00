"""A row that cannot be read, or breaks whoever takes it, stops no sweep: the others go on and a person is told once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from qa_service.accounts.enums import Role
from qa_service.cases.models import CoClient
from qa_service.notifications.models import Notification
from surveys import services
from surveys.enums import Channel, Fault, MessageState, StaffReason, Sweep
from surveys.models import Complaint, Conversation, Escalation, Message, SetAside
from surveys.services.reconciliation import reconcile_unknown
from surveys.sms.base import Entry
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.faces import rows
from tests.surveys.factories import asked, case_to_ask, invited, questionnaires

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
