"""Whose matter it is: the centre's own people, or a lawyer, a court, an employer."""

import pytest

from surveys.conversation import LONGEST_BODY, Whose, staff_matter, tells_of_own_people, told_of_danger, whose_danger
from surveys.enums import AlertKind, StaffReason
from surveys.matters import Heard, who_sees_to_danger

OWN = (
    "1 援助中心的主任收了我500块钱才给办", "法援中心的人要我给红包", "中心主任要我请客", "你们中心的人收了我两千",
    "法律援助中心工作人员收了我500元", "法援处的人拿了我的钱", "司法局的科长让我送礼", "司法所所长收了我的红包",
    "站长要了我800块", "主任收了我的钱", "工作人员要我交手续费", "给你们主任送了红包", "你们的人问我要钱",
    "窗口的人收了我200块", "工作站那个人要我给钱", "援助中心收了我500块", "法援中心要我交300元", "我要投诉你们中心",
    "举报援助中心", "投诉司法局的人", "我要举报你们主任", "律师很好,中心的主任收了我500块",
    "法律服務中心的主任收了我的錢",
    "是你们主任要的", "中心的人收的钱", "告诉你，中心主任收我红包",
    "the director of the legal aid centre asked me for money", "someone at the center asked for money",
    "your staff took a bribe", "the centre charged me 500 yuan", "i want to complain about the centre",
    "a clerk from your office wanted money", "the director asked me for a red envelope", "your director took 500",
)  # fmt: skip
OTHERS = (
    "律师收了我500块", "律所主任收了我3000", "事务所的主任要我给钱", "主任律师收了我钱", "法院的工作人员要我请客",
    "援助中心的律师要我给红包", "你们的律师收钱", "你们律师要了我500", "中心指派的律师收了我500块", "我要投诉律师",
    "我要向援助中心投诉律师", "村主任收了我200块", "中心医院收了我500块", "公司主任扣了我工资",
    "中心的人很热情，律师收了我500块", "援助中心的人没收钱，律师要了我500", "我已经告诉援助中心的人了，律师收钱",
    "去司法局投诉过律师", "工作站很远", "他收了我两千", "红包", "承办人要钱",
    "my lawyer asked for money", "your lawyer charged me", "the judge asked for 500", "the staff at the court",
    "nobody at the centre asked for money, the lawyer did", "the centre's staff were helpful", "he demanded money",
)  # fmt: skip


# By a first name, a look, or what they do there. Whose people they are may be unclear: then it is the bureau's.
OWN_WITHOUT_A_TITLE = (
    "法援中心的小李要我请吃饭", "你们那个女的跟我要钱", "窗口那个小姑娘让我买烟", "接待我的那个人收了钱",
    "帮我填表的收了我100块", "中心的老王收了我的钱", "你们中心姓王的要我送礼", "值班的要红包", "值班那个人收我200",
    "前台小姑娘收了我50块", "你们那个男的收了我500", "你们那的大姐要我给钱", "法援的小张收了两条烟",
    "给法援中心小李送了两瓶酒", "请你们中心的老刘吃了顿饭", "帮我登记的那个女的要了300", "办手续的那个女的收了我钱",
    "受理我申请的人要我给钱", "给我打电话的那个女的要钱", "回访的人要红包", "窗口小李收了我100",
    "援助中心那个大姐让我请客", "司法所老张要我送酒", "司法局小王收了烟", "审批的人要我表示表示",
    "接待的小姑娘收了红包", "接电话的收了我钱", "收材料的那个人要我交钱", "你们单位的人要我请吃饭",
    "小李收了我的红包", "老王要我请吃饭", "那个女的要钱", "那个小姑娘让我买烟", "你们要了我500", "你们收了我300",
)  # fmt: skip
OF_A_LAWYER = (
    "承办律师小李要我请吃饭", "律师所前台收了我钱", "律所的小李收了红包", "律师小王要钱", "你们的律师小李收了我500",
    "你们那个律师跟我要钱", "你们指派的那个女律师要钱", "事务所接待的人收了我钱", "法院窗口收了红包",
    "法院那个女的要我送礼", "派出所值班的收了我的钱", "对方那个女的要钱", "公司前台收了钱", "小李律师收了我红包",
    "老王律师要我请吃饭", "帮我打官司的收了我100块", "接待我的律师收了钱", "帮我写诉状的律师收了200",
    "承办人小李要红包", "律师助理小李收钱", "法官老王要我请客", "律所窗口", "银行窗口收了手续费",
    "你们中心的老人很多", "老是要钱", "接待的人让我补材料", "登记的人很热情", "他老要钱",
)  # fmt: skip

