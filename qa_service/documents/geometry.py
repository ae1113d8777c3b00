"""The official page to the millimetre: GB/T 9704-2012, sections 5 to 7. Lengths in points unless named otherwise.

A page is read from the top edge of its text block downwards: `down` is a distance from that edge.
"""

from typing import Final

MM: Final = 72 / 25.4

PAGE_WIDTH: Final = 210 * MM
PAGE_HEIGHT: Final = 297 * MM
TOP: Final = 37 * MM
LEFT: Final = 28 * MM
BLOCK_WIDTH: Final = 156 * MM
BLOCK_HEIGHT: Final = 225 * MM
ROWS: Final = 22
COLUMNS: Final = 28

BODY: Final = 16.0  # 3号
TITLE: Final = 22.0  # 2号
SMALL: Final = 14.0  # 4号

# 22 rows and 28 characters of 16 pt fill the block from edge to edge.
ROW: Final = (BLOCK_HEIGHT - BODY) / (ROWS - 1)
# How many rows a page may hold instead where the seal and the date would else stand on a page of their own.
CLOSER_ROWS: Final = (23, 24, 25)
COLUMN: Final = (BLOCK_WIDTH - BODY) / (COLUMNS - 1)
TRACKING: Final = COLUMN - BODY

# A Chinese glyph stands 0.88 em above its baseline and 0.12 em below it.
ASCENT: Final = 0.88

MARK_DOWN: Final = 35 * MM  # the red mark's top edge, below the block's
MARK_MAX: Final = 52.0
RULE_BELOW_NUMBER: Final = 4 * MM
RED_RULE: Final = 0.6 * MM
TITLE_PITCH: Final = 35.0
FOOTER_DOWN: Final = 7 * MM  # the page number's dash, below the block
IMPRINT_OUTER_RULE: Final = 0.35 * MM
IMPRINT_INNER_RULE: Final = 0.25 * MM
QR_SIDE: Final = 21 * MM

OFFICIAL_RED: Final = (0xC8 / 255, 0x16 / 255, 0x1D / 255)


def row_of(rows: int) -> float:
    """The pitch of so many rows that fill the block from edge to edge."""
    return (BLOCK_HEIGHT - BODY) / (rows - 1)


def baseline(down: float, size: float = BODY) -> float:
    """Height on the paper of the baseline of glyphs of `size` whose tops lie `down` below the block's top edge."""
    return PAGE_HEIGHT - TOP - down - ASCENT * size


def height(down: float) -> float:
    """Height on the paper of a point `down` below the block's top edge."""
    return PAGE_HEIGHT - TOP - down
