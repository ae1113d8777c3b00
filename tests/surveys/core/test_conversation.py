from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.conversation import (
    ASKING_ONCE_MORE,
    LONGEST_BODY,
    Outcome,
    Progress,
    hear,
    means_stop,
    plain,
    rating_in,
    staff_matter,
)
from surveys.enums import OPEN_STATES, ConversationState, MessageKind, StaffReason

AWAITING = Progress(state=ConversationState.AWAITING)


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("5", 5), ("４", 4), (" 3。", 3), ("②", 2), ("一", 1), ("五分", 5), ("4分", 4), ("5星", 5), ("5星好评", 5),
        ("1️⃣", 1), ("5️⃣ 谢谢", 5), ("❺", 5), ("➍", 4), ("⓷", 3),
        ("非常满意", 5),
        ("基本满意！", 3), ("不满意", 2), ("非常不满意", 1), ("5非常满意", 5), ("2 不满意", 2), ("1，太差", 1),
        ("5 谢谢你们", 5), ("我选4", 4), ("打5分", 5), ("5\u200b", 5), ("Very satisfied", 5), ("5/5", 5), ("four", 4),
        ("5非常满意，谢谢", 5), ("2不满意 律师没来", 2), ("满意，谢谢！", 4), ("5，一直很负责", 5),
        ("1非常不满意，不接电话", 1),
        ("5, no one better", 5), ("very satisfied, thank you", 5), ("非常滿意", 5), ("2 不滿意，沒來", 2), ("貳", 2),
        ("Thanks 5", 5), ("谢谢 5", 5), ("您好，4", 4),
        ("律师没来，5分", 5), ("判决书没收到，给3星", 3), ("没来，打1分。", 1),
        ("5 花了300元路费", 5), ("2，拖了3个月", 2),
        ("满意👍", 4), ("非常满意❤️", 5), ("5👍🏻", 5), ("4分🙏谢谢", 4), ("非常 满意", 5), ("5 非常 满意", 5),
        ("不 满意", 2),
        ("很 不 满意，没来", 1), ("不满意 👍", 2),
    ],
)  # fmt: skip
def test_a_rating_is_read_however_it_is_written(said: str, rating: int) -> None:
    assert rating_in(said) == rating


@pytest.mark.parametrize(
    "said",
    [
        "",
        "6",
        "0.5",
        "45",
        "-1",
        "－1",
        "−5",
        "–1",
        "4 5",
        "1-5",
        "5000",
        "3天没联系上",
        "5不满意",
        "5，非常不满意，律师没来",
        "4满意度低",
        "满意吗",
        "两次都没来",
        "ok thanks",
        "one more thing",
        "你好",
        "👍",
        "不满意👍",
        "1👍",
        "满意👎",
        "4 不 满意",
        "3点再打",
        "2026年",
        "thank you 2",
        "thanks for 5",
        "一般般 2分",
        "律师没来 5",
        "不满意 5分",
        "迟到了5分",
        "45分",
        "等了3天 5分",
        "律师没来 5分",
        "服务不值 5分",
        "律师没来，扣 5分",
        "我不想打 5分",
        "别人都说好，我不给 5分",
        "没有 5分",
        "不到 5分",
        "迟到了 5 分",
        "最多给，1分",
        "5 3个月没消息",
        "扣5分",
        "13800000000",
    ],
)
def test_what_is_no_clear_rating_is_none(said: str) -> None:
    assert rating_in(said) is None


STOPS = (
    "0", "T", "TD", "N", "STOP", "stop all", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT",
    "opt out", "Stop texting me", "please stop", "stop messages", "don't text me", "Do not contact me again",
    "no more messages", "unsubscribe me please", "leave me alone",
    "退订", "退订T", "TD退订", "退订谢谢", "退订，谢谢", "我要退订", "请退订", "取消", "取消订阅", "停止", "停止发送",
    "停止短信", "停止接收", "拒收", "拒收短信", "屏蔽", "勿扰", "回复T", "回T", "不要发了", "不要再发了", "别发了",
    "别再发短信了",
    "请勿再发", "不要再给我发短信了", "你们别再发了", "以后不要再给我发短信", "不想再收到这种短信", "不再接收",
    "拒绝接收", "别烦我", "不要打扰", "请不要再打扰我", "别再联系我了", "不要联络我",
    "退 订", "停 止", "请 不要 再发 短信", "T D", "退訂", "取消訂閱", "停止發送", "不要再發短訊了", "請勿打擾",
    "別再聯絡我", "拒絕接收",
    "don’t text me", "don‘t text me", "donʼt text me", "don`t text me", "don´t text me", "please don’t call me",
    "Remove me from your list", "take me off your list", "opt me out", "I don’t want any more texts",
    "I do not want to receive messages", "Stop!!! now", "烦死了别发了", "别给我发这个", "不想再收到这些",
)  # fmt: skip


