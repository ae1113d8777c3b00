"""Whoever accuses the centre's own people is not rung or visited by them: to the centre they have answered."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.cases.models import Case
from surveys import services
from surveys.enums import AlertKind, Channel, ConversationState
from surveys.models import Alert, Conversation
from surveys.queries import client_answers, errands_by_rung, waiting_for
from surveys.queries.alerts import everyday_reading
from surveys.services.answering.answers import RESPONDENT, raise_alert
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.test_passed_on import DIRECTOR
from tests.surveys.faces.test_recovery_pages import browser_of
from tests.surveys.factories import asked, reply
from tests.surveys.recovering import Office, office

pytestmark = pytest.mark.django_db
API = "/api/v1/surveys/conversations"
LISTS = {
    Channel.TELEPHONE: ("surveys:telephone-list", "api-telephone-list"),
    Channel.VISIT: ("surveys:errand-list", "api-telephone-list"),
    Channel.LETTER: ("surveys:errand-list", "api-telephone-list"),
    Channel.PAPER: ("surveys:errand-list", "api-telephone-list"),
}
HOME = {"Clients to telephone", "Visits, letters and paper forms"}


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place() -> Office:
    return office()


def wants_to_talk(place: Office, channel: Channel = Channel.TELEPHONE) -> Conversation:
    conversation = asked(at=place.centre)
    reply(conversation, "我想找人谈谈")
    Conversation.objects.filter(pk=conversation.pk).update(channel=channel)
    return Conversation.objects.get(pk=conversation.pk)


def accuse(conversation: Conversation) -> Alert:
    return raise_alert(conversation=conversation, kind=AlertKind.MONEY, above=True, actor=RESPONDENT, now=NOW)


def shown_to(place: Office, conversation: Conversation) -> dict[str, bool]:
    """On which lists, and in which counts, the client stands."""
    browser = browser_of(place.manager)
    named = {
        name: str(conversation.public_id) in browser.get(reverse(name)).content.decode()
        for name in LISTS[Channel(conversation.channel)]
    }
    errands = sum(errands_by_rung(user=place.manager).values())
    home = {str(block.title) for block in waiting_for(place.manager, NOW)}
    return named | {"count": errands > 0, "home": bool(home & HOME)}


@pytest.mark.parametrize("channel", list(LISTS))
def test_they_stand_on_no_list_and_in_no_count_of_the_centre(place, channel):
    conversation = wants_to_talk(place, channel)
    before = shown_to(place, conversation)

    accuse(conversation)

    assert before == {**dict.fromkeys(LISTS[channel], True), "count": channel != Channel.TELEPHONE, "home": True}
    assert not any(shown_to(place, conversation).values())


def test_the_one_text_that_accuses_takes_them_off_the_list_it_would_have_put_them_on(place):
    conversation = asked(at=place.centre)
    reply(conversation, DIRECTOR[2:])
    conversation.refresh_from_db()

    assert (conversation.channel, conversation.is_open, conversation.told_state) == (
        Channel.TELEPHONE,
        True,
        ConversationState.FINISHED,
    )
    assert not any(shown_to(place, conversation).values())


def test_to_the_centre_they_have_answered_and_every_door_says_so(place):
    conversation = wants_to_talk(place)
    services.begin_interview(user=place.staff, conversation=conversation, now=NOW)
    accuse(conversation)
    page = reverse("surveys:interview", args=[conversation.public_id])
    browser, program = browser_of(place.staff), APIClient()
    program.force_authenticate(place.staff)

    shown = browser.get(page).content.decode()
    number = browser.post(reverse("surveys:interview-number", args=[conversation.public_id]), follow=True)
    taken = browser.post(reverse("surveys:interview-take", args=[conversation.public_id]), follow=True)
    door = f"{API}/{conversation.public_id}"
    told = program.get(door).json()

    assert "Answered on" in shown
    assert reverse("surveys:interview-take", args=[conversation.public_id]) not in shown
    assert "Take the person first." in number.content.decode()
    assert "answered already" in taken.content.decode()
    assert (told["state"], told["call_back_at"], bool(told["finished_at"])) == ("finished", None, True)
    listed = program.get(API).json()["results"]
    telling = ("state", "channel", "staff_reason", "urgent", "call_back_at")
    assert [tuple(row[name] for name in telling) for row in listed] == [("finished", "sms_two_way", "", False, None)]
    errand = browser.get(reverse("surveys:errand", args=[conversation.public_id])).content.decode()
    assert "Text message with a reply" in errand
    assert reverse("surveys:print-form", args=[conversation.public_id]) not in errand
    calls = program.post(f"{door}/calls", {"outcome": "no_answer"}, format="json")
    assert (calls.status_code, calls.json()["code"]) == (409, "already_answered")
    form = browser.post(reverse("surveys:print-form", args=[conversation.public_id]))
    assert form.status_code == 409
    kept = program.post(
        f"{door}/second-entry",
        {"mode": "paper", "answerer": "client", "answers": [{"question": "q1", "value": "2"}]},
        format="json",
    )
    assert (kept.status_code, conversation.second_entries.count()) == (201, 1)


@pytest.mark.parametrize("same", ["record", "number", "number elsewhere"])
def test_in_whatever_case_of_the_centre_they_are_the_same_person(place, same):
    first, other = wants_to_talk(place), wants_to_talk(place)
    if same == "record":
        Conversation.objects.filter(pk=other.pk).update(recipient=first.recipient, phone_index="")
    else:
        Conversation.objects.filter(pk=other.pk).update(phone_index=first.phone_index)
    if same == "number elsewhere":
        Case.objects.filter(pk=other.case_id).update(centre=factories.centre(place.bureau))
    before = set(Conversation.objects.for_staff())

    accuse(first)
    other.refresh_from_db()

    assert before == {first, other}
    assert set(Conversation.objects.for_staff()) == ({other} if same == "number elsewhere" else set())
    assert everyday_reading(other).above is (same != "number elsewhere")


def test_no_sweep_hands_them_on_and_their_time_runs_out_like_any_other(place):
    conversation = wants_to_talk(place)
    Conversation.objects.update(lapses_at=NOW, urgent=False, staff_reason="unclear")
    accuse(conversation)

    assert services.lapse(now=NOW + timedelta(days=1)) == services.Fallen()
    assert services.expire(now=conversation.closes_at) == 1


def test_the_bureau_reads_that_they_were_never_asked_and_what_was_promised(place):
    conversation = wants_to_talk(place)
    promised = NOW + timedelta(days=1)
    Conversation.objects.update(call_back_at=promised)
    page = reverse("surveys:alert", args=[accuse(conversation).public_id])

    shown = browser_of(place.supervisor).get(page).content.decode()
    assert "has not answered the follow-up" in shown
    assert "Promised time" in shown
    reply(conversation, "T")
    assert "has not answered the follow-up" not in browser_of(place.supervisor).get(page).content.decode()


def test_what_stands_of_them_at_the_bureau_is_true_of_each(place):
    texted, by_key = wants_to_talk(place), wants_to_talk(place)
    Conversation.objects.filter(pk=by_key.pk).update(link_digest="f" * 64)
    accuse(texted)
    accuse(by_key)
    reader = browser_of(place.supervisor)

    def shown(conversation: Conversation) -> list[bool]:
        matter = conversation.alerts.get(kind=AlertKind.MONEY)
        page = reader.get(reverse("surveys:alert", args=[matter.public_id])).content.decode()
        told = (
            "has not answered the follow-up",
            "a part of the follow-up",
            "With the link or code",
            "by a text message",
        )
        return [words in page for words in (*told, "Nobody has tried", "What was tried so far")]

    before = [shown(texted), shown(by_key)]
    reply(texted, "5")

    assert before == [[True, False, False, True, True, False], [True, False, True, False, True, False]]
    # With the thanks a link to the other questions went out.
    assert shown(texted) == [False, True, True, False, True, False]


def test_a_sheet_that_comes_back_from_them_counts_though_to_the_centre_they_had_answered(place):
    conversation = wants_to_talk(place, Channel.PAPER)
    accuse(conversation)
    program, sheet = APIClient(), f"{API}/{conversation.public_id}"
    program.force_authenticate(place.staff)
    body = {"mode": "paper", "answerer": "client", "answers": [{"question": "q1", "value": "1"}]}

    refused = program.post(f"{sheet}/interview", body, format="json")
    kept = program.post(f"{sheet}/second-entry", body, format="json")

    assert (refused.status_code, kept.status_code) == (409, 201)
    (counted,) = client_answers([conversation.case_id])
    assert (counted.q1, Conversation.objects.get(pk=conversation.pk).state) == (1, "finished")
