"""What a form carries of what it was loaded from, beside what may be changed."""

import json
from collections.abc import Sequence


def loaded_words(was: str, fields: Sequence[str]) -> dict[str, str] | None:
    """By field; None where it is not one word for each, also where brackets stand in brackets beyond reading."""
    try:
        values = json.loads(was)
    except (ValueError, RecursionError):
        return None
    fits = isinstance(values, list) and len(values) == len(fields)
    if not fits or not all(isinstance(one, str) for one in values):
        return None
    return dict(zip(fields, values, strict=True))
