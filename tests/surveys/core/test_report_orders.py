"""A text's reports in any order and any number of times, some of them before the provider's own answer to us."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from qa_service.cases.models import Client as Person
from surveys import services
from surveys.enums import Direction, MessageKind, MessageState
from surveys.models import Conversation, Message, MessageEvent
from surveys.services.delivering.outcomes import record_failure, record_taken
from surveys.services.outgoing.outbox import enqueue
from surveys.sms.base import Receipt, SmsError, Verdict
from surveys.sms.signatures import sign
from surveys.sms.statuses import FINAL_RANK, RANKS, STATES
from surveys.sms.twilio import status_callback
from tests import factories
from tests.factories import NOW
from tests.fakes.twilio import ACCOUNT, SERVICE, TOKEN, status_form
from tests.surveys.factories import handed_over, invited

pytestmark = pytest.mark.django_db

BASE = "https://qa.example.org"
HONG_KONG = "+85251234567"
FORM = "application/x-www-form-urlencoded"
ANSWERED, BROKE = "our request was answered", "our request broke"
PROVIDER = Client()  # a new one for each report would make all of its way anew
steps = count(1)


@pytest.fixture
def conversation(settings: Any) -> Conversation:
    settings.SMS_GATEWAY = "twilio"
    settings.TWILIO_ACCOUNT_SID = ACCOUNT
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    begun = invited(at=at, client=factories.client(at, phone=HONG_KONG))
    Message.objects.update(state=MessageState.SUPPRESSED)
    return begun


@dataclass(frozen=True, slots=True)
class End:
    state: str
    rank: int
    error_code: str
    knows_its_number: bool
    settled: bool


def fresh_text(conversation: Conversation) -> Message:
    """A text that has just been handed over: the request is on its way."""
    Conversation.objects.filter(pk=conversation.pk).update(channel="sms_two_way", staff_reason="")
    enqueue(
        conversation=conversation, kind=MessageKind.REMINDER, phone=HONG_KONG, body="您好", gateway="twilio",
        step=next(steps), not_before=NOW, now=NOW,
    )  # fmt: skip
    return handed_over(gateway="twilio")


def knock(message: Message, sid: str, word: str, code: str) -> None:
    url = status_callback(message.reference or "")
    form = status_form(sid, word, error_code=code)
    signature = sign(url=url, form={name: [value] for name, value in form.items()}, token=TOKEN)
    headers = {"X-Twilio-Signature": signature}
    answer = PROVIDER.post(url.removeprefix(BASE), urlencode(form), content_type=FORM, headers=headers)
    assert answer.status_code == 204


def happens(message: Message, sid: str, event: str, code: str) -> None:
    if event == ANSWERED:
        record_taken(message=message, receipt=Receipt(sid=sid), now=NOW)
    elif event == BROKE:
        record_failure(message=message, failure=SmsError(Verdict.UNKNOWN, "no_answer"), now=NOW)
    else:
        knock(message, sid, event, code if event in ("failed", "undelivered") else "")


def played(conversation: Conversation, events: list[str], code: str) -> tuple[End, list[int]]:
    """What became of a text of its own, and its rank after each event."""
    message, sid = fresh_text(conversation), f"SM{next(steps):032x}"
    ranks = []
    for event in events:
        happens(message, sid, event, code)
        ranks.append(Message.objects.get(pk=message.pk).rank)
    message.refresh_from_db()
    end = End(
        message.state, message.rank, message.error_code, message.sid == sid, message.settled_at is not None
    )  # fmt: skip
    return end, ranks


PATHS = [
    ["accepted", "queued", "sending", "sent", "delivered"],
    ["accepted", "queued", "sending", "sent", "delivered", "read"],
    ["scheduled", "queued", "sending", "sent", "undelivered"],
    ["accepted", "queued", "sending", "failed"],
    ["queued", "sent"],
    ["accepted", "canceled"],
    ["accepted", "queued", "failed"],
]


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """One text's life as it was, some reports of it lost; and as we heard of it."""
    path = draw(st.sampled_from(PATHS))
    heard = [word for word in path if draw(st.booleans())] or [path[-1]]
    own = draw(st.sampled_from([ANSWERED, BROKE]))
    repeats = draw(st.lists(st.sampled_from(heard), max_size=6))
    return [own, *heard], draw(st.permutations([own, *heard, *repeats]))


@hypothesis_settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(life=lives(), code=st.sampled_from(["30003", "30006", "30008", ""]))
def test_any_order_of_reports_ends_like_the_order_in_which_things_happened(
    conversation: Conversation, life: tuple[list[str], list[str]], code: str
) -> None:
    in_order, as_heard = life

    expected, _ranks = played(conversation, in_order, code)
    end, ranks = played(conversation, as_heard, code)

    assert end == expected
    assert ranks == sorted(ranks)
    assert end.knows_its_number


words = st.sampled_from([*RANKS, "received", "pondering", "partially_delivered"])


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(reports=st.lists(words, min_size=1, max_size=10))
def test_reports_that_contradict_each_other_never_take_a_text_back(
    conversation: Conversation, reports: list[str]
) -> None:
    """The first final word stands; what contradicts it is kept beside it. The model is six lines."""
    rank, state = 0, MessageState.SENDING
    for word in reports:
        over = rank >= FINAL_RANK and RANKS.get(word, 0) >= FINAL_RANK and STATES[word] != state
        if RANKS.get(word, 0) > rank and not over:
            rank, state = RANKS[word], STATES[word]

    end, ranks = played(conversation, reports, "")

    assert (end.state, end.rank) == (state, rank)
    assert ranks == sorted(ranks)


@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(order=st.permutations(["sent", "undelivered", "undelivered", "queued", ANSWERED]))
def test_a_failure_is_acted_on_once_in_any_order(conversation: Conversation, order: list[str]) -> None:
    before = MessageEvent.objects.count()

    played(conversation, order, "30006")

    conversation.refresh_from_db()
    assert (conversation.channel, conversation.staff_reason) == ("telephone", "number_refused")
    # Each thing that was said is kept once.
    assert MessageEvent.objects.count() - before == 3


def test_a_stop_that_the_provider_reports_late_stops_in_any_order(conversation: Conversation) -> None:
    played(conversation, ["failed", ANSWERED, "queued", "failed"], "21610")

    conversation.refresh_from_db()
    assert conversation.state == "stopped"
    assert Person.objects.count() == 1


def test_reports_about_another_number_under_our_reference_change_nothing(conversation: Conversation) -> None:
    """A signed address that leaked is of no use with the number of another text."""
    message = fresh_text(conversation)
    knock(message, "SM" + "1" * 32, "sent", "")
    knock(message, "SM" + "2" * 32, "failed", "30006")

    message.refresh_from_db()
    assert (message.state, message.sid) == (MessageState.SENT, "SM" + "1" * 32)
    assert MessageEvent.objects.get(sid="SM" + "2" * 32).message is None


def test_a_report_that_comes_while_the_outcome_is_looked_for_settles_it(conversation: Conversation) -> None:
    message = fresh_text(conversation)
    happens(message, "", BROKE, "")
    knock(message, "SM" + "3" * 32, "delivered", "")

    reconciled = services.reconcile_unknown(now=NOW + timedelta(hours=1))

    message.refresh_from_db()
    assert (message.state, reconciled.looked) == (MessageState.DELIVERED, 0)
    assert Message.objects.filter(direction=Direction.OUT, state=MessageState.QUEUED).count() == 0
