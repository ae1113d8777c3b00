"""The domestic gateway: its own SDK, over HTTP, against a provider that checks the signature and remembers."""

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.test import Client as Browser
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from qa_service.accounts.enums import Role
from qa_service.common.logs import PersonalDataFilter
from surveys import services, texts
from surveys.enums import Channel, ConversationState, Direction, MessageKind, MessageState, Mode, StaffReason
from surveys.models import Alert, Conversation, Message, MessageEvent, OptOut, Response
from surveys.queries import telephone_list
from surveys.sms import CODES, active_gateway, aliyun
from surveys.sms.aliyun_codes import VERDICTS, seconds_to_wait, verdict
from surveys.sms.aliyun_pushes import MOST_ITEMS, UnreadablePush, replies, reports
from surveys.sms.base import Sms, SmsError, Verdict
from tests import factories
from tests.factories import NOW
from tests.fakes import aliyun as fake
from tests.fakes.aliyun import Fake, reply_of, report_of, said
from tests.fakes.scripted import Scripted, given_up_on
from tests.stage import Stage
from tests.surveys.factories import invited
from tests.surveys.sweeping import sweep_moments

pytestmark = pytest.mark.aliyun

PHONE = "+8613800001111"
TOKEN = "t" * 40
OLD_TOKEN = "o" * 40
REPORT, REPLY = f"/webhooks/aliyun/{TOKEN}/report", f"/webhooks/aliyun/{TOKEN}/reply"
INVITATION, REMINDER = fake.TEMPLATES
HTML = "<html><body>Bad gateway</body></html>"
QUEUED, ACCEPTED, FAILED, UNKNOWN = (
    MessageState.QUEUED,
    MessageState.ACCEPTED,
    MessageState.FAILED,
    MessageState.UNKNOWN,
)
# With which the service takes it for its provider, wherever it listens.
IN_USE: dict[str, Any] = {
    "SMS_GATEWAY": "aliyun",
    "ALIYUN_ACCESS_KEY_ID": fake.KEY_ID,
    "ALIYUN_ACCESS_KEY_SECRET": fake.KEY_SECRET,
    "ALIYUN_SMS_SIGN_NAME": fake.SIGN_NAME,
    "ALIYUN_SMS_TEMPLATES": {"invitation.sms_code": INVITATION, "reminder.sms_code": REMINDER},
    "ALIYUN_CALLBACK_TOKEN": TOKEN,
    "ALIYUN_PREVIOUS_CALLBACK_TOKEN": "",
    "ALIYUN_CALLBACK_NETWORKS": [],
}


@pytest.fixture
def provider(settings: Any) -> Iterator[Fake]:
    """The fake provider; everybody's clock stands at NOW and ticks."""
    with fake.running() as running, time_machine.travel(NOW, tick=True):
        for name, value in IN_USE.items():
            setattr(settings, name, value)
        settings.ALIYUN_API_BASE_URL = running.address
        aliyun._client.cache_clear()
        yield running
        aliyun._client.cache_clear()


def conversation_with(phone: str = PHONE, **plan: Any) -> Conversation:
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=at, client=factories.client(at, phone=phone, plan=plan))


def asked(phone: str = PHONE) -> Conversation:
    conversation = conversation_with(phone)
    services.deliver_next(now=NOW)
    return conversation


def the_message() -> Message:
    return Message.objects.get(direction=Direction.OUT)


def push(path: str, *items: Any, **extra: Any) -> Any:
    return Browser().post(path, data=json.dumps(items), content_type="application/json", **extra)


def reasons_to_telephone(conversation: Conversation) -> list[str]:
    staff = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    return [item.staff_reason for item in telephone_list(user=staff, now=NOW)]


def sweeps_go_on(*, hours: float = 4, since: datetime = NOW) -> None:
    for moment in sweep_moments(hours=hours, since=since):
        with time_machine.travel(moment, tick=True):
            while services.deliver_next(now=moment):
                pass
            services.reconcile_unknown(now=moment)


# --- what it sends --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.usefixtures("context_kept")
def test_a_client_is_asked_by_a_template_and_answers_with_its_code_on_the_public_page(provider: Fake) -> None:
    conversation = asked()

    text = provider.texts[0]
    sent = provider.asked["SendSms"]
    code = json.loads(sent["TemplateParam"])["code"]
    assert (conversation.channel, the_message().state, the_message().sid) == (Channel.SMS_CODE, ACCEPTED, text.biz_id)
    assert (sent["PhoneNumbers"], sent["SignName"], sent["TemplateCode"]) == (PHONE[1:], "服务回访", INVITATION)
    assert (sent["OutId"], text.content) == (the_message().reference, the_message().body)

    provider.settle(text, arrived=True)
    push(REPORT, report_of(text))
    phone = Browser()
    page = phone.post("/s/", {"code": code}).headers["Location"]
    following = phone.post(page).headers["Location"]
    while "/q/" in following:
        shown = phone.get(following).context
        choices = shown["question"].choices if shown else ()
        following = phone.post(following, {"value": choices[0].value if choices else ""}).headers["Location"]

    assert (the_message().state, Response.objects.get().mode) == (MessageState.DELIVERED, Mode.WEB)
    assert following.endswith("/done")
    conversation.refresh_from_db()
    assert conversation.state == ConversationState.FINISHED


