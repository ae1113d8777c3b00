"""Whether words about money or a complaint are about the centre's own people, not about a lawyer (pure).

Then the centre's director is not to read them: better one matter too many with the bureau than one with whom it is
about. So what is asked is whether somebody of the centre is named at all; only what plainly praises or clears them,
or names them as who was told, says nothing. A lawyer "of the centre" is a lawyer.
"""

import re
from functools import cache
from typing import Final

from surveys.conversation.gifts import SUM

_BODY: Final = (
    "(?:(?:公共)?法律(?:援助|服务)(?:中心|处|站|工作站|机构)|法援(?:中心|处|站|机构|办)?|援助(?:中心|处|站|机构)|"
    "司法(?:局|所|厅|行政机关)|(?:你们|你|咱们?|这个?|那个?|县|市|区|贵)中心(?!医院|小?学)|"
    "(?:^|(?<=[,.;!?，。；！？ 是给被让叫向找说告诉举报]))中心(?!医院|小?学)|"
    "工作站|服务窗口|(?<!院)(?<!院的)(?<!行)(?<!行的)(?<!公安局)(?<!社保)(?<!医保)窗口)"
)
_PERSON: Final = (
    "(?:副?主任|副?站长|副?局长|副?所长|副?处长|副?科长|工作人员|人员|员工|职工|干部|领导|负责人|经办人|"
    "接待[员的人]?|前台|"
    "办事[员的]|值班[员的人]?|回访员|会计|同志|科员|公务员|人(?!民)|谁|哪个)"
)
_SURNAME: Final = (
    "[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹苏潘范彭鲁韦马方俞任袁柳鲍史唐费廉薛雷贺倪汤罗"
    "毕郝安常于傅康余顾孟黄萧尹姚邵汪祁毛戴宋庞熊纪项祝董梁杜阮蓝季贾江郭梅林徐邱骆高夏蔡田樊胡凌霍万柯卢莫房丁邓洪"
    "崔龚程陆段侯武刘龙叶黎白赖乔谭申冉向易廖曾关石]"
)
# As clients name people whose title they do not know: "小李", "姓张的", "那个女的". A lawyer so named is a lawyer.
_SOMEBODY: Final = (
    "(?:[小老](?![是要说让叫跟向收拿打不在的总了把问想去来给催找吃喝心事数费时区孩额学板公婆人家师百乡偷子头妈爸爷太])"
    "[\u4e00-\u9fff]|姓[\u4e00-\u9fff]的?|"
    f"{_SURNAME}(?:姐|哥|叔|姨|婶|嫂|大姐|大哥)|"
    "女的|男的|女人|男人|女孩子?|女同志|男同志|小姑娘|姑娘|小伙子?|小伙儿|大姐|大哥|大叔|阿姨|小妹|美女|帅哥|"
    "年轻人|(?:戴眼镜|胖|瘦|高|矮|年轻)的)(?!律|所|[^,.;!?，。；！？ ]{0,3}律师)"
)
# What the centre's people do for whoever comes: a firm's or a court's do it too, so the place may not be theirs.
_AT_THE_DESK: Final = (
    "(?:接待(?:室|处|大厅|窗口)?(?:我们?|咱们?)?|前台|服务台|窗口|大厅|值班(?:室)?|柜台|(?:帮|给|"
    "替)我们?(?:填|写|弄|录|打印)(?:表格?|申请表?|登记表)|"
    "(?:帮|给|替)我们?(?:登记|办手续|办理?申请|受理|初审)|填表|登记|(?:收|接|拿|看|审|查)(?:我们?的?)?(?:材料|申请)|"
    "办(?:理)?手续|"
    "(?:受理|审批|批准|审核|审查|初审)(?:我们?的?)?(?:(?:法律)?援助|申请|材料)?|(?:给我)?回访(?:我)?|做回访|接电话|接热线|接线|"
    "(?:给我|跟我)打(?:回访)?电话|指派)"
)
_DESK_PERSON: Final = (
    f"(?:的)?(?:那个?|这个?|一个|那位|这位|有个|个|那)?(?:{_SOMEBODY}|人(?!民)|工作人员|同志|员)|(?:的)(?:那个|"
    f"那位|这个)?"
)
# What follows where nobody is named but by what they do.
_TAKES: Final = (
    "(?:又|还|也|就|都|私下|偷偷|一直|先|说|跟我说|[向跟问找和]我){0,3}(?:收|要|拿|索|讨|让我|叫我|喊我|暗示|借)"
    "[^,.;!?，。；！？]{0,6}(?:钱|费|块|元|红包|礼|烟|酒|饭|客|吃|喝|卡|好处|东西|表示|意思|"
    "[0-9一两二三四五六七八九十几][0-9百千万]|[百千万])"
)
_JOINED: Final = "(?:[里内那边儿方面]{0,3}的?)(?:那个|那位|一个|一位|个别|某个?|有个|有位|有的?|几个|一名)?"
# Bare titles that a firm, a court or a village has too.
_ELSEWHERE: Final = (
    "(?<!律所)(?<!师所)(?<!务所)(?<!律所的)(?<!务所的)(?<!律所那个)(?<!所里)(?<!所里的)(?<!法院)(?<!法院的)(?<!检察院)(?<!检察院的)(?<!公司)(?<!公司的)"
    "(?<!派出所)(?<!派出所的)(?<!公安局)(?<!公安局的)(?<!银行)(?<!银行的)(?<!村)(?<!村里)(?<!班)(?<!车间)(?<!社区)(?<!居委会)"
    "(?<!街道)(?<!医院)(?<!医院的)(?<!单位)(?<!单位的)(?<!仲裁委)(?<!仲裁院)(?<!人社局)(?<!仲裁委的)"
)
_ASKS: Final = (
    "[^,.;!?，。；！？不没未律承代]{0,6}(?:收了?|要了?|拿了?|索要|索取)[^,.;!?，。；！？]{0,4}"
    "(?:钱|费|红包|礼|[0-9一二两三四五六七八九十几百千万])"
)
_NAMED: Final = (
    f"(?<!告诉)(?<!告诉了)(?<!转告)(?:{_BODY}{_JOINED}{_PERSON}(?!律师)|"
    f"(?:[你您]们|[你您]那|[你您贵]单位|贵方|您)(?:那边|那里|那儿|那|这边|这里|这儿|单位|里面?|方面)?的?(?:那个|一个|有个|有的|某个?)?"
    f"{_PERSON}(?!律师)|"
    f"{_BODY}(?:那边|这边|里面?)?{_ASKS}|"
    f"(?:投诉|举报|控告|状告)(?:的?是|一下)?(?:你们|{_BODY})(?!的?(?:律师|承办))|"
    f"{_ELSEWHERE}(?:主任|站长)(?!律师|医[师生])|{_ELSEWHERE}工作人员|"
    f"(?:办公室|科室|办公大厅)的?{_SURNAME}?(?:科长|副科长|干事|{_SOMEBODY})|"
    f"{_BODY}{_JOINED}{_SOMEBODY}|(?:[你您]们|[你您]那|[你您贵]单位|贵方|您)(?:那边|那里|那儿|那|这边|这里|单位|里面?|"
    f"方面)?的?(?:那个?|一个|有个|这个?|有的|某个?)?{_SOMEBODY}|"
    f"你们{_ASKS}|^[0-9分 ]*(?:那个?|这个?|有个)?{_SOMEBODY}{_TAKES}|"
    f"{_ELSEWHERE}{_AT_THE_DESK}(?:{_DESK_PERSON})?(?!律师){_TAKES})|"
    r"\b(?:legal aid|aid|your|the|this|justice) (?:cent(?:er|re)|office|bureau|station)(?:'s)? "
    r"(?:staff|director|head|manager|officials?|officers?|clerks?|employees?|workers?|people|person|man|woman|"
    r"chief)\b|"
    r"\b(?:director|head|manager|chief|staff|officials?|clerks?|employees?|people|somebody|someone|person|man|"
    r"woman|one)"
    r" (?:of|from|at|in) (?:the |your |this )?(?:legal aid |aid |justice )?(?:cent(?:er|re)|office|bureau|station)\b|"
    r"\byour (?:office |cent(?:er|re) |front desk )?(?:staff|director|colleagues?|boss|people|officials?|clerks?|"
    r"employees?|manager|lady|woman|man|guy|girl|receptionist|workers?)\b|\bthe director\b|"
    r"\bdirector (?!of\b|at\b|in\b|from\b|and\b|who\b)[a-z]{2,}|"
    r"\b(?:lady|woman|man|guy|girl|clerk|person|one|worker|receptionist) (?:at|behind|from|on) (?:the|your) "
    r"(?:counter|(?:front |help |service )?desk|window|reception)\b|"
    r"\b(?:clerk|director|staff|worker|official|lady|woman|man|guy)s?\b[^,.;!?]{0,20} (?:at|of|from|in) (?:the |your )?"
    r"(?:legal aid |aid |justice )(?:cent(?:er|re)|office|bureau|station)\b|"
    r"\b(?:legal aid )?cent(?:er|re) (?:asked|charged|took|wanted|demanded|made)\b|"
    r"\bcomplain(?:t|ing)? (?:about|against|of) (?:the |your )?(?:legal aid )?(?:cent(?:er|re)|office|bureau|"
    r"station)\b"
)
# The end of a clause; a sum's own stop and comma stand between digits.
_CLAUSE: Final = re.compile(r"[;!?；！？。\n]+|[,.，、](?![0-9])")
_CLEARED: Final = re.compile(
    "(?:没有?|从没|从不|并没|未)[^,]{0,4}(?:收|要|拿|提)|不(?:收|要)(?:我们?的?)?(?:钱|费)|"
    "很?(?:热情|耐心|热心|负责任|满意|客气|和气|周到)|(?:很|真|挺|非常|都|特别|蛮|太)好|感谢|谢谢|多谢|介绍的|"
    "指派的|安排的|派的|"
    r"\b(?:never|nobody|no one|not|n't)\b|\b(?:kind|helpful|friendly|nice|good|great|thank|thanks)\b"
)

