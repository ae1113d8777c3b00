"""Money asked for or given, with the sum for the word, and the sums of everyday that are none."""

import pytest

from surveys.conversation import LONGEST_BODY, staff_matter
from surveys.enums import StaffReason

MONEY = (
    "律师要了3000", "律师要了3000块，不给就不办", "给了律师500块", "交了3000块钱给律师", "律师让我转账", "收了我两千",
    "红包", "送了红包",
    "我给律师2千", "给了他3000块", "又收了500", "他要了我3000块", "律师拿了三千", "律师叫我打钱",
    "律师让我先交2000元", "律师找我要了一万",
    "转给律师1000", "微信转了律师800元", "律师說要收3000", "律師要了三千塊", "我交了律师费", "收了我1,500元",
    "承办人要了几百块", "他让我转账",
    "律师收了车费", "塞钱才办", "给主任送了红包", "打给律师三千块", "他一共收了4000", "律师收咨询费",
    "he asked for 500 yuan", "i paid the lawyer", "I paid my lawyer 3000", "the lawyer asked for 3000",
    "he wanted 2000 yuan",
    "i gave the lawyer 500", "he demanded money", "she charged me 200", "gave him a red envelope", "he asks for money",
    "律师很好，但是he asked for money",
)  # fmt: skip
ORDINARY = (
    "我一共拿了5000", "律师帮我要了3000", "律师给我要了3000块工资", "律师替我讨了5万", "给律师10几份材料",
    "我又拿了2000块赔偿",
    "给律师打12348", "i asked for 5000 yuan", "we wanted 5000 yuan", "the lawyer took 3 months",
    "给他13800000000这个号码",
    "赔了我3000", "法院判给我5000", "免费", "没收钱", "没有收费", "对方赔我3000", "法院判他给我3000", "判给他5000",
    "没有收我3000块", "律师没要钱",
    "律师一分没收", "没收律师费", "他给了我5000", "对方给了我3000块", "拿到工资3000", "律师帮我要回3000",
    "律师帮我要到了3000块工资",
    "律师要了两次材料", "律师收了我3份材料", "律师要了身份证", "律师让我交诉讼费500元", "律师让我转告他",
    "公司转账给我了", "律师要了2026年的合同",
    "免收费用", "免收了3000元", "还给他3000", "3000块到手", "律师拿了材料去法院", "律师给我打了3次电话",
    "律师找了我三次", "欠我3000元",
    "老板欠了我两万", "律师费对方出", "收了我一份材料", "给律师打了500次电话", "律师来了两次",
    "Nobody asked me for money", "he never asked for money", "i did not pay the lawyer", "the court awarded me 5000",
    "it was free of charge", "he asked for 3 documents", "they paid me 3000", "the judge gave me 5000",
    "my boss paid me", "no one charged me", "he asked for 2 days",
)  # fmt: skip


@pytest.mark.parametrize("dress", ["{}", "5，{}", "{}！", "你好。{}"])
def test_money_is_recognised_also_where_only_a_sum_is_named(dress: str) -> None:
    met = {said: staff_matter(dress.format(said)) for said in MONEY}

    assert met == dict.fromkeys(MONEY, StaffReason.MONEY)


@pytest.mark.parametrize("dress", ["{}", "5，{}", "{}，谢谢"])
def test_a_sum_awarded_owed_or_never_asked_for_is_none(dress: str) -> None:
    met = {said: staff_matter(dress.format(said)) for said in ORDINARY}

    assert met == dict.fromkeys(ORDINARY, StaffReason.NONE)


def test_a_sum_sent_over_and_over_is_read_to_its_end() -> None:
    """Tried in two ways for each time, it would hold a process for ever: this test would not end."""
    for said in (*MONEY, *ORDINARY):
        staff_matter((said * LONGEST_BODY)[: LONGEST_BODY - 1] + "然")
