"""The fake provider answers as the real one describes itself, so that what is proved against it means something."""

import base64
import inspect
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from twilio.rest.api.v2010.account.message import MessageInstance, MessageList

from surveys import services
from surveys.sms.statuses import RANKS
from tests import factories
from tests.factories import NOW
from tests.fakes import twilio as fake
from tests.surveys.factories import invited

SCHEMA = json.loads((Path(fake.__file__).parent / "twilio_message.schema.json").read_text(encoding="utf-8"))
GOOD = {"To": "+85251234567", "Body": "您好", "MessagingServiceSid": fake.SERVICE}
# Of a text that came in, and of other channels than ours.
NEVER_OF_OURS = {"receiving", "received", "partially_delivered"}


def check(part: str, content: Any) -> None:
    """:raises ValidationError: the official description knows no such answer."""
    Draft202012Validator(SCHEMA | {"$ref": f"#/$defs/{part}"}).validate(content)


def ask(
    provider: fake.Fake, path: str, form: dict[str, str] | None = None, *, token: str = fake.TOKEN
) -> tuple[int, Any]:
    key = base64.b64encode(f"{fake.ACCOUNT}:{token}".encode()).decode()
    data = None if form is None else urlencode(form).encode()
    request = urllib.request.Request(provider.address + path, data=data, headers={"Authorization": f"Basic {key}"})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_a_created_text_is_described_like_the_real_one(provider: fake.Fake) -> None:
    status, content = ask(provider, f"{fake.PATH}.json", GOOD)

    assert status == 201
    check("message", content)


@pytest.mark.parametrize("word", [*RANKS])
def test_a_text_in_any_status_is_described_like_the_real_one(provider: fake.Fake, word: str) -> None:
    _status, created = ask(provider, f"{fake.PATH}.json", GOOD)
    provider.settle(provider.messages[0], word, error_code="30003" if word == "undelivered" else "")

    status, content = ask(provider, f"{fake.PATH}/{created['sid']}.json")

    assert (status, content["status"]) == (200, word)
    check("message", content)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 3),
        ({"PageSize": "2"}, 2),
        ({"PageSize": "2", "Page": "1"}, 1),
        ({"To": GOOD["To"]}, 2),
        ({"From": "+85259999999"}, 1),
        ({"DateSent>": (NOW - timedelta(hours=1)).isoformat()}, 1),
        ({"To": "+85250000000"}, 0),
    ],
)
def test_a_list_is_described_like_the_real_one(provider: fake.Fake, query: dict[str, str], rows: int) -> None:
    for _text in range(2):
        ask(provider, f"{fake.PATH}.json", GOOD)
    provider.receive(sender="+85259999999", body="5")

    status, content = ask(provider, f"{fake.PATH}.json?{urlencode(query)}")

    assert (status, len(content["messages"])) == (200, rows)
    check("list", content)


def test_the_official_client_reads_every_page_of_the_list(provider: fake.Fake) -> None:
    from surveys.sms import twilio

    for _text in range(7):
        ask(provider, f"{fake.PATH}.json", GOOD)

    listed = twilio._client().messages.list(page_size=3)

    assert [message.sid for message in listed] == [kept.sid for kept in reversed(provider.messages)]


def errors() -> dict[str, tuple[int, Callable[[fake.Fake], tuple[int, Any]]]]:
    create = f"{fake.PATH}.json"
    wrong = {
        "no recipient": {"To": ""},
        "no words": {"Body": ""},
        "no sender": {"MessagingServiceSid": ""},
        "no number": {"To": "hello"},
        "too long": {"Body": "字" * 1601},
    }
    return {
        **{
            name: (400, lambda provider, form=GOOD | given: ask(provider, create, form))
            for name, given in wrong.items()
        },
        "a wrong key": (401, lambda provider: ask(provider, create, GOOD, token="wrong")),
        "another account": (404, lambda provider: ask(provider, create.replace(fake.ACCOUNT, "AC" + "9" * 32), GOOD)),
        "a text that is not there": (404, lambda provider: ask(provider, f"{fake.PATH}/SM{'9' * 32}.json")),
    }


@pytest.mark.parametrize("name", list(errors()))
def test_an_error_is_described_like_the_real_one(provider: fake.Fake, name: str) -> None:
    expected, act = errors()[name]

    status, content = act(provider)

    assert (status, content["status"]) == (expected, expected)
    check("error", content)
    assert provider.messages == []


@pytest.mark.parametrize(
    ("faults", "expected"),
    [(fake.Faults(too_many=1), 429), (fake.Faults(error_before=1), 500), (fake.Faults(error_after=1), 500)],
)
def test_a_fault_is_described_like_the_real_one(provider: fake.Fake, faults: fake.Faults, expected: int) -> None:
    provider.faults = faults

    status, content = ask(provider, f"{fake.PATH}.json", GOOD)

    assert status == expected
    check("error", content)


@pytest.mark.parametrize(
    "fault",
    [{"status": "pondering"}, {"sid": "x"}, {"date_created": "2026-11-20"}, {"error_code": "30003"}, {"mood": "good"}],
)
def test_the_check_finds_what_the_real_one_never_says(provider: fake.Fake, fault: dict[str, str]) -> None:
    _status, content = ask(provider, f"{fake.PATH}.json", GOOD)

    with pytest.raises(ValidationError):
        check("message", content | fault)


def words(of: type) -> set[str]:
    return {value for name, value in vars(of).items() if name.isupper()}


def test_the_schema_and_the_official_client_know_the_same_words() -> None:
    """The client is generated from the same description: a new release that knows more fails here."""
    message = SCHEMA["$defs"]["message"]["properties"]
    read = set(re.findall(r'payload\.get\(\s*"(\w+)"', inspect.getsource(MessageInstance.__init__)))

    assert set(message["status"]["enum"]) == words(MessageInstance.Status)
    assert set(message["direction"]["enum"]) == words(MessageInstance.Direction)
    assert set(message) == read


def test_every_status_a_text_of_ours_can_have_has_its_rank() -> None:
    assert words(MessageInstance.Status) - NEVER_OF_OURS == set(RANKS)


@pytest.mark.django_db
def test_what_we_send_is_what_the_api_takes(provider: fake.Fake) -> None:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    invited(at=at, client=factories.client(at, phone=GOOD["To"]))
    services.deliver_next(now=NOW)

    sent = provider.messages[0].request

    known = {name.replace("_", "") for name in inspect.signature(MessageList.create).parameters}
    assert {name.lower() for name in sent} <= known
    assert (sent["To"], sent["MessagingServiceSid"]) == (GOOD["To"], fake.SERVICE)
    assert 1 <= int(sent["ValidityPeriod"]) <= 36_000
    assert sent["StatusCallback"].startswith("https://qa.example.org/webhooks/twilio/status?ref=")
