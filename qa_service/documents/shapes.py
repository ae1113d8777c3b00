"""What charts are made of: boxes and words, placed once for page and paper. Units are points; `y` runs downwards."""

from dataclasses import dataclass
from typing import Final
from unicodedata import east_asian_width

Colour = tuple[float, float, float]

BLUE: Final[Colour] = (0x0B / 255, 0x5C / 255, 0xAD / 255)
INK: Final[Colour] = (0x1B / 255, 0x1F / 255, 0x24 / 255)
MUTED: Final[Colour] = (0x55 / 255, 0x60 / 255, 0x6B / 255)
GREY: Final[Colour] = (0xB0 / 255, 0xB8 / 255, 0xC0 / 255)
RED: Final[Colour] = (0xB4 / 255, 0x23 / 255, 0x18 / 255)
WHITE: Final[Colour] = (1.0, 1.0, 1.0)

TEXT: Final = 12.0
TITLE: Final = 26.0  # room for the title's line
BAR: Final = 18.0
GAP: Final = 8.0
_NARROW: Final = 0.58  # of its size, what a sign takes that is none of the wide ones
MIDDLE: Final = 0.36  # of its size, from the middle of a line down to its baseline


@dataclass(frozen=True, slots=True)
class Box:
    """`tip` is what hovering says."""

    x: float
    y: float
    width: float
    tip: str = ""
    colour: Colour = BLUE
    height: float = BAR


@dataclass(frozen=True, slots=True)
class Words:
    """`y` is the baseline; `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    size: float = TEXT
    anchor: str = "start"
    colour: Colour = INK
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line from one point to another."""

    x: float
    y: float
    to_x: float
    to_y: float
    colour: Colour = INK
    thickness: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark whose middle is at (x, y): full, a ring, or (`pointed`) a diamond."""

    x: float
    y: float
    size: float
    tip: str = ""
    colour: Colour = BLUE
    ring: bool = False
    pointed: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Where a press leads somewhere; nothing is seen of it, and on paper there is none."""

    x: float
    y: float
    width: float
    height: float
    href: str
    tip: str = ""


Shape = Box | Words | Stroke | Sign | Area


def text_width(text: str, size: float = TEXT) -> float:
    """About: the page's fonts are not known here, so a sign is taken to be as wide as in most."""
    return sum(size if east_asian_width(sign) in "WF" else size * _NARROW for sign in text)
