"""What words about a danger to life may be read by whoever must ring about it, where the rest is sealed (pure).

A danger to life outranks the seal as far as needed and no further: of a message that accuses the centre's own people
or speaks of money too, the sentences that speak of danger are told, and of a sentence that holds both the clauses that
do. Better one clause too few: whoever rings is told that something is kept back, and who has it.
"""

import re
from collections.abc import Iterator
from typing import Final

from surveys.conversation.danger import is_in_danger
from surveys.conversation.whose_danger import Whose, names_another, whose_danger
from surveys.conversation.words import money_besides, plain, tells_of_own_people

KEPT_BACK: Final = "…"
# Sentences, then clauses, then what is joined by a word; a sum's own stop and comma stand between digits. Each match is
# a piece with the marks behind it, so that all of them together are the text.
_SENTENCES: Final = re.compile(r"(?:[^。！？!?;；…\n.]|\.(?=[0-9]))+(?:[。！？!?;；…\n\s]|\.(?![0-9]))*")
_CLAUSES: Final = re.compile(
    r"(?:[^，,、：:\s]|[,:](?=[0-9])|(?<=[\x21-\x7e])\s+(?=[\x21-\x7e]))+(?:[，、：\s]|[,:](?![0-9]))*"
)
_JOINED: Final = re.compile(
    r"(?:(?!(?<=.)(?:而且|还有|另外|并且|同时|以及|\b(?:and|but|also)\b)).)+|(?:而且|还有|另外|并且|同时|以及|and|but|also)",
    re.DOTALL | re.IGNORECASE,
)
_SPLITTING: Final = (_SENTENCES, _CLAUSES, _JOINED)


def told_of_danger(text: str, *, closely: bool = False, from_others: bool = False) -> str:
    """The pieces of it that speak of danger and accuse nobody, `KEPT_BACK` for each run of others; empty where none do.

    `closely`: that something in it is sealed is known otherwise than by its words, so each clause stands for itself.
    `from_others`: danger comes from the centre's own people too, so those pieces alone that name somebody else. So it
    is where the text itself says so.
    """
    from_others = from_others or Whose.OWN in whose_danger(text)
    sentences = _SENTENCES.findall(text)
    closely = closely or from_others or not any(map(_is_sealed, sentences))
    told: list[str] = []
    for piece in (piece for sentence in sentences for piece in _pieces(sentence, 1, closely=closely)):
        may_tell = not _is_sealed(piece) and (names_another(piece) or not from_others)
        if may_tell and is_in_danger(plain(piece), text=piece):
            told.append(piece)
        elif not told or told[-1] != KEPT_BACK:
            told.append(KEPT_BACK)
    return "".join(told).strip() if set(told) - {KEPT_BACK} else ""


def _pieces(text: str, depth: int, *, closely: bool) -> Iterator[str]:
    """No smaller than needed: what accuses nobody stays whole."""
    if depth == len(_SPLITTING) or not (closely or _is_sealed(text)):
        yield text
        return
    for piece in _SPLITTING[depth].findall(text):
        yield from _pieces(piece, depth + 1, closely=closely)


def _is_sealed(text: str) -> bool:
    return money_besides(text) or tells_of_own_people(text)
