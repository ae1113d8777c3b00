"""What a client's text says: stop, a rating, or something a person must see to (pure).

Everything is compared after folding: compatibility forms, traditional signs, letter case, invisible signs and whatever
punctuation stands around it. A stop must be the whole message, so that "停止服务太早" is a complaint and not a stop.
"""

import re
import unicodedata

from qa_service.common.chinese import simplified
from surveys.conversation.denial import without_denials
from surveys.enums import StaffReason

LONGEST_BODY = 1600

# Also what is typed for them: 0 reads as the worst mark beside 1 to 5, so it is taken and never advertised.
STOP_WORDS = frozenset({
    "0", "t", "td", "tt", "n", "no", "stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel",
    "revoke", "optout", "opt out", "opt-out", "remove", "remove me", "unsub", "leave me alone", "stop it", "no more",
    "no thanks", "т", "退", "停", "tuiding", "退订t", "td退订", "拒接", "取消", "屏蔽", "勿扰", "不需要", "不要了",
    "别烦", "别烦我", "不接收", "拒绝接收", "拒绝",
})  # fmt: skip
_TEXTS = "(?:任何)?(?:服务)?(?:短信|短讯|信息|讯息|消息)"
_VERBS = "(?:发送?|回访|打扰|骚扰|烦|联系|联络|接收|收到)"
_STOP_CHINESE = "|".join((
    f"(?:退订|退定|取消订阅|取消发送|拒收|停止){_TEXTS}?",
    f"停止再?(?:给我)?{_VERBS}我?+{_TEXTS}?(?:给我)?",
    f"(?:不要|不用|不必|不想|不愿|不再|别|勿)再?(?:[给向]我)?(?:继续)?{_VERBS}我?+(?:这种|这些)?{_TEXTS}?(?:给我)?",
    f"拒绝再?接?收{_TEXTS}?",
    "回复?td?",
))  # fmt: skip
_STOP_ENGLISH = (
    "(?:please |pls |just )*(?:stop|unsubscribe|opt[ -]?out|remove|do not|don'?t|no more)"
    "(?: (?:texting|messaging|contacting|sending|texts?|messages?|sms|contact|send|bother|me|us|this|number|these|"
    "any|more|ever|again|anymore|now|it|please|thanks|thank you))*"
)
# Each alternative begins with a sign of its own and keeps the 我 it took, which could also stand behind it: else a
# phrase sent two hundred times over would be tried in two ways each time and never be read to its end.
_STOP = re.compile(
    f"(?:请|麻烦|我|要|想|你|们|以后|申请|回复?)*(?:(?:{_STOP_CHINESE})[我了吧啊]*[\\s,.;!。，；！]*)+"
    f"(?:td?|谢谢你?|多谢|谢了)?|{_STOP_ENGLISH}"
)

RATING_WORDS = {
    "非常满意": 5, "很满意": 5, "十分满意": 5, "特别满意": 5, "满意极了": 5, "太满意了": 5, "五星": 5, "五星好评": 5,
    "5星好评": 5, "满分": 5,
    "满意": 4, "比较满意": 4, "挺满意": 4, "满意的": 4,
    "基本满意": 3, "一般": 3, "还行": 3, "还可以": 3, "一般般": 3, "凑合": 3,
    "不满意": 2, "不太满意": 2, "不怎么满意": 2, "差评": 2,
    "非常不满意": 1, "很不满意": 1, "十分不满意": 1, "极不满意": 1, "特别不满意": 1, "太差了": 1,
    "very satisfied": 5, "satisfied": 4, "fairly satisfied": 3, "ok": 3, "dissatisfied": 2, "not satisfied": 2,
    "unsatisfied": 2, "very dissatisfied": 1,
    "five": 5, "four": 4, "three": 3, "two": 2, "one": 1,
}  # fmt: skip
_DIGITS = {sign: place % 5 + 1 for place, sign in enumerate("12345一二三四五壹贰叁肆伍")} | {"两": 2}
# Words that mean a rating also where a remark follows; "ok thanks" and "one more thing" need not.
_OF_SATISFACTION = sorted(
    (word for word in RATING_WORDS if "满意" in word or "satisfied" in word), key=len, reverse=True
)

