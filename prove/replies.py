"""`python -m prove replies`: whatever comes in is read without an error or a loop, and a stop is told from a complaint.

200,000 bodies in any writing, in conversations of one to six; near eighty ways to say stop, each in many dresses,
some of them lest somebody else read the answer, which then must not be sent; 2,000 ordinary sentences: half of them
near to a stop, half with words of mistakes, deaths, acquaintances and changed numbers, of which a wrong number might
be heard, behind a mark or without one. None may stop the number, none may lose its mark, none may pass for danger or
money.
With the rule of the whole message switched off, so that such a word counts wherever it stands, the ordinary ones must
show false stops: else they would prove nothing.
"""

import itertools
import random
import re
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from surveys.conversation import ASKING_ONCE_MORE, Progress, hear, rating_in, staff_matter
from surveys.conversation.words import LONGEST_BODY, STOP_WORDS
from surveys.enums import ConversationState, MessageKind, StaffReason

# Lest somebody else read them: nothing goes back, not even that the stop is heeded.
UNANSWERED = (
    "别回短信了他会看到", "please don't text he will see", "don't reply my husband checks my phone",
    "短信不方便，手机在他手里", "不要再发短信了我老公会翻手机", "别回复我，他在看我手机", "别回短信", "don't reply",
)  # fmt: skip
STOPS = (
    "退订", "TD", "T", "退订回T", "回复TD", "我要退订", "我要退订短信", "麻烦退订", "退订，谢谢", "取消订阅",
    "取消发送", "拒收", "拒收短信", "拒收信息", "停止", "停止发送", "停止发短信", "停止给我发短信", "请停止发送短信",
    "停止联系我", "停止打扰", "不要发了", "不要再发了", "不要再发短信", "不要再给我发短信", "请不要再发短信了",
    "不要再给我发信息了", "别发了", "别再发了", "别再给我发了", "别再发短信给我", "别打扰我", "不要打扰我",
    "请勿打扰", "请不要打扰我了", "别再联系我", "不要再联系我了", "不要联系我", "别烦我", "不想收到短信",
    "不想再收到短信了", "不愿再接收短信", "不再接收短信", "拒绝接收", "拒绝再接收短信", "勿扰", "屏蔽",
    "STOP", "stop all", "Unsubscribe", "please stop", "Stop texting me", "stop sending me messages", "opt out",
    "Remove me please", "do not text me again", "Don't contact me", "no more texts please", "退訂", "停止發送短訊",
    "don’t text me", "Please don’t call me", "remove me from your list", "take me off your list", "opt me out",
    "I don't want any more texts", "I do not want to receive messages", "烦死了别发了", "别给我发这个", "Stop!!! now",
    *UNANSWERED,
)  # fmt: skip
DRESSES = ("{}", " {}\n", "{}。", "{}！", "“{}”", "【{}】", "\u200b{}\u200e", "{}！！！")

