"""What a client's text says: stop, a rating, or something a person must see to (pure).

Everything is compared after folding: compatibility forms, traditional signs, letter case, apostrophes and quotation
marks, invisible signs and whatever punctuation stands around it. A stop must be the whole message, or a part of its
own beside a rating or a matter, so that "停止服务太早" is a complaint and not a stop.
"""

import re
import unicodedata

from qa_service.common.chinese import simplified
from surveys.conversation.another import Doubt, doubt_in, is_apology, tells_of_a_death
from surveys.conversation.danger import is_in_danger, speaks_of_danger
from surveys.conversation.money import speaks_of_money
from surveys.conversation.own_people import clauses_of_own_people, tells_of_taking, tells_of_wronging
from surveys.conversation.watched import asks_for_no_texts
from surveys.enums import StaffReason

LONGEST_BODY = 1600

# Also what is typed for them: 0 reads as the worst mark beside 1 to 5, so it is taken and never advertised.
STOP_WORDS = frozenset({
    "0", "t", "td", "t d", "tt", "n", "no", "stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel",
    "revoke", "optout", "opt out", "opt-out", "remove", "remove me", "unsub", "leave me alone", "stop it", "no more",
    "no thanks", "т", "退", "停", "tuiding", "退订t", "td退订", "拒接", "取消", "屏蔽", "勿扰", "不需要", "不要了",
    "别烦", "别烦我", "不接收", "拒绝接收", "拒绝",
})  # fmt: skip
PLAIN_STOPS = frozenset({
    "t", "td", "tt", "t d", "stop", "stopall", "stop all", "unsubscribe", "unsub", "optout", "opt out", "opt-out",
    "退订t", "td退订", "т",
})  # fmt: skip
_TEXTS = "(?:任何)?(?:服务)?(?:短信|短讯|信息|讯息|消息)"
_VERBS = "(?:发送?|回访|打扰|骚扰|烦|联系|联络|接收|收到)"
_NO_MORE = "(?:不要|不用|不必|不想|不愿|不再|别|勿)"
_TO_US = "再?(?:[给向]我)?"
_WHICH = f"我?+(?:这种|这些|你们的?)?{_TEXTS}"
_NO_CALLS = f"(?:不要|别|勿){_TO_US}(?:打电话|来电)(?:给我)?"
# Nothing that `_WHICH` reads: in two ways, one phrase sent many times over would never be read to its end.
_SENT = f"(?:发送?|接收|收到)(?:这个|那些|广告|垃圾|这种东西|这东西){_TEXTS}?"
_STOP_CHINESE = "|".join((
    f"(?:退订|退定|取消订阅|取消发送|拒收|停止){_TEXTS}?",
    f"取消{_TEXTS}",
    _NO_CALLS,
    f"停止再?(?:给我)?{_VERBS}我?+{_TEXTS}?(?:给我)?",
    f"{_NO_MORE}{_TO_US}(?:继续)?{_VERBS}{_WHICH}?(?:给我)?(?:过来)?",
    f"{_NO_MORE}{_TO_US}(?:继续)?{_SENT}(?:给我)?",
    f"拒绝再?接?收{_TEXTS}?",
    "回复?td?",
))  # fmt: skip
_PLEASE = "(?:please |pls |just )*"
_TEXTING = (
    "(?: (?:texting|messaging|contacting|sending|calling|ringing|phoning|texts?|messages?|sms|contact|send|bother|"
    "call|ring|phone|me|us|this|number|these|"
    "any|more|ever|again|anymore|now|it|please|thanks|thank you|so much|very much))*"
)
_MY_NUMBER = "(?:me|us|(?:my|this)(?: (?:mobile|phone|telephone))?(?: number)?)"
_YOUR_LIST = (
    "(?: (?:your|the|this|that|all|any|mailing|contact|calling|phone|text|texting|sms|messages?)){0,4}"
    " (?:lists?|database|system)"
)
_WANT_NONE = "(?:i |we )?(?:(?:do not|don'?t|no longer) (?:want|wish|need)|would like no|want no)(?: to)?"
# Told to us in so many words, by themselves or beside others.
_STOP_TO_US = (
    f"(?:remove|take|delete|get|cross|strike) {_MY_NUMBER} (?:from|off|out of)(?: of)?{_YOUR_LIST}{_TEXTING}|"
    f"opt (?:me|us|this number|my number) out{_TEXTING}|"
    f"(?:i|we) (?:want|wish|would like|need) to (?:opt[ -]?out|unsubscribe){_TEXTING}|"
    f"{_WANT_NONE}(?: (?:receive|get|have|see|be sent|any|more|further|these|your|such|of|text)){{0,5}}"
    f" (?:texts?|text messages?|messages?|sms|texted|messaged)(?: from (?:you|this number))?{_TEXTING}|"
    f"{_WANT_NONE} (?:you to (?:text|message|contact)|be (?:texted|messaged|contacted)){_TEXTING}"
)
_STOP_ENGLISH = f"{_PLEASE}(?:(?:stop|unsubscribe|opt[ -]?out|remove|do not|don'?t|no more){_TEXTING}|{_STOP_TO_US})"
_BEGUN = "(?:请|麻烦|求|拜托|我|要|想|你|们|以后|申请|回复?|这个号码?|真?烦(?:死人?)?了?|滚开?)*"
_ENDED = "(?:[我了吧啊啦嘛]|你们|好吗|行吗)*"
_THANKS = "(?:(?:谢谢|多谢|感谢|谢了|麻烦|辛苦)(?:你们?|您们?|大家)?了?)"
# Each alternative begins with a sign of its own and keeps the 我 it took, which could also stand behind it: else a
# phrase sent two hundred times over would be tried in two ways each time and never be read to its end.
_STOP = re.compile(
    f"{_BEGUN}(?:(?:{_STOP_CHINESE}){_ENDED}[\\s,.;!。，；！]*)+(?:td?|{_THANKS})?|td?{_THANKS}|{_STOP_ENGLISH}"
)

