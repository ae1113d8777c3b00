"""What of a typed text can be printed: the characters themselves, and none that only steer a terminal or a reader."""

import re
import unicodedata

_SPACES = {"\t": " ", "\u00a0": " ", "\u2028": "\n", "\u2029": "\n", "\r": "\n"}
_VARIATION_SELECTOR = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Ideographs newer than this Python's tables: unassigned here, yet perhaps a person's name.
_IDEOGRAPHS_TO_COME = range(0x20000, 0x40000)
_PICTURES = (range(0x2300, 0x2400), range(0x2600, 0x27C0), range(0x2B00, 0x2C00), range(0x1F000, 0x1FB00))
# Of the blocks of pictures, what Noto Sans SC draws: every site has it.
_DRAWN_RANGES = (range(0x23BE, 0x23CD), range(0x2660, 0x266E), range(0x2672, 0x267E), range(0x2B05, 0x2B08))
_DRAWN_ENCLOSED = (range(0x1F110, 0x1F16D), range(0x1F170, 0x1F1AD), range(0x1F200, 0x1F252))
_DRAWN = frozenset("⌅⌆⌇⌒⌘⏎⏚⏛☀☁☂☃★☆☉☎☏☖☗☜☝☞☟☯♀♁♂♮⚠⚽⚾✂✓✚✽✿❀❖➡⬚⮕")


def printable(text: str) -> str:
    """The text without control and format characters, lone surrogates and variation selectors; line breaks stay.

    Format characters go because one of them (U+202E) can make a printed name read backwards. Nothing is normalised: a
    compatibility ideograph in a name is that person's character.
    """
    # Nearly every text, known at a look: what Python calls printable has neither controls, formats nor odd spaces.
    if text.isprintable() and (text.isascii() or not _VARIATION_SELECTOR.search(text)):
        return text
    text = text.replace("\r\n", "\n")
    return "".join(kept for character in text if (kept := _SPACES.get(character, character)) == "\n" or _shows(kept))


def unprintable(text: str) -> str:
    """The signs of a text that no paper shows, each once: emoji, private signs, unassigned ones.

    The rule needs no font, so that it can be asked wherever people type. It refuses nothing that Noto Sans SC draws;
    a rare ideograph or a letter of another script, which a site's own face may hold, is left to the printing.
    """
    return "".join(dict.fromkeys(character for character in printable(text) if _is_never_drawn(character)))


def _is_never_drawn(character: str) -> bool:
    code, category = ord(character), unicodedata.category(character)
    if category in {"Co", "Cn"}:
        return code not in _IDEOGRAPHS_TO_COME
    if category not in {"So", "Sk"} or character in _DRAWN:
        return False
    drawn = any(code in block for block in (*_DRAWN_RANGES, *_DRAWN_ENCLOSED))
    return not drawn and any(code in block for block in _PICTURES)


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs"} and not _VARIATION_SELECTOR.match(character)


def one_line(text: str) -> str:
    """As `printable`, with line breaks as spaces: for headings, numbers, names."""
    return " ".join(printable(text).split("\n")).strip()
