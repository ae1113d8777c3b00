"""Forms and JSON at the webhooks' doors: both algorithms, keys that change, and whatever else anybody posts."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from surveys.enums import ConversationState, Direction, MessageState
from surveys.models import Conversation, Message, MessageEvent
from surveys.sms.signatures import Keys, Signed, is_genuine, sign
from surveys.sms.twilio import status_callback
from tests import factories
from tests.fakes.twilio import (
    ACCOUNT,
    SERVICE,
    SIGNATURE_SETTINGS,
    TOKEN,
    inbound_form,
    json_signed,
    status_form,
)
from tests.surveys.factories import invited

pytestmark = pytest.mark.django_db

BASE = "https://qa.example.org"
INBOUND, STATUS = "/webhooks/twilio/inbound", "/webhooks/twilio/status"
SID = "SM" + "a" * 32
HONG_KONG = "+85251234567"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
KEY, SECRET = "SK1", "a shared secret"


@pytest.fixture(autouse=True)
def _twilio(settings: Any) -> None:
    settings.SMS_GATEWAY = "twilio"
    settings.TWILIO_ACCOUNT_SID = ACCOUNT
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE
    settings.TWILIO_SIGNING_SECRETS = {KEY: SECRET}


def conversation_abroad() -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=at, client=factories.client(at, phone=HONG_KONG))


def text(**fields: Any) -> dict[str, Any]:
    return inbound_form(sender=HONG_KONG, body="5", sid=SID) | fields


def knock(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to our own address; an exception in the view would be raised here."""
    kind = headers.pop("Content-Type")
    return Client().generic("POST", url.removeprefix(BASE), body, content_type=kind, headers=headers).status_code


def post_json(path: str, content: Any, *, token: str = TOKEN, key: str = "") -> int:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return knock(*_with_body(json_signed(BASE + path, body, token=token, key=key), body))


def _with_body(signed: tuple[str, dict[str, str]], body: bytes) -> tuple[str, bytes, dict[str, str]]:
    return signed[0], body, signed[1]


def post_form_sha256(path: str, form: dict[str, str], *, secret: str, settings_header: str) -> int:
    covered = BASE + path + "".join(name + form[name] for name in sorted(form))
    signature = base64.b64encode(hmac.new(secret.encode(), covered.encode(), hashlib.sha256).digest()).decode()
    headers = {"X-Twilio-Signature": signature, SIGNATURE_SETTINGS: settings_header, "Content-Type": FORM}
    return knock(BASE + path, urlencode(form).encode(), headers)


@pytest.mark.parametrize(
    ("token", "key"), [(TOKEN, ""), ("the token before", ""), (SECRET, KEY)], ids=["token", "rotated", "shared key"]
)
def test_a_text_in_signed_json_is_taken_and_answered(settings: Any, token: str, key: str) -> None:
    settings.TWILIO_PREVIOUS_AUTH_TOKEN = "the token before"
    conversation = conversation_abroad()

    status = post_json(INBOUND, text(), token=token, key=key)

    conversation.refresh_from_db()
    assert (status, conversation.state) == (200, ConversationState.FINISHED)


def test_a_form_signed_with_a_shared_key_is_taken() -> None:
    conversation_abroad()

    assert post_form_sha256(INBOUND, text(), secret=SECRET, settings_header=f"key={KEY},algorithm=HMAC_SHA256") == 200


def test_a_report_in_signed_json_adopts_the_text() -> None:
    conversation_abroad()
    message = Message.objects.get()

    status = post_json(
        status_callback(message.reference or "").removeprefix(BASE),
        status_form(SID, "undelivered") | {"ErrorCode": 30003},
    )

    message.refresh_from_db()
    assert (status, message.state, message.sid) == (204, MessageState.UNDELIVERED, SID)
    assert message.error_code == "30003"


def test_the_same_text_as_json_and_as_a_form_is_one_text() -> None:
    conversation_abroad()
    form = text()
    signature = sign(url=BASE + INBOUND, form={name: [value] for name, value in form.items()}, token=TOKEN)

    statuses = [post_json(INBOUND, form) for _again in range(3)]
    headers = {"X-Twilio-Signature": signature, "Content-Type": FORM}
    statuses.append(knock(BASE + INBOUND, urlencode(form).encode(), headers))

    assert (statuses, Message.objects.filter(direction=Direction.IN).count()) == ([200] * 4, 1)


def test_the_official_check_agrees_on_json() -> None:
    body = json.dumps(text())
    url, headers = json_signed(BASE + INBOUND, body.encode())

    assert RequestValidator(TOKEN).validate(url, body, headers["X-Twilio-Signature"])
    assert is_genuine(
        Signed(url=url, signature=headers["X-Twilio-Signature"], body=body.encode()),
        Keys(tokens=(TOKEN,), shared={}),
    )


def _good() -> tuple[str, bytes, dict[str, str]]:
    body = json.dumps(text()).encode()
    return _with_body(json_signed(BASE + INBOUND, body), body)


