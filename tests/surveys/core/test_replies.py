"""What clients write that is no rating, or no longer one: it reaches a person, and little goes back."""

from datetime import datetime, timedelta

import pytest

from qa_service.cases.enums import FlagKind
from qa_service.cases.models import RiskFlag
from surveys import services
from surveys.enums import AlertKind, Channel, ConversationState, MessageKind, MessageState, Refusal, StaffReason
from surveys.models import Alert, Answer, Conversation, Message, OptOut
from surveys.queries.alerts import texts_from_client
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, invited, reply

pytestmark = pytest.mark.django_db

LATE = NOW + timedelta(days=30)


def over(now: datetime = LATE) -> Conversation:
    """Asked by text, then for the telephone list, and closed without an answer."""
    conversation = asked()
    Conversation.objects.update(channel=Channel.TELEPHONE, staff_reason=StaffReason.SILENT, remind_at=None)
    services.expire(now=now)
    conversation.refresh_from_db()
    assert conversation.state == ConversationState.EXPIRED
    return conversation


def went_back() -> list[str]:
    return list(Message.objects.filter(in_reply_to__isnull=False).order_by("pk").values_list("kind", flat=True))


def kinds() -> set[str]:
    return set(Alert.objects.values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("body", "kind", "answer"),
    [
        ("不是很满意 1", AlertKind.WROTE, MessageKind.STAFF_WILL_CALL),
        ("请给我打电话", AlertKind.WROTE, MessageKind.STAFF_WILL_CALL),
        ("我要投诉", AlertKind.COMPLAINT, MessageKind.STAFF_WILL_CALL),
        ("律师收了我的红包", AlertKind.MONEY, MessageKind.THANKS),
        ("你是谁", AlertKind.WROTE, MessageKind.INTRODUCTION),
        ("他没有打我", AlertKind.DENIED, MessageKind.STAFF_WILL_CALL),
    ],
)
def test_what_comes_when_all_is_over_is_a_matter_and_gets_one_answer(body: str, kind: str, answer: str) -> None:
    conversation = over()

    reply(conversation, body, now=LATE)
    reply(conversation, body, now=LATE)

    assert (kinds(), went_back()) == ({kind}, [answer])


def test_danger_is_a_matter_at_any_time_and_is_never_answered() -> None:
    reply(over(), "他又打我", now=LATE)

    assert (kinds(), went_back()) == ({AlertKind.DANGER}, [])


def test_no_text_waits_or_follows_where_another_person_reads_the_telephone() -> None:
    conversation = asked()
    reply(conversation, "律师没来")

    reply(conversation, "他看我手机")
    reply(conversation, "我要投诉")
    services.deliver_next(now=NOW)
    reply(conversation, "T")

    conversation.refresh_from_db()
    [asked_once_more] = Message.objects.filter(in_reply_to__isnull=False)
    assert (asked_once_more.state, asked_once_more.error_code) == (MessageState.SUPPRESSED, Refusal.IN_DANGER)
    assert (conversation.urgent, conversation.remind_at) == (True, None)
    assert {AlertKind.DANGER, AlertKind.COMPLAINT} <= kinds()


def test_who_asks_for_no_texts_lest_another_see_them_is_an_opt_out_and_stays_on_the_list() -> None:
    conversation = asked()

    reply(conversation, "别回短信了他会看到")

    conversation.refresh_from_db()
    assert (kinds(), went_back(), OptOut.objects.count()) == ({AlertKind.DANGER}, [], 1)
    assert (conversation.is_open, conversation.urgent, conversation.remind_at) == (True, True, None)


def test_who_denies_violence_is_not_pressed_and_a_person_reads_the_text() -> None:
    conversation = asked()

    reply(conversation, "他没有打我")

    conversation.refresh_from_db()
    assert (conversation.urgent, conversation.staff_reason) == (False, StaffReason.DANGER_DENIED)
    assert [text.body for text in texts_from_client(Alert.objects.get(kind=AlertKind.DENIED).conversation)] == [
        "他没有打我"
    ]


