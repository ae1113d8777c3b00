"""Which box goes on which page: pure arithmetic on heights. A page is read downwards from its text block's top edge."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qa_service.documents.geometry import BLOCK_HEIGHT, BODY, ROW

_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class Box:
    """Something drawn in one piece. `draw` is called with a pen and how far down the box begins.

    `height` moves the next box down; `need` is what must fit above the block's bottom edge. A box on the grid begins on
    one of the 22 rows. `header` is drawn again where the box is first on a page.
    """

    draw: Callable[[Any, float], None]
    height: float = ROW
    need: float = BODY
    on_grid: bool = True
    keep_with_next: bool = False
    new_page: bool = False
    at_bottom: bool = False
    header: "Box | None" = None


Page = list[tuple[Box, float]]


def pages(boxes: Sequence[Box], *, first_down: float = 0.0, block_height: float = BLOCK_HEIGHT) -> list[Page]:
    """Fill pages of `block_height` in order, the first from `first_down`.

    A box kept with the next goes with it to a new page.
    """
    layout = _Layout(first_down, block_height)
    for box in boxes:
        layout.place(box)
    return layout.done()


class _Layout:
    def __init__(self, first_down: float, block_height: float) -> None:
        self._block_height = block_height
        self._pages: list[Page] = [[]]
        self._down = first_down

    def place(self, box: Box) -> None:
        if box.new_page:
            self._turn()
        if self._fits(box):
            self._put(box)
            return
        carried = self._carried()
        self._turn()
        for moved in (*carried, box):
            if not self._fits(moved):
                self._turn()
            self._put(moved)

    def done(self) -> list[Page]:
        return self._pages

    def _fits(self, box: Box) -> bool:
        return self._start(box) + box.need <= self._block_height + _ROUNDING

    def _start(self, box: Box) -> float:
        return math.ceil((self._down - _ROUNDING) / ROW) * ROW if box.on_grid else self._down

    def _put(self, box: Box) -> None:
        if box.header and not self._pages[-1]:
            self._put(box.header)
        start = self._block_height - box.need if box.at_bottom else self._start(box)
        self._pages[-1].append((box, start))
        self._down = start + box.height

    def _carried(self) -> list[Box]:
        page = self._pages[-1]
        first = len(page)
        while first and page[first - 1][0].keep_with_next:
            first -= 1
        if first == 0:  # the whole page hangs together: nothing is gained by moving it
            return []
        carried = [box for box, _start in page[first:]]
        del page[first:]
        return carried

    def _turn(self) -> None:
        if self._pages[-1]:  # what is too tall for an empty page gains nothing by another
            self._pages.append([])
        self._down = 0.0