# Beside other words a stop must be spoken to us: "判决书寄给对方，拒收" and "开庭以后，不再联系我" tell of others.
_STOP_SPOKEN_TO_US = re.compile(
    f"{_BEGUN}(?:(?:退订|退定|取消订阅|取消发送){_TEXTS}?|(?:拒收|停止|取消){_TEXTS}|拒绝再?接?收{_TEXTS}|"
    f"(?:停止|不想|不愿|不再|不用|不必){_TO_US}(?:继续)?{_VERBS}{_WHICH}|"
    f"(?:不要|别|勿){_TO_US}(?:继续)?{_VERBS}{_WHICH}?(?:给我)?(?:过来)?|{_NO_CALLS}){_ENDED}{_THANKS}?|"
    f"{_PLEASE}(?:(?:stop|unsubscribe|opt[ -]?out|remove me|"
    f"(?:do not|don'?t)(?= (?:text|contact|message|send|bother))|no more(?= (?:texts?|messages?|sms))){_TEXTING}|"
    f"{_STOP_TO_US})"
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

COMPLAINT = re.compile(
    # "不会投诉" says the contrary.
    r"(?<!不)(?<!没)(?<!没有)(?<!不会)(?<!不想)(?<!不用)(?<!不必)(?<!不要)(?:投诉|举报|控告|告状)|"
    r"(?<!not )(?<!n't )(?<!no )(?<!nothing to )\bcompla(?:in|int|ints|ining)\b"
)
# Natural where a text names nobody. It is no sign of a wrong number.
WHO = re.compile(
    "(?:你们?|您)(?:们|到底)?是(?:谁|哪|干什么|做什么|什么)|^哪位|(?:你|您|是)哪位|(?:什么|哪个|哪家|何)单位|"
    "^(?:谁|谁啊|谁呀)$|"
    r"\bwho(?: is|'s) (?:this|that|it)\b|\bwho are you\b|\bwho(?: is|'s) (?:texting|writing)\b"
)
TALK = re.compile(
    "打电话|回电|给我电话|来电|电话联系|联系我|联络我|想谈谈|"
    r"\bcall me\b|\bphone me\b|\bring me\b|\btalk to (?:someone|a person)\b"
)
# "不用回电", "律师从没打电话给我", "律师来电告知" ask for no call; "让律师联系我" does.
_NO_CALL = re.compile(
    "(?:不[用要必想愿肯]|[别勿没未])[^,，。．.;；!！?？、]{0,6}(?:打电话|回电|给我电话|来电|电话联系|联系我|联络我|"
    "想?谈谈)|"
    r"(?:\bnot|n't|\bnever|\bno need to) (?:ever )?(?:call|phone|ring) me\b"
)
_TOLD_OF_CALLS = re.compile("律师|法官|书记员|承办人|工作人员|对方|你们|[他她]")
_ASKED_FOR = re.compile("[请让叫帮盼望能想]|要求|麻烦|可以|尽快|赶[快紧]|马上")
_PUNCTUATION = re.compile(r"[,，。．.;；!！?？、]+")

# Beside or after an answer these ask for nothing, piece by piece. Praise behind "没有" or "不用" is none.
_PRAISE = (
    "(?<![没无用])(?<!没有)(?:很|非常|十分|特别|挺|真的?|太|都|一直|也)*"
    "(?:好|满意|不错|负责任?|专业|认真|热情|耐心|细心|周到|到位|点赞|棒|给力|靠谱|优秀|贴心|尽职|尽责|尽心)"
)
# "王律师", but not "没律师".
_A_LAWYER = "(?:(?![没无不有缺])[\u4e00-\u9fff])?律师"
_THANKED = f"(?:你们?|您们?|大家|{_A_LAWYER}|老师|同志|法律援助|法援|中心|党和|政府|国家)*的?(?:帮助|支持|关心|付出)?"
_COURTESY = re.compile(
    f"(?:(?:非常|十分|衷心|万分|再次|真心|很|太)?(?:谢谢|感谢|多谢|辛苦|麻烦){_THANKED}了?|感恩|谢了|"
    "(?:暂?无|没有?(?:什么|啥|任何|其他|别的)?)(?:意见|建议|补充|要说的?|说的|想法)(?:[和或、]?(?:意见|"
    "建议))?(?![\u4e00-\u9fff])|"
    "(?:暂无|没啥|没别的|没有?其他)的?(?![\u4e00-\u9fff])|就这样(?![\u4e00-\u9fff])|一切都好|好人一生平安|"
    "(?:希望|祝)?(?:你们|法律援助|法援|中心)?(?:继续(?:加油|保持|努力)|再接再厉|越[来办做]越好|"
    "加油(?![\u4e00-\u9fff]))|"
    "你们?好|您好|不客气|再见|拜拜|"
    "(?:没有|没)(?:了|啊|呀|哦|吧|的)*(?=谢|多谢|辛苦|[^\u4e00-\u9fff]|$)|没事了?|没什么了?|无|"
    "(?:不用|不必)(?:再?给我)?(?:回电话?|打电话|联系我?)|不用了?谢?|"
    "祝(?:你们?|您们?|大家)?(?:工作|生活|身体|一切|万事|新年|节日)?(?:顺利|愉快|健康|平安|快乐|如意|好)|"
    f"(?:(?:你们|您|{_A_LAWYER}|老师|同志|服务|态度|工作)的?)*{_PRAISE}|"
    "(?:好的?|可以|行|嗯+|哦+|噢+|收到|知道了?|明白了?|[了啊呀哦哈吧呢的])(?![没无不有])|"
    "(?:thank you|thanks)(?: very much| so much| a lot)?(?: for (?:(?:your|the|all|everything) ?)?(?:(?:help|support|"
    "service|kindness|work)(?![a-z]))?)?|"
    "none|nothing(?: else| more)?|n a|no comments?|all good|nice|good job|helpful|thx|ty|okay|ok|yes|hello|hi|bye|"
    "great|good|welcome|xiexie|"
    "haode|very|excellent|perfect)"
    r"(?![a-z])\s*"
)

_TRIM = " \t\r\n.,;:!?'\"()[]<>*#~-_/。，、；：！？“”‘’（）【】《》…·「」"
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u20e3\ufe00-\ufe0f\ufeff]"
)
# As telephones type them. They are folded first: the compatibility form of "´" is a space and an accent.
_QUOTES = str.maketrans(dict.fromkeys("’‘‛ʼʹ＇`｀´′", "'") | dict.fromkeys("“”„‟«»＂″", '"'))
_SPACES = re.compile(r"\s+")
# Circled digits that the compatibility forms leave as they are: "❺".
_CIRCLED = {first + place: str(place + 1) for first in (0x2776, 0x2780, 0x278A, 0x24F5) for place in range(9)}
# In English a space ends no clause: "stop by the office", "please stop. I am ill".
_CLAUSE_END = re.compile(r"\s*[,，。．.;；!！?？、]+\s*|\s+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])\s+")
_MINUS = re.compile(r"\W*[-–−]\s?\w")  # "-1" is no 1
_BETWEEN_ENGLISH = re.compile(r"(?<=[a-z])\s*[,.;!]+\s*(?=[a-z])")  # "Stop!!! now"
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")  # "退 订"
_SIGNS = re.compile(r"[\W_]+")
_BREAK = re.compile(r"[\s.,;:!?。，、；：！？…)]")
# A digit, perhaps with its unit; "3天没联系上" and "5000" are not ratings, since no break follows.
_NUMBER = re.compile(
    rf"(?:我?(?:选择?|打|给|评|回复)\s*)?([{''.join(_DIGITS)}])(?:\s*(?:分|星|颗星|号|级|points?|stars?|/5))?"
)
_WORD = re.compile(rf"\s*({'|'.join(_OF_SATISFACTION)})(?=$|{_BREAK.pattern})")
# "非常 满意"; "满意👍", "5分👍": a pleased face at a good mark says the same, at a bad one it leaves the meaning open.
_PARTED_WORD = re.compile("(非常|十分|特别|比较|基本|不太|不怎么|很|挺|极|不) (?=(?:不 ?)?满意)")
_PLEASED = "[👍👌🙏🌹💐🌺🌸❤💯👏🎉✨💪🤝☺🙂😊😀😃😄😁🥰🤗🏻-🏿]+"
_WORDS_OF_PRAISE = "|".join(word for word in _OF_SATISFACTION if RATING_WORDS[word] >= RATING_WORDS["满意"])
_PLEASED_MARK = re.compile(rf"\A((?:[45四五]\s*(?:分|颗?星)?)?\s*(?:{_WORDS_OF_PRAISE})?)(?<=\S){_PLEASED}")
_WORD_BEFORE = re.compile("|".join(_OF_SATISFACTION))  # "不满意退订"
# A rating at the end: "TD 5", "TD5", "退订，不满意".
_LAST_RATING = re.compile(
    rf"(?:(?<![0-9])[{''.join(_DIGITS)}](?:分|星)?|(?<![a-z0-9])(?:{'|'.join(_OF_SATISFACTION)}))$"
)
# Behind words a mark is one where it is a clause of its own and has its unit: "没来，打1分", but not "没来，扣5分".
_MARK_AT_END = re.compile(
    r"(?<![给打扣值评够多少差])[,，。.;；!！]\s*我?(?:选择?|打|给|评)?(?:了|你们)?"
    rf"([{''.join(_DIGITS)}])\s*(?:分|颗?星|/5)$"
)

