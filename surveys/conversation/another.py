"""Whether who writes says that the telephone is not the client's (pure).

The words of it ("弄错", "去世", "不认识", "died") are ordinary ones in what clients tell of their matter, so a phrase
counts only where it is a clause by itself and speaks of the text, the number or the person. The clauses are compared as
`words.plain` gives them.
"""

import re
from collections.abc import Sequence
from enum import IntEnum

# Longer clauses tell of something; these say one thing.
LONGEST_CLAUSE = 40


class Doubt(IntEnum):
    """How surely somebody says so. What is only suspected is looked into by a person and stops nothing.

    `SAID`: that it is the wrong number, or that the client has died. `ANOTHER`: that they themselves are not the
    client, so that their mark is not the client's either.
    """

    NONE = 0
    SUSPECTED = 1
    SAID = 2
    ANOTHER = 3


# Taken whole by `(?>…)`, not by `…*+`: before Python 3.11.5 that also takes the beginning of one it cannot end.
_SORRY = "(?>(?:你好|您好|喂|哎|唉|不好意思|对不起|抱歉|请问|啊|哦|嗯|呃)*)"
_END = "(?>(?:了|啦|的|啊|呀|哦|喔|哈|嘛|谢谢)*)"
_UNSURE = "(?>(?:可能|好像|应该|估计|恐怕|是不是|会不会|是否|怎么|我?觉得|肯定|又|是|都)*)"
_ASKING_END = "(?>(?:了|啦|的|啊|呀|哦|喔|哈|嘛|谢谢|吧|吗|呢)*)"
_WHAT = "(?:这(?:个|条|是)?|你们?|您们?|短信|信息|消息|电话|手机|号码?)"
_WHOM = "(?:人|号码?|电话|手机|短信|信息|消息|对象|地方)"
_SINCE = "(?:已经?|都|早就?|早已|刚刚?|前[几两]天|上个?月|上周|昨天|今年|去年|前年|年前|因病|不幸|现在)"
_KIN = (
    "(?:儿子|女儿|闺女|孩子|老公|老婆|丈夫|妻子|爱人|父亲|母亲|爸爸?|妈妈?|哥哥?|弟弟?|姐姐?|妹妹?|孙子|孙女|外孙女?|"
    "女婿|儿媳妇?|媳妇|亲戚|朋友|同事|邻居|家属|家人)"
)
_OWNER = "(?:他|她|机主|本人|当事人|老人家?|他老人家|她老人家)"
_DIED = "(?:去世|过世|已故|病故|身故|病逝|逝世|不在人世)"