DANGER = re.compile(
    "打过?我|打过?人|打死|打了我|殴打|家暴|威胁|恐吓|要杀|杀了|杀我|自杀|不想活|活不下去|活着没意思|想死|寻死|跳楼|轻生|割腕|"
    "救命|救救我|报警|害怕|不敢回家|不敢出门|跟踪我|囚禁|被打|挨过?打|挨过?揍|揍我|踢我|掐我|掐脖|砍我|砍死|弄死|捅我|"
    "(?:又|对我|跟我|他|她)动过?手|打孩子|烧死|烧房|放火|要害我|"
    r"\bhelp me\b|\bkill|\bsuicid|\bthreat|\bafraid\b|\bbeat(?:s|ing|en)? me\b|\bhit(?:s|ting)? me\b|\bscared\b|"
    r"\bhurt(?:s|ing)? me\b|\bin danger\b"
)
_QUESTION = re.compile("[?？]")  # "他没打我？" denies nothing; `plain` cuts the sign off
MONEY = re.compile(
    # "没有收费" praises: the negated forms are taken out first, see `staff_matter`.
    "要钱|收钱|收了钱|收费|乱收|红包|给了钱|给他钱|给她钱|送礼|送钱|索要|索取|请客|请吃|吃饭|好处费|辛苦费|"
    "烟酒|回扣|贿赂|受贿|转账给|交了钱|多收|"
    # "收了我2000块", "拿了我的钱", "问我要了两千", "要我给钱": a sum may stand for the word.
    "收了?我.{0,6}(?:钱|块|元|[0-9一二两三四五六七八九十百千万])|拿了?我.{0,2}钱|要我.{0,3}给|"
    "(?:[问跟向]我要了?|要了我).{0,2}(?:钱|东西|[0-9一二两三四五六七八九十百千万])|"
    r"\bbribe|\basked (?:me )?for money\b|\bwanted money\b|\bpaid (?:him|her|them)\b|\bcharged me\b|\bkickback"
)
_NO_MONEY = re.compile(
    "(?:没有?|未|不|从没|并没有?)(?:人|[向跟让问找对]我|乱|多)*(?:收|要|送|给|请|索|交)[^，。,.!！]{0,3}"
)
# Also a relative who answers, and a death: the number is shared or nobody's, so it is written to no more.
WRONG_NUMBER = re.compile(
    # "没打错" says the contrary.
    "(?<!没)(?<!没有)(?<!不是)(?:打错|发错|弄错|搞错)|错号|号码错|不是(?:我|他|她)?本人|不认识|"
    r"我不是他|我不是她|(?:^|\W)不是我(?:$|\W)|你找谁|找错人|没有办理|没办过|没有办过|换号了|新号主|机主已换|"
    "我是(?:他|她|机主|本人|老人|当事人)?们?家?的?"
    "(?:儿子|女儿|孩子|老公|老婆|丈夫|妻子|爱人|父亲|母亲|爸|妈|哥|弟|姐|妹|孙子|孙女|儿媳|媳妇|亲戚|朋友|家属|家人)|"
    "去世|过世|已故|病故|身故|不在人世|"
    r"\bwrong (?:number|person)\b|\bnot me\b|\bnot (?:him|her)\b|\bnew number\b|"
    r"\bpassed away\b|\bdied\b|\bi(?: a|')m (?:his|her|their) \w+"
)
COMPLAINT = re.compile(
    # "不会投诉" says the contrary.
    r"(?<!不)(?<!没)(?<!没有)(?<!不会)(?<!不想)(?<!不用)(?<!不必)(?<!不要)(?:投诉|举报|控告|告状)|"
    r"(?<!not )(?<!n't )(?<!no )(?<!nothing to )\bcompla(?:in|int|ints|ining)\b"
)
# Natural where a text names nobody. It is no sign of a wrong number.
WHO = re.compile(
    "(?:你们?|您)(?:们|到底)?是(?:谁|哪|干什么|做什么|什么)|^哪位|(?:你|您|是)哪位|(?:什么|哪个|哪家|何)单位|^(?:谁|谁啊|谁呀)$|"
    r"\bwho(?: is|'s) (?:this|that|it)\b|\bwho are you\b|\bwho(?: is|'s) (?:texting|writing)\b"
)
TALK = re.compile(
    "打电话|回电|给我电话|来电|电话联系|联系我|联络我|想谈谈|"
    r"\bcall me\b|\bphone me\b|\bring me\b|\btalk to (?:someone|a person)\b"
)

