"""Sheets of one opinion that came in beside the first, each with what differs."""

import json
from dataclasses import dataclass

from surveys.enums import Mode
from surveys.models import Conversation, SecondEntry
from surveys.queries.interview import Difference, differences


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """One further sheet; `differing` is empty where it says the same."""

    entry: SecondEntry
    differing: tuple[Difference, ...]


def second_opinions(conversation: Conversation) -> tuple[SecondOpinion, ...]:
    """In the order in which they were keyed in, in the language that is active."""
    return tuple(
        SecondOpinion(entry, differences(conversation, _keyed(entry), mode=Mode.PAPER))
        for entry in conversation.second_entries.select_related("entered_by")
    )


def _keyed(entry: SecondEntry) -> dict[str, tuple[str, str]]:
    return {code: (value, text) for code, (value, text) in json.loads(entry.answers or "{}").items()}
