"""Ids that pages send back."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID


def ids_among(texts: Iterable[str]) -> list[UUID]:
    """What is no id is passed over: pages send none, and nothing is found by it."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found