# "Thanks 5": nothing but the mark is said. "Thank you 2" says "you too".
_MARK_BEHIND_THANKS = re.compile(
    "(?:(?:谢谢|感谢|多谢|你好|您好)(?:你们?|您们?|大家)?了?[\\s,，。.!！]*([12345一二三四五])|"
    "(?:thanks|thank you|thx)(?: very much| so much| a lot)?[\\s,.!]+([1345]))\\s*(?:分|颗?星|/5)?"
)


def plain(text: str) -> str:
    """The text as it is compared: at most 1,600 signs, compatibility forms, apostrophes and quotation marks folded,
    invisible signs and ends cut.
    """
    folded = unicodedata.normalize("NFKC", text[:LONGEST_BODY].translate(_QUOTES))[:LONGEST_BODY]
    visible = simplified(_INVISIBLE.sub("", folded).casefold()).translate(_CIRCLED)
    return _SPACES.sub(" ", visible).strip(_TRIM)


def means_stop(text: str) -> bool:
    """Whether the whole message asks for no more texts, however politely: "请不要再发短信了，谢谢"."""
    said = _BETWEEN_CHINESE.sub("", plain(text))
    return said in STOP_WORDS or _is_a_stop(said)


def _is_a_stop(said: str) -> bool:
    return _STOP.fullmatch(said) is not None or _STOP.fullmatch(_BETWEEN_ENGLISH.sub(" ", said)) is not None