def test_a_late_rating_with_a_wish_to_talk_stays_answered_and_is_a_matter() -> None:
    conversation = over()

    reply(conversation, "4 请回电", now=LATE)

    conversation.refresh_from_db()
    assert (conversation.state, kinds()) == (ConversationState.FINISHED, {AlertKind.WROTE})
    assert Answer.objects.get().response.late


def test_who_answered_and_then_asks_for_a_call_is_not_forgotten() -> None:
    conversation = asked()

    reply(conversation, "5")
    reply(conversation, "请给我打电话")

    assert kinds() == {AlertKind.WROTE}


def test_who_may_not_be_texted_and_complains_gets_a_person_and_no_text() -> None:
    conversation = invited(plan={"sms_allowed": False, "reason": "minor"})

    reply(conversation, "我要投诉")

    assert (kinds(), went_back()) == ({AlertKind.COMPLAINT}, [])


def test_a_complaint_goes_to_the_staff_at_once_and_is_answered_without_being_repeated() -> None:
    conversation = asked()

    reply(conversation, "我要投诉王律师")

    conversation.refresh_from_db()
    assert (conversation.channel, conversation.staff_reason, conversation.urgent) == (
        Channel.TELEPHONE,
        StaffReason.COMPLAINT,
        True,
    )
    assert kinds() == {AlertKind.COMPLAINT}
    assert Message.objects.get(in_reply_to__isnull=False).body == "【服务回访】已收到，谢谢您。工作人员会与您联系。"


def test_who_asks_who_we_are_is_told_once_and_may_still_answer() -> None:
    conversation = asked()

    reply(conversation, "你是谁")
    reply(conversation, "3")

    assert went_back() == [MessageKind.INTRODUCTION, MessageKind.THANKS]
    assert (kinds(), OptOut.objects.count(), Answer.objects.get().choice.value) == (set(), 0, "3")


def test_two_texts_in_a_row_are_asked_about_once_before_a_person_telephones(gateway: Memory) -> None:
    conversation = asked()

    reply(conversation, "啥意思？")
    reply(conversation, "怎么回事")
    services.deliver_next(now=NOW)
    conversation.refresh_from_db()

    assert went_back() == [MessageKind.CLARIFICATION]
    assert (conversation.channel, "没有看懂" in gateway.outbox[-1].body) == (Channel.SMS_TWO_WAY, True)

    reply(conversation, "嗯")

    assert went_back() == [MessageKind.CLARIFICATION, MessageKind.STAFF_WILL_CALL]


@pytest.mark.parametrize(("second", "raised"), [("2", {AlertKind.RECOVERY}), ("4", set())])
def test_a_correction_never_overwrites_and_a_bad_one_reaches_the_staff(second: str, raised: set[str]) -> None:
    conversation = asked()

    reply(conversation, "3")
    reply(conversation, second)

    assert (Answer.objects.get().choice.value, kinds()) == ("3", raised)
    assert RiskFlag.objects.count() == len(raised)


@pytest.mark.parametrize("body", ["律师没来开庭", "判决书还没收到", "the lawyer never came"])
def test_what_is_written_after_an_answer_is_a_matter_of_no_hurry_and_is_answered_once(body: str) -> None:
    conversation = asked()

    reply(conversation, "5")
    reply(conversation, body)
    reply(conversation, body)

    conversation.refresh_from_db()
    assert (kinds(), went_back()) == ({AlertKind.WROTE}, [MessageKind.THANKS, MessageKind.STAFF_WILL_CALL])
    assert (conversation.urgent, conversation.state) == (False, ConversationState.FINISHED)
    assert body in [text.body for text in texts_from_client(Alert.objects.get().conversation)]


def test_money_named_after_an_answer_is_sealed() -> None:
    conversation = asked()

    reply(conversation, "5")
    reply(conversation, "律师要了3000块，不给就不办")

    assert [(alert.kind, alert.sealed) for alert in Alert.objects.all()] == [(AlertKind.MONEY, True)]


@pytest.mark.parametrize("body", ["谢谢", "好的", "👍", "ok"])
def test_thanks_after_an_answer_are_no_matter(body: str) -> None:
    conversation = asked()

    reply(conversation, "5")
    reply(conversation, body)

    assert (kinds(), went_back()) == (set(), [MessageKind.THANKS])


