"""Whether a text names a person, and the text without it. Blanks inside the name hide nothing."""

import re

SHORTEST = 2  # one character alone stands in half of all sentences


def names(text: str, name: str) -> bool:
    pattern = _pattern(name)
    return bool(pattern and pattern.search(text))


def without_name(text: str, name: str, *, instead: str) -> str:
    pattern = _pattern(name)
    return pattern.sub(instead, text) if pattern else text


def _pattern(name: str) -> re.Pattern[str] | None:
    letters = "".join(name.split())
    return re.compile(r"\s*".join(map(re.escape, letters))) if len(letters) >= SHORTEST else None