@pytest.mark.django_db
def test_a_reminder_goes_by_its_own_template_with_the_same_code(provider: Fake) -> None:
    conversation = asked()
    code = json.loads(provider.asked["SendSms"]["TemplateParam"])["code"]
    conversation.refresh_from_db()
    assert conversation.remind_at is not None

    services.remind(now=conversation.remind_at)
    with time_machine.travel(conversation.remind_at, tick=True):
        services.deliver_next(now=conversation.remind_at + timedelta(hours=10))

    reminder = Message.objects.get(kind=MessageKind.REMINDER)
    assert (provider.asked["SendSms"]["TemplateCode"], len(provider.texts)) == (REMINDER, 2)
    assert (json.loads(provider.asked["SendSms"]["TemplateParam"])["code"], reminder.state) == (code, ACCEPTED)


def test_every_text_is_recognised_by_its_words() -> None:
    for (kind, channel), spoken in texts.TEMPLATES.items():
        for language in spoken:
            given: dict[str, Any] = {"link": "https://qa.example.org/s/x", "code": "K7M2P4QX", "phone": "0739-5550100"}
            body = texts.compose(kind=kind, channel=channel, language=language, **given)
            found = texts.recognise(body)
            assert found is not None
            assert found.name == texts.template_name(kind, channel, language)
            assert dict(found.variables) == {name: given[name] for name in found.variables}
            assert len(found.variables) == spoken[language].count("{")


def test_words_that_are_none_of_ours_are_not_recognised() -> None:
    assert texts.recognise("【服务回访】您好，请回电。") is None


def test_the_templates_that_the_operator_registers_are_our_words() -> None:
    page = (Path(__file__).parents[3] / "docs" / "gateways.md").read_text(encoding="utf-8")
    listed = re.findall(r"^ *\| `([\w.]+)` \| (您好.*) \|$", page, flags=re.MULTILINE)
    ours = [
        texts.TEMPLATES[(kind, Channel.SMS_CODE)]["zh-hans"] for kind in (MessageKind.INVITATION, MessageKind.REMINDER)
    ]

    assert [text.replace("{", "${") for text in ours] == list(fake.TEMPLATES.values())
    assert listed == list(zip(("invitation.sms_code", "reminder.sms_code"), fake.TEMPLATES.values(), strict=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("phone", "reason"),
    [("+85251234567", StaffReason.NO_GATEWAY), ("+861088886666", StaffReason.NUMBER_REFUSED)],
    ids=["abroad", "a landline"],
)
def test_other_numbers_than_mainland_mobiles_are_telephoned(provider: Fake, phone: str, reason: StaffReason) -> None:
    conversation = conversation_with(phone)

    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, reason)
    assert (services.deliver_next(now=NOW), provider.asked_to_send) == (None, 0)


@pytest.mark.django_db
def test_nothing_is_handed_over_in_the_last_hour_because_no_last_hour_can_be_said(provider: Fake) -> None:
    invited()
    evening = NOW.replace(hour=11)  # seven in the evening in Shanghai

    services.deliver_next(now=evening)
    assert provider.texts == []

    services.deliver_next(now=evening + timedelta(hours=14))
    assert len(provider.texts) == 1


@pytest.mark.django_db
def test_a_text_without_a_registered_template_is_never_sent(provider: Fake, settings: Any) -> None:
    conversation = conversation_with(language="en")

    services.deliver_next(now=NOW)

    assert (the_message().state, the_message().error_code, provider.asked_to_send) == (FAILED, "no_template", 0)
    assert reasons_to_telephone(conversation) == [StaffReason.NUMBER_REFUSED]


def test_another_language_has_templates_of_its_own(provider: Fake, settings: Any) -> None:
    settings.ALIYUN_SMS_TEMPLATES = {"invitation.sms_code.en": INVITATION}
    words = texts.recognise(
        texts.compose(
            kind=MessageKind.INVITATION, channel=Channel.SMS_CODE, language="en", phone="0739-5550100", code="K7M2P4QX"
        )
    )
    assert words is not None

    sms = Sms(reference="r", to=PHONE, body="", valid_for=60, template=words.name, variables=words.variables)
    aliyun.gateway().send(sms)

    assert provider.texts[0].template == INVITATION


