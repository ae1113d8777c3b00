"""What a client's text means and what follows from it: a pure machine.

A reply that stops everything, or that speaks of danger, money or a wrong number, is heard in every state. A number from
1 to 5 or its word is the answer. Anything else is asked about once; then a person telephones. At most one clarification
and one closing text are ever sent, so two machines answering each other fall silent by themselves.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from surveys.enums import OPEN_STATES, ConversationState, MessageKind, StaffReason

LONGEST_BODY = 1600

STOP_WORDS = frozenset({
    "0", "t", "td", "tt", "n", "no", "stop", "stopall", "stop all", "unsubscribe", "end", "quit", "cancel",
    "revoke", "optout", "opt out", "opt-out", "remove", "remove me", "stop it", "please stop", "stop please",
    "no more", "no more messages", "stop messages", "stop texting", "stop texting me", "do not text",
    "dont text me", "do not contact me", "leave me alone", "unsub", "退订", "退定", "停止", "停", "拒收", "拒接",
    "取消", "取消订阅", "取消发送", "屏蔽", "别发了", "别再发了", "不要发了", "不要再发", "不要再发了", "别发",
    "勿发", "请勿再发", "不要发短信", "别发短信了", "别再发短信", "请停止", "停止发送", "停止短信", "不再接收",
    "不接收", "拒绝接收", "请不要再发", "请不要再发了", "别烦我", "不要打扰", "请勿打扰", "勿扰", "别打扰我",
    "不想收到短信", "不想再收到短信", "不要联系我", "别联系我", "不要再联系我", "td退订", "退订t", "回t", "回复t",
    "回复td", "退", "tuiding",
})  # fmt: skip

RATING_WORDS = {
    "非常满意": 5, "很满意": 5, "十分满意": 5, "特别满意": 5, "满意极了": 5, "太满意了": 5, "五星": 5, "五星好评": 5,
    "满分": 5,
    "满意": 4, "比较满意": 4, "挺满意": 4, "满意的": 4,
    "基本满意": 3, "一般": 3, "还行": 3, "还可以": 3, "一般般": 3, "凑合": 3,
    "不满意": 2, "不太满意": 2, "不怎么满意": 2, "差评": 2,
    "非常不满意": 1, "很不满意": 1, "十分不满意": 1, "极不满意": 1, "特别不满意": 1, "太差了": 1,
    "very satisfied": 5, "satisfied": 4, "fairly satisfied": 3, "ok": 3, "dissatisfied": 2, "not satisfied": 2,
    "unsatisfied": 2, "very dissatisfied": 1,
    "five": 5, "four": 4, "three": 3, "two": 2, "one": 1,
}  # fmt: skip

CHINESE_DIGITS = str.maketrans("一二三四五壹贰叁肆伍两", "12345123452")

DANGER = re.compile(
    "打我|打人|打死|打了我|殴打|家暴|威胁|恐吓|要杀|杀了|杀我|自杀|不想活|活不下去|想死|寻死|跳楼|"
    "救命|救救我|报警|害怕|不敢回家|跟踪我|囚禁|"
    r"\bhelp me\b|\bkill|\bsuicid|\bthreat|\bafraid\b|\bbeat(?:s|ing|en)? me\b|\bhit(?:s|ting)? me\b|\bscared\b"
)
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
WRONG_NUMBER = re.compile(
    # "没打错" says the contrary, and a wrong number is written to no more.
    "(?<!没)(?<!没有)(?<!不是)(?:打错|发错|弄错|搞错)|错号|号码错|不是本人|不认识|"
    "我不是他|我不是她|你找谁|你是谁|找错人|没有办理|没办过|没有办过|换号了|新号主|机主已换|"
    r"\bwrong (?:number|person)\b|\bwho (?:is this|are you)\b|\bnot me\b|\bnot (?:him|her)\b|\bnew number\b"
)
TALK = re.compile(
    "打电话|回电|给我电话|来电|电话联系|联系我|想谈谈|"
    r"\bcall me\b|\bphone me\b|\bring me\b|\btalk to (?:someone|a person)\b"
)

_TRIM = " \t\r\n.,;:!?'\"()[]<>*#~-_/。，、；：！？“”‘’（）【】《》…·「」"
_INVISIBLE = re.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_SPACES = re.compile(r"\s+")
# A digit, perhaps with its unit, then the end or a break; "3天没联系上" and "5000" are not ratings.
_NUMBER = re.compile(
    r"(?:我?(?:选择?|打|给|评|回复)\s*)?([1-5])(?:\s*(?:分|星|颗星|号|级|points?|stars?|/5))?(?P<rest>.*)", re.DOTALL
)
_BREAK = re.compile(r"[\s.,;:!?。，、；：！？…)]")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the conversation stands. `by_text` is False once a person of the centre has taken over."""

    state: ConversationState
    clarified: bool = False
    rated: bool = False
    by_text: bool = True
    still_taken: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows: the new progress, at most one reply, and what is to be written."""

    progress: Progress
    reply: MessageKind | None = None
    rating: int | None = None
    opt_out: bool = False
    staff: StaffReason = StaffReason.NONE


def plain(text: str) -> str:
    """The text as it is compared: at most 1,600 signs, compatibility forms folded, invisible signs and ends cut."""
    folded = unicodedata.normalize("NFKC", text[:LONGEST_BODY])[:LONGEST_BODY]
    visible = _INVISIBLE.sub("", folded).casefold()
    return _SPACES.sub(" ", visible).strip(_TRIM)


def means_stop(text: str) -> bool:
    """The whole message is a stop word: "停止" stops, "停止服务太早" does not."""
    return plain(text) in STOP_WORDS


def rating_in(text: str) -> int | None:
    """The one rating a message clearly gives, or None. A digit and a word that disagree give none."""
    said = plain(text)
    if said in RATING_WORDS:
        return RATING_WORDS[said]
    found = _NUMBER.fullmatch(said.translate(CHINESE_DIGITS))
    if found is None:
        return None
    rest = found["rest"]
    value = int(found[1])
    spoken = RATING_WORDS.get(plain(rest))
    if spoken is not None:
        return value if spoken == value else None
    if not rest:
        return value
    # What follows a break is a remark; more digits in it ("4 5", "1-5") leave the meaning open.
    return value if _BREAK.match(rest) and not any(sign.isdigit() for sign in rest) else None


def staff_matter(text: str) -> StaffReason:
    """What in the message a person must see at once; danger weighs most."""
    said = plain(text)
    for pattern, reason in (
        (DANGER, StaffReason.DANGER),
        (MONEY, StaffReason.MONEY),
        (WRONG_NUMBER, StaffReason.WRONG_NUMBER),
        (TALK, StaffReason.TALK),
    ):
        if pattern.search(_NO_MONEY.sub("", said) if pattern is MONEY else said):
            return reason
    return StaffReason.NONE


def hear(progress: Progress, text: str, *, opt_out_type: str = "", can_reply: bool = True) -> Outcome:
    """One inbound text. `opt_out_type` is the provider's own finding (STOP, START, HELP), or empty.

    The provider that found STOP has already answered, so nothing more is sent. Where the carrier lets nothing be sent
    back, what would have been asked once more goes to a person at once.
    """
    outcome = _heard(progress, text, opt_out_type=opt_out_type)
    if can_reply or outcome.reply is None:
        return outcome
    if outcome.reply is MessageKind.CLARIFICATION:
        return Outcome(replace(outcome.progress, by_text=False), staff=StaffReason.UNCLEAR)
    return replace(outcome, reply=None)


def _heard(progress: Progress, text: str, *, opt_out_type: str) -> Outcome:
    if opt_out_type == "STOP" or means_stop(text):
        # Also after an answer, which stays: else each further stop would be confirmed again.
        stopped = replace(progress, state=ConversationState.STOPPED)
        repeated = progress.state == ConversationState.STOPPED
        return Outcome(stopped, reply=None if opt_out_type or repeated else MessageKind.STOPPED, opt_out=True)
    if opt_out_type:
        return Outcome(progress)
    matter = staff_matter(text)
    rating = rating_in(text) if _listening(progress) and not progress.rated else None
    if matter is not StaffReason.NONE:
        return _to_staff(progress, matter, rating)
    if not _listening(progress):
        return Outcome(progress)
    if rating is not None:
        return _answered(progress, rating)
    return _not_understood(progress)


def _listening(progress: Progress) -> bool:
    return progress.still_taken and progress.state in (*OPEN_STATES, ConversationState.EXPIRED)


def _to_staff(progress: Progress, matter: StaffReason, rating: int | None) -> Outcome:
    """The matter is never echoed: what goes back, if anything, is the same neutral thanks as after any answer."""
    after = replace(progress, by_text=False, rated=progress.rated or rating is not None)
    if matter is StaffReason.WRONG_NUMBER:
        return Outcome(after, opt_out=True, staff=matter)
    quiet = matter is StaffReason.DANGER or not progress.by_text or not _listening(progress)
    return Outcome(after, reply=None if quiet else MessageKind.THANKS, rating=rating, staff=matter)


def _answered(progress: Progress, rating: int) -> Outcome:
    # A web form that has been begun may still be finished; the text fills in its first question.
    begun = progress.state == ConversationState.STARTED
    state = ConversationState.STARTED if begun else ConversationState.FINISHED
    return Outcome(replace(progress, state=state, rated=True), reply=MessageKind.THANKS, rating=rating)


def _not_understood(progress: Progress) -> Outcome:
    if not progress.by_text or progress.state == ConversationState.EXPIRED or progress.rated:
        return Outcome(progress)
    if progress.clarified:
        handed = replace(progress, by_text=False)
        return Outcome(handed, reply=MessageKind.STAFF_WILL_CALL, staff=StaffReason.UNCLEAR)
    state = ConversationState.STARTED if progress.state == ConversationState.STARTED else ConversationState.CLARIFYING
    return Outcome(replace(progress, clarified=True, state=state), reply=MessageKind.CLARIFICATION)