@pytest.mark.parametrize("dress", ["{}", " {} ", "{}。", "“{}”", "{}！！"])
def test_every_way_of_saying_stop_stops_in_any_dress(dress: str) -> None:
    said = [*STOPS, *(words.upper() for words in STOPS)]

    assert [words for words in said if not means_stop(dress.format(words))] == []


def test_a_complaint_behind_a_stop_sent_over_and_over_is_read_to_its_end() -> None:
    """Tried in two ways for each time, it would hold a process for ever: this test would not end."""
    often = [f"{(said * LONGEST_BODY)[: LONGEST_BODY - 20]}但是判决还没有执行" for said in STOPS]

    assert [words for words in often if means_stop(words)] == []


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("TD5", 5), ("t1", 1), ("5TD", 5), ("stop5", 5), ("td5分", 5),
        ("不满意，退订", 2), ("5 退订", 5), ("5退订", 5), ("不满意退订", 2), ("TD 5", 5), ("5 stop", 5), ("STOP 1", 1),
        ("退订 5", 5),
        ("退订，不满意", 2), ("5 T", 5), ("5，请不要再发短信了，谢谢", 5), ("2分，退 订", 2), ("非常滿意，退訂", 5),
    ],
)  # fmt: skip
def test_a_stop_beside_a_rating_stops_everything_and_keeps_the_rating(said: str, rating: int) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.rating, outcome.opt_out, outcome.reply) == (rating, True, MessageKind.STOPPED)
    assert outcome.progress.state is ConversationState.STOPPED
    assert hear(outcome.progress, said) == Outcome(outcome.progress, opt_out=True)


@pytest.mark.parametrize(
    "said",
    [
        "4 不用回电",
        "4，别联系我",
        "5 不用打电话",
        "不想谈谈",
        "5 律师来电告知",
        "4，律师每次都打电话告诉我进展",
        "2 律师从没打电话给我",
        "don't call me please",
        "Please don’t call me",
    ],
)
def test_who_asks_for_no_call_or_tells_of_one_does_not_ask_for_a_call(said: str) -> None:
    assert hear(AWAITING, said).staff is not StaffReason.TALK


@pytest.mark.parametrize(
    "said",
    [
        "请给我回电",
        "让律师联系我",
        "4 叫他给我打电话",
        "打电话给我",
        "麻烦工作人员联系我",
        "不满意，请回电",
        "希望律师联系我",
        "call me",
    ],
)
def test_who_asks_for_a_call_is_heard(said: str) -> None:
    assert hear(AWAITING, said).staff is StaffReason.TALK


@pytest.mark.parametrize("said", ["5 律师让我另交了800", "加了律师微信转账2000", "律师叫我再转他500"])
def test_money_asked_for_beside_the_case_is_heard(said: str) -> None:
    assert hear(AWAITING, said).staff is StaffReason.MONEY


@pytest.mark.parametrize(
    "said",
    [
        "没有律师", "没有服务", "服务没有好", "律师没有好态度", "没有收到", "律师没了", "没收到判决书", "态度", "不好",
        "没律师很好", "没有意见书", "无律师", "感谢有什么用", "nothing was done", "没什么人管",
    ],
)  # fmt: skip
def test_what_is_missing_passes_for_no_praise(said: str) -> None:
    assert hear(AWAITING, f"5 {said}").remark
    assert hear(Progress(state=ConversationState.FINISHED, rated=True), said).staff is StaffReason.UNCLEAR


