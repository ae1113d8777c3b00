"""From a released case to an answer by text."""

import json
from importlib.resources import files
from io import StringIO

import pytest
from django.core.management import call_command

from qa_service.cases.models import EvidenceChange, RiskFlag
from surveys import queries, services
from surveys.enums import Channel, ConversationState, MessageKind, MessageState, Mode, Publication, StaffReason
from surveys.models import Alert, Answer, Conversation, Message, OptOut, Questionnaire, Response
from surveys.services.inviting.invitations import offer_link
from surveys.sms.memory import Memory
from tests.factories import NOW
from tests.surveys.factories import asked, invited, reply

pytestmark = pytest.mark.django_db


def test_a_due_case_becomes_one_queued_invitation() -> None:
    conversation = invited()

    message = Message.objects.get()
    assert (conversation.state, conversation.channel) == (ConversationState.AWAITING, Channel.SMS_TWO_WAY)
    assert (message.kind, message.state, message.segments) == (MessageKind.INVITATION, MessageState.QUEUED, 1)


def test_a_second_sweep_invites_nobody_again() -> None:
    invited()

    again = services.invite_due(now=NOW)

    assert (again, Conversation.objects.count(), Message.objects.count()) == (services.Invited(), 1, 1)


def test_a_delivered_invitation_reaches_the_gateway_once(gateway: Memory) -> None:
    asked()

    assert services.deliver_next(now=NOW) is None
    assert len(gateway.outbox) == 1
    assert Message.objects.get().state == MessageState.ACCEPTED


def test_a_digit_is_the_answer_and_is_thanked() -> None:
    conversation = asked()

    reply(conversation, "４")

    conversation.refresh_from_db()
    response = Response.objects.get()
    assert conversation.state == ConversationState.FINISHED
    assert (response.mode, response.late, response.finished_at) == (Mode.SMS, False, NOW)
    assert Answer.objects.get().choice.value == "4"
    assert EvidenceChange.objects.get().case_id == conversation.case_id
    assert Message.objects.get(kind=MessageKind.THANKS).state == MessageState.QUEUED


def test_the_same_text_delivered_twice_counts_once() -> None:
    conversation = asked()

    first = reply(conversation, "5", sid="SM1")
    second = reply(conversation, "5", sid="SM1")

    assert (first.new, second.new) == (True, False)
    assert (Response.objects.count(), Message.objects.count()) == (1, 3)


def test_a_later_rating_never_overwrites_the_first() -> None:
    conversation = asked()

    reply(conversation, "1")
    reply(conversation, "5")
    key = offer_link(conversation).rsplit("/", 1)[1]
    services.start_web_response(key=key, language="zh-hans", now=NOW)
    services.record_answer(key=key, question="q1", value="5", now=NOW)

    assert Answer.objects.get().choice.value == "1"


def test_a_bad_rating_raises_a_flag_and_a_recovery_with_its_clock() -> None:
    conversation = asked()

    reply(conversation, "2 不满意")

    alert = Alert.objects.get()
    assert RiskFlag.objects.get().kind == "bad_rating"
    assert (alert.kind, alert.sealed, str(alert.acknowledge_by)) == ("recovery", False, "2026-11-23")


def test_a_stop_word_stops_everything_and_is_confirmed(gateway: Memory) -> None:
    conversation = asked()

    reply(conversation, "退订")
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.STOPPED
    assert OptOut.objects.get().centre is None
    assert gateway.outbox[-1].body == "【服务回访】好的，不再给您发送短信。打扰了。"


def test_a_stop_before_sending_holds_the_invitation_back(gateway: Memory) -> None:
    conversation = invited()

    reply(conversation, "T")
    at_once = Message.objects.get(kind=MessageKind.INVITATION).state
    while services.deliver_next(now=NOW) is not None:
        pass

    assert (at_once, Message.objects.get(kind=MessageKind.INVITATION).state) == (MessageState.SUPPRESSED,) * 2
    assert [sms.body for sms in gateway.outbox] == ["【服务回访】好的，不再给您发送短信。打扰了。"]


def test_words_of_danger_reach_the_staff_at_once_without_an_answer() -> None:
    conversation = asked()

    reply(conversation, "他又打我，我害怕")

    conversation.refresh_from_db()
    assert (conversation.channel, conversation.staff_reason, conversation.urgent) == (
        Channel.TELEPHONE,
        StaffReason.DANGER,
        True,
    )
    assert Alert.objects.get().kind == "danger"
    assert list(Message.objects.filter(direction="out").values_list("kind", flat=True)) == [MessageKind.INVITATION]


def test_words_of_money_raise_a_sealed_alert() -> None:
    conversation = asked()

    reply(conversation, "他收了我三千块红包")

    alert = Alert.objects.get()
    assert (alert.kind, alert.sealed) == ("money", True)
    assert RiskFlag.objects.get().sealed


def test_what_cannot_be_understood_is_asked_once_then_telephoned() -> None:
    conversation = asked()

    reply(conversation, "嗯嗯")
    services.deliver_next(now=NOW)
    reply(conversation, "啊？")
    reply(conversation, "哦")

    conversation.refresh_from_db()
    kinds = list(Message.objects.filter(direction="out").order_by("pk").values_list("kind", flat=True))
    assert kinds == [MessageKind.INVITATION, MessageKind.CLARIFICATION, MessageKind.STAFF_WILL_CALL]
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.UNCLEAR)


def test_who_may_not_be_texted_lies_on_the_telephone_list(gateway: Memory) -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.NO_TEXT_ALLOWED)
    assert services.deliver_next(now=NOW) is None
    assert gateway.outbox == []


def test_client_answers_hold_what_scoring_weighs() -> None:
    conversation = asked()
    reply(conversation, "3")

    found = queries.client_answers([conversation.case_id])

    assert [(item.case_id, item.q1, item.q2, item.mode, item.version) for item in found] == [
        (conversation.case_id, 3, None, Mode.SMS, 2)
    ]


def test_an_update_brings_new_versions_of_questionnaires_and_leaves_ones_own_as_they_are() -> None:
    coming = files("surveys.defaults")
    client, organ = (json.loads(coming.joinpath(f"{name}.json").read_text("utf-8")) for name in ("client", "organ"))
    services.publish(content=client | {"version": 1}, now=NOW)
    services.publish(content=organ | {"version": 7, "title": {"zh": "我县的问卷", "en": "Our own"}}, now=NOW)

    told = [StringIO() for _run in range(2)]
    for written in told:
        call_command("publish_questionnaires", stdout=written)

    first, again = ([line.split(":")[0].split("：")[0] for line in each.getvalue().splitlines()] for each in told)
    assert (first[0], first[-1], again) == ("client-closing", "organ-opinion", ["organ-opinion"])
    in_force = Questionnaire.objects.filter(state=Publication.PUBLISHED).values_list("key", "version")
    assert {("client-closing", client["version"]), ("organ-opinion", 7)} <= set(in_force)