def stop_beside_rating(text: str) -> int | None:
    """The rating of a message that gives one and, before or behind it, asks for no more texts: "不满意，退订", "TD 5".

    Only what means a stop and nothing else counts there: "5, no" and "2 取消" do not.
    """
    said = plain(text)
    if _MINUS.match(text):
        return None
    rating, behind = _split(said)
    if rating is not None and _is_plain_stop(behind):
        return rating
    last = _LAST_RATING.search(said)
    if rating is None and (joined := _WORD_BEFORE.match(said)) and _is_plain_stop(said[joined.end() :]):
        return RATING_WORDS[joined[0]]
    if last is None or not _is_plain_stop(said[: last.start()]):
        return None
    return _split(said[last.start() :])[0]


def words_beside_stop(text: str) -> str | None:
    """What else a message says that begins or ends by asking us to stop, as "退订 律师要了3000"; else None."""
    if text.lstrip().startswith("STOP "):  # else "stop by the office" would be one
        return plain(text)[len("stop") :].strip()
    clauses = [clause for clause in _CLAUSE_END.split(plain(text)) if clause]
    if len(clauses) > 1 and _is_spoken_to_us(clauses[-1]):
        return " ".join(clauses[:-1])
    return " ".join(clauses[1:]) if len(clauses) > 1 and _is_spoken_to_us(clauses[0]) else None