def test_a_remark_behind_danger_takes_nothing_from_it() -> None:
    conversation = asked()

    reply(conversation, "1，他打我")
    reply(conversation, "判决书还没收到")

    conversation.refresh_from_db()
    assert {AlertKind.DANGER, AlertKind.WROTE} <= kinds()
    assert (conversation.staff_reason, conversation.urgent) == (StaffReason.DANGER, True)


@pytest.mark.parametrize(("body", "rating"), [("不满意，退订", "2"), ("5 退订", "5"), ("TD 5", "5"), ("5 stop", "5")])
def test_a_stop_beside_a_rating_is_obeyed_and_the_rating_kept(gateway: Memory, body: str, rating: str) -> None:
    conversation = asked()

    reply(conversation, body)
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (Answer.objects.get().choice.value, OptOut.objects.count()) == (rating, 1)
    assert (conversation.state, conversation.link_digest) == (ConversationState.STOPPED, None)
    assert went_back() == [MessageKind.STOPPED]
    assert "/s/" not in gateway.outbox[-1].body
    assert (AlertKind.RECOVERY in kinds()) is (rating == "2")


def test_a_stop_beside_a_matter_is_obeyed_and_the_matter_raised() -> None:
    reply(asked(), "退订 律师要了3000")
    services.deliver_next(now=NOW)

    assert (OptOut.objects.count(), kinds(), went_back()) == (1, {AlertKind.MONEY}, [])


def test_a_stop_beside_words_is_obeyed_at_once_and_the_words_are_read() -> None:
    conversation = asked()

    reply(conversation, "律师没来，退订")
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.count()) == (ConversationState.STOPPED, 1)
    assert (kinds(), went_back()) == ({AlertKind.WROTE}, [MessageKind.STOPPED])


def test_a_stop_beside_words_ends_whatever_else_the_number_is_asked() -> None:
    month_ago = NOW - timedelta(days=31)
    earlier = asked(month_ago, closed_on=month_ago.date() - timedelta(days=5), survey_released_at=month_ago)
    assert earlier.recipient is not None
    at = earlier.case.centre

    reply(asked(at=at, client=factories.client(at, phone=earlier.recipient.phone)), "律师没来，退订")

    assert set(Conversation.objects.values_list("state", flat=True)) == {ConversationState.STOPPED}
    assert Conversation.objects.count() == 2


def test_danger_and_money_in_one_text_are_two_matters_and_money_is_sealed() -> None:
    conversation = asked()

    reply(conversation, "他打我，律师还收了我3000")

    assert set(Alert.objects.values_list("kind", "sealed")) == {
        (AlertKind.DANGER, False),
        (AlertKind.MONEY, True),
    }
    conversation.refresh_from_db()
    assert (conversation.staff_reason, went_back()) == (StaffReason.DANGER, [])


@pytest.mark.parametrize("body", ["5 律师没来", "律师没来，5分", "5，判决书还没收到"])
def test_words_beside_a_rating_are_read_by_a_person_and_the_rating_is_kept(body: str) -> None:
    conversation = asked()

    reply(conversation, body)
    reply(conversation, body)

    conversation.refresh_from_db()
    assert (Answer.objects.get().choice.value, kinds()) == ("5", {AlertKind.WROTE})
    assert (conversation.state, conversation.channel) == (ConversationState.FINISHED, Channel.TELEPHONE)
    assert went_back() == [MessageKind.THANKS, MessageKind.STAFF_WILL_CALL]
    assert body in [text.body for text in texts_from_client(Alert.objects.get().conversation)]


def test_words_beside_a_bad_rating_are_read_with_the_matter_it_opens() -> None:
    reply(asked(), "1 律师没来")

    assert kinds() == {AlertKind.RECOVERY}


@pytest.mark.parametrize(("first", "read"), [("律师没来", True), ("你是谁", False), ("嗯", False)])
def test_words_that_were_asked_about_are_read_though_the_next_text_is_a_rating(first: str, read: bool) -> None:
    conversation = asked()

    reply(conversation, first)
    reply(conversation, "5")

    assert Answer.objects.get().choice.value == "5"
    assert kinds() == ({AlertKind.WROTE} if read else set())


