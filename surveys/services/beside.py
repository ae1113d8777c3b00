"""A later answer of the same follow-up, laid beside the first, which stands: by staff's hand or by the client's own."""

import json
from collections.abc import Mapping
from datetime import datetime

from qa_service.accounts.models import User
from surveys.enums import Answerer, Mode
from surveys.models import Conversation, SecondEntry


def lay_beside(
    *,
    conversation: Conversation,
    said: Mapping[str, tuple[str, str]],
    mode: Mode,
    answerer: Answerer,
    note: str = "",
    user: User | None,
    now: datetime,
) -> SecondEntry:
    """`said`: choice and words by question; the caller acts on it. `user`: who keyed it in; None: the client did."""
    return SecondEntry.objects.create(
        conversation=conversation,
        mode=mode,
        answerer=answerer,
        answers=json.dumps(said, ensure_ascii=False),
        note=note.strip()[:1000],
        entered_by=user,
        entered_at=now,
    )
