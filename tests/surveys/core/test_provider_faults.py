"""What becomes of a text, and of the person, whatever the provider does: the official client, over HTTP.

Every fault befalls the first request alone; the provider is well afterwards, and the sweeps go on for four hours.
"""

import logging
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from qa_service.accounts.enums import Role
from surveys import services
from surveys.enums import ConversationState, Direction, MessageState, StaffReason
from surveys.models import Conversation, Message, OptOut
from surveys.queries import telephone_list
from surveys.services.delivering.outcomes import MOST_TRIES
from surveys.sms.base import Verdict
from surveys.sms.transport import seconds_to_wait
from tests import factories
from tests.factories import NOW
from tests.fakes.scripted import Scripted, given_up_on
from tests.fakes.twilio import IN_USE, Fake, problem
from tests.stage import Stage
from tests.surveys.factories import invited
from tests.surveys.sweeping import OFTEN, sweep_moments

pytestmark = pytest.mark.django_db

HONG_KONG = "+85251234567"
HTML = "<html><body>Bad gateway</body></html>"
CREATED = {"sid": "SM" + "e" * 32, "status": "accepted"}
# The longest wait between two tries.
REST = timedelta(minutes=15)
REFUSED = StaffReason.NUMBER_REFUSED

QUEUED, ACCEPTED, FAILED, UNKNOWN = (
    MessageState.QUEUED,
    MessageState.ACCEPTED,
    MessageState.FAILED,
    MessageState.UNKNOWN,
)


def conversation_abroad(phone: str = HONG_KONG, **plan: Any) -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=at, client=factories.client(at, phone=phone, plan=plan))


def the_message() -> Message:
    return Message.objects.get(direction=Direction.OUT)


def reasons_to_telephone(conversation: Conversation) -> list[str]:
    """What the follow-up staff of the centre see of the one person."""
    staff = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    return [item.staff_reason for item in telephone_list(user=staff, now=NOW)]


def sweeps_go_on(provider: Fake, *, hours: float = 4, since: datetime = NOW, often: timedelta = OFTEN) -> None:
    for moment in sweep_moments(hours=hours, since=since, often=often):
        provider.clock = lambda moment=moment: moment
        while services.deliver_next(now=moment):
            pass
        services.reconcile_unknown(now=moment)


@dataclass(frozen=True, slots=True)
class Row:
    """`wait`: seconds until it is tried again. `asked`, `kept`: requests to create, and texts the provider took."""

    says: str
    fault: Scripted
    state: MessageState
    code: str
    wait: int | None = None
    ends: MessageState = ACCEPTED
    asked: int = 1
    kept: int = 1
    telephone: str = ""


def later(says: str, fault: Scripted, code: str, wait: int = 30) -> Row:
    """Surely not taken: tried again after a while."""
    return Row(says, fault, QUEUED, code, wait=wait, asked=2)


def never(code: int, says: str, *, telephone: str = REFUSED) -> Row:
    """Refused for good: a person telephones."""
    fault = Scripted(status=400, body=problem(400, code))
    return Row(says, fault, FAILED, str(code), ends=FAILED, kept=0, telephone=telephone)


def unclear(says: str, fault: Scripted, code: str) -> Row:
    """Perhaps taken: looked for in the provider's list, and sent again only where it is not found there twice."""
    return Row(says, fault, UNKNOWN, code, asked=1 if fault.takes else 2)