@pytest.mark.parametrize(
    "said",
    [
        "律师很好", "服务态度好", "谢谢律师", "谢谢你们了", "没有了", "没了，谢谢", "好的，没有", "辛苦律师了",
        "律师的服务很周到", "你们真好", "不用回电", "律师好，服务好", "没有意见", "没什么建议", "暂无", "非常感谢",
        "感谢王律师的帮助", "王律师很负责任", "谢谢党和政府", "希望越办越好", "就这样", "none", "no comment",
        "thank you for your help", "all good",
    ],
)  # fmt: skip
def test_praise_and_thanks_are_read_by_nobody(said: str) -> None:
    assert not hear(AWAITING, f"5 {said}").remark


@pytest.mark.parametrize(
    "said",
    [
        "退订谢谢你们", "TD谢谢您", "请退订谢谢您", "不要再发了谢谢你们", "please stop texting me, thank you so much",
        "取消短信", "我不想收到你们的短信", "麻烦不要再发短信给我了好吗", "求你们别发短信了", "退订吧你们", "别打电话",
        "以后不要再发短信过来", "这个号码不要再发了", "不要打电话给我", "请勿来电", "T 谢谢", "你好，请退订",
        "滚，别发了",
    ],
)  # fmt: skip
def test_a_stop_is_obeyed_however_it_is_dressed(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.opt_out, outcome.reply) == (True, MessageKind.STOPPED)


@pytest.mark.parametrize("said", ["5，退订谢谢你们", "5 别再发短信了谢谢"])
def test_a_polite_stop_beside_a_rating_is_obeyed(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.rating, outcome.opt_out) == (5, True)


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("退订 律师要了3000", StaffReason.MONEY),
        ("他拿刀在门口，退订", StaffReason.DANGER),
        ("STOP. he beats me", StaffReason.DANGER),
        ("我要投诉，别再发短信了", StaffReason.COMPLAINT),
    ],
)
def test_a_stop_beside_a_matter_stops_the_texts_and_a_person_sees_to_it(said: str, matter: StaffReason) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff, outcome.opt_out, outcome.reply) == (matter, True, None)


@pytest.mark.parametrize(
    "said", ["律师要了3000，我不退订", "律师说停止收费要3000，不给就不办", "他打我，我叫他停他不停"]
)
def test_what_only_speaks_of_stopping_beside_a_matter_stops_nothing(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff is StaffReason.NONE, outcome.opt_out) == (False, False)


@pytest.mark.parametrize("state", [ConversationState.AWAITING, ConversationState.FINISHED, ConversationState.EXPIRED])
@pytest.mark.parametrize(
    "said",
    [
        "律师没来，退订",
        "STOP. my lawyer never came",
        "STOP texting me, I am sick",
        "别再发短信了 判决书还没收到",
        "不要再给我发短信了，烦死了",
        "我眼睛不好看不见，退订",
        "退订。你们真烦",
        "把我号码删了，不要再发",
        "不想再收到短信，我什么都不知道",
        "please stop texting me. I do not want this",
    ],
)
def test_a_stop_beside_words_stops_the_texts_and_a_person_reads_the_words(state: ConversationState, said: str) -> None:
    rated = state is ConversationState.FINISHED

    outcome = hear(Progress(state=state, rated=rated), said)

    assert (outcome.staff, outcome.opt_out, outcome.reply) == (StaffReason.UNCLEAR, True, MessageKind.STOPPED)
    assert outcome.progress == Progress(state=ConversationState.STOPPED, rated=rated)


@pytest.mark.parametrize("said", ["好的，退订", "谢谢你们，不要再发短信了", "退订 好的谢谢"])
def test_thanks_beside_a_stop_are_read_by_nobody(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff, outcome.opt_out) == (StaffReason.NONE, True)


@pytest.mark.parametrize(
    "said",
    [
        "律师没来，停止服务太早",
        "退订什么意思，律师没来",
        "法院叫停，我不服",
        "律师拿了委托书之后，不再联系了",
        "律师一开始打过电话，后来，不再联系",
        "判决书寄给对方，拒收",
        "执行到一半，停止了",
        "工资，停止发了",
        "开庭以后，不再联系我",
        "they said: don't",
        "they would not take me off the list of debtors",
        "I do not want any more delay",
        "I do not want to receive the money from him",
        "stop by the office they said",
    ],
)
def test_words_near_to_a_stop_stop_nothing(said: str) -> None:
    assert not hear(AWAITING, said).opt_out


