"""From whom a danger comes, as far as words tell (pure): from the centre's own people, or from somebody else.

Danger is seen to by those who are near, unless it is they whom it comes from: then they are not to read of it. A clause
that speaks of danger is of whomever it names as doing it; one that names nobody goes on about whoever was named last.
"""

import re
from enum import StrEnum
from typing import Final

from surveys.conversation.danger import is_in_danger
from surveys.conversation.words import plain, tells_of_own_people


class Whose(StrEnum):
    """`UNSAID`: of danger whose author nobody names."""

    OWN = "own"
    ANOTHER = "another"
    UNSAID = "unsaid"


# Sentences, then clauses and what is joined by a word; a sum's own stop and comma stand between digits.
_SENTENCES: Final = re.compile(r"[;!?；！？。…\n]+|\.(?![0-9])")
_CLAUSES: Final = re.compile(
    r"[，、：]|[,:](?![0-9])|(?<![\x21-\x7e])\s+|\s+(?![\x21-\x7e])|而且|还有|另外|并且|同时|以及|\b(?:and|but|also)\b",
    re.IGNORECASE,
)
_KIN: Final = (
    "老公|丈夫|前夫|老婆|妻子|前妻|男朋友|女朋友|[男女前]友|对象|爱人|孩子他?爸|娃他?爸|公公|婆婆|[岳继养]?父亲?|[岳继养]母|"
    "丈人|丈母娘|爸|爹|妈|母亲|儿子|女儿|女婿|媳妇|(?<![大小])[哥弟姐妹叔]|姐夫|伯|舅|姑(?!娘)|家里?人|亲戚|婆家|娘家|夫家|前任|那口子"
)
_OTHERS: Final = (
    "对方|被告|原告|老板|工头|雇主|房东|邻居|债[主权]|讨债|要债|同事|工友|村长|室友|混混|黑社会|一伙人|那伙人|歹徒"
)
_ENGLISH: Final = (
    r"\b(?:husband|wife|ex|boyfriend|girlfriend|partner|father|dad|mother|brother|sister|son|daughter|uncle|cousin|"
    r"in-?laws?|family|neighbou?rs?|boss|employer|landlord|defendant|plaintiff|the other side|strangers?|gang)\b"
)
_ANOTHER: Final = re.compile(f"(?<!把我)(?<!把)(?<!连我)(?:{_KIN}|{_OTHERS}|{_ENGLISH})")
# "I am afraid of my husband": of whom one is afraid is named behind it, as is by whom one was hurt.
_FEARED: Final = re.compile(
    r"(?:怕|担心|恨|被|让|躲|逃离)(?:了|着)?(?:我|俺|她|他)?(?:的|那个?)?$|\b(?:by|of|from) (?:my |her |his |the )?$"
)
_PRONOUN: Final = re.compile(r"[他她]|\b(?:he|she|they|him|her|them|his)\b")


def whose_danger(text: str) -> frozenset[Whose]:
    """From whom it comes, of each clause that speaks of danger; empty where none does."""
    found: set[Whose] = set()
    last = Whose.UNSAID
    for sentence in _SENTENCES.split(text):
        goes_on = False
        for clause in _CLAUSES.split(sentence):
            named = _named_in(clause)
            last = named[0] if named else last
            if is_in_danger(plain(clause), text=clause):
                # A cry that names nobody begins anew; "he" is whoever was named in the sentence before.
                goes_on = goes_on or _PRONOUN.search(plain(clause)) is not None
                last = last if goes_on or named else Whose.UNSAID
                found.update(named or [last])
            goes_on = goes_on or bool(named)
    return frozenset(found)


def names_another(piece: str) -> bool:
    """Whether a piece that speaks of danger says that it comes from somebody who is not of the centre."""
    return Whose.ANOTHER in _named_in(piece)


def _named_in(clause: str) -> list[Whose]:
    """Who does something in it; whoever only suffers it does not count. Behind the centre's own people others are
    mostly those whom they threaten.
    """
    said = plain(clause)
    others = [match.start() for match in _ANOTHER.finditer(said) if _does(said[: match.start()], said[match.end() :])]
    if not tells_of_own_people(clause):
        return [Whose.ANOTHER] if others else []
    ahead = any(not tells_of_own_people(said[:at]) for at in others)
    return [Whose.OWN, Whose.ANOTHER] if ahead else [Whose.OWN]


def _does(before: str, behind: str) -> bool:
    """Danger that was spoken of before the name is done to them, not by them."""
    if behind.startswith(("被", "遭")):
        return False
    return _FEARED.search(before) is not None or not is_in_danger(before, text=before)
