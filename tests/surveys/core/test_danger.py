"""Plain words of danger, as frightened people write them, and the everyday sentences that only look like them."""

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest

from surveys import conversation
from surveys.conversation import LONGEST_BODY, Outcome, Progress, hear, staff_matter
from surveys.enums import ConversationState, StaffReason

AWAITING = Progress(state=ConversationState.AWAITING)
TIMES = 60  # two ways for each are more than a life has seconds

DANGER = (
    # weapons and fire
    "他拿刀在门口", "他拿着菜刀", "拿刀砍我", "他手里有把刀", "他带了刀来", "用刀逼我签字", "他拿斧子砸门",
    "拿棍子打的",
    "他有枪", "泼汽油要烧我家", "他提着一桶汽油", "往我身上泼硫酸", "拿打火机点窗帘", "用烟头烫我", "他要炸我家",
    "他打我抢我手机", "他打我我打电话报警了", "他拧开煤气",
    # rape
    "我被他强奸了，他还扇我耳光", "强奸", "弓虽女干", "弓虽奸", "强jian我", "強姦", "性侵", "他性侵了我女儿",
    "他猥亵我女儿",
    "他逼我上床", "摸我胸", "强迫我发生关系", "他脱我衣服", "他性骚扰我", "轮奸",
    # beating
    "扇我", "他扇了我一巴掌", "给了我一耳光", "虐待", "他打孩子", "他打我妈", "打了我妈", "他打她", "打俺",
    "踹我肚子", "掐脖子", "他掐住我脖子",
    "勒我脖子", "揪我头发", "砍伤我爸", "捅了我一刀", "推我下楼", "对我拳打脚踢", "家爆", "被他打了", "被老公打",
    "打断我的腿",
    "打得我满脸是血", "我浑身是伤", "他昨天动了手",
    "把我按在地上打", "他把我打了", "被他踢了", "他把我的腿打断了", "捏着我脖子", "打得我住院了", "见一次打一次",
    # again, by hands and teeth, with whatever lies about the house
    "他又打", "他又打我", "老公又打了", "他又打起来了", "打了一顿", "他咬我", "咬了我", "被他咬了", "他咬伤我",
    "摔东西砸我",
    "拿东西砸我", "拿椅子砸我", "他砸我", "他在家摔东西", "他推我", "推了我一把", "推我撞墙", "掐我脖子", "踹我",
    "扇我耳光",
    "烫我", "用开水烫我", "他踩我", "捶我", "他拖我", "拧我胳膊", "撕我衣服", "捂我嘴", "拿枕头捂我", "按着我",
    "他动粗",
    "用水泼我", "抓伤我", "拿针扎我", "用电击我", "打破我的头", "打出血", "頭被打腫了", "他要开车撞我",
    # threats
    "威胁要杀我全家", "他扬言要弄死我", "他要我的命", "要跟我同归于尽", "怕他报复", "他说不会放过我", "烧我家",
    "抢走我孩子", "把孩子摔地上",
    "要动我女儿", "他要卖孩子把孩子卖了", "往我水里下毒",
    # locked in, hunted
    "他关着我", "不让我出门", "不让我出去", "把我锁在家里", "我被锁在屋里", "他反锁了门", "把我绑起来", "不给我饭吃",
    "软禁我",
    "追到家里", "他又追到我单位", "堵门", "堵在我家门口", "他一直跟踪我", "有人跟踪我", "尾随我女儿", "砸我家门",
    "撬门", "守在楼下",
    "闯进我家", "又来我家闹", "我逃出来了", "追杀我", "我连夜逃了", "他强行和我发生关系", "强行跟我上床",
    "把妈妈按在墙上",
    "我被关起来了", "他要把我卖了", "前夫找到我住的地方了",
    # one's own life
    "喝农药", "我喝了半瓶农药", "自残", "割腕", "割手腕", "活够了", "不想活了", "想死", "去死算了", "死了算了",
    "跳河", "上吊", "吞了安眠药",
    "活着没意义", "生不如死", "写好遗书了", "让我死吧", "喝敌敌畏",
    # help
    "sos", "SOS!!", "救我", "快来人", "打110", "很危险", "我好怕", "不敢睡觉",
    # traditional signs
    "他關著我", "把我鎖在屋裡", "喝農藥", "潑汽油", "他拿槍", "跟蹤我", "掐著我脖子", "砍傷我爸", "抓我頭髮",
    "不讓我出門", "堵門",
    "闖進我家", "活夠了",
    # English
    "he raped me", "he choked me", "he slapped me", "i want to die", "he has a knife", "he locked me in",
    "he rapes me",
    "He is choking my daughter", "slaps me", "he punched me in the face", "he kicked me", "he beat my son",
    "I don't want to live", "no reason to live", "i want to end my life", "i cut myself", "self-harm",
    "he stabbed my father",
    "he locked the kids in", "he won't let me out", "he is stalking me", "he follows me home",
    "he is outside my door", "he strangled me",
    "i am not safe", "domestic violence", "he said he would burn the house down", "he poured petrol on me",
    "call the police", "he molested my daughter", "he abuses me", "drank pesticide", "he broke into my house",
    "they kidnapped my son", "he was violent", "he pulled my hair", "he has a gun", "he grabbed my throat",
    "someone is following me", "he broke my arm", "I don’t want to live anymore", "he won’t let me leave",
    "I donʼt feel safe", "他给我下药", "他把孩子从我怀里抢走", "他们来家里打砸",
)  # fmt: skip