@pytest.mark.parametrize(
    "said",
    [
        "5, no",
        "5, no more delay",
        "2 取消",
        "停止服务太早 1",
        "5 stop by",
        "不满意 停止拖延",
        "1 不想联系律师",
        "4 5 退订 3",
        "满意，不用我出庭",
    ],
)
def test_a_rating_with_a_remark_near_to_a_stop_does_not_stop(said: str) -> None:
    assert not hear(AWAITING, said).opt_out


@pytest.mark.parametrize(
    "said",
    [
        "谢谢",
        "好的，谢谢你们！",
        "ok",
        "OK, thanks!",
        "👍",
        "🙏🙏",
        "",
        "……",
        "嗯嗯",
        "您好",
        "辛苦了",
        "4",
        "4 谢谢",
        "谢谢律师",
    ],
)
def test_thanks_and_greetings_after_an_answer_ask_for_nothing(said: str) -> None:
    rated = hear(AWAITING, "5").progress
    outcome = hear(rated, said)

    assert (outcome.progress, outcome.reply, outcome.staff) == (rated, None, StaffReason.NONE)


@pytest.mark.parametrize(
    "said", ["律师没来", "好的，但是律师没来", "判决书还没收到", "4 其实律师没来", "the lawyer never came", "你是谁"]
)
def test_words_after_an_answer_reach_a_person_and_are_answered_once(said: str) -> None:
    first = hear(hear(AWAITING, "5").progress, said)
    second = hear(first.progress, said)

    assert (first.staff, first.rating) == (StaffReason.UNCLEAR, None)
    assert first.reply in (MessageKind.STAFF_WILL_CALL, MessageKind.INTRODUCTION)
    assert (second.staff, second.reply) == (StaffReason.UNCLEAR, None)


def test_words_after_an_answer_and_a_stop_reach_a_person_and_nothing_goes_back() -> None:
    outcome = hear(hear(hear(AWAITING, "5").progress, "T").progress, "律师没来")

    assert (outcome.staff, outcome.reply) == (StaffReason.UNCLEAR, None)


@pytest.mark.parametrize("said", ["谢谢你好", "谢谢", "好的", "ok ", "thank you ", "没有了", "祝你好"])
def test_thanks_sent_over_and_over_are_read_to_their_end(said: str) -> None:
    hear(Progress(state=ConversationState.FINISHED, rated=True), (said * LONGEST_BODY)[: LONGEST_BODY - 5] + "判决")


@pytest.mark.parametrize("said", ["不要再联系我了", "别烦我", "退订", "停止发送短信"])
def test_a_stop_said_several_times_is_one(said: str) -> None:
    assert means_stop(said * 20)


