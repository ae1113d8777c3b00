"""No text leaves for a telephone of which danger was told, however that was told and whatever the text is about."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import Client
from surveys import services
from surveys.enums import AlertKind, AlertState, Direction, MessageState, PhoneOutcome, Refusal
from surveys.models import Alert, Conversation, Message
from surveys.services.inviting.invitations import offer_link
from surveys.services.matters.alerts import move_alert
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import page
from tests.surveys.factories import invited, reply

pytestmark = pytest.mark.django_db
WATCHED = "他看我手机"
HELD = (MessageState.QUEUED, "", NOW + timedelta(minutes=30))
# A sweep reads a form within seconds: an answer held for longer might leave at night.
HELD_TILL_READ = (MessageState.QUEUED, "", NOW + timedelta(minutes=1))
REFUSED = (MessageState.SUPPRESSED, Refusal.IN_DANGER, NOW)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def by_text(conversation: Conversation) -> None:
    reply(conversation, WATCHED)


def on_the_form_unseen(conversation: Conversation) -> None:
    browser, key = Browser(), offer_link(conversation).rsplit("/", 1)[1]
    browser.post(reverse("surveys:form", args=[key]))
    browser.post(page(key, "q1"), {"value": "4"})
    browser.post(page(key, "q11"), {"text": WATCHED})


def on_the_form(conversation: Conversation) -> None:
    on_the_form_unseen(conversation)
    services.act_on_forms(now=NOW)


def aloud(conversation: Conversation) -> None:
    caller = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    outcome, heard = PhoneOutcome.NO_ANSWER, [AlertKind.DANGER]
    services.record_call(user=caller, conversation=conversation, outcome=outcome, heard=heard, now=NOW)


def became(message: Message) -> tuple[str, str, object]:
    services.deliver(most=10, now=NOW)
    message.refresh_from_db()
    return message.state, message.error_code, message.not_before


def elsewhere_too(conversation: Conversation) -> Message:
    """Another centre is about to text the same telephone about another case."""
    other, same = invited(), {"phone_index": conversation.phone_index}
    # Asked before it turned out that they share a telephone: nobody is asked anew so soon.
    Client.objects.filter(pk=other.recipient_id).update(**same)
    Conversation.objects.filter(pk=other.pk).update(**same, invited_at=NOW - timedelta(days=1))
    Message.objects.filter(conversation=other).update(**same)
    return other.messages.get(direction=Direction.OUT)


@pytest.mark.parametrize(
    ("tell", "own", "near"),
    [
        (by_text, REFUSED, HELD),
        (on_the_form, REFUSED, HELD),
        (aloud, REFUSED, HELD),
        (on_the_form_unseen, HELD_TILL_READ, HELD_TILL_READ),
    ],
)
def test_what_waits_for_them_stays_here_and_what_waits_at_other_centres_is_held(
    tell: Callable[[Conversation], None], own: tuple[str, str, object], near: tuple[str, str, object]
) -> None:
    conversation = invited()
    elsewhere = elsewhere_too(conversation)
    tell(conversation)

    mine = conversation.messages.get(direction=Direction.OUT)
    assert became(mine) == own
    assert became(elsewhere) == near


def test_once_the_danger_is_seen_to_other_follow_ups_go_on_and_the_own_one_stays_silent() -> None:
    conversation = invited()
    elsewhere = elsewhere_too(conversation)
    on_the_form(conversation)
    user = factories.user(Role.MANAGER, at=conversation.case.centre)
    danger = Alert.objects.get(kind=AlertKind.DANGER)
    for state in (AlertState.ACKNOWLEDGED, AlertState.CLOSED):
        move_alert(user=user, alert=danger, to=state, now=NOW)

    assert became(conversation.messages.get(direction=Direction.OUT)) == REFUSED
    elsewhere.refresh_from_db()
    assert elsewhere.state == MessageState.ACCEPTED