ORDINARY = (
    "打我办公室电话", "打我原来的号码", "打了我好几次电话", "官司打得很满意", "官司打得不能再好", "打肿脸充胖子",
    "上门打听",
    "把我推到别的部门", "把我拖到现在", "被他们踢皮球", "被他们强行拆了", "被老板砍了工资", "被告逃到外地",
    "公司强行解除劳动关系", "欠我钱逃跑了", "我逃税了", "按在地法院的说法",
    "绑我微信", "被卡脖子",
    "关了我的店", "锁了我的账户", "各自尽力了", "烫伤案赔了", "煤气罐爆炸赔偿", "有人跟踪办理",
    "后来骚扰我的人被判了",
    "he cut me off", "shoot me an email", "it threw me off", "took a stab at it", "locked me out of my account",
    "请打我电话", "打我手机", "打我这个号码", "打我女儿的电话", "律师打我电话了", "钱打我卡上", "打他电话不接",
    "我打她手机没人接",
    "我打电话给他", "一直打电话", "打官司", "打我这个官司很累", "帮我打赢了官司", "打工的", "打人工费清单", "打印",
    "打听", "打扰了", "打折", "打算上诉",
    "打死也不信", "被打扰了", "材料被打回来", "被打断了好几次", "被打动了", "律师打断我说话", "打招呼", "打字慢",
    "打车去的", "打卡",
    "刀律师很负责", "刀美兰法官", "找到刀律师", "我姓刀", "小刀", "刀子嘴豆腐心", "开刀住院", "拿到判决书",
    "拿到工资了",
    "死活不接电话", "急死了", "累死了", "急死我了", "笑死", "烦死了", "气死我了", "死板", "死亡赔偿金", "死者家属",
    "想死你们了", "死心了",
    "过去死了两个人", "跳楼价", "不想活动", "活该",
    "关我什么事", "不关我的事", "有关我的案子", "相关我没看到", "关心我", "律师很关心我", "把我关心的事说清楚了",
    "跟踪案件进展", "律师一直跟踪这个案子", "跟踪服务", "有没有后续跟踪", "跟踪我的案子", "堵车来晚了", "堵在路上",
    "不让我走法律程序", "不让我见孩子", "他不让我看材料", "不给我材料", "侵犯了我的权益", "侵犯我隐私",
    "伤害了我的感情", "对我没有伤害",
    "他动手术了", "动手写材料", "他动手能力强", "强女干部", "女干部很好", "强制执行", "强", "很强", "加强", "勉强",
    "踢我出群", "砍我工资", "砍价", "捅娄子", "杀价", "秒杀", "抽我血", "抽奖", "抽时间", "勒令我搬走", "勒索",
    "农药赔偿款", "卖农药的", "汽油费", "打火机厂的工资", "打火机", "安全", "没有危险", "救济金", "急救费",
    "救我一命，感谢",
    "没想不开", "报销", "枪手", "门口等了很久", "在门口等律师", "巴掌大的地方", "把握", "遗嘱", "遗产", "写遗嘱",
    "他又打电话来", "律师又打赢了", "他又打来", "律师又打了一次官司", "他又打印了一份", "他又打断我说话", "打工",
    "电话又打不通", "狗咬了我", "蚊子咬我", "反咬我一口", "他咬我说是我的责任", "咬牙坚持", "案子砸我手里",
    "机器砸了我的脚",
    "石头砸到我头", "工地掉东西砸了我", "律师又推我去法院", "互相推我", "对方撞我", "撞死我爸的司机",
    "把我撞伤的司机",
    "老板拖我工资", "机器扭断我的手", "压着我的案子", "按着我说的办", "泼我冷水", "扎我的心", "他摔东西赔偿",
    "打了一顿电话",
    "锤子", "烫手山芋", "捂住证据",
    "abused the process", "the beat goes on", "kicked off late", "locked my account", "following up", "slap dash",
    "a hit",
    "die Antwort", "diet", "the deadline", "knit", "therapist", "drapes", "grapes", "i cut my hair", "wrapped up",
    "thank you for your help", "the lawyer hit the point", "i live far away",
    "not living there any more", "i do not want to live with him", "i broke my arm at work", "医生给我下药",
)  # fmt: skip
# Cries, wounds, fear, somebody at the door: short, in dialect, mistyped.
AS_TYPED = (
    "身上都是伤", "我怕他", "他在门外", "拿刀", "help", "救命", "he hurts me", "一身伤", "脸上有伤", "胳膊被打断了",
    "我流血了", "他在楼下", "他就在外面", "他踢门", "有人跟着我", "他找来了", "他知道我住哪了", "喝多了就打",
    "动手了", "被揍了", "他搡我", "抽我", "呼我一巴掌", "他削我", "又打又骂", "要我死", "他要弄我", "关在家里",
    "我出不去了", "跑出来了", "我躲起来了", "躲着他", "不敢说", "帮帮我", "快来", "来人", "他欺负我",
    "他把孩子抢走了", "孩子不见了", "怕他找来", "他威协我", "ta da wo", "他d我", "我好惊佢", "伊又打我", "昨晚又打了",
    "要出人命了", "我脸肿了", "提心吊胆", "我手机被他监控了", "手机被他抢走了", "别打电话他在旁边", "撑不下去了",
    "我想带孩子一起死", "安眠药都买好了", "站在楼顶了", "他带人来我家了", "他要发我裸照", "i fear him", "danger",
    "he's at my door", "save me", "police", "i am bleeding", "i can't get out", "i'm hiding", "please come now",
    "he threw a chair at me", "he knows where i live", "🆘", "他天天在我单位门口等我",
)  # fmt: skip
ALSO_ORDINARY = (
    "怕麻烦", "怕打扰你们", "怕忘了", "怕拿不到钱", "怕对方不给钱", "不怕了", "我不怕他了", "再也不用怕他",
    "律师怕我不懂", "有律师在我不怕", "工伤", "腰伤还没好", "腿上的伤好了", "帮了我", "谢谢你们帮我", "帮我打官司",
    "他来了两次", "律师来了", "律师在门口等我", "他在法院门口等我", "他在外面打工", "他在楼下接我",
    "律师一直跟着我这个案子", "他找到我了解情况", "律师找到我", "快点办", "快点来电话", "不敢相信赢了", "不敢想",
    "老板欺负我们", "孩子判给我了", "孩子带走了户口", "孩子丢了工作", "又打二审", "打完了", "天天打电话", "没有刀",
    "想死心了", "动手写了材料", "打我的人被抓了", "打人的判了三年", "打我的赔了钱", "对方打伤我赔了三万",
    "被告躲起来了", "他名下没钱", "机器压伤手", "thank you for your help", "the help was great",
    "please help me with the papers", "the police report was needed", "he is here to help",
    "he found me a good lawyer", "i was afraid we would lose", "i feel safe now", "it hurts that i lost",
)  # fmt: skip