@pytest.mark.parametrize(
    "said",
    [
        "停止服务太早了",
        "不满意",
        "5",
        "没有",
        "取消不了预约",
        "to be honest fine",
        "not bad",
        "谢谢",
        "别人说很好",
        "TDD",
        "不要联系律师",
        "请停止拖延",
        "不要再拖了",
        "不用发票",
        "别来",
        "拒绝执行",
        "stop by anytime",
        "do not worry",
        "don't contact my husband",
    ],
)
def test_an_ordinary_reply_does_not_stop(said: str) -> None:
    assert not means_stop(said)


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("他打我", StaffReason.DANGER),
        ("5 但是我害怕", StaffReason.DANGER),
        ("律师跟我要钱了", StaffReason.MONEY),
        ("送了红包", StaffReason.MONEY),
        ("他收了我钱", StaffReason.MONEY),
        ("律师收了我2000块", StaffReason.MONEY),
        ("拿了我的钱", StaffReason.MONEY),
        ("问我要了两千", StaffReason.MONEY),
        ("要了我500", StaffReason.MONEY),
        ("他要我给钱", StaffReason.MONEY),
        ("他又动手了", StaffReason.DANGER),
        ("被打了", StaffReason.DANGER),
        ("他威脅我，我報警了", StaffReason.DANGER),
        ("he hurts me", StaffReason.DANGER),
        ("收了紅包", StaffReason.MONEY),
        ("没收我钱", StaffReason.NONE),
        ("没有问我要钱", StaffReason.NONE),
        ("他问我要不要上诉", StaffReason.NONE),
        ("没打错", StaffReason.NONE),
        ("没有发错，是我", StaffReason.NONE),
        ("没有收费，很好", StaffReason.NONE),
        ("你打错了", StaffReason.WRONG_NUMBER),
        ("不是本人", StaffReason.WRONG_NUMBER),
        ("不是我", StaffReason.WRONG_NUMBER),
        ("我是他儿子", StaffReason.WRONG_NUMBER),
        ("我是老人的女儿，满意", StaffReason.WRONG_NUMBER),
        ("I'm her husband", StaffReason.WRONG_NUMBER),
        ("他已经去世了", StaffReason.WRONG_NUMBER),
        ("打錯了", StaffReason.WRONG_NUMBER),
        ("我是本人", StaffReason.NONE),
        ("不是我满意", StaffReason.NONE),
        ("请给我回电", StaffReason.TALK),
        ("wrong number", StaffReason.WRONG_NUMBER),
        ("我要投诉", StaffReason.COMPLAINT),
        ("1 我要举报他", StaffReason.COMPLAINT),
        ("I want to complain", StaffReason.COMPLAINT),
        ("投诉！律师收了我2000块", StaffReason.MONEY),
        ("我不会投诉", StaffReason.NONE),
        ("no complaints", StaffReason.NONE),
        ("你是谁", StaffReason.NONE),
        ("who is this?", StaffReason.NONE),
        ("很好", StaffReason.NONE),
    ],
)
def test_what_a_person_must_see_is_found(said: str, matter: StaffReason) -> None:
    assert staff_matter(said) is matter


@pytest.mark.parametrize(
    "said",
    [
        "他没有打我",
        "他没打我",
        "他没有打过我。",
        "律师没有威胁我",
        "他從來沒有威脅過我",
        "没人打我",
        "没有人打我",
        "谁也没打过我",
        "我没被打",
        "没打我，也没威胁我",
        "他没打我也没威胁我",
        "他没有打我骂我",
        "没有家暴",
        "离婚后他没再打我",
        "他没有对我动手",
        "我不害怕",
        "5，他没打我",
        "5 他没有打我",
        "很好，真的没有打我啊",
        "He did not beat me",
        "he never hit me",
        "No, he didn’t hurt me.",
        "nobody threatened me",
        "no one hit me",
        "I'm not afraid of him",
        "good. i am not in danger",
    ],
)
def test_who_only_denies_violence_is_read_by_a_person_and_not_held_to_be_in_danger(said: str) -> None:
    assert staff_matter(said) is StaffReason.DANGER_DENIED


@pytest.mark.parametrize(
    "said",
    [
        "他打我",
        "他打过我",
        "挨过打",
        "他没有不打我",
        "没有钱,他打我",
        "没有钱他打我",
        "没有钱 他打我",
        "没有他打我",
        "不是没打我",
        "他没有一天不打我",
        "没少打我",
        "没停过打我",
        "他今天没打我",
        "这次没打我",
        "还没打我",
        "他没有打我了",
        "没怎么打我",
        "没再打我",
        "他没打我吗",
        "他没打我？",
        "谁说他没打我",
        "难道没打我",
        "如果他没打我，我就不走",
        "他不打我就好了",
        "只要他不打我",
        "他说没打我是假的",
        "他没打我，他要杀我",
        "他没打我，我害怕",
        "他没打我但是威胁我",
        "没打死我",
        "我没有不害怕",
        "我没报警",
        "没有自杀",
        "没人救救我",
        "没有人，他打我",
        "没有，打我",
        "did he not beat me?",
        "he did not only hit me",
        "he never hit me before",
        "he didn't stop, he beats me",
        "no, he hit me",
        "no he hit me",
        "i am not not afraid",
        "he did not hit me but he threatened me",
    ],
)
def test_whatever_is_more_than_a_plain_denial_stays_danger(said: str) -> None:
    assert staff_matter(said) is StaffReason.DANGER


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("他没打我，但是要钱", StaffReason.MONEY),
        ("没打我，你打错了", StaffReason.WRONG_NUMBER),
        ("他没打我，我要投诉", StaffReason.COMPLAINT),
        ("没打我。请回电", StaffReason.TALK),
    ],
)
def test_beside_a_denial_the_other_matter_counts(said: str, matter: StaffReason) -> None:
    assert staff_matter(said) is matter