_TRIM = " \t\r\n.,;:!?'\"()[]<>*#~-_/。，、；：！？“”‘’（）【】《》…·「」"
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile(r"\s+")
_BREAK = re.compile(r"[\s.,;:!?。，、；：！？…)]")
# A digit, perhaps with its unit; "3天没联系上" and "5000" are not ratings, since no break follows.
_NUMBER = re.compile(
    rf"(?:我?(?:选择?|打|给|评|回复)\s*)?([{''.join(_DIGITS)}])(?:\s*(?:分|星|颗星|号|级|points?|stars?|/5))?"
)
_WORD = re.compile(rf"\s*({'|'.join(_OF_SATISFACTION)})(?=$|{_BREAK.pattern})")


def plain(text: str) -> str:
    """The text as it is compared: at most 1,600 signs, compatibility forms folded, invisible signs and ends cut."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_BODY])[:LONGEST_BODY]
    visible = simplified(_INVISIBLE.sub("", folded).casefold())
    return _SPACES.sub(" ", visible).strip(_TRIM)


def means_stop(text: str) -> bool:
    """Whether the whole message asks for no more texts, however politely: "请不要再发短信了，谢谢"."""
    said = plain(text)
    return said in STOP_WORDS or _STOP.fullmatch(said) is not None


def rating_in(text: str) -> int | None:
    """The one rating a message clearly gives, or None. A digit and a word that disagree give none."""
    said = plain(text)
    if said in RATING_WORDS:
        return RATING_WORDS[said]
    number = _NUMBER.match(said)
    rest = said[number.end() :] if number else said
    word = _WORD.match(rest)
    remark = rest[word.end() :] if word else rest
    given = {_DIGITS[number[1]]} if number else set()
    given |= {RATING_WORDS[word[1]]} if word else set()
    if len(given) != 1 or not _is_remark(remark):
        return None
    value = given.pop()
    return value if all(_meaning(piece, value) == value for piece in _BREAK.split(remark)) else None


def _is_remark(remark: str) -> bool:
    """What follows a break is a remark; more digits in it ("4 5", "1-5") leave the meaning open."""
    return not remark or (_BREAK.match(remark) is not None and not any(sign.isdigit() for sign in remark))


def _meaning(piece: str, otherwise: int) -> int:
    """The rating that a piece of the remark is by itself; most are none and agree with whatever was said."""
    said = piece.strip(_TRIM)
    if said.isascii():  # "5, no one better"
        return RATING_WORDS[said] if "satisfied" in said and said in RATING_WORDS else otherwise
    return RATING_WORDS.get(said, _DIGITS.get(said, otherwise))


def staff_matter(text: str) -> StaffReason:
    """What in the message a person must see at once; danger weighs most, danger that is plainly denied least."""
    said = plain(text)
    danger = DANGER.search(said) is not None
    if danger and (_QUESTION.search(text) or DANGER.search(without_denials(said))):
        return StaffReason.DANGER
    for pattern, reason in (
        (MONEY, StaffReason.MONEY),
        (WRONG_NUMBER, StaffReason.WRONG_NUMBER),
        (COMPLAINT, StaffReason.COMPLAINT),
        (TALK, StaffReason.TALK),
    ):
        if pattern.search(_NO_MONEY.sub("", said) if pattern is MONEY else said):
            return reason
    return StaffReason.DANGER_DENIED if danger else StaffReason.NONE


def asks_who(text: str) -> bool:
    """Whether the message asks who is writing."""
    return WHO.search(plain(text)) is not None