def _signed_url(url: str, body: bytes) -> int:
    """The address alone is signed, whatever stands in it."""
    signature = sign(url=url, form={}, token=TOKEN)
    return knock(url, body, {"X-Twilio-Signature": signature, "Content-Type": JSON})


def _reused_as(kind: str, body: bytes) -> int:
    url, _body, headers = _good()
    return knock(url, body, headers | {"Content-Type": kind})


def _form_signature_reused_for_json() -> int:
    form = text()
    signature = sign(url=BASE + INBOUND, form={name: [value] for name, value in form.items()}, token=TOKEN)
    headers = {"X-Twilio-Signature": signature, "Content-Type": JSON}
    return knock(BASE + INBOUND, json.dumps(form).encode(), headers)


def _settings_header(said: str) -> int:
    url, body, headers = _good()
    return knock(url, body, headers | {SIGNATURE_SETTINGS: said})


def _hash_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


HOSTILE: dict[str, tuple[int, Callable[[], int]]] = {
    "no hash in the address": (403, lambda: _signed_url(BASE + INBOUND, _good()[1])),
    "an empty hash": (403, lambda: _signed_url(f"{BASE}{INBOUND}?bodySHA256=", _good()[1])),
    "the hash of another body": (403, lambda: _signed_url(f"{BASE}{INBOUND}?bodySHA256={_hash_of(b'{}')}", _good()[1])),
    "a hash that is no hash": (400, lambda: _signed_url(f"{BASE}{INBOUND}?bodySHA256=%C3%A4%00%ED%A0%80", _good()[1])),
    "two hashes": (
        403,
        lambda: _signed_url(f"{BASE}{INBOUND}?bodySHA256={_hash_of(_good()[1])}&bodySHA256={'0' * 64}", _good()[1]),
    ),
    "another token": (403, lambda: post_json(INBOUND, text(), token="other")),
    "a changed body": (403, lambda: _reused_as(JSON, json.dumps(text(Body="1")).encode())),
    "a signature for JSON with an empty form": (403, lambda: _reused_as(FORM, b"")),
    "a signature for JSON with a full form": (403, lambda: _reused_as(FORM, urlencode(text()).encode())),
    "JSON that says it is a form": (403, lambda: _reused_as(FORM, _good()[1])),
    "JSON that says it is text": (403, lambda: _reused_as("text/json", _good()[1])),
    "JSON that says it is a file": (403, lambda: _reused_as("multipart/form-data; boundary=x", _good()[1])),
    "a signature for a form with JSON": (403, _form_signature_reused_for_json),
    "another door": (
        403,
        lambda: knock(_good()[0].replace("inbound", "status"), _good()[1], _good()[2]),
    ),
    "a key we do not hold": (403, lambda: post_json(INBOUND, text(), token=SECRET, key="SK9")),
    "the shared secret under the token's algorithm": (403, lambda: post_json(INBOUND, text(), token=SECRET)),
    "the token under a shared key's name": (403, lambda: post_json(INBOUND, text(), token=TOKEN, key=KEY)),
    "a settings header without a key": (403, lambda: _settings_header("algorithm=HMAC_SHA256")),
    "a settings header with an empty key": (403, lambda: _settings_header("key=,algorithm=HMAC_SHA256")),
    "a settings header of noise": (403, lambda: _settings_header(",=,==;key\u00e4")),
    "an algorithm we do not know": (403, lambda: _settings_header(f"key={KEY},algorithm=NONE")),
    "an account that is not ours": (403, lambda: post_json(INBOUND, text(AccountSid="AC" + "1" * 32))),
    "no account": (403, lambda: post_json(INBOUND, {"MessageSid": SID, "Body": "5"})),
    "an account that is a list": (403, lambda: post_json(INBOUND, text(AccountSid=[ACCOUNT]))),
    "an account that is nothing": (403, lambda: post_json(INBOUND, text(AccountSid=None))),
    "a number of no text": (403, lambda: post_json(INBOUND, text(MessageSid="../../x"))),
    "a number that is an object": (403, lambda: post_json(INBOUND, text(MessageSid={"sid": SID}))),
    "a number with a line after it": (403, lambda: post_json(INBOUND, text(MessageSid=SID + "\n"))),
    "more than we take": (403, lambda: post_json(INBOUND, text(Body="x" * 6_000_000))),
    "nothing": (403, lambda: post_json(INBOUND, b"")),
    "a list": (400, lambda: post_json(INBOUND, [text()])),
    "a word": (400, lambda: post_json(INBOUND, "AccountSid")),
    "null": (400, lambda: post_json(INBOUND, None)),
    "broken JSON": (400, lambda: post_json(INBOUND, b'{"AccountSid": ')),
    "JSON that nests without end": (400, lambda: post_json(INBOUND, b"[" * 200_000)),
    "a number without end": (400, lambda: post_json(INBOUND, b'{"Body": ' + b"9" * 10_000 + b"}")),
    "bytes that are no text": (400, lambda: post_json(INBOUND, b'{"Body": "\xff\xfe\xfa"}')),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_twilio_did_not_say_is_refused_and_writes_nothing(name: str) -> None:
    expected, act = HOSTILE[name]

    assert act() == expected
    assert (Message.objects.count(), MessageEvent.objects.count()) == (0, 0)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "latin-1", "rot13", "base64", "nonsense", "\u00e4"])