_BEGINNINGS = ("", "你好，", "您好，", "喂，", "说实话，", "我觉得", "我妈说", "当时", "后来", "其实")
_NEAR_A_STOP = (
    "律师停止联系我已经一个月", "案子停止了没人告诉我", "停止服务太早", "法院取消了开庭", "开庭取消过两次",
    "取消不了预约",
    "希望不要再拖", "对方不要脸", "不要再让我跑了", "他退了我的材料", "想退钱", "退休金拿到了", "拒绝调解后就没消息",
    "对方拒绝执行", "法官拒绝了我的请求", "对方拒收判决书", "拒收起诉状怎么办", "短信收到了", "短信看不懂",
    "信息太少",
    "别的都好", "别人介绍来的", "不用我出庭", "不需要我去", "打扰你们了", "麻烦你们了", "没人联系我", "联系不上律师",
    "一直联系不到人", "电话老是停机", "不接我电话", "不想再打官司", "不想去法院", "不愿意调解", "申请停止执行",
    "请停止拖延", "屏蔽了他的电话", "骚扰我的人被判了", "他还在骚扰我女儿同学", "服务一般", "态度不好", "没有用",
    "T恤官司赢了", "end of story", "stopped by the office once", "the lawyer would not stop talking",
    "no one told me anything", "not bad at all", "quit my job because of it", "cancel culture",
    "they removed my name from the list", "I could not contact him", "no problem so far", "the end was good",
    "do not know yet", "I don't like the result", "I don’t want any more delay", "my name was taken off the list",
    "I do not want to receive less", "烦死了没人管", "别给我发错了",
)  # fmt: skip
_NEAR_ANOTHER = (
    "律师把开庭时间弄错了", "法院把我名字打错了", "判决书发错了地址", "起诉状上的金额搞错了", "通知发错人又重发",
    "我父亲去世的赔偿款拿到了", "老伴去世后一直没人管", "对方已经过世还能执行吗", "孩子他爸病故多年",
    "证人身故了没法作证",
    "律师我都不认识", "和承办人不认识也肯帮忙", "以前不认识法律援助", "没有办理好", "一件事都没办过", "律师中途换号了",
    "法官换号了联系不上", "我是朋友介绍来的", "我是孩子母亲带着娃", "不是本人签的字也算数", "找错人问了半天才找对",
    "号码错了两回才打通", "原来的机主已换成对方", "the clerk had the wrong person on the paper",
    "my father died and they got us the money", "he died before the hearing ended",
    "my lawyer has a new number now", "it was not me who signed", "I did not know her before the case",
)  # fmt: skip
_MARKS = ("1 ", "2，", "4，", "5 ", "5分，", "满意，", "不满意 ")
_ENDINGS = ("", "，谢谢", "。", "！", "，就这样", "……")


ASKED = Progress(state=ConversationState.AWAITING)


@dataclass(frozen=True, slots=True)
class Found:
    """What went wrong: the bodies that showed it, and beside them how many were read."""

    bodies: int
    seconds: float
    errors: list[str]
    loops: list[str]
    missed_stops: list[str]
    false_stops: list[str]
    lost_marks: list[str]
    false_alerts: list[str]
    ordinary: int
    stops: int
    false_stops_without_the_rule: int

    @property
    def holds(self) -> bool:
        wrong = (*self.errors, *self.loops, *self.missed_stops, *self.false_stops, *self.lost_marks, *self.false_alerts)
        return not wrong and self.false_stops_without_the_rule > 0


def prove(*, bodies: int, seed: int) -> Found:
    chance = random.Random(seed)
    ordinary = ordinary_replies(2_000, chance)
    dressed = {dress.format(stop): stop for stop, dress in itertools.product(STOPS, DRESSES)}
    began = time.monotonic()
    errors, loops = conversations(bodies, chance)
    return Found(
        bodies=bodies,
        seconds=round(time.monotonic() - began, 1),
        errors=errors,
        loops=loops,
        missed_stops=[said for said, stop in dressed.items() if not obeyed(said, quietly=stop in UNANSWERED)],
        false_stops=[said for said in ordinary if hear(ASKED, said).opt_out],
        lost_marks=[said for said in ordinary if hear(ASKED, said).rating != rating_in(said)],
        false_alerts=[said for said in ordinary if staff_matter(said) in (StaffReason.DANGER, StaffReason.MONEY)],
        ordinary=len(ordinary),
        stops=len(STOPS),
        false_stops_without_the_rule=sum(map(stop_anywhere, ordinary)),
    )


def obeyed(said: str, *, quietly: bool) -> bool:
    outcome = hear(ASKED, said)
    return outcome.opt_out and not (quietly and outcome.reply)


def stop_anywhere(said: str) -> bool:
    """The control: a reader that takes a word of a stop or a wrong number for one wherever it stands."""
    words = "|".join(map(re.escape, sorted((word for word in STOP_WORDS if len(word) > 1), key=len, reverse=True)))
    return (
        re.search(f"{words}|停止|退|[弄打发搞找]错|去世|过世|不认识|换号|died|wrong person", said.casefold())
        is not None
    )


