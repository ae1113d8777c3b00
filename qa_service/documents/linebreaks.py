"""Where lines of Chinese end (GB/T 15834 and the habits of official papers): pure arithmetic over measured atoms.

An atom is what no line end may cut: one ideograph or mark, or one number or Latin word.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

_NO_START = frozenset("，。、；：？！）》〉」』”’】〕］｝…—·,.;:?!)]}%‰℃～")
_NO_END = frozenset("（《〈「『“‘【〔［｛([{")
_HANGING = frozenset("，。、；：？！）》〉」』”’】〕］｝")
_PAIRED = frozenset("—…")
_LATIN_END = 0x370
FULLEST_SQUEEZE = 0.0195  # of the line: about half a character of 28
_ORPHAN_CURE = 10


@dataclass(frozen=True, slots=True)
class Atom:
    """`width` in points with its share of tracking; `hang` may stick out of the margin (the blank half of a mark).

    `style` is the writer's own word for how the atom is drawn.
    """

    text: str
    width: float
    style: str = ""
    is_space: bool = False
    hang: float = 0.0

    @property
    def may_start(self) -> bool:
        return self.text[0] not in _NO_START

    @property
    def may_end(self) -> bool:
        return self.text[-1] not in _NO_END


def is_ideographic(character: str) -> bool:
    """Whether the character takes a cell of its own: ideographs, full-width forms and Chinese marks."""
    width = unicodedata.east_asian_width(character)
    if width in "WF":
        return True
    return width == "A" and not (ord(character) < _LATIN_END and character.isalpha())


def atoms(text: str, measure: Callable[[str], float], style: str = "") -> Iterator[Atom]:
    """Cut a text of one paragraph. `measure` gives the width in points of one piece."""
    word = ""
    for piece in _pieces(text):
        if not piece.isspace() and not is_ideographic(piece[0]):
            word += piece
            continue
        if word:
            yield Atom(word, measure(word), style)
            word = ""
        width = measure(piece)
        yield Atom(piece, width, style, is_space=piece.isspace(), hang=width / 2 if piece in _HANGING else 0.0)
    if word:
        yield Atom(word, measure(word), style)


def _pieces(text: str) -> Iterator[str]:
    held = ""
    for character in text:
        if held and character == held[-1]:
            held += character
            continue
        if held:
            yield held
            held = ""
        if character in _PAIRED:
            held = character
        else:
            yield character
    if held:
        yield held


def lines(pieces: list[Atom], width: float, first_width: float | None = None) -> list[list[Atom]]:
    """Fill lines of `width` points, the first of `first_width`. Always at least one line; never an endless one."""
    pieces = list(_cut_to(pieces, min(width, first_width or width)))
    done: list[list[Atom]] = []
    start = 0
    while start < len(pieces):
        available = first_width if first_width is not None and not done else width
        end = _line_end(pieces, start, available)
        done.append(pieces[start:end])
        start = end
        while start < len(pieces) and pieces[start].is_space:
            start += 1
    return [_stripped(line) for line in _without_orphan(done)] or [[]]


def natural_width(line: list[Atom]) -> float:
    return sum(atom.width for atom in line)


def _cut_to(pieces: list[Atom], width: float) -> Iterator[Atom]:
    """A word longer than a line is cut where it must be: better than running off the paper."""
    for atom in pieces:
        if atom.width <= width or len(atom.text) == 1:
            yield atom
            continue
        each = atom.width / len(atom.text)
        room = max(1, int(width // (each * 1.2)))
        for at in range(0, len(atom.text), room):
            part = atom.text[at : at + room]
            yield replace(atom, text=part, width=each * len(part))


def _line_end(pieces: list[Atom], start: int, available: float) -> int:
    used = 0.0
    end = start
    while end < len(pieces) and used + pieces[end].width - pieces[end].hang <= available + 0.01:
        used += pieces[end].width
        end += 1
    if end == len(pieces):
        return end
    closing = pieces[end]
    if not closing.may_start and used + closing.width - closing.hang <= available * (1 + FULLEST_SQUEEZE):
        end += 1
    fullest = max(end, start + 1)
    end = fullest
    while end > start + 1 and end < len(pieces) and not (pieces[end].may_start and pieces[end - 1].may_end):
        end -= 1
    if end < len(pieces) and not (pieces[end].may_start and pieces[end - 1].may_end):
        return fullest
    return end


def _stripped(line: list[Atom]) -> list[Atom]:
    while line and line[-1].is_space:
        line = line[:-1]
    return line


def _without_orphan(done: list[list[Atom]]) -> list[list[Atom]]:
    """A last line of a single character takes a companion from the line above, which then spreads a little."""
    if len(done) == 1 or not done:
        return done
    *_, above, last = done
    signs = [atom for atom in last if atom.may_start and not atom.is_space]
    if len(signs) != 1 or len(signs[0].text) > 1 or len(above) < _ORPHAN_CURE:
        return done
    if not (above[-1].may_start and above[-2].may_end and above[-1].may_end):
        return done
    return [*done[:-2], above[:-1], [above[-1], *last]]
