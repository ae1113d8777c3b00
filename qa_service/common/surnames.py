"""Whether a text names a person by surname: 赵某, 赵女士, 赵姓老人, 姓赵.

A surname is often a word, or ends one (高, 常, 方, 时, 于). It names somebody only beside a word of address, and not
where the two read as something else: 由于某种原因, 对方女士, 当时老人未到场.
"""

import re

from qa_service.common.naming import UNSEEN, letters_of, spelt

_COMPOUND = re.compile(
    "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|司徒|夏侯|东方|赫连|端木|百里|呼延|南宫|西门|独孤|轩辕|申屠|澹台|"
    "公冶|宗政|濮阳|淳于|太叔|仲孙|钟离|闻人|万俟|拓跋|鲜于|闾丘|司空|司寇|亓官|巫马|左丘"
)
NEUTRAL = "某"
_CALLED = "先生|女士|小姐|氏|姓|老先生|老太太|大爷|大妈|阿姨"
_OLD = "老人"
# After 某 these make "a certain": 某种, 某日. 某个人 and 某次日 may follow a name.
_CERTAIN = (
    "种|项|些|类|款|条|处|页|份|期|阶段|时间|时候|时段|时期|地|法院|公司|单位|部门|机构|机关|组织|律师|方面|环节|程度|日|月|年(?!龄)|"
    "次(?!日)|个(?!人)"
)
# Surnames that are words, or end words: each with the signs before it that make it no name.
_WORDS = {
    "于": "由对关至属基等位处终鉴便用低高大小限急善在",
    "方": "对双甲乙我各一二三多官警校原厂买卖地配处",
    "时": "当及同按临随届平有何小暂准到此",
    "常": "经正通平异日非时",
    "高": "提最较偏太过很更",
    "成": "完变组造构达形促作",
    "许": "允准也或不少",
    "应": "相反适对响理本均",
    "任": "责担信委主离",
    "和": "调缓解平",
    "向": "方一未并已均曾没",
    "何": "任如为",
    "安": "公保治平不",
    "单": "清名账简订",
    "明": "说证表查声写注",
    "全": "安完齐健保周",
    "经": "已曾未",
    "文": "原条公中全",
    "过": "超经通",
    "有": "没所未",
    "为": "认因作行",
    "由": "理事案",
    "容": "内",
    "包": "承",
    "章": "公印盖",
    "项": "事各款",
    "金": "现赔偿租押违约",
    "白": "明空",
}
# Of these, words that stand before 老人 in any sentence: 向老人说明, 当日经老人同意.
_BEFORE_THE_OLD = frozenset("于时应任和向何经过有为由成全")
# Between a surname and the word of address; a line may end in one and begin with the other by chance.
_GAP = rf"(?:[^\S\n]|[{UNSEEN}])*"
_CHINESE_NAME = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003ffff]{2,4}")


def called_by(text: str, name: str) -> str:
    """The first words of the text that name the person by surname; empty where none do, or the name is not Chinese."""
    pattern = _pattern(name)
    found = pattern.search(text) if pattern else None
    return found.group() if found else ""


def without_surname(text: str, name: str) -> str:
    """赵女士 → 某女士: true of whoever is meant, also of another who bears the surname."""
    pattern = _pattern(name)
    return pattern.sub(_neutral, text) if pattern else text


def _neutral(found: re.Match[str]) -> str:
    return f"姓{NEUTRAL}" if found["after"] else NEUTRAL + found["title"]


def _pattern(name: str) -> re.Pattern[str] | None:
    letters = letters_of(name)
    if not _CHINESE_NAME.fullmatch(letters):
        return None
    surname = letters[:2] if _COMPOUND.match(letters) and len(letters) > 2 else letters[0]  # noqa: PLR2004 - the two and a name
    titles = _CALLED if surname in _BEFORE_THE_OLD else f"{_CALLED}|{_OLD}"
    before = f"(?<![{_WORDS[surname]}])" if surname in _WORDS else ""
    # A word after 某 tells only where the surname is a word too: 赵某日前 is a person, 于某日前 a day.
    certain = f"(?!{_CERTAIN})" if surname in _WORDS else ""
    spelling = spelt(surname, gap=_GAP)
    return re.compile(
        rf"{before}{spelling}{_GAP}(?P<title>{NEUTRAL}{certain}|{titles})|(?<!百)姓{_GAP}(?P<after>{spelling})"
    )