# "我不是他", "我是他儿子"
_I_AM_ANOTHER = (
    "(?:我|这里?|接电话的|回短信的)?(?:真|并)?不是(?:他|她|机主|你们?要?找的人|您要?找的人|(?:他|她|机主)?本人)(?:在用|"
    "的号码?|的手机|的电话)?|"
    f"我是(?:{_OWNER}们?家?的?{_KIN}|家属|家人)"
)
_CLIENT_DIED = f"(?:{_OWNER}|人)?{_SINCE}{{0,4}}{_DIED}(?:了?(?:很久|好久|多年|好几年|[一二三两半]年多?))?"
# Said of the old and the sick in other words: "老人走了", "人已经不在了". Of a lawyer too: "他走了".
_CLIENT_GONE = (
    f"(?:{_OWNER}|人|他人|她人){_SINCE}{{0,4}}(?:不在(?:人世|世)?了|没了)|(?:老人家?|人|奶奶|爷爷){_SINCE}{{0,4}}走了"
)
# "这不是王大妈的手机", but not "这不是律师的电话".
_SOMEBODYS = "(?:(?!律师|法官|法院|承办|代理|中心|对方|被告|原告|公司|单位|你|您|的)[\u4e00-\u9fff]){1,6}"
_WRONG = (
    f"(?>{_WHAT}*)(?:[打拨发]错了?{_WHOM}?|[弄搞找送]错了?(?:人|号码?|对象))|"
    "(?:这|你打的|你拨的)?是?错号|(?>(?:你们?的?|您的?|这个?|手机|电话)*)号码(?:是|都)?(?:错|不对)|"
    "(?:这|这个)?不是我(?:的(?:号码?|手机|电话))?|(?:你们?|您)要?找的人不是我|"
    "(?>(?:这个?|手机|电话)*)(?:号码?已?经?换(?:了)?(?:机主|主人|人)|机主已?经?换(?:了)?人?|换(?:了)?机主)|(?:我|"
    "这)?是?新(?:号主|机主)|"
    f"(?:这个?|这是?)(?:号码?|手机|电话)?不是{_SOMEBODYS}的(?:号码?|手机号?码?|电话(?:号码?)?)?|{_CLIENT_DIED}"
)
# What a client might also say of the matter, or of themselves.
_PERHAPS = (
    f"(?>{_WHAT}+){_UNSURE}(?:[打拨发弄搞找送]错了?{_WHOM}?)|{_UNSURE}[打拨发弄搞找送]错了?{_WHOM}|"
    f"{_CLIENT_GONE}|"
    f"(?:我们?家?|咱家?|家)?的?{_KIN}{_SINCE}{{0,4}}{_DIED}|{_OWNER}.{{0,12}}{_DIED}|我是{_KIN}|"
    "我?(?:们)?(?:根本|从来|都|也|并|完全)?不认识(?:他|她|你们?|您|这个?人|此人|你说的这?个?人)?|"
    f"(?:你们?|您)?(?:要|到底|是)?找(?:谁|哪位|哪个)|(?>(?:我|他|她|{_WHAT})*)(?>{_SINCE}*)换(?:了)?(?>(?:个|新|手机|"
    "电话)*)号码?|"
    f"(?>(?:这个?|我的?|手机|电话)*)号码?{_SINCE}{{0,3}}换|这?(?:不是|不关)我的?(?:案子|案件|事情?)|"
    "我?(?:们)?(?:从来|从|根本|都)?没有?(?:办理?|申请|委托)过?(?>(?:这个|这种|任何|什么|你们的?|法律)*)"
    "(?:业务|事项?|事情|案件|案子|援助)?|我?(?:们)?(?:从来|从|根本|都)没有?(?:打过官司|[找请]过律师)"
)
_EN_KIN = (
    "(?:husband|wife|partner|son|daughter|father|mother|dad|mum|mom|brother|sister|grandson|granddaughter|"
    "friend|neighbou?r|relative|carer|colleague)"
)
_EN_I_AM = "(?:i am|i'?m|this is)"
_EN_SINCE = "(?>(?: (?:has|have|had|already|recently|sadly|just))*)"
_EN_WHEN = (
    "(?>(?: (?:last|this|in|a|an|few|some|many|two|three|[0-9]+|weeks?|months?|years?|ago|already|recently|sorry))*)"
)
_EN_DIED = "(?:passed (?:away|on)|died|is dead|is deceased|is no longer with us)"
_EN_ANOTHER = f"{_EN_I_AM} (?:not (?:him|her|the client|that person)|(?:his|her|their) {_EN_KIN})"
_EN_CLIENT_DIED = f"(?:he|she|the (?:client|owner)|this person){_EN_SINCE} {_EN_DIED}{_EN_WHEN}"
_EN_WRONG = (
    "(?>(?:(?:sorry|hi|hello|i think|i believe|you'?ve|you|have|got|texted|reached|this is|it is|it'?s|that'?s|the|"
    "a) )*)"
    "wrong (?:number|person|phone)(?>(?: (?:sorry|mate|here|again|thanks|thank you|please))*)|"
    "(?:this is |it is |it'?s |that'?s )?not (?:me|him|her|my (?:number|phone))|"
    "(?:sorry )?(?:this|the) (?:(?:phone|mobile|telephone|cell)(?: number)?|number)(?: now)? "
    "(?:(?:belongs to|is used by|is with) (?:someone|somebody|another person|a different person|a new owner)(?: else)?|"
    "is no longer (?:his|hers|theirs)|is not (?:his|hers|theirs))(?>(?: (?:now|sorry|any ?more))*)|"
    f"{_EN_CLIENT_DIED}"
)
_EN_PERHAPS = (
    f"my {_EN_KIN}{_EN_SINCE} {_EN_DIED}{_EN_WHEN}|(?>(?:this is|it'?s|i have|i'?ve|got|a|my| )*)new number|"
    "(?:sorry )?i (?:do not|don'?t) know (?:him|her|them|you|this person|that person|who this is)"
)


def _chain(phrases: str, *, unsure: str = "", end: str = _END) -> str:
    # Each link once and for good: else one phrase sent many times over would be tried in more ways than can be read.
    return f"(?>{_SORRY}{unsure}(?:{phrases}){end})"


_ANOTHER = re.compile(f"{_chain(_I_AM_ANOTHER)}{_chain(f'{_I_AM_ANOTHER}|{_WRONG}')}*|{_EN_ANOTHER}")
_SAID = re.compile(f"{_chain(f'{_I_AM_ANOTHER}|{_WRONG}')}+|{_EN_ANOTHER}|{_EN_WRONG}")
_SUSPECTED = re.compile(
    f"{_chain(f'{_PERHAPS}|{_I_AM_ANOTHER}|{_WRONG}', unsure=_UNSURE, end=_ASKING_END)}+|{_EN_PERHAPS}"
)
_OF_A_DEATH = re.compile(f"{_chain(f'{_CLIENT_DIED}|{_CLIENT_GONE}')}+|{_EN_CLIENT_DIED}")
_A_RELATIVE = re.compile(rf"{_KIN}|老伴|爷爷|奶奶|\b{_EN_KIN}\b")
_APOLOGY = re.compile(f"{_SORRY}|(?:i am |i'?m )?(?:so |very )?sorry")


def doubt_in(clause: str) -> Doubt:
    """What one clause says by itself."""
    if len(clause) > LONGEST_CLAUSE:
        return Doubt.NONE
    for pattern, doubt in ((_ANOTHER, Doubt.ANOTHER), (_SAID, Doubt.SAID), (_SUSPECTED, Doubt.SUSPECTED)):
        if pattern.fullmatch(clause):
            return doubt
    return Doubt.NONE


def is_apology(clause: str) -> bool:
    return _APOLOGY.fullmatch(clause) is not None


def tells_of_a_death(clauses: Sequence[str]) -> bool:
    """Whether one clause says by itself that the client has died, and no other names whom else "他" might be."""
    of_it = [clause for clause in clauses if _says_died(clause)]
    return bool(of_it) and not any(_A_RELATIVE.search(clause) for clause in clauses if clause not in of_it)


def _says_died(clause: str) -> bool:
    return len(clause) <= LONGEST_CLAUSE and _OF_A_DEATH.fullmatch(clause) is not None
