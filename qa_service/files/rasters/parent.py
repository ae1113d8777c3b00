"""The service's side of the child: starts it, reads its frames against a clock, ends it."""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from qa_service.files.enums import PaperKind, Trouble

CHILD: Final = Path(__file__).with_name("child.py")
HEAD_BYTES: Final = 512 * 1024
CHUNK: Final = 256 * 1024
JPEG: Final = b"\xff\xd8\xff"
OUTLINE_PARTS: Final = 0
PAGE_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """`memory` in bytes and `seconds` of processor bind the child; a page may take `wait` seconds to come."""

    pages: int = 600
    memory: int = 2**30
    seconds: int = 240
    wait: float = 20.0
    part: int = 16 * 2**20


LIMITS: Final = Limits()


class PagesUnreadable(Exception):  # noqa: N818 - named for the fact
    """There are no pages, or no more of them: `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


@dataclass(frozen=True, slots=True)
class Outline:
    """How many pages there are, and the bookmarks: page and title."""

    count: int
    headings: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page, counted from 1: JPEG pictures, large and small, and the text it holds.

    The pictures are empty where the page could not be drawn.
    """

    number: int
    width: int
    height: int
    picture: bytes
    small: bytes
    text: str


def pages_of(stream: BinaryIO, *, kind: PaperKind, first: int = 1, limits: Limits = LIMITS) -> Iterator[Outline | Page]:
    """The outline, then the pages from `first` on, as they are drawn. Close the iterator to end the child early.

    :param stream: an open file with a descriptor, at its beginning.
    :raises PagesUnreadable: see `Trouble`; pages that came before it are good.
    """
    words = [kind.value, *(str(number) for number in (first, limits.pages, limits.memory, limits.seconds))]
    child = subprocess.Popen(  # noqa: S603 - our own program, our own words
        [sys.executable, "-I", str(CHILD), *words],
        stdin=stream,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": "", "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        assert child.stdout is not None  # noqa: S101 - it was asked for
        yield from _frames(child.stdout, first=first, limits=limits)
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _frames(pipe: IO[bytes], *, first: int, limits: Limits) -> Iterator[Outline | Page]:
    reading = _Reading(pipe, limits)
    head, _parts = reading.frame(OUTLINE_PARTS)
    outline = _outline(head, limits)
    yield outline
    for number in range(first, outline.count + 1):
        head, parts = reading.frame(PAGE_PARTS)
        yield _page(head, parts, number)
    head, _parts = reading.frame(OUTLINE_PARTS)


def _outline(head: dict[str, Any], limits: Limits) -> Outline:
    count, headings = head.get("count"), head.get("headings")
    if not isinstance(count, int) or not 0 < count <= limits.pages or not isinstance(headings, list):
        raise PagesUnreadable(Trouble.CRASHED)
    try:
        found = tuple((int(at), str(title)[:200]) for at, title in headings[:300])
    except (TypeError, ValueError) as error:
        raise PagesUnreadable(Trouble.CRASHED) from error
    return Outline(count, tuple((at, title) for at, title in found if 0 < at <= count))


def _page(head: dict[str, Any], parts: list[bytes], number: int) -> Page:
    picture, small, text = parts
    width, height = (head.get(name, 0) for name in ("width", "height"))
    drawn = all(isinstance(side, int) and 0 < side < 10_000 for side in (width, height))  # noqa: PLR2004 - pixels
    honest = all(part.startswith(JPEG) for part in (picture, small)) if picture or small else not text
    if head.get("page") != number or not honest or (picture and not drawn):
        raise PagesUnreadable(Trouble.CRASHED)
    return Page(number, width, height, picture, small, text.decode("utf-8", "replace").replace("\x00", ""))


class _Reading:
    """Frames out of a pipe, each within its time and size."""

    def __init__(self, pipe: IO[bytes], limits: Limits) -> None:
        self._pipe, self._limits = pipe, limits
        self._held = b""
        self._ends = 0.0
        self._selector = selectors.DefaultSelector()
        self._selector.register(pipe, selectors.EVENT_READ)

    def frame(self, expected: int) -> tuple[dict[str, Any], list[bytes]]:
        """:raises PagesUnreadable: the child says why, says nothing in time, or is gone."""
        self._ends = time.monotonic() + self._limits.wait
        head = self._head()
        if "trouble" in head:
            raise PagesUnreadable(_named(head["trouble"]))
        sizes = head.get("parts")
        if not isinstance(sizes, list) or len(sizes) != expected:
            raise PagesUnreadable(Trouble.CRASHED)
        if not all(isinstance(size, int) and 0 <= size <= self._limits.part for size in sizes):
            raise PagesUnreadable(Trouble.CRASHED)
        return head, [self._taken(size) for size in sizes]

    def _head(self) -> dict[str, Any]:
        while b"\n" not in self._held:
            if len(self._held) > HEAD_BYTES:
                raise PagesUnreadable(Trouble.CRASHED)
            self._more()
        line, _newline, self._held = self._held.partition(b"\n")
        try:
            head = json.loads(line)
        except ValueError as error:
            raise PagesUnreadable(Trouble.CRASHED) from error
        if not isinstance(head, dict):
            raise PagesUnreadable(Trouble.CRASHED)
        return head

    def _taken(self, size: int) -> bytes:
        while len(self._held) < size:
            self._more()
        part, self._held = self._held[:size], self._held[size:]
        return part

    def _more(self) -> None:
        left = self._ends - time.monotonic()
        if left <= 0 or not self._selector.select(left):
            raise PagesUnreadable(Trouble.TOO_SLOW)
        found = os.read(self._pipe.fileno(), CHUNK)
        if not found:
            raise PagesUnreadable(Trouble.CRASHED)
        self._held += found


def _named(word: Any) -> Trouble:
    return Trouble(word) if word in Trouble.values else Trouble.CRASHED