TABLE = [
    later("too many at once waits as long as the provider says",
          Scripted(status=429, body=problem(429, 20429), headers={"Retry-After": "120"}), "20429", 120),
    later("a provider that asks for a year is waited for an hour",
          Scripted(status=429, body=problem(429, 20429), headers={"Retry-After": "31536000"}), "20429", 3600),
    later("too many at once without a word on how long waits half a minute",
          Scripted(status=429, body=problem(429, 20429)), "20429"),
    later("too many at once, said by something before the provider, is the same", Scripted(status=429), "429"),
    later("a sender's queue that is full is tried again", Scripted(status=400, body=problem(400, 21611)), "21611"),
    later("a queue that overflows is tried again", Scripted(status=400, body=problem(400, 30001)), "30001"),
    later("a refusal in HTML is not the provider's word on the text",
          Scripted(status=400, body=HTML, content_type="text/html"), "400"),
    later("a refusal without a word is not the provider's either", Scripted(status=400), "400"),
    later("a refusal in broken JSON is not the provider's either", Scripted(status=400, body='{"code": 212'), "400"),
    later("a refusal that nests without end is not the provider's either",
          Scripted(status=400, body="[" * 200_000), "400"),
    later("a refusal that is a list is not the provider's either", Scripted(status=400, body="[21211]"), "400"),
    later("bad credentials make sending rest for ten minutes",
          Scripted(status=401, body=problem(401, 20003)), "20003", 600),
    later("bad credentials in HTML do too", Scripted(status=401, body=HTML), "401", 600),
    later("a forbidden account does too", Scripted(status=403, body=HTML), "403", 600),
    later("a suspended account does too", Scripted(status=403, body=problem(403, 30002)), "30002", 600),
    later("an address where the provider is not does too", Scripted(status=404, body=HTML), "404", 600),
    later("an account that is not there does too", Scripted(status=404, body=problem(404, 20404)), "20404", 600),
    later("a sender that is not ours does too", Scripted(status=400, body=problem(400, 21606)), "21606", 600),
    later("suspected pumping does too", Scripted(status=400, body=problem(400, 30450)), "30450", 600),
    later("a proxy that asks for a password does too", Scripted(status=407, body=HTML), "407", 600),
    never(21211, "what is no number is telephoned about"),
    never(21614, "what is no mobile is telephoned"),
    never(21635, "a landline is telephoned"),
    never(21408, "a country that is not permitted is telephoned"),
    never(21612, "a number that the sender cannot reach is telephoned"),
    never(21617, "a text too long for the provider ends in a telephone call"),
    never(29999, "a refusal with a code we do not know is not tried again"),
    never(21610, "whoever said stop to the provider is not even telephoned", telephone=""),
    unclear("an error before the text was taken is settled by the list",
            Scripted(status=500, body=problem(500, 20500)), "20500"),
    unclear("an error after the text was taken is settled by the list",
            Scripted(status=500, body=problem(500, 20500), takes=True), "20500"),
    unclear("an error that names a refusal is still an error",
            Scripted(status=500, body=problem(500, 21211), takes=True), "21211"),
    unclear("a bad gateway is settled by the list", Scripted(status=502, body=HTML, takes=True), "502"),
    unclear("a provider that is away is settled by the list", Scripted(status=503, body=HTML), "503"),
    unclear("a gateway that waited too long is settled by the list", Scripted(status=504, takes=True), "504"),
    unclear("a request that timed out there is settled by the list", Scripted(status=408, takes=True), "408"),
    unclear("a reply that was dropped is settled by the list", Scripted(hangs_up=True, takes=True), "no_answer"),
    unclear("a line that broke before is settled by the list", Scripted(hangs_up=True), "no_answer"),
    unclear("a reply that comes too late is settled by the list",
            Scripted(status=201, body=CREATED, takes=True, waits=0.6), "no_answer"),
    unclear("no reply in time, and nothing taken, is settled by the list", Scripted(waits=0.6, hangs_up=True),
            "no_answer"),
    unclear("a reply that drips in is not waited for",
            Scripted(status=201, body=CREATED, takes=True, drips=0.05), "too_slow"),
    unclear("a reply cut short is settled by the list",
            Scripted(status=201, body=CREATED, takes=True, headers={"Content-Length": "4000"}), "no_answer"),
    unclear("an empty reply is settled by the list", Scripted(status=201, takes=True), "unreadable"),
    unclear("a reply in HTML is settled by the list",
            Scripted(status=200, body=HTML, content_type="text/html", takes=True), "unreadable"),
    unclear("a reply in broken JSON is settled by the list",
            Scripted(status=201, body='{"sid": "SM', takes=True), "unreadable"),
    unclear("a reply that is a list is settled by the list", Scripted(status=201, body="[1]", takes=True),
            "unreadable"),
    unclear("a reply that is nothing is settled by the list", Scripted(status=201, body="null", takes=True),
            "unreadable"),
    unclear("a reply without a number is settled by the list",
            Scripted(status=201, body={"status": "accepted"}, takes=True), "unreadable"),
    unclear("a reply with a number that is none is settled by the list",
            Scripted(status=201, body=CREATED | {"sid": "../x"}, takes=True), "unreadable"),
    unclear("a redirect is not followed and settled by the list",
            Scripted(status=307, headers={"Location": "http://127.0.0.1:9/"}), "307"),
    Row("a status we do not know is an acceptance", Scripted(status=201, body=CREATED | {"status": "pondering"}),
        ACCEPTED, "", kept=0),
    Row("a text that has failed at once is telephoned", Scripted(status=201, body=CREATED | {"status": "failed"}),
        FAILED, "", ends=FAILED, kept=0, telephone=REFUSED),
]  # fmt: skip