def test_a_form_in_another_script_is_refused_or_read_never_an_error(charset: str) -> None:
    form = text()
    signature = sign(url=BASE + INBOUND, form={name: [value] for name, value in form.items()}, token=TOKEN)
    headers = {"X-Twilio-Signature": signature, "Content-Type": f"{FORM}; charset={charset}"}

    assert knock(BASE + INBOUND, urlencode(form).encode(), headers) in (200, 403)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"Body": 5}, ConversationState.FINISHED),
        ({"Body": "\u0000 5 \u0000"}, ConversationState.FINISHED),
        ({"Body": "\ud83d"}, ConversationState.CLARIFYING),
        ({"Body": "字" * 5000}, ConversationState.CLARIFYING),
        ({"Body": None}, ConversationState.CLARIFYING),
        ({"Body": ["5"]}, ConversationState.CLARIFYING),
        ({"Body": True}, ConversationState.CLARIFYING),
        ({"OptOutType": 7, "NumMedia": "\ud800"}, ConversationState.FINISHED),
        ({"MediaUrl0": "http://169.254.169.254/", "NumMedia": "1"}, ConversationState.FINISHED),
    ],
)
def test_any_text_in_json_is_taken_without_an_error(fields: dict[str, Any], state: ConversationState) -> None:
    conversation = conversation_abroad()

    status = post_json(INBOUND, text(**fields))

    conversation.refresh_from_db()
    assert (status, conversation.state) == (200, state)


@pytest.mark.parametrize("sender", [None, 5, "", "\u0000", "\ud800", "x" * 5000, "MyBank", "12345", "whatsapp:+1", {}])
def test_any_sender_in_json_is_taken_without_an_error(sender: Any) -> None:
    assert post_json(INBOUND, text(From=sender)) == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"MessageStatus": "delivered\u0000"}, {"MessageStatus": 7}, {"MessageStatus": None}, {"MessageStatus": "é"},
        {"MessageStatus": "x" * 5000}, {"ErrorCode": "\u0000\ud800" + "9" * 5000}, {"ErrorCode": {"code": 1}},
    ],
)  # fmt: skip
def test_any_report_in_json_is_taken_without_an_error(fields: dict[str, Any]) -> None:
    conversation_abroad()
    reference = Message.objects.get().reference or ""

    assert post_json(status_callback(reference).removeprefix(BASE), status_form(SID, "sent") | fields) == 204


@pytest.mark.parametrize("url", ["https://h:99999/x", "https://[bad/x", ""])
def test_a_strange_address_of_a_json_body_is_a_refusal_not_an_error(url: str) -> None:
    assert not is_genuine(Signed(url=url, signature="YQ=="), Keys(tokens=(TOKEN,), shared={}))


names = st.sampled_from(["AccountSid", "MessageSid", "From", "Body", "MessageStatus", "ErrorCode", "OptOutType", "x"])
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([ACCOUNT, SID, "5"])
anything = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4), max_leaves=8
)
genuine = st.builds(lambda fields: text() | fields, st.dictionaries(names, anything, max_size=4))


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(content=st.binary(max_size=60) | anything | genuine, path=st.sampled_from([INBOUND, STATUS]))
def test_whatever_is_signed_is_answered_and_never_an_error(content: Any, path: str) -> None:
    assert post_json(path, content) in (200, 204, 400, 403)


def spelt(signature: bytes) -> bytes | None:
    """The same bytes can be spelt with another last letter."""
    try:
        return base64.b64decode(signature, validate=True)
    except binascii.Error:
        return None


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_changed_byte_anywhere_is_a_refusal(data: st.DataObject) -> None:
    url, body, headers = _good()
    address, _question, query = url.partition("?")
    parts = {"body": body, "query": query.encode(), "signature": headers["X-Twilio-Signature"].encode()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    old = parts[name][at : at + 1]
    new = data.draw(st.sampled_from([bytes([byte]) for byte in b"AZaz09+/=_{}"]).filter(lambda byte: byte != old))
    parts[name] = parts[name][:at] + new + parts[name][at + 1 :]
    changed = headers | {"X-Twilio-Signature": parts["signature"].decode()}
    same = name == "signature" and spelt(parts[name]) == spelt(headers["X-Twilio-Signature"].encode())

    status = knock(f"{address}?{parts['query'].decode()}", parts["body"], changed)

    assert status == (200 if same else 403)
