"""A client who comes back once the follow-up has ended: answered, stopped or closed, what they say reaches a person."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.cases.models import ContactPlan
from surveys.enums import AlertKind, AlertState, Channel, ConversationState, StaffReason
from surveys.figures.funnel import Way
from surveys.models import Alert, Contact, Conversation, OptOut
from surveys.queries.figures.funnel import with_facts
from tests import factories
from tests.surveys.faces.rows import SATISFIED, asked
from tests.surveys.faces.test_telephone import address, record, signed_in, to_call

pytestmark = pytest.mark.django_db

LATER = factories.NOW + timedelta(days=70)


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def centre() -> Any:
    return factories.centre()


@pytest.fixture
def clerk(centre: Any) -> Any:
    return signed_in(Role.FOLLOW_UP, at=centre)


def ended(centre: Any, state: ConversationState = ConversationState.STOPPED) -> Conversation:
    return to_call(centre, state=state)


def told(browser: Any, conversation: Conversation, **fields: Any) -> Any:
    return browser.post(address("interview-afterwards", conversation), fields)


def kinds() -> list[str]:
    return sorted(Alert.objects.values_list("kind", flat=True))


def words_on(browser: Any, kind: AlertKind) -> str:
    page = browser.get(reverse("surveys:alert", args=[Alert.objects.get(kind=kind).public_id]))
    return str(page.content.decode())


def test_whoever_rings_after_the_end_finds_the_boxes_of_an_interview_on_the_page(
    centre: Any, clerk: Any, today: time_machine.Traveller
) -> None:
    answered = to_call(centre)
    clerk.post(address("interview-take", answered))
    record(clerk, answered, "reached", dict(SATISFIED))
    today.move_to(LATER)
    clerk.force_login(clerk.user)
    states = (ConversationState.STOPPED, ConversationState.EXPIRED, ConversationState.UNREACHABLE)
    rows = [answered, *(ended(centre, state) for state in states)]

    pages = [clerk.get(address("interview", row)).content.decode() for row in rows]

    for page, row in zip(pages, rows, strict=True):
        assert address("interview-afterwards", row) in page
        assert all(f'name="{box}"' in page for box in ("heard", "leave_alone", "note"))
    still = to_call(centre)
    assert address("interview-afterwards", still) not in clerk.get(address("interview", still)).content.decode()


def test_the_page_of_an_errand_that_is_over_leads_there(centre: Any, clerk: Any) -> None:
    over = to_call(centre, channel=Channel.VISIT, state=ConversationState.STOPPED)

    assert f'href="{address("interview", over)}"' in clerk.get(address("errand", over)).content.decode()


def test_danger_told_after_a_stop_is_a_matter_at_once_and_the_follow_up_stays_stopped(centre: Any, clerk: Any) -> None:
    conversation = ended(centre)

    response = told(clerk, conversation, heard=["danger"], note="他又来了，在门外")

    row = Conversation.objects.get()
    assert (response.status_code, kinds(), row.state, row.urgent) == (302, ["danger"], "stopped", True)
    assert "他又来了，在门外" in words_on(clerk, AlertKind.DANGER)
    assert "他又来了，在门外" in clerk.get(address("interview", conversation)).content.decode()


def test_money_told_after_the_end_is_sealed_as_in_an_interview(centre: Any, clerk: Any) -> None:
    conversation = ended(centre, ConversationState.EXPIRED)

    told(clerk, conversation, heard=["complaint"], note="他说：律师收了3000元")

    assert kinds() == ["complaint", "money"]
    assert Alert.objects.get(kind=AlertKind.MONEY).sealed
    manager = signed_in(Role.MANAGER, at=centre)
    assert "律师收了3000元" in words_on(manager, AlertKind.MONEY)
    assert "律师收了3000元" not in words_on(clerk, AlertKind.COMPLAINT)


def test_said_anew_once_its_matter_was_closed_it_is_a_matter_of_its_own(
    centre: Any, clerk: Any, today: time_machine.Traveller
) -> None:
    conversation = ended(centre)
    told(clerk, conversation, heard=["danger"])
    Alert.objects.update(state=AlertState.CLOSED)

    today.move_to(LATER)
    clerk.force_login(clerk.user)
    told(clerk, conversation, heard=["danger"])

    assert sorted(Alert.objects.values_list("state", flat=True)) == ["closed", "open"]


def test_who_wishes_to_be_left_alone_gets_no_text_and_nothing_else_is_asked(centre: Any, clerk: Any) -> None:
    conversation = ended(centre, ConversationState.FINISHED)
    client = conversation.recipient
    other = asked(factories.case(centre, client=client), channel=Channel.TELEPHONE, phone_index="")[0]

    told(clerk, conversation, leave_alone="on", heard=["danger"])

    other.refresh_from_db()
    assert other.state == ConversationState.STOPPED
    assert OptOut.objects.filter(phone_index=client.phone_index, centre=None).exists()
    # In danger they have still to be reached.
    assert ContactPlan.objects.get(client=client).phone_allowed
    assert kinds() == ["danger"]


@pytest.mark.parametrize("fields", [{}, {"note": "只说了一句谢谢"}, {"heard": ["nonsense"], "note": "只说了一句谢谢"}])
def test_a_note_that_nobody_would_read_is_refused_and_not_lost(centre: Any, clerk: Any, fields: Any) -> None:
    response = told(clerk, ended(centre), **fields)

    assert (response.status_code, Contact.objects.count(), kinds()) == (422, 0, [])
    assert fields.get("note", "") in response.content.decode()


def test_while_the_follow_up_is_under_way_the_call_itself_is_recorded(centre: Any, clerk: Any) -> None:
    response = told(clerk, to_call(centre), heard=["danger"], note="他在旁边")

    assert (response.status_code, Contact.objects.count()) == (409, 0)
    assert "他在旁边" in response.content.decode()


def test_a_call_keyed_in_while_the_follow_up_was_being_stopped_can_be_passed_on(centre: Any, clerk: Any) -> None:
    conversation = to_call(centre)
    clerk.post(address("interview-take", conversation))
    Conversation.objects.update(state=ConversationState.STOPPED)

    page = record(clerk, conversation, "no_answer", heard=["danger"], note="他在旁边")

    assert page.status_code == 409
    assert f'formaction="{address("interview-afterwards", conversation)}"' in page.content.decode()


def test_what_is_told_afterwards_changes_no_figure(centre: Any, clerk: Any) -> None:
    conversation = to_call(centre, staff_reason=StaffReason.SILENT)
    clerk.post(address("interview-take", conversation))
    record(clerk, conversation, "refused")

    def facts() -> Any:
        row = with_facts(Conversation.objects.all(), Way.ALL).get()
        return row.last, row.met

    before = facts()
    told(clerk, conversation, heard=["complaint"])

    assert (facts(), before) == (before, ("refused", True))


def test_a_program_passes_on_what_was_told_after_the_end(centre: Any) -> None:
    conversation = ended(centre)
    client = APIClient()
    client.force_authenticate(factories.user(Role.FOLLOW_UP, at=centre))
    door = f"/api/v1/surveys/conversations/{conversation.public_id}/afterwards"

    nothing = client.post(door, {"note": "谢谢"})
    kept = client.post(door, {"heard": ["danger"], "note": "他又来了"})

    assert (nothing.status_code, nothing.json()["code"]) == (422, "nothing_spoken_of")
    assert (kept.status_code, kept.json()["outcome"], kinds()) == (201, "told_us", ["danger"])


def test_nobody_notes_anything_on_a_follow_up_of_another_centre(centre: Any) -> None:
    elsewhere = signed_in(Role.FOLLOW_UP, at=factories.centre())

    assert told(elsewhere, ended(centre), heard=["danger"]).status_code == 404
    assert not Alert.objects.exists()