def test_a_denial_beside_a_rating_is_thanked_for_and_a_person_reads_it() -> None:
    outcome = hear(AWAITING, "5，他没有打我")

    assert (outcome.rating, outcome.staff, outcome.reply) == (5, StaffReason.DANGER_DENIED, MessageKind.THANKS)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"他没有不打我人谁都也的，。？ 5", "威胁", "害怕", "对我", "动手", "从来", "了", "吗"]),
        max_size=400,
    )
)
def test_a_denial_takes_no_danger_from_what_is_said_beside_it(signs: list[str]) -> None:
    said = "".join(signs)

    assert staff_matter(said + "，他要杀我") is StaffReason.DANGER
    assert staff_matter("他又打我。" + said) is StaffReason.DANGER


@pytest.mark.parametrize(
    "said", ["他打我，还收了我3000", "律师要了我3000块，老公又打我", "he beats me. the lawyer asked for 3000"]
)
def test_money_told_of_beside_danger_is_a_matter_of_its_own(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff, outcome.besides, outcome.reply) == (StaffReason.DANGER, StaffReason.MONEY, None)


def test_a_rating_with_danger_is_kept_and_nothing_is_echoed() -> None:
    outcome = hear(AWAITING, "1，他打我")

    assert (outcome.rating, outcome.staff, outcome.reply) == (1, StaffReason.DANGER, None)


def test_who_answers_for_another_is_not_scored_and_the_number_is_written_to_no_more() -> None:
    outcome = hear(AWAITING, "5，我是他儿子")

    assert (outcome.rating, outcome.opt_out, outcome.staff, outcome.reply) == (
        None,
        True,
        StaffReason.WRONG_NUMBER,
        None,
    )


@pytest.mark.parametrize(
    ("said", "rating"),
    [
        ("1 律师把开庭时间弄错了", 1), ("2，法院把我名字搞错了", 2), ("1 判决书发错了地址", 1),
        ("3 电话号码错了三次", 3),
        ("5 我父亲去世的赔偿款拿到了，谢谢律师", 5), ("4 老伴去世了，判决还没下来", 4), ("5 我父亲去世的案子办得好", 5),
        ("5 我父亲的案子办得好，他去世了", 5), ("4 我妈去世了", 4),
        ("1 我不认识他", 1), ("2 律师我都不认识", 2), ("1 什么都没办过", 1), ("2 没有办理", 2), ("3 律师换号了", 3),
        ("5 我是朋友介绍来的", 5), ("5 我是母亲，带着孩子不容易", 5), ("2 打错了", 2), ("不满意，律师弄错了日期", 2),
        ("5 my father died, they got us the money", 5), ("1 they sent it to the wrong person", 1),
        ("4 my dad's case, he died", 4),
        ("2 my lawyer has a new number", 2), ("5, it was not me who paid", 5),
    ],
)  # fmt: skip
def test_a_rating_counts_whatever_is_told_beside_it_of_mistakes_deaths_and_numbers(said: str, rating: int) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.rating, outcome.opt_out, outcome.staff, outcome.remark) == (rating, False, StaffReason.NONE, True)


@pytest.mark.parametrize(
    "said",
    [
        "打错了", "你打错电话了", "不好意思，您打错了", "发错人了", "短信发错了", "你们搞错人了", "找错人了",
        "号码错了", "错号",
        "不是本人", "我不是他", "不是我", "打错了，我不认识他", "不好意思你打错了不是本人", "这个号码换人了",
        "机主已换", "我是新号主",
        "他已经去世了", "老人去世了", "人已过世", "已故", "我是他儿子", "我是老人的女儿，满意", "wrong number",
        "Sorry, you have the wrong person", "He passed away last year", "I’m her husband", "not me",
        "Wrong number, I don't know her", "这不是王大妈的手机", "this phone belongs to someone else now",
    ],
)  # fmt: skip
def test_who_says_plainly_that_the_number_is_not_the_clients_is_written_to_no_more(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff, outcome.opt_out, outcome.reply) == (StaffReason.WRONG_NUMBER, True, None)