@pytest.mark.parametrize(
    "missing", ["ALIYUN_ACCESS_KEY_ID", "ALIYUN_SMS_TEMPLATES", "ALIYUN_SMS_SIGN_NAME", "ALIYUN_CALLBACK_TOKEN"]
)
def test_a_half_configured_gateway_is_refused(provider: Fake, settings: Any, missing: str) -> None:
    setattr(settings, missing, type(getattr(settings, missing))())

    with pytest.raises(ImproperlyConfigured, match=missing):
        active_gateway()


def test_a_short_secret_is_refused(provider: Fake, settings: Any) -> None:
    settings.ALIYUN_CALLBACK_TOKEN = "short"

    with pytest.raises(ImproperlyConfigured, match="32"):
        active_gateway()


# --- the fake is as strict as the real one ---------------------------------------------------------------------------


def test_the_fakes_signature_is_that_of_the_official_example() -> None:
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    query = [("RegionId", "cn-shanghai"), ("ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd")]

    signature = fake.signature_of(
        method="POST", path="/", query=query, headers=headers, names=sorted(headers), secret="YourAccessKeySecret"
    )

    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_the_official_client_in_its_own_clothes_is_understood(provider: Fake) -> None:
    """What we send differs in nothing from what the SDK sends by itself but in how the line is held."""
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest
    from alibabacloud_tea_openapi.utils_models import Config

    host = provider.address.removeprefix("http://")
    client = Client(
        Config(access_key_id=fake.KEY_ID, access_key_secret=fake.KEY_SECRET, endpoint=host, protocol="http")
    )
    values = '{"phone": "0739-5550100", "code": "K7M2P4QX"}'
    request = SendSmsRequest(
        phone_numbers=PHONE[1:], sign_name="服务回访", template_code=INVITATION, template_param=values, out_id="r"
    )
    body = client.send_sms(request).body
    by_itself = provider.asked["SendSms"]
    sms = Sms(
        reference="r", to=PHONE, body="", valid_for=60, template="invitation.sms_code", variables=json.loads(values)
    )
    receipt = aliyun.gateway().send(sms)

    assert (body.code, body.biz_id, receipt.sid) == ("OK", *(kept.biz_id for kept in provider.texts))
    assert provider.asked["SendSms"] == by_itself


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"ALIYUN_ACCESS_KEY_SECRET": "wrong"}, "SignatureDoesNotMatch"),
        ({"ALIYUN_ACCESS_KEY_ID": "wrong"}, "InvalidAccessKeyId.NotFound"),
        ({"ALIYUN_SMS_SIGN_NAME": "别的"}, "isv.SMS_SIGNATURE_ILLEGAL"),
        ({"ALIYUN_SMS_TEMPLATES": {"invitation.sms_code": "SMS_9"}}, "isv.SMS_TEMPLATE_ILLEGAL"),
    ],
)
def test_what_the_operator_got_wrong_makes_sending_rest(
    provider: Fake, settings: Any, changed: dict[str, Any], code: str
) -> None:
    for name, value in changed.items():
        setattr(settings, name, value)

    with pytest.raises(SmsError) as refused:
        aliyun.gateway().send(sms_with())

    assert (refused.value.verdict, refused.value.code, provider.texts) == (Verdict.HALT, code, [])


def sms_with(**variables: str) -> Sms:
    given = {"phone": "0739-5550100", "code": "K7M2P4QX"} | variables
    return Sms(reference="r", to=PHONE, body="", valid_for=60, template="invitation.sms_code", variables=given)


@pytest.mark.parametrize(
    ("variables", "code", "expected"),
    [
        ({"phone": "0739-5550100转8"}, "isv.TEMPLATE_PARAMS_ILLEGAL", Verdict.PERMANENT),
        ({"code": "x" * 36}, "isv.PARAM_LENGTH_LIMIT", Verdict.PERMANENT),
        ({"code": "https://x"}, "isv.PARAM_NOT_SUPPORT_URL", Verdict.PERMANENT),
    ],
)
def test_what_does_not_fit_the_template_concerns_this_text_alone(
    provider: Fake, variables: dict[str, str], code: str, expected: Verdict
) -> None:
    with pytest.raises(SmsError) as refused:
        aliyun.gateway().send(sms_with(**variables))

    assert (refused.value.verdict, refused.value.code) == (expected, code)


# --- whatever the provider does --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """`wait`: seconds until it is tried again. `asked`, `kept`: requests to send, and texts the provider took."""

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


