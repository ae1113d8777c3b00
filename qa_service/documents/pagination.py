"""Which box goes on which page: pure arithmetic on heights. A page is read downwards from its text block's top edge."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qa_service.documents.geometry import BLOCK_HEIGHT, BODY, CLOSER_ROWS, ROW, row_of

_ROUNDING = 0.05


@dataclass(frozen=True, slots=True)
class Box:
    """Something drawn in one piece. `draw` is called with a pen and how far down the box begins.

    `height` moves the next box down, None by one row; `need` is what must fit above the block's bottom edge. A box on
    the grid begins on one of the page's rows. `header` is drawn again where the box is first on a page.
    """

    draw: Callable[[Any, float], None]
    height: float | None = None
    need: float = BODY
    on_grid: bool = True
    keep_with_next: bool = False
    new_page: bool = False
    at_bottom: bool = False
    header: "Box | None" = None


Page = list[tuple[Box, float]]


def pages(boxes: Sequence[Box], *, block_height: float = BLOCK_HEIGHT, row: float = ROW) -> list[Page]:
    """Fill pages of `block_height` in order, in rows of `row` points.

    A box kept with the next goes with it to a new page.
    """
    layout = _Layout(block_height, row)
    for box in boxes:
        layout.place(box)
    return layout.done()


def filled_pages(boxes: Sequence[Box]) -> list[Page]:
    """As `pages`, in closer rows where that spares a page that would hold little but the seal and the date.

    GB/T 9704-2012, 7.3.5.4, lets a paper do so. A page that no closer row spares leaves the rows as they are.
    """
    usual = pages(boxes)
    if not any(_is_light(page, after) for page, after in zip(usual, [*usual[1:], None], strict=True)):
        return usual
    closer = (pages(boxes, row=row_of(rows)) for rows in CLOSER_ROWS)
    return next((laid_out for laid_out in closer if len(laid_out) < len(usual)), usual)


def _is_light(page: Page, after: Page | None) -> bool:
    """Less than half full, and not the first page of a part of the paper."""
    if not page or page[0][0].new_page:
        return False
    ends = after is None or after[0][0].new_page
    text = [down + box.need for box, down in page if not box.at_bottom]
    return ends and max(text, default=0.0) < BLOCK_HEIGHT / 2


class _Layout:
    def __init__(self, block_height: float, row: float) -> None:
        self._block_height = block_height
        self._row = row
        self._pages: list[Page] = [[]]
        self._down = 0.0

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
        return math.ceil((self._down - _ROUNDING) / self._row) * self._row if box.on_grid else self._down

    def _put(self, box: Box) -> None:
        if box.header and not self._pages[-1]:
            self._put(box.header)
        start = self._block_height - box.need if box.at_bottom else self._start(box)
        self._pages[-1].append((box, start))
        self._down = start + (self._row if box.height is None else box.height)

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