@pytest.mark.parametrize(
    "said",
    [
        "你是不是发错人了", "你们弄错了吧", "打错了吧", "我不认识他", "不认识", "号码换了", "我换号了", "你找谁",
        "没有办理",
        "我没办过这个业务", "我父亲去世了", "老人去世了，事情还没办完", "当事人于3月5日去世", "我是女儿",
        "不是我的案子",
        "律师没来，我是他儿子", "没打我，你打错了", "this is a new number", "my mother died", "I don't know him",
        "The lawyer was good. he died",
    ],
)  # fmt: skip
def test_who_may_be_somebody_else_is_telephoned_and_nothing_is_stopped(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.staff, outcome.opt_out, outcome.reply) == (StaffReason.WRONG_NUMBER, False, None)
    assert not outcome.progress.by_text


@pytest.mark.parametrize(
    "said",
    [
        "律师把日期弄错了", "法院把名字打错了", "判决书发错地址了", "我父亲去世的事拖了很久", "律师换号了也没告诉我",
        "对方我不认识", "这不是律师的手机", "合同上不是本人签的", "没打错", "没有发错，是我", "我是朋友介绍来的",
        "they sent it to the wrong person",
        "my father died before the court decided", "the lawyer got a new number and never told me",
    ],
)  # fmt: skip
def test_mistakes_deaths_and_numbers_in_what_is_told_are_no_sign_of_a_wrong_number(said: str) -> None:
    assert staff_matter(said) is StaffReason.NONE


@pytest.mark.parametrize(
    "said",
    [
        "5 他去世了", "5，他已经去世了，谢谢", "4 老人上个月去世了", "5 谢谢你们。人已经不在了",
        "满意，当事人已故", "3 本人去世了",
        "5 he died", "5, she passed away last month", "5 she is no longer with us",
    ],
)  # fmt: skip
def test_a_mark_beside_the_clients_death_counts_for_nobody_until_a_person_has_looked(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.rating, outcome.staff, outcome.reply, outcome.progress.by_text) == (
        None,
        StaffReason.WRONG_NUMBER,
        None,
        False,
    )
    # "他" may be of the case: other texts to the number rest only where they ask for it.
    assert not outcome.opt_out
    assert hear(AWAITING, f"{said}，退订").opt_out


@pytest.mark.parametrize(
    ("said", "read"),
    [("律师没来", True), ("他那个人不行", True), ("你是谁", False), ("6", False), ("4 5", False), ("谢谢", False)],
)
def test_words_that_are_asked_about_once_more_are_read_meanwhile(said: str, read: bool) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.reply in ASKING_ONCE_MORE, outcome.remark) == (True, read)


def test_a_mistyped_mark_behind_an_answer_stops_nothing() -> None:
    outcome = hear(hear(AWAITING, "1").progress, "打错了")

    assert (outcome.staff, outcome.opt_out) == (StaffReason.WRONG_NUMBER, False)


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 5), st.text(max_size=40))
def test_behind_a_mark_only_who_says_to_be_another_is_held_for_one(mark: int, words: str) -> None:
    said = f"{mark} {words}弄错了，打错了，不认识"

    assert staff_matter(said) is not StaffReason.WRONG_NUMBER or rating_in(said) is None


def test_stop_is_confirmed_once_and_not_where_the_provider_did() -> None:
    first = hear(AWAITING, "T")

    assert first.reply is MessageKind.STOPPED
    assert hear(first.progress, "T").reply is None
    assert hear(AWAITING, "STOP", opt_out_type="STOP").reply is None


def test_a_finished_conversation_takes_no_second_answer() -> None:
    finished = hear(AWAITING, "5").progress

    assert hear(finished, "1") == Outcome(finished, correction=1)