def never(code: str, says: str, *, telephone: str = StaffReason.NUMBER_REFUSED) -> Row:
    """Refused for good: a person telephones."""
    return Row(says, Scripted(body=said(code)), FAILED, code, ends=FAILED, kept=0, telephone=telephone)


def unclear(says: str, fault: Scripted, code: str) -> Row:
    """Perhaps taken: looked up by our reference, and sent again only where it is not found twice."""
    # What the carrier is already busy with counts as sent.
    ends = MessageState.SENT if fault.takes else ACCEPTED
    return Row(says, fault, UNKNOWN, code, ends=ends, asked=1 if fault.takes else 2)


def limit(words: str) -> Scripted:
    return Scripted(body=said("isv.BUSINESS_LIMIT_CONTROL", words))


TABLE = [
    later("a number's limit of the minute waits a minute", limit("触发分钟级流控Permits:1"),
          "isv.BUSINESS_LIMIT_CONTROL", 60),
    later("its limit of the hour waits an hour", limit("触发小时级流控Permits:5"), "isv.BUSINESS_LIMIT_CONTROL",
          3600),
    later("its limit of the day is asked for every hour", limit("触发天级流控Permits:10"), "isv.BUSINESS_LIMIT_CONTROL",
          3600),
    later("a limit in other words waits a little", limit("?"), "isv.BUSINESS_LIMIT_CONTROL"),
    later("the account's limit of the day waits an hour", Scripted(body=said("isv.DAY_LIMIT_CONTROL")),
          "isv.DAY_LIMIT_CONTROL", 3600),
    later("throttling at the front door waits", Scripted(status=400, body=said("Throttling.User")), "Throttling.User"),
    later("throttling with a server's status waits", Scripted(status=503, body=said("Throttling")), "Throttling"),
    later("too many at once waits as long as is said", Scripted(status=429, headers={"Retry-After": "120"}), "429",
          120),
    later("a refusal in HTML is not the provider's word on the text",
          Scripted(status=400, body=HTML, content_type="text/html"), "400"),
    later("a refusal that nests without end is not either", Scripted(status=400, body="[" * 200_000), "400"),
    later("an account without money makes sending rest", Scripted(body=said("isv.AMOUNT_NOT_ENOUGH")),
          "isv.AMOUNT_NOT_ENOUGH", 600),
    later("a template that is not approved does too", Scripted(body=said("isv.SMS_TEMPLATE_ILLEGAL")),
          "isv.SMS_TEMPLATE_ILLEGAL", 600),
    later("a signature that does not match does too", Scripted(status=400, body=said("SignatureDoesNotMatch")),
          "SignatureDoesNotMatch", 600),
    later("a forbidden account does too", Scripted(status=403, body=said("Forbidden.Something")), "Forbidden.Something",
          600),
    later("a proxy that asks for a password does too", Scripted(status=407, body=HTML), "407", 600),
    never("isv.MOBILE_NUMBER_ILLEGAL", "what is no number is telephoned about"),
    never("isv.TEMPLATE_PARAMS_ILLEGAL", "an office number that does not fit ends in a telephone call"),
    never("isv.SOMETHING_NEW", "a refusal that we do not know is not tried again"),
    never("isv.BLACK_KEY_CONTROL_LIMIT", "whoever is on the list of refusals is left alone", telephone=""),
    unclear("their system's error before the text was taken is looked up", Scripted(body=said("isp.SYSTEM_ERROR")),
            "isp.SYSTEM_ERROR"),
    unclear("their system's error after it was taken is looked up",
            Scripted(body=said("isp.SYSTEM_ERROR"), takes=True), "isp.SYSTEM_ERROR"),
    unclear("an error of the platform that we do not know is looked up",
            Scripted(body=said("isp.SOMETHING_NEW"), takes=True), "isp.SOMETHING_NEW"),
    unclear("a nonce that is used is looked up: the first copy may have been taken",
            Scripted(status=400, body=said("SignatureNonceUsed"), takes=True), "SignatureNonceUsed"),
    unclear("an internal error is looked up", Scripted(status=500, body=said("InternalError")), "InternalError"),
    unclear("a refusal with a server's status is looked up",
            Scripted(status=500, body=said("isv.MOBILE_NUMBER_ILLEGAL"), takes=True), "isv.MOBILE_NUMBER_ILLEGAL"),
    unclear("a bad gateway is looked up", Scripted(status=502, body=HTML, takes=True), "502"),
    unclear("a provider that is away is looked up", Scripted(status=503), "503"),
    unclear("a reply that was dropped is looked up", Scripted(hangs_up=True, takes=True), "no_answer"),
    unclear("a line that broke before is looked up", Scripted(hangs_up=True), "no_answer"),
    unclear("a reply that comes too late is looked up",
            Scripted(body=said("OK", BizId="1^0"), takes=True, waits=0.6), "no_answer"),
    unclear("a reply that drips in is not waited for",
            Scripted(body=said("OK", BizId="1^0"), takes=True, drips=0.05), "too_slow"),
    unclear("an empty reply is looked up", Scripted(takes=True), "200"),
    unclear("a reply in HTML is looked up", Scripted(body=HTML, content_type="text/html", takes=True), "200"),
    unclear("a reply in broken JSON is looked up", Scripted(body='{"Code": "O', takes=True), "200"),
    unclear("a reply that is a list is looked up", Scripted(body="[1]", takes=True), "200"),
    unclear("an OK without a number is looked up", Scripted(body=said("OK"), takes=True), "unreadable"),
    unclear("an OK with a number that is none is looked up", Scripted(body=said("OK", BizId="../x"), takes=True),
            "unreadable"),
    unclear("an OK whose number is a list is looked up", Scripted(body=said("OK", BizId=[1]), takes=True),
            "unreadable"),
    unclear("a redirect is not followed and looked up",
            Scripted(status=307, headers={"Location": "http://127.0.0.1:9/"}), "307"),
]  # fmt: skip


