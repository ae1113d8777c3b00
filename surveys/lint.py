"""What may never stand in a text to a telephone: telephones are shared, and read over shoulders (domain.md 4.6).

Nothing that names a case, the law, a lawyer, the centre, a court, money paid for harm, or violence; nor a variable that
could hold one. Words are looked for after folding: compatibility forms, accents, look-alike letters, traditional signs
and everything invisible or put between the signs of a word. It would rather refuse a harmless text than let one pass.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from qa_service.common.chinese import simplified


class FaultKind(StrEnum):
    WORD = "word"
    NAME = "name"
    CASE_NUMBER = "case_number"
    VARIABLE = "variable"
    BRACES = "braces"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text may not be sent to a telephone: the word, the name or the variable that tells too much."""

    kind: FaultKind
    value: str


CHINESE = (
    # the law and its places; what else names the law is found by its sign
    "法律", "法院", "法庭", "法官", "司法", "检察", "公安", "派出所", "警察", "民警", "看守所", "监狱", "拘留", "逮捕",
    # the centre and its people
    "援助", "法援", "律师", "律所", "代理人", "辩护", "受援", "承办", "中心", "委托", "12348",
    # the case
    "案件", "案号", "案情", "案由", "本案", "该案", "此案", "个案", "涉案", "结案", "立案", "办案", "一案", "贵案",
    "案卷", "诉讼", "起诉", "上诉", "应诉", "胜诉", "败诉", "开庭", "庭审", "审理", "审判", "庭前",
    "判决", "裁定", "裁决", "仲裁",
    "调解", "执行款", "原告", "被告", "当事人", "嫌疑", "刑事", "民事", "行政复议", "打官司", "官司", "传票", "争议",
    "纠纷", "取保", "缓刑", "假释", "保释", "坐牢", "服刑", "维权", "权益", "侵权", "证据", "证人", "打赢了", "打输了",
    # money paid for harm, wages
    "赔偿", "补偿", "赔付", "抚恤", "抚养费", "赡养费", "工资", "欠薪", "讨薪", "工伤",
    "赔款", "理赔", "欠款", "欠债",
    # home and harm
    "离婚", "抚养权", "家暴", "家庭暴力", "暴力", "虐待", "伤害", "殴打", "施暴", "强奸", "性侵", "猥亵", "人身保护令",
    "保护令", "交通事故", "被他打", "被她打", "挨打", "打架", "打伤",
    "威胁", "恐吓", "跟踪", "骚扰", "受害", "侵害", "欺负", "欺凌", "报复", "逼迫", "囚禁", "拐卖", "伤情", "伤残",
    "受伤", "动手打", "冷暴力", "前夫", "前妻", "施害", "丈夫",
)  # fmt: skip

# Signs that tell by themselves, and the harmless words in which they may stand.
SIGNS: Mapping[str, tuple[str, ...]] = {
    "法": ("办法", "方法", "无法", "没法", "想法", "看法", "说法", "做法", "用法", "法定"),
    "案": ("方案", "答案"),
    "诉": ("投诉", "告诉"),
    "律": ("一律", "规律"),
    "罪": ("得罪",),
    "判": ("判断",),
    "警": (),
    "狱": (),
    "囚": (),
    "刑": (),
    "庭": ("家庭",),
    "仲": (),
    "押": (),
    "暴": ("暴雨",),
    "被打": ("被打扰",),
    "打人": ("拨打人",),
    "打你": ("拨打你",),
    "打您": ("拨打您",),
    "虐": (),
    "赔": (),
    "一审": ("一审核", "一审批"),
    "二审": ("二审核", "二审批"),
    "再审": ("再审核", "再审批"),
    "终审": ("最终审核", "最终审批"),
    "和解": ("和解答", "和解决", "和解释", "和解除", "和解读"),
    # whom the matter is with
    "对方": ("对方便", "对方式", "对方法", "对方案", "对方向", "对方面"),
    "老公": ("老公寓", "老公益", "老公民", "老公司", "老公园"),
    "老婆": ("老婆婆",),
    "妻子": (),
    "夫妻": (),
}

ENGLISH = frozenset({
    "legal", "legally", "law", "laws", "lawful", "aid", "court", "courts", "courthouse", "case", "cases", "lawyer",
    "lawyers", "attorney", "attorneys", "solicitor", "barrister", "counsel", "lawsuit", "litigation", "judge",
    "judges", "judgment", "judgement", "judicial", "justice", "verdict", "sue", "sued", "suing", "trial", "tribunal",
    "hearing", "hearings", "arbitration", "arbitrator", "mediation", "plaintiff", "defendant", "appeal", "prosecutor",
    "prosecution", "police", "crime", "crimes", "criminal", "prison", "jail", "custody", "bail", "victim",
    "compensation", "compensate", "damages", "wage", "wages", "divorce", "alimony", "violence", "violent", "abuse",
    "abused", "assault", "rape", "beaten", "beating", "hit", "hurt", "injury", "injured", "attack", "attacked",
    "threat", "threats", "threaten", "threatened", "stalking", "stalked", "stalker", "harass", "harassed", "harassment",
    "paralegal", "proceedings", "jury", "statute", "statutory", "claim", "claims", "claimant", "dispute", "disputes",
    "convicted", "conviction", "probation", "parole", "guilty", "acquitted", "offence", "offense", "evidence",
    "witness", "husband", "husbands", "wife", "wives", "spouse", "debt", "debts",
    "settlement", "eviction", "asylum", "centre", "center", "centres", "centers", "bureau", "advocate",
    # the same in pinyin
    "falv", "falu", "lvshi", "lushi", "fayuan", "fating", "yuanzhu", "fayuanzhu", "anjian", "anhao", "susong", "panjue",
    "zhongcai", "peichang", "buchang", "lihun", "jiabao", "baoli", "sifa", "gongan", "jiancha",
})  # fmt: skip