def ordinary_replies(count: int, chance: random.Random) -> list[str]:
    """So many different sentences."""
    stops = ["".join(parts) for parts in itertools.product(_BEGINNINGS, _NEAR_A_STOP, _ENDINGS)]
    marked = ["".join(parts) for parts in itertools.product((*_MARKS, *_BEGINNINGS), _NEAR_ANOTHER, _ENDINGS)]
    return chance.sample(stops, count // 2) + chance.sample(marked, count - count // 2)


def conversations(bodies: int, chance: random.Random) -> tuple[list[str], list[str]]:
    """Read so many bodies; the errors and the conversations in which too much went back."""
    errors: list[str] = []
    loops: list[str] = []
    left = bodies
    while left:
        said = [body(chance) for _each in range(min(left, chance.randint(1, 6)))]
        left -= len(said)
        try:
            quiet = answered_little(said)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            errors.append(f"{error!r}: {said!r}")
            continue
        if not quiet:
            loops.append(repr(said))
    return errors, loops


def answered_little(said: list[str]) -> bool:
    """At most one question, one promise and one rating, and never more than five texts back."""
    progress, replies, ratings = ASKED, [], 0
    for text in said:
        outcome = hear(progress, text)
        progress = outcome.progress
        replies += [outcome.reply] if outcome.reply else []
        ratings += outcome.rating is not None
    asked_again = sum(reply in ASKING_ONCE_MORE for reply in replies)
    promised = replies.count(MessageKind.STAFF_WILL_CALL)
    return asked_again <= 1 and promised <= 1 and ratings <= 1 and len(replies) <= 5


def body(chance: random.Random) -> str:
    """One text of a kind chosen at random, up to the longest that a provider hands on."""
    text: str = chance.choice(_KINDS)(chance)
    return text[:LONGEST_BODY]


def _any_signs(chance: random.Random) -> str:
    """From the whole of Unicode but surrogates, which no text that was decoded can hold."""
    length = min(LONGEST_BODY, int(chance.expovariate(1 / 40)))
    return "".join(_sign(chance) for _each in range(length))


def _sign(chance: random.Random) -> str:
    while True:
        point = chance.choice((chance.randrange(0x80), chance.randrange(0x3000), chance.randrange(0x110000)))
        if unicodedata.category(chr(point)) != "Cs":
            return chr(point)


def _pieces(chance: random.Random) -> str:
    """What machines and people send, put together at random."""
    return "".join(chance.choice(_PIECES) for _each in range(chance.randint(0, 8)))


def _the_same_again(chance: random.Random) -> str:
    return chance.choice(_PIECES) * chance.randint(1, 400)


def _a_sentence(chance: random.Random) -> str:
    return chance.choice(_BEGINNINGS) + chance.choice((*_NEAR_A_STOP, *_NEAR_ANOTHER)) + chance.choice(_ENDINGS)


_PIECES: tuple[str, ...] = (
    *STOPS, *_NEAR_A_STOP, *"0123456789", "１", "五", "壹", "满意", "不满意", "非常满意", "他打我", "救命", "要钱",
    "红包", "投诉", "你是谁", "打错了", "回电", "\n", "\r\n", "\t", "　", "，", "。", "\u202e", "\u200b",
    "\ufeff", "\x00",
    "👍", "👨‍👩‍👧", "e\u0301", "%s", "{0}", "{{ x }}", "<script>", "'; DROP TABLE", "\\", "http://t.cn/x",
    "ｓｔｏｐ", "ＴＤ",
)  # fmt: skip
_KINDS: tuple[Callable[[random.Random], str], ...] = (_any_signs, _pieces, _the_same_again, _a_sentence)


def lines(found: Found) -> Iterator[str]:
    """The table, and the first of whatever went wrong."""
    yield f"{found.bodies:,} bodies in {found.seconds} s: errors {len(found.errors)}, loops {len(found.loops)}"
    yield f"{found.stops} ways to say stop, {len(DRESSES)} dresses each: not obeyed {len(found.missed_stops)}"
    yield (
        f"{found.ordinary:,} ordinary replies: taken for a stop {len(found.false_stops)}"
        f" (such a word anywhere: {found.false_stops_without_the_rule}), marks lost {len(found.lost_marks)},"
        f" taken for danger or money {len(found.false_alerts)}"
    )
    for wrong in (
        found.errors,
        found.loops,
        found.missed_stops,
        found.false_stops,
        found.lost_marks,
        found.false_alerts,
    ):
        yield from (f"  {each[:200]}" for each in wrong[:5])