# Somebody else reads the telephone. Those of the first list ask for no texts.
UNANSWERED = (
    "别回短信了他会看到", "please don't text he will see", "don't reply my husband checks my phone",
    "短信不方便，手机在他手里", "不要再发短信了我老公会翻手机", "别发了 会被他看到", "不要给我发短信，我老公看到要骂",
    "别回复我，他在看我手机", "求你们别发信息，怕他看见", "Do not text back, he reads my messages",
    "不方便收短信，他天天查我手机", "别发短信给我了他会看到", "別回短信，他會看到",
    "dont text me my husband reads my texts",
)  # fmt: skip
WATCHED = (
    "我老公会翻我手机", "不方便 他在", "他看我手机", "我这里不安全", "他经常偷看我手机", "手机在他手里",
    "手机现在在我老公那里", "我手机被他管着", "他拿着我的手机", "他天天查我的手机", "短信他都会看",
    "我的短信他能看到", "婆婆翻我手机", "他监视我的手机", "有人看我手机", "怕他看到短信", "怕被他看见",
    "别让我老公知道", "他在家，不方便说", "老公在旁边 说话不方便", "家里不安全", "这个号码不安全", "發短信不安全",
    "俺男人看俺手机", "他会看到的", "he reads my messages", "my husband goes through my phone", "he can see my texts",
    "he has my phone", "someone is reading my texts", "can't talk he is here", "my phone is being monitored",
    "he will see this",
)  # fmt: skip
NOT_WATCHED = (
    "手机在我妈手里，她不识字", "他看了短信说谢谢", "我儿子帮我看手机短信", "女儿帮我回的短信",
    "我眼睛不好，孩子看手机给我听", "律师看了我手机里的证据", "他看我手机上的合同", "他看了我的短信就回电了",
    "他帮我看手机", "律师会看到我的评价吗", "他不会看短信", "我妈不会看短信", "手机在修", "手机没电了",
    "手机不方便，打座机", "不方便去法院", "他在外地不方便来", "他在家不方便来法院", "我在上班不方便",
    "现在不方便接电话", "工地不安全", "对方不在家", "他看到判决书了", "他会看到判决结果的", "手机号在他那里登记的",
    "律师有我手机号", "他查到了我的材料", "律师翻了案卷", "短信收到了", "他在法院", "老公陪我去的",
    "我用老公手机回的", "他知道我的情况", "他看我手续齐全就办了", "老板查我们手机考勤",
    "my son reads the texts for me", "he read the text and said thanks", "my lawyer has my phone number",
    "he saw my message and called back", "he will see what he can do", "I will see", "he is here to help",
    "they checked my documents", "he looked at my papers", "he has my phone number",
)  # fmt: skip