def wants_silence(text: str, *, in_danger: bool) -> bool:
    """Whether it asks that nothing is sent back. In danger wherever that stands; else only as a clause of its own."""
    said = plain(text)
    if in_danger:
        return asks_for_no_texts(said, alone=False)
    return any(
        asks_for_no_texts(clause.strip(_TRIM), alone=True) for clause in _CLAUSE_END.split(_clear_rating(said)[1])
    )


def _is_spoken_to_us(clause: str) -> bool:
    stop = _BETWEEN_CHINESE.sub("", clause.strip(_TRIM))
    return stop in PLAIN_STOPS or _STOP_SPOKEN_TO_US.fullmatch(stop) is not None


def _is_plain_stop(said: str) -> bool:
    stop = _BETWEEN_CHINESE.sub("", said.strip(_TRIM))
    return stop in PLAIN_STOPS or _is_a_stop(stop)


def rating_in(text: str) -> int | None:
    """The one rating a message clearly gives, or None. A digit and a word that disagree give none."""
    if _MINUS.match(unicodedata.normalize("NFKC", text[:LONGEST_BODY])):
        return None
    return _clear_rating(plain(text))[0]


def _clear_rating(said: str) -> tuple[int | None, str]:
    """The one rating a message clearly gives, first or last in it, and the words beside it."""
    value, remark = _split(said)
    if value is None and (mark := _MARK_AT_END.search(said)) is not None:
        value, remark = _DIGITS[mark[1]], f" {said[: mark.start()]}"
    if value is None and (mark := _MARK_BEHIND_THANKS.fullmatch(said)) is not None:
        return _DIGITS[mark[1] or mark[2]], ""
    if value is None or not _is_remark(remark):
        return None, said
    agreed = all(_meaning(piece, value) == value for piece in _BREAK.split(remark))
    return (value, remark) if agreed else (None, said)


def _split(said: str) -> tuple[int | None, str]:
    """The rating a message begins with, if it gives just one, and what stands behind it."""
    said = _PLEASED_MARK.sub(r"\1 ", _PARTED_WORD.sub(r"\1", said))
    if said in RATING_WORDS:
        return RATING_WORDS[said], ""
    number = _NUMBER.match(said)
    rest = said[number.end() :] if number else said
    word = _WORD.match(rest)
    given = {_DIGITS[number[1]]} if number else set()
    given |= {RATING_WORDS[word[1]]} if word else set()
    return (given.pop() if len(given) == 1 else None), rest[word.end() :] if word else rest


def says_more(text: str) -> bool:
    """Whether the message holds words beyond a rating, thanks, praise and greetings: signs and emoji are none."""
    said = plain(text)
    if rating_in(text) is not None:
        said = " ".join(piece for piece in _BREAK.split(_clear_rating(said)[1]) if piece not in RATING_WORDS)
    left, place = _SIGNS.sub(" ", said).strip(), 0
    # Each piece once and for good: in one expression, "好好好好…" would be tried in more ways than can be read.
    while piece := _COURTESY.match(left, place):
        place = piece.end()
    return place < len(left)


