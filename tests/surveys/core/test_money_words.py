"""Money asked for or given, with the sum for the word, and the sums of everyday that are none."""

import pytest

from surveys.conversation import LONGEST_BODY, staff_matter
from surveys.enums import StaffReason

TIMES = 60  # two ways for each are more than a life has seconds

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
# As clients type it, where neither fee nor bribe is named.
AS_TYPED = (
    "收了我两条烟", "请他吃了顿饭", "塞了钱", "要好处", "律师叫我加钱", "给了他一个红包", "又交了两千才肯接",
    "送了两瓶酒", "给律师送了条烟", "请律师喝酒", "给了好处", "让我表示表示", "意思了一下", "不给钱不办事",
    "没钱不给办", "花钱才给办", "另外交了一千", "私下转了钱", "塞了两千块给他", "要交三千才给我打官司", "叫我拿钱",
    "要我交三千", "收了我的礼", "送了土特产", "给他提了一箱牛奶", "请他洗脚", "油钱让我出", "让我付车费",
    "让我报销路费", "收复印费50", "要我交代理费", "交了律师费", "收我费了", "官司赢了要提成", "要分我的赔偿款",
    "赔偿款他拿走一万", "扣了我一万律师费", "钱被律师拿走了", "开口就要五千", "没给钱就不出庭", "给完钱就不见了",
    "钱给了人没影了", "不是免费吗怎么还要交钱", "要烟要酒", "收黑钱", "钱打到律师私人账户了", "收了500没开票",
    "佢收咗我錢", "问俺要钱", "收了俺家两只鸡", "律师跟我借了两千", "对方收买了律师", "律师收了对方的好处",
    "请他下馆子了", "要打点费", "风险代理拿走三成", "每次来都要我管饭", "扫他的码付了500", "交现金给律师了",
    "lvshi yao qian", "i had to pay", "he wanted a gift", "i gave him cigarettes", "they made me pay",
    "他要我五百块钱", "律师要我赔偿款的20%", "500块给律师了", "律师说没有五千块不出庭",
    "He said I must pay him before court",
    "问我家要了一万", "让我老公给他转了账", "跟我借了五千没还", "打官司花了我五千块律师费", "律师让我爸给他装空调",
    "法援的小张收了两条烟", "请你们中心的老刘吃了顿饭", "帮我登记的那个女的要了300", "你们单位的人要我请吃饭",
    "told me to pay extra", "lawyer wants more money", "he kept part of my money",
)  # fmt: skip
ALSO_ORDINARY = (
    "没要钱", "不收费很好", "交了诉讼费", "执行款到了", "对方赔了钱", "工资要回来了", "他人很好", "一分没花",
    "饭都没吃一口", "请他吃饭他不去", "想请他吃饭他不肯", "红包不收", "给红包他没要", "拒收红包", "退了红包",
    "塞给他红包他退回来了", "中秋想送月饼律师不收", "在家吃饭", "吃饭时来的电话", "律师请我吃饭", "律师自己掏的路费",
    "送了一面锦旗", "老板给钱了", "对方不给钱", "老板收了钱不还", "房东收了我3000押金", "中介收了我3000",
    "对方跟我要钱", "前夫要钱", "对方开口要十万", "公司让我赔钱", "公司给了钱", "法院让我交保全费", "鉴定费交了2000",
    "工资被老板扣了", "扣了我一个月工资", "借给他的钱要回来了", "他借了我的钱不还", "没请过客", "没让我交钱",
    "没叫我出钱", "不用交钱", "没有任何收费", "二审还要交钱吗", "没钱打官司多亏你们", "路费花了不少", "车费太贵",
    "律师帮我要到了钱", "律师说最多能要两万", "抚养费每月1000", "加班费没给", "加了我微信", "i paid the court fee",
    "律师帮我要到赔偿款的80%", "材料给律师了", "身份证号320123199001011234给律师了", "I had to pay him compensation",
    "对方问我家要了一万", "对方让我老公给他转账", "他欠我五千没还", "房东收了两条烟", "让我爸给他打电话",
    "让我妈给他带材料", "单位的人请吃饭", "对方那个女的要了300", "律师费花了对方5000",
    "did not pay a cent", "got my money back", "my boss paid", "i have no money",
)  # fmt: skip


@pytest.mark.parametrize("dress", ["{}", "5，{}", "{}！", "你好。{}"])
def test_money_is_recognised_also_where_only_a_sum_is_named(dress: str) -> None:
    met = {said: staff_matter(dress.format(said)) for said in (*MONEY, *AS_TYPED)}

    assert met == dict.fromkeys((*MONEY, *AS_TYPED), StaffReason.MONEY)


@pytest.mark.parametrize("dress", ["{}", "5，{}", "{}，谢谢"])
def test_a_sum_awarded_owed_or_never_asked_for_is_none(dress: str) -> None:
    met = {said: staff_matter(dress.format(said)) for said in (*ORDINARY, *ALSO_ORDINARY)}

    assert {said: matter for said, matter in met.items() if matter is StaffReason.MONEY} == {}


def test_a_sum_sent_over_and_over_is_read_to_its_end() -> None:
    """Tried in two ways for each time, it would hold a process for ever: this test would not end."""
    for said in (*MONEY, *ORDINARY, *AS_TYPED, *ALSO_ORDINARY):
        staff_matter((said * TIMES)[: LONGEST_BODY - 1] + "然")