@pytest.mark.django_db
class TestOneTextThatWaits:
    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def _waiting(cls, stage: Stage) -> None:
        with override_settings(**IN_USE), time_machine.travel(NOW, tick=True):
            stage(conversation_with)

    @pytest.mark.parametrize("row", TABLE, ids=lambda row: row.says)
    def test_whatever_the_provider_does(self, provider: Fake, row: Row) -> None:
        conversation = Conversation.objects.get()
        provider.next_sends = [row.fault]

        with given_up_on(row.fault):
            services.deliver_next(now=NOW)

        message = the_message()
        wait = int((message.not_before - NOW).total_seconds()) if message.state == QUEUED else None
        assert (message.state, message.error_code, wait) == (row.state, row.code, row.wait)

        sweeps_go_on()

        assert (the_message().state, provider.asked_to_send, len(provider.texts)) == (row.ends, row.asked, row.kept)
        assert all(times == 1 for times in provider.sends().values())
        assert reasons_to_telephone(conversation) == ([row.telephone] if row.telephone else [])

    def test_any_text_from_any_number_is_taken_without_an_error(self, provider: Fake) -> None:
        services.deliver_next(now=NOW)

        answers = {}
        for content in ("", "\x00", "\ud800", "字" * 5000, "🏳️‍🌈" * 400, "<b>", "=1+1"):
            for phone in ("13800001111", "", "106575", "x" * 200, "\ud800", "+86 138 0000 1111"):
                item = reply_of(phone=PHONE, content=content, at=NOW) | {"phone_number": phone}
                with transaction.atomic():
                    answers[content, phone] = push(REPLY, item).status_code
                    transaction.set_rollback(True)

        assert answers == dict.fromkeys(answers, 200)


def test_only_limits_say_how_long_to_wait() -> None:
    waits = {code: seconds_to_wait(code=code, message="触发天级流控") for code in VERDICTS}

    assert {code: wait for code, wait in waits.items() if wait} == {
        "isv.BUSINESS_LIMIT_CONTROL": 3600,
        "isv.DAY_LIMIT_CONTROL": 3600,
    }


@pytest.mark.parametrize("code", list(VERDICTS))
def test_every_listed_code_means_one_thing(code: str) -> None:
    assert verdict(code=code, http_status=200) == VERDICTS[code] == CODES["aliyun"][code]
    assert verdict(code=code, http_status=500) in (Verdict.UNKNOWN, Verdict.OK_TO_RETRY)
    longest = Message._meta.get_field("error_code").max_length
    assert longest is not None
    assert len(code) <= longest


@given(code=st.text(max_size=40), status=st.integers(100, 599))
def test_a_text_is_tried_again_only_where_it_was_surely_not_taken(code: str, status: int) -> None:
    judged = verdict(code=code, http_status=status)

    if status >= 500 and not code.startswith("Throttling"):
        assert judged is Verdict.UNKNOWN
    if judged in (Verdict.OK_TO_RETRY, Verdict.HALT):
        assert status < 500 or code.startswith("Throttling")


# --- looking up what is unclear --------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arrived", "code", "ends"),
    [(True, "", MessageState.DELIVERED), (False, "MOBILE_NOT_ON_SERVICE", MessageState.UNDELIVERED)],
)
def test_an_unclear_text_is_settled_by_our_reference(provider: Fake, arrived: bool, code: str, ends: str) -> None:
    conversation = conversation_with()
    provider.next_sends = [Scripted(hangs_up=True, takes=True)]
    services.deliver_next(now=NOW)
    provider.settle(provider.texts[0], arrived=arrived, code=code)

    services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    assert (the_message().state, the_message().error_code, the_message().sid) == (ends, code, None)
    assert reasons_to_telephone(conversation) == ([] if arrived else [StaffReason.NUMBER_REFUSED])


