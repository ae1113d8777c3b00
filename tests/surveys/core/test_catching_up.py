"""What the provider told us in vain: texts and reports that never reached our doors."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from surveys import services, tasks
from surveys.enums import ConversationState, Direction, MessageKind, MessageState
from surveys.models import Conversation, Message, MessageEvent, OptOut
from surveys.sms.base import Entry, SmsError, Verdict
from surveys.sms.memory import Memory
from surveys.sms.missed import planned, since_when
from surveys.sms.statuses import RANKS
from tests import factories
from tests.factories import NOW
from tests.fakes.scripted import Scripted, given_up_on
from tests.fakes.twilio import Fake, problem
from tests.surveys.factories import invited

HONG_KONG = "+85251234567"
LATER = NOW + timedelta(minutes=10)


def conversation_abroad(phone: str = HONG_KONG) -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    begun = invited(at=at, client=factories.client(at, phone=phone))
    services.deliver_next(now=NOW)
    return begun


def texts_in() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.IN))


@pytest.mark.django_db
def test_a_reply_that_never_reached_us_is_taken_in_once(provider: Fake) -> None:
    conversation = conversation_abroad()
    provider.receive(sender=HONG_KONG, body="5")

    looks = [services.catch_up(now=LATER) for _look in range(3)]

    conversation.refresh_from_db()
    assert ([look.taken for look in looks], conversation.state) == ([1, 0, 0], ConversationState.FINISHED)
    assert Message.objects.filter(kind=MessageKind.THANKS).count() == 1


@pytest.mark.django_db
def test_a_reply_that_reached_us_is_not_taken_in_again(provider: Fake) -> None:
    conversation_abroad()
    kept = provider.receive(sender=HONG_KONG, body="5")
    services.receive_text(gateway="twilio", sid=kept.sid, sender=HONG_KONG, body="5", now=NOW)

    assert services.catch_up(now=LATER).taken == 0
    assert len(texts_in()) == 1


@pytest.mark.django_db
def test_a_stop_that_never_reached_us_stops(provider: Fake) -> None:
    conversation = conversation_abroad()
    provider.receive(sender=HONG_KONG, body="退订")

    services.catch_up(now=LATER)

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.count()) == (ConversationState.STOPPED, 1)


@pytest.mark.django_db
def test_texts_are_taken_in_in_the_order_they_came(provider: Fake) -> None:
    conversation = conversation_abroad()
    provider.receive(sender=HONG_KONG, body="5", created=NOW + timedelta(minutes=1))
    provider.receive(sender=HONG_KONG, body="1", created=NOW + timedelta(minutes=2))

    services.catch_up(now=LATER)

    conversation.refresh_from_db()
    assert [message.body for message in texts_in()] == ["5", "1"]
    assert [answer.choice.value for answer in conversation.response.answers.all()] == ["5"]


@pytest.mark.django_db
def test_a_text_found_late_counts_from_when_it_came_and_is_not_thanked_for_hours_later(provider: Fake) -> None:
    conversation = conversation_abroad()
    came = NOW + timedelta(days=1)
    provider.receive(sender=HONG_KONG, body="4", created=came)

    services.catch_up(deep=True, now=NOW + timedelta(days=5))
    services.deliver_next(now=NOW + timedelta(days=5))

    conversation.refresh_from_db()
    assert conversation.response.finished_at == came
    assert Message.objects.get(kind=MessageKind.THANKS).state == MessageState.SUPPRESSED
    assert provider.asked_to_create == 1


@pytest.mark.django_db
def test_a_report_that_never_reached_us_is_applied(provider: Fake) -> None:
    conversation = conversation_abroad()
    provider.settle(provider.messages[0], "undelivered", error_code="30006")

    looks = [services.catch_up(now=LATER).applied for _look in range(2)]

    conversation.refresh_from_db()
    message = Message.objects.get(direction=Direction.OUT)
    assert (looks, message.state, message.error_code) == ([1, 0], MessageState.UNDELIVERED, "30006")
    assert (conversation.channel, conversation.staff_reason) == ("telephone", "number_refused")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("shown", "state"), [("accepted", "delivered"), ("sent", "delivered"), ("failed", "delivered")]
)
def test_the_book_never_takes_a_text_back(provider: Fake, shown: str, state: str) -> None:
    conversation_abroad()
    message = Message.objects.get(direction=Direction.OUT)
    services.record_status(gateway="twilio", sid=message.sid or "", status="delivered", now=NOW)
    provider.settle(provider.messages[0], shown)

    services.catch_up(now=LATER)

    message.refresh_from_db()
    assert (message.state, MessageEvent.objects.count()) == (state, 1)


@pytest.mark.django_db
def test_what_another_service_of_the_account_got_is_not_ours(provider: Fake, settings: Any) -> None:
    conversation_abroad()
    provider.receive(sender=HONG_KONG, body="5")
    settings.TWILIO_MESSAGING_SERVICE_SID = "MG" + "7" * 32

    assert services.catch_up(now=LATER).taken == 0


@pytest.mark.django_db
def test_the_whole_book_is_read_page_by_page(provider: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("surveys.sms.twilio.PAGE", 3)
    for minute in range(10):
        provider.receive(sender="+85251110000", body="?", created=NOW - timedelta(minutes=minute))

    assert (services.catch_up(now=NOW).taken, len(texts_in())) == (10, 10)


BOOKS = {
    "refused": Scripted(status=401, body=problem(401, 20003)),
    "busy": Scripted(status=429, body=problem(429, 20429)),
    "failing": Scripted(status=500, body=problem(500, 20500)),
    "HTML": Scripted(body="<html>"),
    "empty": Scripted(),
    "a number": Scripted(body="7"),
    "dropped": Scripted(hangs_up=True),
    "dripping": Scripted(body='{"messages": [], "page": 0}', drips=0.1),
    "of what is no text": Scripted(body={"messages": [None], "page": 0}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("fault", BOOKS.values(), ids=BOOKS)
def test_a_book_that_cannot_be_read_is_read_by_the_next_look(provider: Fake, fault: Scripted) -> None:
    conversation_abroad()
    provider.receive(sender=HONG_KONG, body="5")
    provider.next_reads = [fault]

    with given_up_on(fault):
        unread = services.catch_up(now=LATER)
    looks = [unread, services.catch_up(now=LATER + timedelta(minutes=10))]

    assert [(look.unread, look.taken) for look in looks] == [(True, 0), (False, 1)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [
        {"sid": "x"}, {"sid": None}, {"body": None}, {"from": None}, {"date_created": "yesterday"},
        {"date_created": None}, {"direction": "sideways"}, {"messaging_service_sid": 7}, {"status": None},
    ],
)  # fmt: skip
def test_one_odd_row_does_not_keep_out_the_others(provider: Fake, row: dict[str, Any]) -> None:
    from tests.fakes.twilio import described

    conversation_abroad()
    odd = described(provider.receive(sender="+85250000001", body="5")) | row
    good = described(provider.receive(sender=HONG_KONG, body="5"))
    provider.next_reads = [Scripted(body={"messages": [odd, good], "next_page_uri": None, "page": 0})]

    services.catch_up(now=LATER)

    assert good["sid"] in [message.sid for message in texts_in()]


@pytest.mark.django_db
def test_without_a_gateway_nothing_is_read(settings: Any) -> None:
    settings.SMS_GATEWAY = ""

    assert services.catch_up(now=NOW) == services.CaughtUp()


@pytest.mark.django_db
def test_the_sweep_takes_in_what_was_missed(gateway: Memory) -> None:
    gateway.entries = [
        entry("S1", inbound=True, at=timezone.now() - timedelta(hours=1)),
        entry("S2", inbound=True, at=timezone.now() - timedelta(days=3)),
    ]

    tasks.catch_up()
    shortly = [message.sid for message in texts_in()]
    tasks.catch_up(deep=True)

    assert (shortly, {message.sid for message in texts_in()}) == (["S1"], {"S1", "S2"})


@pytest.mark.django_db
def test_what_is_known_is_looked_up_in_few_statements_however_long_the_book(gateway: Memory) -> None:
    def statements(rows: int) -> int:
        gateway.entries = [entry(f"S{uuid4().hex}", inbound=False) for _row in range(rows)]
        with CaptureQueriesContext(connection) as captured:
            services.catch_up(now=NOW)
        return len(captured)

    assert statements(400) == statements(1)


def entry(sid: str, *, inbound: bool, at: datetime = NOW, status: str = "sent", body: str = "") -> Entry:
    return Entry(sid=sid, inbound=inbound, status=status, at=at, sender=HONG_KONG, body=body)


@pytest.mark.parametrize(
    ("last_heard", "deep", "back"),
    [
        (timedelta(0), False, timedelta(hours=2)),
        (timedelta(hours=5), False, timedelta(hours=7)),
        (timedelta(days=9), False, timedelta(days=1)),
        (None, False, timedelta(days=1)),
        (timedelta(0), True, timedelta(days=7)),
        (timedelta(days=9), True, timedelta(days=16)),
        (timedelta(days=90), True, timedelta(days=60)),
        (None, True, timedelta(days=60)),
        (-timedelta(hours=3), False, timedelta(hours=2)),
    ],
)
def test_how_far_back_the_book_is_read(last_heard: timedelta | None, deep: bool, back: timedelta) -> None:
    heard = None if last_heard is None else NOW - last_heard

    assert since_when(now=NOW, last_heard=heard, deep=deep) == NOW - back


sids = st.integers(0, 9).map(str)
entries = st.builds(
    lambda sid, inbound, status, minute: entry(
        sid, inbound=inbound, status=status, at=NOW + timedelta(minutes=minute)
    ),
    sids, st.booleans(), st.sampled_from([*RANKS, "received", "?"]), st.integers(0, 99),
)  # fmt: skip


@given(book=st.lists(entries), known=st.dictionaries(sids, st.integers(0, 6)))
def test_nothing_known_is_taken_in_again_and_nothing_goes_back(book: list[Entry], known: dict[str, int]) -> None:
    plan = planned(book, known=known)

    taken = [item.sid for item in plan.inbound]
    assert len(set(taken)) == len(taken)
    assert not set(taken) & set(known)
    assert [item.at for item in plan.inbound] == sorted(item.at for item in plan.inbound)
    assert all(RANKS[item.status] > known[item.sid] for item in plan.reports)


@given(book=st.lists(entries))
def test_what_was_taken_in_leaves_nothing_for_the_next_look(book: list[Entry]) -> None:
    plan = planned(book, known={})
    after = {item.sid: 0 for item in plan.inbound}

    assert planned(book, known=after).inbound == ()


@pytest.mark.parametrize(
    "shown", [repr(entry("S1", inbound=True, body="hello")), str(SmsError(Verdict.UNKNOWN, "500"))]
)
def test_no_number_and_no_word_of_a_text_is_shown(shown: str) -> None:
    assert HONG_KONG not in shown
    assert "hello" not in shown