@pytest.mark.parametrize("dress", ["{}", "5，{}", "你好。{}！"])
def test_a_watched_telephone_is_danger_and_who_asks_for_no_texts_gets_none_again(dress: str) -> None:
    met = {said: hear(AWAITING, dress.format(said)) for said in (*UNANSWERED, *WATCHED)}

    assert {said: (of.staff, of.reply, of.opt_out) for said, of in met.items()} == {
        **dict.fromkeys(UNANSWERED, (StaffReason.DANGER, None, True)),
        **dict.fromkeys(WATCHED, (StaffReason.DANGER, None, False)),
    }


def test_after_danger_nothing_goes_back_whatever_is_written() -> None:
    told = hear(AWAITING, "他看我手机").progress

    for said in ("5", "T", "我要投诉", "你是谁", "律师没来", "律师收了我500"):
        assert hear(told, said).reply is None, said


@pytest.mark.parametrize("said", ["别回短信", "请不要回复短信了", "5，别回短信", "don't reply"])
def test_who_asks_for_no_answer_gets_not_even_the_stop_confirmed(said: str) -> None:
    outcome = hear(AWAITING, said)

    assert (outcome.opt_out, outcome.reply, outcome.staff is StaffReason.UNCLEAR or outcome.remark) == (
        True, None, True,
    )  # fmt: skip