NOTHING_LISTED: dict[str, Any] = {"messages": [], "page": 0}
READS = {
    "the list is refused": Scripted(status=401, body=problem(401, 20003)),
    "the list is not found": Scripted(status=404, body=problem(404, 20404)),
    "the list fails": Scripted(status=500, body=HTML),
    "the list is too busy": Scripted(status=429, body=problem(429, 20429)),
    "the list is HTML": Scripted(body=HTML),
    "the list is empty": Scripted(),
    "the list is broken": Scripted(body='{"messages": ['),
    "the list is a number": Scripted(body="7"),
    "the list holds no texts": Scripted(body={"page": 0}),
    "the list holds what is no text": Scripted(body={"messages": [1], "page": 0}),
    "the list is dropped": Scripted(hangs_up=True),
    "the list drips in": Scripted(body='{"messages": [], "page": 0}', drips=0.1),
    "the list moved": Scripted(status=302, headers={"Location": "http://127.0.0.1:9/"}),
}


class TestOneTextThatWaits:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _waiting(cls, stage: Stage) -> None:
        with override_settings(**IN_USE):
            stage(conversation_abroad)

    @pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says)
    def test_whatever_the_provider_does(self, provider: Fake, row: Row) -> None:
        conversation = Conversation.objects.get()
        provider.next_creates = [row.fault]

        with given_up_on(row.fault):
            services.deliver_next(now=NOW)

        message = the_message()
        wait = int((message.not_before - NOW).total_seconds()) if message.state == QUEUED else None
        assert (message.state, message.error_code, wait) == (row.state, row.code, row.wait)

        sweeps_go_on(provider)

        ends = (the_message().state, provider.asked_to_create, len(provider.messages))
        assert ends == (row.ends, row.asked, row.kept)
        assert reasons_to_telephone(conversation) == ([row.telephone] if row.telephone else [])

    @pytest.mark.parametrize("fault", READS.values(), ids=READS)
    def test_not_having_been_able_to_look_is_not_having_looked(self, provider: Fake, fault: Scripted) -> None:
        conversation = Conversation.objects.get()
        provider.next_creates = [Scripted(hangs_up=True, takes=True)]
        # One that finds nothing is fewer than the limit. Had the failures counted, the text would now be sent again.
        provider.next_reads = [fault] * 3 + [Scripted(body=NOTHING_LISTED)]

        services.deliver_next(now=NOW)
        with given_up_on(fault):
            sweeps_go_on(provider)

        assert (the_message().state, provider.asked_to_create, len(provider.messages)) == (ACCEPTED, 1, 1)
        assert reasons_to_telephone(conversation) == []


def test_whoever_said_stop_to_the_provider_is_left_alone(provider: Fake) -> None:
    conversation = conversation_abroad()
    provider.next_creates = [Scripted(status=400, body=problem(400, 21610))]

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.count()) == (ConversationState.STOPPED, 1)