@pytest.mark.django_db
def test_a_report_names_the_text_that_was_settled_without_its_number(provider: Fake) -> None:
    conversation_with()
    provider.next_sends = [Scripted(hangs_up=True, takes=True)]
    services.deliver_next(now=NOW)
    services.reconcile_unknown(now=NOW + timedelta(minutes=11))
    provider.settle(provider.texts[0], arrived=True)

    push(REPORT, report_of(provider.texts[0]))

    assert (the_message().state, the_message().sid) == (MessageState.DELIVERED, provider.texts[0].biz_id)


@pytest.mark.django_db
def test_anothers_text_to_the_same_number_settles_nothing(provider: Fake) -> None:
    """Of the same words even: the reference decides."""
    conversation_with()
    provider.next_sends = [Scripted(hangs_up=True)]
    services.deliver_next(now=NOW)
    provider.take(provider.asked["SendSms"] | {"OutId": "another"})

    services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    assert the_message().state == UNKNOWN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [
        Scripted(status=500),
        Scripted(body=said("isp.RAM_PERMISSION_DENY")),
        Scripted(body=said("OK", SmsSendDetailDTOs={"SmsSendDetailDTO": [{"SendStatus": 9}]})),
        Scripted(body=said("OK", SmsSendDetailDTOs=[1])),
        Scripted(hangs_up=True),
    ],
)
def test_not_having_been_able_to_look_is_not_having_looked(provider: Fake, fault: Scripted) -> None:
    conversation_with()
    provider.next_sends = [Scripted(hangs_up=True)]
    services.deliver_next(now=NOW)
    provider.next_looks = [fault]

    services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    assert (the_message().state, the_message().looks) == (UNKNOWN, 0)


@pytest.mark.django_db
def test_a_text_is_looked_up_on_each_of_the_providers_own_days(provider: Fake) -> None:
    """Eight in the evening of UTC is the next day there."""
    provider.clock = lambda: datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
    provider.take({"TemplateParam": '{"phone": "1", "code": "2"}', "TemplateCode": INVITATION, "SignName": "服务回访",
                   "PhoneNumbers": PHONE, "OutId": "r"})  # fmt: skip
    provider.clock = lambda: datetime.now(UTC)

    found = aliyun.gateway().find(to=PHONE, since=datetime(2026, 11, 18, 20, 0, tzinfo=UTC))

    assert [(item.reference, item.status) for item in found] == [("r", "sent")]
    assert provider.asked["QuerySendDetails"]["SendDate"] == "20261120"


def test_every_page_of_a_day_is_read_and_too_many_settle_nothing(provider: Fake) -> None:
    given = {"TemplateParam": '{"phone": "1", "code": "2"}', "TemplateCode": INVITATION, "SignName": "服务回访",
             "PhoneNumbers": PHONE}  # fmt: skip
    for number in range(60):
        provider.take(given | {"OutId": str(number)})
    assert len(list(aliyun.gateway().find(to=PHONE, since=NOW))) == 60

    for number in range(150):
        provider.take(given | {"OutId": f"more-{number}"})
    with pytest.raises(SmsError, match="too_many_rows"):
        list(aliyun.gateway().find(to=PHONE, since=NOW))


# --- what it pushes ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_push_is_answered_as_the_provider_wants(provider: Fake) -> None:
    asked()
    provider.settle(provider.texts[0], arrived=True)

    answer = push(REPORT, report_of(provider.texts[0]))

    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (200, 0, "application/json")
    assert push(REPORT).json() == answer.json()


@pytest.mark.django_db
def test_one_push_reports_many_texts(provider: Fake) -> None:
    conversations = [conversation_with(f"+861380000{number:04d}") for number in range(3)]
    while services.deliver_next(now=NOW):
        pass
    for kept, arrived in zip(provider.texts, (True, False, True), strict=True):
        provider.settle(kept, arrived=arrived)

    push(REPORT, *(report_of(kept) for kept in provider.texts))

    states = Message.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [MessageState.DELIVERED, MessageState.UNDELIVERED, MessageState.DELIVERED]
    assert reasons_to_telephone(conversations[1]) == [StaffReason.NUMBER_REFUSED]


@pytest.mark.django_db
def test_the_same_report_again_changes_nothing_and_a_contradiction_is_kept(provider: Fake) -> None:
    asked()
    provider.settle(provider.texts[0], arrived=True)
    for _time in range(3):
        push(REPORT, report_of(provider.texts[0]))
    push(REPORT, report_of(provider.texts[0], success=False, err_code="MOBILE_NOT_ON_SERVICE"))

    assert the_message().state == MessageState.DELIVERED
    assert list(MessageEvent.objects.order_by("pk").values_list("status", "contradicts")) == [
        ("delivered", False),
        ("undelivered", True),
    ]