# Money, or a wrong, only because of whom it is told: a lawyer's or an employer's would be another matter.
TAKING = (
    "The center director took 500 from me", "你们那的人要我钱", "你们那儿主任要我钱", "你们主任问我要了伍佰块",
    "你们主任 收了 我 500", "窗口的李姐要了200块跑腿费", "The head of the legal aid center asked for a gift",
    "您单位的工作人员收了我300元材料费", "办公室的王科长收了我两千块", "接我材料的小伙收了200",
    "批准援助的那个人要了我五百", "your office lady wanted 300 kuai", "the woman at the counter made me pay 300",
    "Director Liu asked me for money", "I paid the clerk 200 at the legal aid center",
)  # fmt: skip
WRONGING = (
    "你们主任摸我", "1 你们主任骚扰我", "主任骂我", "你们主任态度差", "your director touched me",
    "你们工作人员不让我投诉", "your staff were rude to me", "中心的人对我很凶", "你们那个女的骂我",
)  # fmt: skip
NEITHER = (
    "你们工作人员给我打电话了", "你们的人打电话我没接到", "你们主任没骂我", "工作人员推荐我去法院", "主任让我补材料",
    "你们中心的人推着轮椅送我", "工作人员要我交材料", "中心的人要我身份证", "我找过你们工作人员问进度",
    "主任对我不错", "你们主任抱着孩子给我填表", "窗口的人让我等了两个小时", "your staff helped me", "法院工作人员骂我",
)  # fmt: skip


def test_what_the_centre_s_own_people_did_is_heard_as_money_or_a_complaint_of_them():
    heard = {said: (staff_matter(said), tells_of_own_people(said)) for said in (*TAKING, *WRONGING)}
    expected = dict.fromkeys(TAKING, StaffReason.MONEY) | dict.fromkeys(WRONGING, StaffReason.COMPLAINT)
    assert heard == {said: (matter, True) for said, matter in expected.items()}
    assert [said for said in NEITHER if staff_matter(said) in (StaffReason.MONEY, StaffReason.COMPLAINT)] == []


def test_the_centre_s_own_people_are_told_from_others():
    assert [said for said in (*OWN, *OWN_WITHOUT_A_TITLE) if not tells_of_own_people(said)] == []
    assert [said for said in (*OTHERS, *OF_A_LAWYER) if tells_of_own_people(said)] == []


def test_praise_and_ordinary_words_open_no_matter_of_theirs():
    for said in ("谢谢你们主任", "中心的工作人员都很好", "5 法援中心的人很负责任，满意"):
        assert not tells_of_own_people(said)
        assert staff_matter(said) is StaffReason.NONE


