"""How many parts a text is sent and billed in.

GSM 03.38: one part holds 160 septets, or 153 each when there are several; signs of the extension table count two. A
single sign outside the alphabet turns the whole text into UCS-2: 70 units in one part, 67 each in several, and neither
an escape pair nor a surrogate pair is split between parts.
"""

from dataclasses import dataclass
from enum import StrEnum

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")


class Coding(StrEnum):
    GSM7 = "gsm7"
    UCS2 = "ucs2"


@dataclass(frozen=True, slots=True)
class Limits:
    """Units in a text of one part, and in each part of a longer text."""

    single: int
    part: int


LIMITS = {Coding.GSM7: Limits(160, 153), Coding.UCS2: Limits(70, 67)}


@dataclass(frozen=True, slots=True)
class Size:
    coding: Coding
    units: int
    segments: int


def coding_of(text: str) -> Coding:
    return Coding.GSM7 if all(sign in BASIC or sign in EXTENDED for sign in text) else Coding.UCS2


def _widths(text: str, coding: Coding) -> list[int]:
    if coding is Coding.GSM7:
        return [2 if sign in EXTENDED else 1 for sign in text]
    return [2 if ord(sign) > 0xFFFF else 1 for sign in text]  # noqa: PLR2004 - beyond the basic plane


def measure(text: str) -> Size:
    """The size of a text; an empty one is one part of no units, as providers bill it."""
    coding = coding_of(text)
    limits = LIMITS[coding]
    widths = _widths(text, coding)
    units = sum(widths)
    if units <= limits.single:
        return Size(coding=coding, units=units, segments=1)
    segments, filled = 1, 0
    for width in widths:
        if filled + width > limits.part:
            segments, filled = segments + 1, 0
        filled += width
    return Size(coding=coding, units=units, segments=segments)
