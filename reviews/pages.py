"""Where in a file something stands, as a reader types it: "12", "12-14", "3、12-14", "2卷7", "目录".

It is locked with the marks and printed in a notice, so what is no place in a file is refused where it is typed.
"""

import re
from dataclasses import dataclass
from typing import Final

LAST_PAGE: Final = 100_000
# Sheets that bear no number.
UNNUMBERED: Final = ("目录", "封面", "封底", "备考表", "index", "cover")
_DASHES: Final = re.compile(r"\s*[-‐‑–—－~～至]\s*")
_BETWEEN: Final = re.compile(r"\s*[、，,;；]\s*")
_PLACE: Final = re.compile(r"(?P<volume>[1-9]\d?卷)?(?P<first>\d{1,6})(?:-(?P<last>\d{1,6}))?")


class PagesUnreadable(ValueError):  # noqa: N818 - named for the fact
    """It names no page, a page before the first, or a range that runs backwards."""


@dataclass(frozen=True, slots=True)
class Pages:
    """From `first` to `last`, both included; `volume` is as typed ("2卷") or empty."""

    first: int
    last: int
    volume: str = ""

    def __str__(self) -> str:
        return f"{self.volume}{self.first}" + (f"-{self.last}" if self.last != self.first else "")


def pages(typed: str) -> Pages:
    """One page or one range.

    :raises PagesUnreadable: see there.
    """
    plain = _DASHES.sub("-", typed.strip().removeprefix("第").removesuffix("页").strip())
    found = _PLACE.fullmatch(plain) if plain.isascii() or "卷" in plain else None
    if found is None:
        raise PagesUnreadable(typed)
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if not 1 <= first <= last <= LAST_PAGE:
        raise PagesUnreadable(typed)
    return Pages(first, last, found["volume"] or "")


def cited(typed: str) -> str:
    """What was typed, each place written alike and none twice; empty where nothing was.

    :raises PagesUnreadable: a part of it is no place in a file.
    """
    parts = [part for part in _BETWEEN.split(typed.strip()) if part]
    return "、".join(dict.fromkeys(part if part in UNNUMBERED else str(pages(part)) for part in parts))