@pytest.mark.parametrize("body", ["5 谢谢", "5，很好", "5分，律师很负责", "非常满意，服务很好，谢谢"])
def test_thanks_and_praise_beside_a_rating_are_no_matter(body: str) -> None:
    reply(asked(), body)

    assert (Answer.objects.get().choice.value, kinds(), went_back()) == ("5", set(), [MessageKind.THANKS])


def test_a_stop_beside_a_rating_and_words_is_obeyed_and_the_words_are_read() -> None:
    reply(asked(), "4 律师没来，退订")

    assert (Answer.objects.get().choice.value, OptOut.objects.count(), kinds(), went_back()) == (
        "4",
        1,
        {AlertKind.WROTE},
        [MessageKind.STOPPED],
    )


def test_an_answer_that_could_not_leave_within_the_hour_is_not_sent_any_more() -> None:
    reply(asked(), "啥意思？")

    services.deliver_next(now=NOW + timedelta(minutes=61))

    text = Message.objects.get(in_reply_to__isnull=False)
    assert (text.state, text.error_code) == (MessageState.SUPPRESSED, Refusal.STALE)
    conversation = Conversation.objects.get()
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.UNCLEAR)


def test_who_is_silent_after_being_asked_once_more_is_rung_and_stays_on_the_list_after_the_last_day() -> None:
    conversation = asked()
    reply(conversation, "4 5")
    services.deliver_next(now=NOW)
    Conversation.objects.update(reminders=9, remind_at=NOW + timedelta(days=8))

    services.remind(now=NOW + timedelta(days=9))
    services.expire(now=NOW + timedelta(days=40))

    conversation.refresh_from_db()
    assert (conversation.channel, conversation.staff_reason, conversation.is_open) == (
        Channel.TELEPHONE,
        StaffReason.UNCLEAR,
        True,
    )


def test_who_cannot_be_rung_and_is_not_understood_is_read_all_the_same() -> None:
    conversation = asked(plan={"phone_allowed": False, "visit_allowed": False})

    reply(conversation, "他那个人不行")

    assert kinds() == {AlertKind.WROTE}


def test_a_mark_beside_a_death_is_no_answer_and_a_person_finds_out() -> None:
    conversation = asked()

    reply(conversation, "5 他去世了")

    conversation.refresh_from_db()
    assert (Answer.objects.count(), kinds(), went_back(), OptOut.objects.count()) == (
        0,
        {AlertKind.WRONG_NUMBER},
        [],
        0,
    )
    assert (conversation.channel, conversation.remind_at) == (Channel.TELEPHONE, None)


def test_a_bad_rating_that_tells_of_a_mistake_is_put_right_and_stops_nothing() -> None:
    conversation = asked()

    reply(conversation, "1 律师把开庭时间弄错了")

    assert (Answer.objects.get().choice.value, kinds()) == ("1", {AlertKind.RECOVERY})
    assert list(RiskFlag.objects.values_list("kind", flat=True)) == [FlagKind.BAD_RATING]
    assert (OptOut.objects.count(), went_back()) == (0, [MessageKind.THANKS])


def test_a_good_rating_that_tells_of_a_death_counts_and_the_words_are_read() -> None:
    reply(asked(), "5 我父亲去世的赔偿款拿到了，谢谢律师")

    # As any other remark: until it is read, nobody is commended for the case.
    assert (Answer.objects.get().choice.value, kinds(), OptOut.objects.count()) == ("5", {AlertKind.WROTE}, 0)


def test_who_may_be_somebody_else_is_telephoned_and_no_text_is_stopped_or_sent_back() -> None:
    conversation = asked()

    reply(conversation, "我换号了")

    conversation.refresh_from_db()
    assert (conversation.channel, conversation.staff_reason, conversation.is_open) == (
        Channel.TELEPHONE,
        StaffReason.WRONG_NUMBER,
        True,
    )
    assert (kinds(), went_back(), OptOut.objects.count()) == ({AlertKind.WRONG_NUMBER}, [], 0)


def test_who_was_held_to_be_somebody_else_and_then_rates_is_heard() -> None:
    conversation = asked()

    reply(conversation, "我父亲去世了")
    reply(conversation, "4")

    assert Answer.objects.get().choice.value == "4"