@pytest.mark.parametrize(
    "said", ["你是谁", "您是哪位？", "什么单位", "你们是干什么的", "哪位", "谁啊", "Who is this?", "who are you"]
)
def test_who_asks_who_we_are_is_told_once_and_is_no_wrong_number(said: str) -> None:
    first = hear(AWAITING, said)
    second = hear(first.progress, said)

    assert (first.reply, first.staff, first.opt_out) == (MessageKind.INTRODUCTION, StaffReason.NONE, False)
    assert (second.reply, second.staff) == (MessageKind.STAFF_WILL_CALL, StaffReason.UNCLEAR)


def test_a_complaint_is_answered_by_a_person_who_will_call_and_once() -> None:
    first = hear(AWAITING, "1 我要投诉")

    assert (first.rating, first.staff, first.reply) == (1, StaffReason.COMPLAINT, MessageKind.STAFF_WILL_CALL)
    assert hear(first.progress, "我要投诉").reply is None


@pytest.mark.parametrize(
    ("said", "staff", "reply"),
    [
        ("4或5", StaffReason.UNCLEAR, MessageKind.STAFF_WILL_CALL),
        ("我要投诉", StaffReason.COMPLAINT, MessageKind.STAFF_WILL_CALL),
        ("请给我回电", StaffReason.TALK, MessageKind.STAFF_WILL_CALL),
        ("他收了红包", StaffReason.MONEY, MessageKind.THANKS),
        ("他打我", StaffReason.DANGER, None),
        ("你是谁", StaffReason.UNCLEAR, MessageKind.INTRODUCTION),
    ],
)
def test_what_comes_late_reaches_a_person_and_gets_one_answer(
    said: str, staff: StaffReason, reply: MessageKind | None
) -> None:
    first = hear(Progress(state=ConversationState.EXPIRED, by_text=False), said)
    second = hear(first.progress, said)

    assert (first.staff, first.reply) == (staff, reply)
    assert (second.staff, second.reply) == (staff, None)


def test_who_was_never_texted_gets_no_text_however_late() -> None:
    over = Progress(state=ConversationState.EXPIRED, by_text=False, texted=False)

    assert hear(over, "我要投诉") == Outcome(replace(over, told=True), staff=StaffReason.COMPLAINT)


def test_after_the_last_day_nothing_is_taken_but_danger_is_heard() -> None:
    over = Progress(state=ConversationState.EXPIRED, still_taken=False)

    assert hear(over, "5").rating is None
    assert hear(over, "他威胁我").staff is StaffReason.DANGER


def test_a_late_answer_is_taken_after_closing() -> None:
    assert hear(Progress(state=ConversationState.EXPIRED), "4").rating == 4


def test_a_begun_form_stays_begun_after_a_rating() -> None:
    outcome = hear(Progress(state=ConversationState.STARTED), "4")

    assert (outcome.rating, outcome.progress.state) == (4, ConversationState.STARTED)


def test_a_complaint_with_a_number_in_a_form_that_was_rated_leaves_the_first_rating() -> None:
    outcome = hear(Progress(state=ConversationState.STARTED, rated=True), "1 我要投诉")

    assert (outcome.rating, outcome.staff) == (None, StaffReason.COMPLAINT)


bodies = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["5", "１", "T", "退订", "嗯", "他打我", "要钱", "打错了", "回电", "非常满意", "STOP", "你是谁", "投诉", ""]
    ),
)


@settings(max_examples=150, deadline=None)
@given(said=st.lists(bodies, max_size=12))
def test_whatever_is_said_few_texts_go_back_and_one_rating_at_most(said: list[str]) -> None:
    progress, replies, ratings = AWAITING, [], []
    for body in said:
        before = progress
        outcome = hear(progress, body)
        progress = outcome.progress
        replies += [outcome.reply] if outcome.reply else []
        ratings += [outcome.rating] if outcome.rating else []
        # What is closed stays closed.
        assert before.state in OPEN_STATES or progress.state == before.state or outcome.opt_out
    assert len(ratings) <= 1
    assert sum(reply in ASKING_ONCE_MORE for reply in replies) <= 1
    assert replies.count(MessageKind.STAFF_WILL_CALL) <= 1
    assert len(replies) <= 5


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=3000))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert len(plain(text)) <= 3 * 1600
    hear(AWAITING, text)