@contextmanager
def unheard() -> Iterator[str]:
    """An address whose line is full: nobody takes the call."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        for caller in callers:
            caller.close()


@contextmanager
def nobody() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    yield address


@contextmanager
def nameless() -> Iterator[str]:
    yield "http://provider.invalid"


@pytest.mark.parametrize(
    ("line", "code"),
    [(nobody, "connection"), (nameless, "connection"), (unheard, "connect_timeout")],
    ids=["nobody listens", "the name is not known", "nobody takes the call"],
)
def test_a_request_that_never_left_is_made_again(provider: Fake, line: Any, code: str) -> None:
    conversation = conversation_abroad()

    with line() as address, override_settings(TWILIO_API_BASE_URL=address, SMS_TIMEOUT_SECONDS=0.5):
        services.deliver_next(now=NOW)
    message = the_message()
    sweeps_go_on(provider)

    assert (message.state, message.error_code, message.not_before) == (QUEUED, code, NOW + timedelta(seconds=30))
    assert (the_message().state, len(provider.messages), reasons_to_telephone(conversation)) == (ACCEPTED, 1, [])


def test_a_line_that_speaks_no_tls_may_have_heard_the_text(provider: Fake, settings: Any) -> None:
    conversation_abroad()
    settings.TWILIO_API_BASE_URL = provider.address.replace("http:", "https:")

    services.deliver_next(now=NOW)

    assert (the_message().state, the_message().error_code) == (UNKNOWN, "no_answer")


@contextmanager
def impostor(folder: Path) -> Iterator[str]:
    """Somebody who answers at the provider's address and cannot show that it is theirs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_whoever_cannot_show_to_be_the_provider_is_told_nothing(provider: Fake, settings: Any, tmp_path: Path) -> None:
    conversation = conversation_abroad()

    with impostor(tmp_path) as address:
        settings.TWILIO_API_BASE_URL = address
        services.deliver_next(now=NOW)
    message = the_message()
    settings.TWILIO_API_BASE_URL = provider.address
    sweeps_go_on(provider, hours=1)

    assert (message.state, message.error_code) == (QUEUED, "certificate")
    assert (the_message().state, len(provider.messages), reasons_to_telephone(conversation)) == (ACCEPTED, 1, [])


def test_while_the_provider_refuses_us_one_text_tries_for_all(provider: Fake, settings: Any) -> None:
    """A password that is wrong for a whole afternoon sends nobody to the telephone list."""
    conversation = conversation_abroad()
    for last_digits in range(10, 13):
        conversation_abroad(f"+852512345{last_digits}")
    settings.TWILIO_API_BASE_URL = f"{provider.address}/elsewhere"

    sweeps_go_on(provider, hours=1.5)
    attempts = sorted(Message.objects.values_list("attempts", flat=True))
    settings.TWILIO_API_BASE_URL = provider.address
    sweeps_go_on(provider, hours=1, since=NOW + timedelta(hours=1.5))

    assert (attempts[:3], attempts[3] <= 10) == ([0, 0, 0], True)
    assert (len(provider.messages), reasons_to_telephone(conversation)) == (4, [])


def test_a_refusal_is_told_to_the_operator_without_a_number(provider: Fake, caplog: pytest.LogCaptureFixture) -> None:
    conversation_abroad()
    provider.next_creates = [Scripted(status=401, body=problem(401, 20003)), Scripted(status=500)]

    with caplog.at_level(logging.INFO):
        services.deliver_next(now=NOW)
        services.deliver_next(now=NOW + timedelta(minutes=10))
        services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    assert "20003" in caplog.text
    assert HONG_KONG[4:] not in caplog.text


def test_a_provider_that_is_away_all_day_leaves_the_text_to_a_person(provider: Fake, settings: Any) -> None:
    conversation = conversation_abroad()
    with nobody() as address:
        settings.TWILIO_API_BASE_URL = address
        sweeps_go_on(provider, hours=3, often=REST)
        after_a_morning = the_message()
        # As often as it is tried in a day; the last times are tried for real again.
        Message.objects.update(tries=MOST_TRIES[Verdict.OK_TO_RETRY] - 2)
        sweeps_go_on(provider, hours=3, since=NOW + timedelta(hours=3), often=REST)

    assert MOST_TRIES[Verdict.OK_TO_RETRY] * timedelta(minutes=15) > timedelta(days=1)
    # Every quarter of an hour, each time counted.
    assert (after_a_morning.state, after_a_morning.tries) == (QUEUED, 3 * 4)
    assert (the_message().state, the_message().tries) == (MessageState.NEEDS_HUMAN, MOST_TRIES[Verdict.OK_TO_RETRY])
    assert len(reasons_to_telephone(conversation)) == 1


