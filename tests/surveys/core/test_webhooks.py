"""The doors that providers knock at."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from qa_service.cases.models import ContactPlan
from surveys import services, tasks
from surveys.enums import ConversationState, Direction, MessageState
from surveys.models import Conversation, Message, MessageEvent
from surveys.sms.signatures import Keys, Signed, is_genuine, sign
from surveys.sms.twilio import reference_from, reference_mac, status_callback
from surveys.sms.twilio_codes import VERDICTS, verdict
from surveys.webhooks import WAKES_AFTER, Bell
from tests import factories
from tests.at_once import one_while_the_other_is_at_it
from tests.fakes.twilio import ACCOUNT, SERVICE, TOKEN, inbound_form
from tests.surveys.factories import invited

INBOUND = "/webhooks/twilio/inbound"
STATUS = "/webhooks/twilio/status"
BASE = "https://qa.example.org"
SID = "SM" + "a" * 32
HONG_KONG = "+85251234567"


@pytest.fixture
def twilio(settings) -> None:
    settings.SMS_GATEWAY = "twilio"
    settings.TWILIO_ACCOUNT_SID = ACCOUNT
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.TWILIO_MESSAGING_SERVICE_SID = SERVICE


def post(path: str, form: dict[str, str], *, token: str = TOKEN, signature: str | None = None, **headers: str) -> int:
    signed = sign(url=BASE + path, form={name: [value] for name, value in form.items()}, token=token)
    answer = Client().post(
        path,
        data=urlencode(form),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed if signature is None else signature, **headers},
    )
    return answer.status_code


def conversation_abroad() -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=at, client=factories.client(at, phone=HONG_KONG))


@pytest.mark.django_db
def test_a_signed_text_is_taken_and_answered(twilio: None) -> None:
    conversation = conversation_abroad()

    status = post(INBOUND, inbound_form(sender=HONG_KONG, body=" 5 ", sid=SID))

    conversation.refresh_from_db()
    assert (status, conversation.state) == (200, ConversationState.FINISHED)
    assert Message.objects.filter(direction=Direction.OUT).count() == 2


@pytest.mark.django_db
def test_a_replayed_text_changes_nothing(twilio: None) -> None:
    conversation_abroad()
    form = inbound_form(sender=HONG_KONG, body="5", sid=SID)

    statuses = {post(INBOUND, form) for _again in range(5)}

    assert (statuses, Message.objects.filter(direction=Direction.IN).count()) == ({200}, 1)


def mutations() -> dict[str, dict[str, object]]:
    form = inbound_form(sender=HONG_KONG, body="5", sid=SID)
    good = sign(url=BASE + INBOUND, form={name: [value] for name, value in form.items()}, token=TOKEN)
    return {
        "no signature": {"signature": ""},
        "a signature that is no base64": {"signature": "ä!"},
        "another token": {"token": "other"},
        "a changed body": {"signature": good, "form": form | {"Body": "1"}},
        "a changed sender": {"signature": good, "form": form | {"From": "+85259999999"}},
        "one parameter more": {"signature": good, "form": form | {"More": "x"}},
        "one parameter less": {
            "signature": good,
            "form": {name: value for name, value in form.items() if name != "NumMedia"},
        },
        "another account": {"form": form | {"AccountSid": "AC" + "1" * 32}},
        "a number that is no message": {"form": form | {"MessageSid": "../../x"}},
        "re-split names": {"signature": good, "form": form | {"Bod": "y5", "Body": ""}},
        "an unknown key": {"X-Twilio-Webhooks-Signature-Settings": "key=SKx,algorithm=HMAC_SHA256"},
        "an unknown algorithm": {"X-Twilio-Webhooks-Signature-Settings": "algorithm=NONE"},
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", list(mutations()))
def test_a_forged_request_is_refused_and_writes_nothing(twilio: None, name: str) -> None:
    given: dict[str, Any] = dict(mutations()[name])
    form = given.pop("form", inbound_form(sender=HONG_KONG, body="5", sid=SID))

    assert post(INBOUND, form, **given) == 403
    assert Message.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_kind_of_body_is_refused(twilio: None, content_type: str) -> None:
    answer = Client().post(INBOUND, data="{}", content_type=content_type)

    assert answer.status_code == 403


@pytest.mark.django_db
def test_looking_at_a_webhook_is_not_allowed(twilio: None) -> None:
    assert Client().get(INBOUND).status_code == 405


@pytest.mark.django_db
def test_without_the_gateway_the_doors_are_shut() -> None:
    assert post(INBOUND, inbound_form(sender=HONG_KONG, body="5", sid=SID)) == 403


@pytest.mark.django_db
def test_the_token_before_the_rotation_still_opens(twilio: None, settings) -> None:
    settings.TWILIO_AUTH_TOKEN, settings.TWILIO_PREVIOUS_AUTH_TOKEN = "new", TOKEN

    assert post(INBOUND, inbound_form(sender=HONG_KONG, body="5", sid=SID)) == 200


@pytest.mark.django_db
def test_a_report_with_our_reference_adopts_the_text(twilio: None) -> None:
    conversation_abroad()
    message = Message.objects.get()
    path = status_callback(message.reference or "").removeprefix(BASE)

    status = post(path, {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": "delivered"})

    message.refresh_from_db()
    assert (status, message.state, message.sid) == (204, MessageState.DELIVERED, SID)


@pytest.mark.django_db
def test_a_report_with_a_made_up_reference_adopts_nothing(twilio: None) -> None:
    conversation_abroad()
    reference = Message.objects.get().reference

    status = post(f"{STATUS}?ref={reference}.0000", {"AccountSid": ACCOUNT, "MessageSid": SID, "MessageStatus": "sent"})

    assert (status, Message.objects.get().sid, MessageEvent.objects.count()) == (204, None, 1)


@pytest.mark.django_db
def test_stop_from_the_provider_stops_and_is_not_answered_again(twilio: None) -> None:
    conversation = conversation_abroad()

    post(INBOUND, inbound_form(sender=HONG_KONG, body="STOP", sid=SID, OptOutType="STOP"))

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.STOPPED
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


@pytest.mark.django_db
def test_a_stranger_is_kept_and_answered_by_nothing(twilio: None) -> None:
    post(INBOUND, inbound_form(sender="+85250000001", body="5", sid=SID))

    message = Message.objects.get()
    assert (message.conversation, message.direction) == (None, Direction.IN)


@pytest.mark.django_db
def test_a_text_without_a_sender_is_nobody_s_and_least_of_all_of_those_without_a_number() -> None:
    at = factories.centre()
    without = invited(at=at, client=factories.client(at, phone=""))

    services.receive_text(gateway="memory", sid=SID, sender="", body="5", now=factories.NOW)

    assert (without.phone_index, Message.objects.get(direction=Direction.IN).conversation) == ("", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ["", "\x00", "字" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "🏳️‍🌈" * 400]
)
def test_any_body_is_taken_without_an_error(twilio: None, body: str) -> None:
    conversation_abroad()

    assert post(INBOUND, inbound_form(sender=HONG_KONG, body=body, sid=SID)) == 200


names = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=8)


@hypothesis_settings(max_examples=80, deadline=None)
@given(form=st.dictionaries(names, names, max_size=6), query=st.sampled_from(["", "?ref=a.b", "?x=%E6%B3%95"]))
def test_our_check_agrees_with_the_official_one(form: dict[str, str], query: str) -> None:
    url = f"{BASE}/webhooks/twilio/inbound{query}"
    official = RequestValidator(TOKEN).compute_signature(url, form)
    request = Signed(url=url, signature=official, form={name: [value] for name, value in form.items()})

    assert is_genuine(request, Keys(tokens=(TOKEN,), shared={}))
    assert not is_genuine(request, Keys(tokens=("other",), shared={}))


def test_sha256_is_checked_with_the_key_we_hold() -> None:
    url = f"{BASE}/x"
    signature = base64.b64encode(hmac.new(b"secret", (url + "ab").encode(), hashlib.sha256).digest()).decode()
    request = Signed(url=url, signature=signature, settings="key=SK1,algorithm=HMAC_SHA256", form={"a": ["b"]})

    assert is_genuine(request, Keys(tokens=(), shared={"SK1": "secret"}))
    assert not is_genuine(request, Keys(tokens=("secret",), shared={"SK2": "secret"}))


def test_a_json_body_needs_its_hash_in_the_url() -> None:
    body = b'{"a":1}'
    good = f"{BASE}/x?bodySHA256={hashlib.sha256(body).hexdigest()}"
    keys = Keys(tokens=(TOKEN,), shared={})

    assert is_genuine(Signed(url=good, signature=sign(url=good, form={}, token=TOKEN), body=body), keys)
    assert not is_genuine(Signed(url=good, signature=sign(url=good, form={}, token=TOKEN), body=b"{}"), keys)
    bare = f"{BASE}/x"
    assert not is_genuine(Signed(url=bare, signature=sign(url=bare, form={}, token=TOKEN), body=body), keys)


@pytest.mark.parametrize("url", ["https://h:99999/x", "https://[bad/x", ""])
def test_a_strange_address_is_a_refusal_not_an_error(url: str) -> None:
    assert not is_genuine(Signed(url=url, signature="YQ==", form={}), Keys(tokens=(TOKEN,), shared={}))


def test_a_reference_carries_our_mark() -> None:
    assert reference_from(f"abc.{reference_mac('abc')}") == "abc"
    assert reference_from("abc.0000") == ""
    assert reference_from("é") == ""


@pytest.mark.parametrize(
    ("http_status", "expected"), [(429, "ok_to_retry"), (500, "unknown"), (401, "halt"), (400, "permanent")]
)
def test_an_unlisted_refusal_is_judged_by_its_kind(http_status: int, expected: str) -> None:
    assert verdict(code="99999", http_status=http_status) == expected


def test_every_listed_code_means_one_thing() -> None:
    assert {code: verdict(code=code, http_status=400) for code in VERDICTS} == VERDICTS


@pytest.mark.django_db
def test_a_mainland_number_is_refused_without_the_assessment(twilio: None, settings) -> None:
    refused = invited()
    settings.EXPORT_ASSESSMENT_REFERENCE = "2026-17"
    allowed = invited()

    assert (refused.channel, refused.staff_reason) == ("telephone", "number_refused")
    # Twilio offers no replies and no links on the mainland: only the code is left.
    assert allowed.channel == "sms_code"
    assert ContactPlan.objects.count() == 2
    assert services.deliver_next is not None


@pytest.mark.django_db
def test_one_inbound_text_takes_eight_statements(twilio: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    conversation_abroad()
    post(INBOUND, inbound_form(sender="+85250000002", body="5", sid="SM" + "b" * 32))
    first = conversation_abroad_at("+85251111111")
    post(INBOUND, inbound_form(sender="+85251111111", body="5", sid="SM" + "c" * 32))

    with CaptureQueriesContext(connection) as statements:
        post(INBOUND, inbound_form(sender=HONG_KONG, body="5", sid=SID))

    kinds = [query["sql"].split(" ", 1)[0] for query in statements.captured_queries]
    assert first.pk
    assert sum(kind in {"SELECT", "INSERT", "UPDATE", "DELETE"} for kind in kinds) == 8


def test_texts_in_quick_succession_wake_delivery_once_and_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[float] = []
    clock = iter([10.0, 10.05, 10.09, 10.11])
    monkeypatch.setattr("surveys.webhooks.monotonic", lambda: next(clock))
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda **options: rung.append(options["countdown"]))
    bell = Bell()

    for _text in range(4):
        bell.ring()

    assert rung == [WAKES_AFTER, WAKES_AFTER]


def test_a_broker_that_is_away_is_tried_again_by_the_next_text(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[float] = []

    def away(countdown: float) -> None:
        tried.append(countdown)
        raise ConnectionRefusedError

    monkeypatch.setattr(tasks.deliver, "apply_async", away)
    bell = Bell()

    bell.ring()
    bell.ring()

    assert len(tried) == 2


def conversation_abroad_at(phone: str) -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=at, client=factories.client(at, phone=phone))


def after(seconds: int, act: Callable[[], Any]) -> Any:
    """The database looks for a deadlock once, when somebody has waited this long: who looks first gives way."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET deadlock_timeout = '{seconds}s'")
    return act()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_stop_that_has_to_give_way_to_somebody_else_is_taken_once_more(twilio: None) -> None:
    conversation = conversation_abroad()
    statuses: list[int] = []

    raised = one_while_the_other_is_at_it(
        lambda: Message.objects.filter(conversation=conversation).update(error_code=""),
        lambda: statuses.append(after(2, lambda: post(INBOUND, inbound_form(sender=HONG_KONG, body="STOP", sid=SID)))),
        then=lambda: after(30, lambda: Conversation.objects.select_for_update().get(pk=conversation.pk)),
    )

    conversation.refresh_from_db()
    assert (raised, statuses, conversation.state) == ([], [200], ConversationState.STOPPED)
