"""A scanned file as its readers see it: which page of the binder each leaf is, where its papers stand, and which files
are kept on paper alone (`domain` 4.10). No page is guessed: what bears no number is named so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from reviews.enums import PaperGround

GROWN_UP: Final = 18
# Leaves without a number, as `reviews.pages` takes them.
COVER, INDEX = "封面", "目录"
# What a cause says where a file is not to be copied.
SAID_IN_CAUSE: Final = {
    PaperGround.JUVENILE: ("未成年", "少年", "幼女", "儿童"),
    PaperGround.CLOSED_HEARING: ("不公开",),
    PaperGround.SECRET: ("国家秘密", "涉密"),
}
_NOISE: Final = re.compile(r"[\s\W_\d]+")
_IN_BRACKETS: Final = re.compile(r"[（(].*?[）)]")
_ALTERNATIVES: Final = re.compile(r"[、或及与和]")
SHORTEST, SPEAKING = 2, 3


@dataclass(frozen=True, slots=True)
class Helped:
    """One of those whom a case helped. `birth_year` is empty where the case system does not say it."""

    minor: bool
    birth_year: int | None


def why_on_paper(helped: Iterable[Helped], *, cause: str, accepted_on: date) -> PaperGround | None:
    """Why, by what is known of the case, its file must not be scanned; nothing where nothing is known against it.

    A year of birth leaves the day open: who may have been under 18 when the case was accepted counts as a minor.
    """
    for person in helped:
        young = person.birth_year is not None and accepted_on.year - person.birth_year <= GROWN_UP
        if person.minor or young:
            return PaperGround.JUVENILE
    return next((ground for ground, words in SAID_IN_CAUSE.items() if any(word in cause for word in words)), None)


@dataclass(frozen=True, slots=True)
class ScannedPaper:
    """One upload, in its turn. `first`: the number on its first numbered leaf, empty where it follows the one before;
    `unnumbered`: how many leaves in front bear none; `paper`: the paper of the catalogue that it is, where told."""

    leaves: int
    first: int | None = None
    unnumbered: int = 0
    paper: str = ""
    name: str = ""
    headings: tuple[tuple[int, str], ...] = ()


def labels(papers: Iterable[ScannedPaper]) -> Iterator[tuple[str, ...]]:
    """What stands on each leaf of each paper, in the form in which a page is cited."""
    following = 1
    for paper in papers:
        start = paper.first if paper.first is not None else following
        bare = min(paper.unnumbered, paper.leaves)
        front = tuple(COVER if at == 0 else INDEX for at in range(bare))
        following = start + paper.leaves - bare
        yield front + tuple(str(number) for number in range(start, following))


def papers_found(titles: Mapping[str, str], papers: Sequence[ScannedPaper]) -> dict[str, str]:
    """Where the papers of a catalogue stand, by what was told of an upload, its bookmarks or its name.

    :param titles: code of the paper to its Chinese title, in which alternatives stand side by side.
    :return: code to page or range, as typed into a catalogue; nothing for what is not found.
    """
    found: dict[str, str] = {}
    names = {code: _names(title) for code, title in titles.items()}
    for paper, numbers in zip(papers, labels(papers), strict=True):
        for code, first, last in _named(paper, names):
            span = [number for number in numbers[first - 1 : last] if number.isdecimal()]
            if code in names and span and code not in found:
                found[code] = span[0] if len(span) == 1 else f"{span[0]}-{span[-1]}"
    return found


def _named(paper: ScannedPaper, names: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, int, int]]:
    """Code, first and last leaf of every paper that is named somewhere, the surest first."""
    if paper.paper:
        yield paper.paper, 1, paper.leaves
    elif paper.headings:
        ends = [first - 1 for first, _title in paper.headings[1:]] + [paper.leaves]
        for (first, heading), last in zip(paper.headings, ends, strict=True):
            yield _code_of(heading, names), first, max(first, last)
    else:
        yield _code_of(paper.name.rpartition(".")[0] or paper.name, names), 1, paper.leaves


def _code_of(words: str, names: Mapping[str, frozenset[str]]) -> str:
    """The paper one of whose names is said there, the longest where several are; a short one must be all that is."""
    said = _plain(words)
    fits = [
        (len(name), code)
        for code, known in names.items()
        for name in known
        if name == said or (len(name) >= SPEAKING and name in said)
    ]
    return max(fits)[1] if fits else ""


def _names(title: str) -> frozenset[str]:
    """Under which names a paper of the catalogue goes: 会见（谈话）笔录 is 会见笔录 and 会见谈话笔录."""
    bare = _IN_BRACKETS.sub("", title)
    names = {_plain(part) for part in (title, *_ALTERNATIVES.split(bare))}
    return frozenset(name.removesuffix("等") for name in names if len(name) >= SHORTEST)


def _plain(words: str) -> str:
    return _NOISE.sub("", words).casefold()