def test_a_text_the_provider_holds_but_has_not_sent_is_found(provider: Fake) -> None:
    """It has no date of sending yet: looking by that date would miss it and send it a second time."""
    conversation_abroad()
    provider.next_creates = [Scripted(hangs_up=True, takes=True)]

    services.deliver_next(now=NOW)
    sweeps_go_on(provider)

    assert (provider.messages[0].sent, provider.asked_to_create) == (None, 1)


@pytest.mark.parametrize(
    ("code", "state", "telephone"),
    [
        ("30006", ConversationState.AWAITING, [REFUSED]),
        ("21610", ConversationState.STOPPED, []),
    ],
)
def test_a_text_that_is_found_undelivered_is_dealt_with_like_a_reported_one(
    provider: Fake, code: str, state: ConversationState, telephone: list[str]
) -> None:
    conversation = conversation_abroad()
    provider.next_creates = [Scripted(hangs_up=True, takes=True)]
    services.deliver_next(now=NOW)
    provider.settle(provider.messages[0], "undelivered", error_code=code)

    services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    conversation.refresh_from_db()
    assert (the_message().state, the_message().error_code) == (MessageState.UNDELIVERED, code)
    assert (conversation.state, reasons_to_telephone(conversation)) == (state, telephone)


def test_of_two_same_texts_each_is_found_once(provider: Fake) -> None:
    """Two lost replies of the same words to one number belong to two rows, not twice to the newer."""
    first = conversation_abroad()
    Message.objects.update(not_before=NOW + timedelta(minutes=1))
    message = the_message()
    message.pk, message.reference, message.step = None, "another", 1
    message.public_id = uuid4()
    message.not_before = NOW
    message.save(force_insert=True)
    provider.next_creates = [Scripted(hangs_up=True, takes=True)] * 2

    services.deliver_next(now=NOW)
    services.deliver_next(now=NOW + timedelta(minutes=1))
    sweeps_go_on(provider)

    assert first.pk
    assert set(Message.objects.values_list("sid", flat=True)) == {kept.sid for kept in provider.messages}
    assert provider.asked_to_create == 2


def test_a_person_in_danger_is_never_texted_again_by_itself(provider: Fake) -> None:
    conversation = conversation_abroad(needs_safety_check=True)
    provider.next_creates = [Scripted(status=503)]

    services.deliver_next(now=NOW)
    sweeps_go_on(provider)

    assert (the_message().state, provider.asked_to_create) == (MessageState.NEEDS_HUMAN, 1)
    assert len(reasons_to_telephone(conversation)) == 1


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 0), ("120", 120), (" 7 ", 7), ("-5", 0), ("1.5", 0), ("soon", 0), ("²", 0), ("9" * 5000, 999_999_999),
        ("Fri, 20 Nov 2026 02:01:00 GMT", 60), ("Fri, 20 Nov 2026 02:01:00", 60), ("Fri, 20 Nov 2020 02:01:00 GMT", 0),
        ("Fri, 99 Nov 2026 02:01:00 GMT", 0),
    ],
)  # fmt: skip
def test_the_wait_that_is_asked_for_is_read_in_either_form(said: str, seconds: int) -> None:
    assert seconds_to_wait({"Retry-After": said}, now=NOW.astimezone(UTC)) == seconds


def test_an_inbound_text_is_not_taken_for_a_lost_one(provider: Fake) -> None:
    conversation_abroad()
    provider.next_creates = [Scripted(hangs_up=True)]
    services.deliver_next(now=NOW)
    kept = provider.receive(sender="+85259999999", body=the_message().body)
    kept.to = HONG_KONG

    sweeps_go_on(provider)

    assert (the_message().state, the_message().sid != kept.sid, provider.asked_to_create) == (ACCEPTED, True, 2)