@pytest.mark.parametrize(
    "said", [*OWN, *OWN_WITHOUT_A_TITLE[::4], *TAKING[::4], "your clerk ", "你们的" * 9, "中心里的那个", "投诉", "the "]
)
def test_words_sent_over_and_over_are_read_to_their_end(said):
    """Tried in more ways each time, it would hold a process for ever: this test would not end."""
    tells_of_own_people((said * LONGEST_BODY)[: LONGEST_BODY - 1] + "然")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("我老公要打死我，中心主任收了我2000块红包", "我老公要打死我，…"),
        ("我很害怕，他们说再告就打断我的腿 … 王主任也要了钱", "我很害怕，他们说再告就打断我的腿 … …"),
        ("丈夫持刀在门外；站长要她500元", "丈夫持刀在门外；…"),
        # A sentence that accuses nobody stays whole, with where somebody is.
        ("中心主任收了我1,000.50元。救命！他在门外，我在三楼", "…救命！他在门外，我在三楼"),
        ("老公拿刀 主任收了红包", "老公拿刀 …"),
        ("我老公要打死我还有中心主任收了我红包", "我老公要打死我…"),
        ("He beats me and your director took 500 yuan", "He beats me …"),
        # What cannot be parted, what denies, and what speaks of no danger is not told.
        ("老公打我因为我给主任送了红包", ""),
        ("他没有打我，主任收了红包", ""),
        ("主任收了红包", ""),
        ("", ""),
    ],
)
def test_of_words_that_accuse_too_what_speaks_of_danger_is_told(said, told):
    assert told_of_danger(said) == told


def test_where_something_is_known_to_be_sealed_each_clause_stands_for_itself():
    assert told_of_danger("丈夫持刀在门外，那人拿走了两条", closely=True) == "丈夫持刀在门外，…"


@pytest.mark.parametrize("said", ["救命，", "还有", "a ", "，。", ".5", "…"])
def test_words_sent_over_and_over_are_parted_to_their_end(said):
    told_of_danger(said * LONGEST_BODY, closely=True)


@pytest.mark.parametrize(
    ("said", "whose", "told"),
    [
        ("你们主任威胁我不许投诉", "own", ""),
        ("你们主任对我动手动脚", "own", ""),
        ("她说主任威胁她不许往外说，她很怕", "own", ""),
        ("你们主任威胁我，说我敢说出去就打死我", "own", ""),
        ("你们主任威胁我说要打死我儿子", "own", ""),
        ("你们主任收了我500。我怕他打我", "own", ""),
        ("我爸被你们主任打了", "own", ""),
        ("窗口那个大姐威胁我", "own", ""),
        ("The head of the legal aid center asked for a gift, I am afraid of him", "own", ""),
        ("your director said he will kill me", "own", ""),
        ("我老公要打死我，你们主任问我要500", "another", "我老公要打死我，…"),
        ("I am afraid of my husband, your director took 500", "another", "I am afraid of my husband, …"),
        ("我老公打我，你们主任也威胁我", "another own", "我老公打我，…"),
        ("我老公和你们主任一起威胁我", "another own", ""),
        ("你们主任收了我500。救命，有人要打死我", "unsaid", "…救命，有人要打死我"),
        ("He beats me and your director took 500 yuan", "unsaid", "He beats me …"),
        ("律师威胁我，还要打我", "unsaid", "律师威胁我，还要打我"),
        ("主任收了红包", "", ""),
    ],
)
def test_from_whom_a_danger_comes_and_what_of_it_the_centre_may_read(said, whose, told):
    assert (" ".join(sorted(whose_danger(said))), told_of_danger(said)) == (whose, told)


@pytest.mark.parametrize(
    ("whose", "known_otherwise", "sees"),
    [
        ("", "", [False]),
        ("unsaid", "", [False]),
        ("own", "", [True]),
        ("another own", "", [True, False]),
        ("", "ticked", [True]),
        ("unsaid", "ticked", [True]),
        ("another", "ticked", [False]),
        ("another unsaid", "ticked", [True, False]),
        ("unsaid", "with the bureau", [True]),
    ],
)
def test_danger_from_the_centre_s_own_people_is_the_bureau_s_and_any_other_the_centre_s(whose, known_otherwise, sees):
    bureau_has = known_otherwise == "with the bureau"
    heard = Heard(
        (AlertKind.DANGER,), above=bureau_has, own=known_otherwise == "ticked", whose=tuple(map(Whose, whose.split()))
    )
    assert list(who_sees_to_danger(heard, known=bureau_has)) == sees