_TAKEN: Final = re.compile(
    f"(?:[收拿索讨]|(?<![需主重])要)(?:走|去|取)?了?(?:我们?|家里|咱们?)?的?(?:{SUM}|钱|红包|礼|好处)|"
    r"\b(?:took|takes?|taking|paid|pay|paying|gave|wanted|wants|asked (?:me |us )?for|charged|charges|demanded)\b"
    r"[^,.;!?]{0,16}(?:[$¥]? ?[0-9]+|\bmoney\b|\bcash\b|\bgifts?\b|\ba fee\b|\bpresents?\b)",
    re.ASCII,
)
_MISDEEDS: Final = (
    "骚扰|调戏|占(?:我|她|人)?便宜|动手动脚|欺负|吓唬|恐吓|威胁|要挟|刁难|为难|羞辱|侮辱|歧视|看不起|瞧不起|嘲笑|挖苦|讽刺|"
    "撒谎|敷衍|推诿|推脱|踢皮球|不理(?!解)|不搭理|泄露"
)
_HARM: Final = f"[摸抱亲搂骂凶吼吵推赶轰瞪打]|{_MISDEEDS}|骗|不管|说出去"
_WRONGED: Final = re.compile(
    "[摸亲搂骂凶吼吵推赶轰瞪打](?:了|过|着)?(?:我|俺|咱|她|女儿|孩子)(?!们?的?(?:电话|手机)|回访)|抱(?:了|过|住)?(?:我|她|女儿)|"
    "[对冲][我她](?:们)?[^,.;!，。；！ 不没]{0,4}(?:凶|吼|骂|喊|叫嚷|发火|动手|大声|无礼)|"
    f"{_MISDEEDS}|骗(?:了|过|我|人|钱)|不管我|"
    "不[许让准](?:我|她|他|他们)?(?:投诉|告|说|申诉)|"
    "态度[^,.;!，。；！ ]{0,4}(?:差|恶劣|坏|不好|冷|蛮横|傲慢|生硬)|"
    "(?:很|太|好|特别|真)(?:凶|差劲|恶劣|傲慢|不负责)|"
    r"\b(?:touch|grope|kiss|hug|harass|insult|humiliat|threaten|bull(?:y|i)|shout|yell|swor|swear|curs|mock|laugh|lied|"
    r"lying|cheat|hit|push|slap|refus|ignor|discriminat|abus)(?:e?s|e?d|ed|ing|ied|ies|e)?\b|"
    r"\b(?:rude|nasty|hostile)\b|\bkicked (?:me|us) out\b",
    re.ASCII,
)
_NOT_WRONGED: Final = re.compile(
    f"(?:没有?|从没|从不|从来没有?|不会|不曾)(?:[对跟给]我)?(?:{_HARM})|(?:没有?|从不|不)[对跟]我[^,]{{0,2}}(?:{_HARM})"
)


@cache
def _names() -> re.Pattern[str]:
    """Put together at its first use: every start of the service and of a command would wait for it."""
    return re.compile(_NAMED)


def clauses_of_own_people(said: str) -> list[str]:
    """The clauses of `said`, as `words.plain` gives it, that name somebody of the centre or its bureau and neither
    clear nor praise them.
    """
    names = _names()
    return [clause for clause in _CLAUSE.split(said) if names.search(clause) and not _CLEARED.search(clause)]


def tells_of_taking(said: str) -> bool:
    """Whether one of them takes or asks for money or gifts there: what would be a fee or a price of somebody else."""
    return any(_TAKEN.search(clause) for clause in clauses_of_own_people(said))


def tells_of_wronging(said: str) -> bool:
    """Whether one of them is said to have wronged somebody there: touched, abused, threatened, mocked, sent away."""
    return any(_WRONGED.search(_NOT_WRONGED.sub("", clause)) for clause in clauses_of_own_people(said))
