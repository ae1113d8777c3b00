"""What of a typed text can be printed: the characters themselves, and none that only steer a terminal or a reader."""

import unicodedata

_SPACES = {"\t": " ", "\u00a0": " ", "\u2028": "\n", "\u2029": "\n", "\r": "\n"}
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def printable(text: str) -> str:
    """The text without control and format characters, lone surrogates and variation selectors; line breaks stay.

    Format characters go because one of them (U+202E) can make a printed name read backwards. Nothing is normalised: a
    compatibility ideograph in a name is that person's character.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n")
    return "".join(kept for character in text if (kept := _SPACES.get(character, character)) == "\n" or _shows(kept))


def _shows(character: str) -> bool:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
        return False
    return not any(ord(character) in selectors for selectors in _VARIATION_SELECTORS)


def one_line(text: str) -> str:
    """As `printable`, with line breaks as spaces: for headings, numbers, names."""
    return " ".join(printable(text).split("\n")).strip()