def tells_something(text: str) -> bool:
    """Whether it says more in words: "6" and "4 5" are none."""
    return says_more(text) and any(sign.isalpha() and sign not in _DIGITS for sign in plain(text))


def _is_remark(remark: str) -> bool:
    """What a break parts from the rating is a remark, which may tell of "300元"; a piece that begins with another
    digit ("4 5", "1-5") leaves the meaning open.
    """
    begins_otherwise = any(piece[:1].isdigit() for piece in _BREAK.split(remark))
    return not remark or (_BREAK.match(remark) is not None and not begins_otherwise)


def _meaning(piece: str, otherwise: int) -> int:
    """The rating that a piece of the remark is by itself; most are none and agree with whatever was said."""
    said = piece.strip(_TRIM)
    if said.isascii():  # "5, no one better"
        return RATING_WORDS[said] if "satisfied" in said and said in RATING_WORDS else otherwise
    return RATING_WORDS.get(said, _DIGITS.get(said, otherwise))


def staff_matter(text: str) -> StaffReason:
    """What in the message a person must see at once; danger weighs most, danger that is plainly denied least."""
    said = plain(text)
    if is_in_danger(said, text=text):
        return StaffReason.DANGER
    if _speaks_of_money(said):
        return StaffReason.MONEY
    if whose_number(text) is not Doubt.NONE:
        return StaffReason.WRONG_NUMBER
    if COMPLAINT.search(said) or tells_of_wronging(said):
        return StaffReason.COMPLAINT
    if any(_asks_for_a_call(clause) for clause in _PUNCTUATION.split(said)):
        return StaffReason.TALK
    return StaffReason.DANGER_DENIED if speaks_of_danger(said) else StaffReason.NONE


def whose_number(text: str) -> Doubt:
    """Whether who writes says that they, or the telephone, are not the client's, or that the client has died.

    A mark is the client's own unless who gives it says first that they are somebody else ("5，我是他儿子"): then what
    else is said of mistakes, deaths and acquaintances ("1 律师把开庭时间弄错了") is of the matter. Without a mark it is
    sure only where nothing more is said than that and courtesies. "5 他去世了" is no mark of the client's until a
    person knows who gave it: only suspected, since "他" may be of the case. "5 我父亲去世了" is the client's.
    """
    said = plain(text)
    rated = rating_in(text) is not None
    clauses = [clause.strip(_TRIM) for clause in _CLAUSE_END.split(_clear_rating(said)[1] if rated else said)]
    doubts = [doubt_in(clause) for clause in clauses if not is_apology(clause) and says_more(clause)]
    if not doubts or doubts[0] is Doubt.ANOTHER:
        return doubts[0] if doubts else Doubt.NONE
    if rated:
        return Doubt.SUSPECTED if tells_of_a_death(clauses) else Doubt.NONE
    return min(max(doubts), Doubt.SAID if min(doubts) > Doubt.NONE else Doubt.SUSPECTED)


def _asks_for_a_call(clause: str) -> bool:
    if not TALK.search(_NO_CALL.sub("", clause)):
        return False
    return _ASKED_FOR.search(clause) is not None or _TOLD_OF_CALLS.search(clause) is None


def money_besides(text: str) -> bool:
    """Whether money is spoken of as well, where something else in the message weighs more."""
    return _speaks_of_money(plain(text))


def _speaks_of_money(said: str) -> bool:
    """Also with a space between the signs, or where only whom it is about makes it money: "你们主任 收了 我 500"."""
    joined = _BETWEEN_CHINESE.sub("", said)
    return speaks_of_money(said) or (joined != said and speaks_of_money(joined)) or tells_of_taking(joined)


def tells_of_own_people(text: str) -> bool:
    """Whether a clause of it names somebody of the centre or its bureau, and neither clears nor praises them."""
    return bool(clauses_of_own_people(plain(text)))


def asks_who(text: str) -> bool:
    """Whether the message asks who is writing."""
    return WHO.search(plain(text)) is not None