@pytest.mark.parametrize("dress", ["{}", "5 {}", "5，{}", "你好。{}！"])
def test_danger_is_heard_though_no_word_of_violence_is_said(dress: str) -> None:
    met = {said: hear(AWAITING, dress.format(said)) for said in AS_TYPED}

    assert {said: (of.staff, of.reply) for said, of in met.items()} == dict.fromkeys(
        AS_TYPED, (StaffReason.DANGER, None)
    )


@pytest.mark.parametrize("dress", ["{}", "5，{}", "你好。{}！", "律师很好，可是{}"])
def test_plain_words_of_danger_reach_a_person_at_once_and_nothing_goes_back(dress: str) -> None:
    met = {said: hear(AWAITING, dress.format(said)) for said in DANGER}

    assert {said: (of.staff, of.reply) for said, of in met.items()} == dict.fromkeys(DANGER, (StaffReason.DANGER, None))


@pytest.mark.parametrize("dress", ["{}", "5，{}", "{}，谢谢"])
def test_everyday_words_are_no_danger(dress: str) -> None:
    alarming = (StaffReason.DANGER, StaffReason.DANGER_DENIED)

    assert [
        said for said in (*ORDINARY, *ALSO_ORDINARY, *NOT_WATCHED) if staff_matter(dress.format(said)) in alarming
    ] == []


@pytest.mark.parametrize(
    "said", ["他没有强奸我", "他没有扇我", "没有虐待孩子", "he never raped me", "不用害怕了", "no longer scared"]
)
def test_who_denies_it_is_read_and_not_held_to_be_in_danger(said: str) -> None:
    assert staff_matter(said) is StaffReason.DANGER_DENIED


def test_a_phrase_sent_over_and_over_is_read_to_its_end() -> None:
    """Tried in two ways for each time, it would hold a process for ever: this test would not end."""
    for said in (*DANGER, *ORDINARY, *AS_TYPED, *ALSO_ORDINARY, *UNANSWERED, *WATCHED, *NOT_WATCHED):
        hear(AWAITING, (said * TIMES)[: LONGEST_BODY - 1] + "然")


def test_no_pattern_holds_a_gap_that_its_quotes_tore_apart() -> None:
    """In a quoted piece with `f` before it `{0, 4}` is a pair of numbers, and without it `{{0,4}}` is four signs."""
    rooms = [import_module(found.name) for found in walk_packages(conversation.__path__, f"{conversation.__name__}.")]
    words = [value for room in rooms for value in vars(room).values() if isinstance(value, str | re.Pattern)]
    patterns = [value if isinstance(value, str) else value.pattern for value in words]

    assert len(patterns) > 100
    assert [part for part in patterns if re.search(r"\(\d+, ?\d*\)|\{\d*, +\d*\}|\{\{", part)] == []


def test_who_types_help_is_heard_though_the_provider_has_answered() -> None:
    outcome = hear(AWAITING, "HELP", opt_out_type="HELP")

    assert (outcome.staff, outcome.reply) == (StaffReason.DANGER, None)
    assert hear(AWAITING, "info", opt_out_type="HELP") == Outcome(AWAITING)


@pytest.mark.parametrize("said", ["打我的人判了，又放出来了", "打我的人没被抓"])
def test_who_is_free_again_is_no_less_to_be_feared(said: str) -> None:
    assert staff_matter(said) is StaffReason.DANGER
