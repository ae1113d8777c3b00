"""What was keyed in beside a first answer, of a client or of a unit, each with what differs."""

import json
from dataclasses import dataclass

from surveys.enums import Mode
from surveys.models import Conversation, SecondEntry
from surveys.queries.interview import AskedQuestion, Difference, compared, interview_questions, sealed_question


@dataclass(frozen=True, slots=True)
class Beside:
    """One further entry; `differing` is empty where it says the same, as far as may be shown."""

    entry: SecondEntry
    differing: tuple[Difference, ...]


def second_entries(conversation: Conversation) -> tuple[Beside, ...]:
    """In the order in which they were keyed in, in the language that is active. What is sealed is left out."""
    sheets: dict[str, tuple[AskedQuestion, ...]] = {}
    found = []
    for entry in conversation.second_entries.select_related("entered_by"):
        if entry.mode not in sheets:
            sheets[entry.mode] = interview_questions(conversation, mode=Mode(entry.mode))
        differing = compared(sheets[entry.mode], _keyed(entry), sealed=sealed_question(conversation))
        found.append(Beside(entry, differing))
    return tuple(found)


def _keyed(entry: SecondEntry) -> dict[str, tuple[str, str]]:
    return {code: (value, text) for code, (value, text) in json.loads(entry.answers or "{}").items()}