# Long and odd enough to be looked for across the spaces of a whole text: "law yer", "v i o l e n c e".
_ACROSS = (*sorted(word for word in ENGLISH if len(word) >= 6), "legalaid")  # noqa: PLR2004
# Of how many pieces a shorter word may be put together: "c o u r t", "ca se".
_PIECES = 8
_LATIN = re.compile(r"[a-z]+")
_LETTER_OR_DIGIT = re.compile(r"[a-z]|^[^0-9]*[0-9][^0-9]*$")
_ADDRESS = re.compile(
    r"(?:https?:|www\.)\S*|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:cn|com|net|org|gov|edu|cc|top|me|io|link|url)\b"
)
_CASE_NUMBER = re.compile(r"[(\[]?(?:19|20)\d{2}[)\]]?\D{0,12}?第?\d+号")

_LOOK_ALIKE = str.maketrans(
    # Cyrillic, Greek and other letters that print like Latin ones.
    "авсԁеһіјӏмопрԛѕтухѡкгαβερικνοτυχωɑɡıłøđℓ",
    "abcdehijlmonpqstyxwkrabepikvotuxwagilodl",
)
_LEET = str.maketrans("013457@$!|", "oleasta" + "sil")

ALLOWED_FIELDS = frozenset({"link", "code", "phone"})


def folded(text: str) -> str:
    """As it is compared: compatibility forms, accents, look-alikes and traditional signs folded; nothing invisible."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    seen = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Cf", "Mn", "Me", "Cc"})
    return simplified(unicodedata.normalize("NFKC", seen).casefold().translate(_LOOK_ALIKE))


def squeezed(text: str) -> str:
    """The folded text with its letters and digits alone, so that nothing put between two signs parts them."""
    return "".join(sign for sign in folded(text) if sign.isalnum())


def faults(text: str, *, names: Iterable[str] = ()) -> tuple[Fault, ...]:
    """What forbids a text on a telephone; empty means fit. `names`: of the centre, its firms and lawyers."""
    said, fields, broken = _spoken(text)
    tight = squeezed(said)
    words = [word for word in CHINESE if word in tight]
    found = [Fault(FaultKind.WORD, word) for word in (*words, *_told_by_signs(tight, but=words))]
    found += [Fault(FaultKind.WORD, word) for word in sorted(_english_in(folded(said)))]
    found += [Fault(FaultKind.NAME, name) for name in sorted(set(names)) if squeezed(name) and squeezed(name) in tight]
    found += [Fault(FaultKind.CASE_NUMBER, hit) for hit in _CASE_NUMBER.findall(folded(said).replace(" ", ""))]
    found += [Fault(FaultKind.ADDRESS, hit) for hit in _ADDRESS.findall(folded(said))]
    found += [Fault(FaultKind.VARIABLE, name) for name in sorted(fields - ALLOWED_FIELDS)]
    found += [Fault(FaultKind.BRACES, piece) for piece in broken]
    return tuple(found)


def _told_by_signs(tight: str, *, but: Iterable[str]) -> Iterator[str]:
    """Each telling sign that stands in no harmless word, unless a word found already holds it.

    By itself: with its neighbours it would be named as "婚案请", which nobody wrote.
    """
    known = "".join(but)
    for sign, harmless in SIGNS.items():
        rest = tight
        for word in harmless:
            rest = rest.replace(word, " " * len(word))
        if sign not in known and sign in rest:
            yield sign


def variables(text: str) -> frozenset[str]:
    """The variables a text names, allowed or not."""
    return frozenset(_spoken(text)[1])


def _spoken(text: str) -> tuple[str, set[str], list[str]]:
    """The words of a text without its variables, the variables, and what is no variable at all."""
    try:
        pieces = list(Formatter().parse(text))
    except ValueError:
        return text, set(), ["{ }"]
    fields = {name for _words, name, _form, _turn in pieces if name is not None}
    broken = [f"{{{name}}}" for _words, name, form, turn in pieces if name is not None and (form or turn or not name)]
    return "".join(words for words, _name, _form, _turn in pieces), fields, broken


def _english_in(plain: str) -> set[str]:
    """Words of the table as they stand, with signs inside, with digits for letters, or parted by spaces."""
    found: set[str] = set()
    for spelt in (plain, _with_letters_for_digits(plain)):
        closed = "".join(sign for sign in spelt if sign.isalnum() or sign.isspace())
        for tokens in (_LATIN.findall(spelt), _LATIN.findall(closed)):
            joined = "".join(tokens)
            found |= _put_together(tokens) & ENGLISH
            found |= {word for word in _ACROSS if word in joined}
    return found


def _put_together(tokens: list[str]) -> set[str]:
    """Each token, and each run of neighbours as one word."""
    return {
        "".join(tokens[start:end])
        for start in range(len(tokens))
        for end in range(start + 1, min(start + _PIECES, len(tokens)) + 1)
    }


def _with_letters_for_digits(plain: str) -> str:
    """`l4wyer` and `l 4 w` are read as a person reads them; a number of its own stays one."""
    return " ".join(word.translate(_LEET) if _LETTER_OR_DIGIT.search(word) else word for word in plain.split())
