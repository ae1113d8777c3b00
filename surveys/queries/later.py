"""What a client told otherwise on their own form after an answer by text: beside the first, which stands."""

import json
from collections.abc import Mapping

from cryptography.fernet import InvalidToken

from qa_service.common.encryption import Unreadable
from surveys.enums import Mode
from surveys.models import Response, SecondEntry

Told = Mapping[str, tuple[str, str]]


def told_in(answers: str | None) -> dict[str, tuple[str, str]]:
    """Choice and words by question, of the column as it is kept.

    :raises InvalidToken: it cannot be read, and what the client had said would seem never to have been said.
    """
    if isinstance(answers, Unreadable):
        raise InvalidToken
    return {code: (value, text) for code, (value, text) in json.loads(answers or "{}").items()}


def told_later(response: Response | None) -> dict[str, tuple[str, str]]:
    """Of the client's own form alone; nothing where they had not answered by text before."""
    if response is None or response.mode != Mode.SMS:
        return {}
    own = SecondEntry.objects.filter(conversation_id=response.conversation_id, entered_by=None)
    return told_in(own.values_list("answers", flat=True).first())


def values_of(told: Told) -> dict[str, str]:
    return {code: value for code, (value, _words) in told.items()}
