"""Whether a text names a person, and the text without it.

A name is found however it is spelt to the eye: with blanks, signs that nobody sees or another dot inside it, in small
letters or large, and in the look-alikes that a copy out of a PDF brings (⾦ for 金).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

SHORTEST = 2  # one character alone stands in half of all sentences
# Control and format signs and variation selectors: a paper leaves them out, and the name reads whole.
UNSEEN = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f\U000e0100-\U000e01ef\ud800-\udfff"
)
_DOTS = "·•・･．.‧∙⋅᛫"
_GAP = rf"[\s{UNSEEN}{_DOTS}]*"
_LOOK_ALIKES = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0xFF01, 0xFF5F), range(0x2F800, 0x2FA20))


def names(text: str, name: str) -> bool:
    pattern = _pattern(name)
    return bool(pattern and pattern.search(text))


def without_name(text: str, name: str, *, instead: str) -> str:
    pattern = _pattern(name)
    return pattern.sub(instead, text) if pattern else text


def letters_of(name: str) -> str:
    """What of a name is letters, each in its plain form: neither blanks nor dots, nor what nobody sees."""
    return unicodedata.normalize("NFKC", re.sub(_GAP, "", name))


def spelt(letters: str, *, gap: str = _GAP) -> str:
    """A pattern of letters in their plain form that finds their look-alikes too, with such gaps between them."""
    return gap.join(f"[{re.escape(each + _alike().get(each, ''))}]" for each in letters)


def _pattern(name: str) -> re.Pattern[str] | None:
    letters = letters_of(name)
    return re.compile(spelt(letters), re.IGNORECASE) if len(letters) >= SHORTEST else None


@cache
def _alike() -> Mapping[str, str]:
    """Signs that Unicode holds to be the same letter, by that letter."""
    found: dict[str, str] = {}
    for sign in (chr(code) for codes in _LOOK_ALIKES for code in codes):
        plain = unicodedata.normalize("NFKC", sign)
        if plain != sign and len(plain) == 1:
            found[plain] = found.get(plain, "") + sign
    return found