@pytest.mark.django_db
def test_a_report_that_comes_before_our_own_answer_is_kept(provider: Fake) -> None:
    conversation_with()
    provider.next_sends = [Scripted(hangs_up=True, takes=True)]
    services.deliver_next(now=NOW)
    provider.settle(provider.texts[0], arrived=True)

    push(REPORT, report_of(provider.texts[0]))
    services.reconcile_unknown(now=NOW + timedelta(minutes=11))

    assert (the_message().state, the_message().sid) == (MessageState.DELIVERED, provider.texts[0].biz_id)
    assert "QuerySendDetails" not in provider.asked


@pytest.mark.django_db
def test_who_has_unsubscribed_is_not_texted_again_nor_telephoned(provider: Fake) -> None:
    conversation = asked()

    push(REPORT, report_of(provider.texts[0], success=False, err_code="MOBILE_IN_BLACK"))

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.count()) == (ConversationState.STOPPED, 1)
    assert reasons_to_telephone(conversation) == []


@pytest.mark.django_db
def test_what_cannot_be_read_is_left_out_and_the_rest_is_taken(
    provider: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    asked()
    provider.settle(provider.texts[0], arrived=True)

    answer = push(REPORT, 1, None, {}, {"biz_id": "x"}, [], report_of(provider.texts[0]), {"success": True})

    assert (answer.status_code, the_message().state) == (200, MessageState.DELIVERED)
    assert "6 items" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("path", [REPORT, REPLY])
@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[", b"\xff", b"[" * 100_000, b"[1e999", b'"x"'])
def test_a_body_that_is_no_list_is_a_clear_refusal(provider: Fake, path: str, body: bytes) -> None:
    assert Browser().post(path, data=body, content_type="application/json").status_code == 400


@pytest.mark.django_db
def test_a_body_that_is_too_large_is_a_clear_refusal(provider: Fake, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert push(REPLY, "x" * 200).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        f"/webhooks/aliyun/{'x' * 40}/reply",
        f"/webhooks/aliyun/{TOKEN[:-1]}/reply",
        f"/webhooks/aliyun/{TOKEN}x/reply",
        "/webhooks/aliyun/short/reply",
        f"/webhooks/aliyun/{OLD_TOKEN}/reply",
        "/webhooks/aliyun/é/reply",
    ],
)
def test_a_push_without_the_secret_changes_nothing(provider: Fake, path: str) -> None:
    conversation = asked()

    answer = push(path, reply_of(phone=PHONE, content="退订", at=NOW))

    conversation.refresh_from_db()
    assert (answer.status_code, conversation.state) == (403, ConversationState.AWAITING)


@pytest.mark.django_db
def test_no_secret_at_all_opens_nothing(provider: Fake, settings: Any) -> None:
    settings.ALIYUN_CALLBACK_TOKEN = settings.ALIYUN_PREVIOUS_CALLBACK_TOKEN = "short"

    assert push("/webhooks/aliyun/short/reply").status_code == 403


@pytest.mark.django_db
def test_the_secret_before_the_change_still_opens(provider: Fake, settings: Any) -> None:
    settings.ALIYUN_CALLBACK_TOKEN, settings.ALIYUN_PREVIOUS_CALLBACK_TOKEN = OLD_TOKEN, TOKEN

    assert (push(REPLY).status_code, push(f"/webhooks/aliyun/{OLD_TOKEN}/reply").status_code) == (200, 200)


@pytest.mark.django_db
def test_the_doors_are_shut_while_another_gateway_is_in_use(provider: Fake, settings: Any) -> None:
    settings.SMS_GATEWAY = "memory"

    assert (push(REPORT).status_code, push(REPLY).status_code) == (403, 403)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("networks", "address", "status"),
    [
        (["203.0.113.0/24"], "203.0.113.7", 200),
        (["203.0.113.0/24"], "198.51.100.7", 403),
        (["203.0.113.0/24", "2001:db8::/32"], "2001:db8::1", 200),
        (["203.0.113.0/24"], "", 403),
        ([], "198.51.100.7", 200),
    ],
)
def test_only_the_networks_that_are_named_may_push(
    provider: Fake, settings: Any, networks: list[str], address: str, status: int
) -> None:
    settings.ALIYUN_CALLBACK_NETWORKS = networks

    assert push(REPLY, REMOTE_ADDR=address).status_code == status


def test_the_secret_leaves_through_no_log_line() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Bad Request: %s", (REPORT,), None)
    PersonalDataFilter().filter(record)

    assert record.getMessage() == "Bad Request: /webhooks/aliyun/[key]/report"


# --- what clients write back ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_stop_stops_everything_and_is_answered_by_nothing(provider: Fake) -> None:
    conversation = asked()

    push(REPLY, reply_of(phone=PHONE, content="Ｔ", at=NOW))

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.count()) == (ConversationState.STOPPED, 1)
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


@pytest.mark.django_db
def test_a_rating_that_is_written_back_counts(provider: Fake) -> None:
    conversation = asked()

    push(REPLY, reply_of(phone=PHONE, content="4", at=NOW))

    conversation.refresh_from_db()
    assert (conversation.state, Response.objects.get().mode) == (ConversationState.FINISHED, Mode.SMS)
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


@pytest.mark.django_db
def test_what_cannot_be_understood_goes_to_a_person_at_once(provider: Fake) -> None:
    """Nothing can be asked back by text here."""
    conversation = asked()

    push(REPLY, reply_of(phone=PHONE, content="？？？", at=NOW))

    assert reasons_to_telephone(conversation) == [StaffReason.UNCLEAR]
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


@pytest.mark.django_db
def test_words_of_danger_reach_the_staff(provider: Fake) -> None:
    asked()

    push(REPLY, reply_of(phone=PHONE, content="他又打我", at=NOW))

    assert Alert.objects.get().kind == "danger"


@pytest.mark.django_db
def test_the_same_reply_pushed_again_counts_once_and_the_same_number_on_another_is_kept(provider: Fake) -> None:
    asked()
    item = reply_of(phone=PHONE, content="您好", at=NOW, sequence=7)

    push(REPLY, item, item)
    push(REPLY, item | {"sequence_id": "7"})
    push(REPLY, reply_of(phone=PHONE, content="退订", at=NOW, sequence=7))

    assert Message.objects.filter(direction=Direction.IN).count() == 2
    assert OptOut.objects.count() == 1


@pytest.mark.django_db
def test_a_stranger_is_kept_and_answered_by_nothing(provider: Fake) -> None:
    push(REPLY, reply_of(phone="13899990000", content="5", at=NOW))

    message = Message.objects.get()
    assert (message.conversation, message.direction, message.phone) == (None, Direction.IN, "+8613899990000")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
fields = st.sampled_from(
    ["phone_number", "content", "send_time", "sequence_id", "biz_id", "out_id", "success", "err_code"]
)


@given(items=st.lists(st.dictionaries(fields, json_values) | json_values, max_size=5))
def test_no_push_of_any_shape_is_an_error(items: list[Any]) -> None:
    body = json.dumps(items).encode()

    for item in (*reports(body), *replies(body)):
        if item is not None:
            assert len(item.sid) <= 64
            item.sid.encode()


def test_a_push_of_more_than_anybody_sends_is_refused() -> None:
    with pytest.raises(UnreadablePush):
        replies(json.dumps([0] * (MOST_ITEMS + 1)).encode())


@pytest.mark.django_db
def test_nothing_of_a_client_is_logged(provider: Fake, caplog: pytest.LogCaptureFixture) -> None:
    conversation_with()
    provider.next_sends = [Scripted(hangs_up=True)]

    with caplog.at_level(logging.INFO):
        services.deliver_next(now=NOW)
        services.reconcile_unknown(now=NOW + timedelta(minutes=11))
        push(REPLY, reply_of(phone=PHONE, content="您好", at=NOW), {"phone_number": PHONE})

    code = json.loads(provider.asked["SendSms"]["TemplateParam"])["code"]
    assert all(secret not in caplog.text for secret in (PHONE[3:], code, "您好", TOKEN))


@pytest.mark.django_db
def test_a_number_that_had_its_texts_of_the_day_is_asked_the_next_day(provider: Fake) -> None:
    provider.most_a_day = 0
    conversation = conversation_with()
    sweeps_go_on(hours=5)
    provider.most_a_day = 50
    sweeps_go_on(hours=3, since=NOW + timedelta(hours=5))

    assert (len(provider.texts), the_message().state, reasons_to_telephone(conversation)) == (1, ACCEPTED, [])


@pytest.mark.django_db
def test_an_account_that_ran_dry_sends_the_rest_when_it_is_filled(provider: Fake) -> None:
    provider.balance = 1
    for last_digits in range(3):
        conversation_with(f"+861380000{last_digits:04d}")

    sweeps_go_on(hours=1)
    dry = len(provider.texts)
    provider.balance = 10
    sweeps_go_on(hours=1, since=NOW + timedelta(hours=1))

    assert (dry, len(provider.texts), max(provider.sends().values())) == (1, 3, 1)
