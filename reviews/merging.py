"""Two windows on one review: what each changed since it was loaded comes together; what both changed is for the reader.

The script of the workspace merges by the same rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Marks = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Merged:
    """`marks` has every item of this window; `conflicting` are those that both changed, with this window's mark."""

    marks: dict[str, dict[str, str]]
    conflicting: frozenset[str]


def merged(*, loaded: Marks, mine: Marks, theirs: Marks) -> Merged:
    """By item code. An item that is not there is blank: what this window never touched takes nothing away.

    :param loaded: what stood in this window before anybody changed it; `theirs` is what is stored by now.
    """
    marks: dict[str, dict[str, str]] = {}
    conflicting = set()
    for code, mark in mine.items():
        before, here, stored = (_filled(window.get(code)) for window in (loaded, mine, theirs))
        marks[code] = dict(mark)
        if here == before:
            marks[code] = dict.fromkeys(mark, "") | stored
        elif stored not in (before, here):
            conflicting.add(code)
    return Merged(marks, frozenset(conflicting))


def _filled(mark: Mapping[str, str] | None) -> dict[str, str]:
    """Without what is empty, so that a mark never given equals an empty one; line ends as they are stored."""
    return {name: value.replace("\r\n", "\n") for name, value in (mark or {}).items() if value}
