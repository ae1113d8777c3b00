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
        answers=_as_kept(said),
        note=note.strip()[:1000],
        entered_by=user,
        entered_at=now,
    )


def lay_own_beside(
    *, conversation: Conversation, told: Mapping[str, tuple[str, str]], again: bool, now: datetime
) -> None:
    """All that the client told otherwise on their own form so far: one entry, however often they change it."""
    if again:
        own = SecondEntry.objects.filter(conversation=conversation, entered_by=None)
        own.update(answers=_as_kept(told), entered_at=now)
    else:
        lay_beside(conversation=conversation, said=told, mode=Mode.WEB, answerer=Answerer.CLIENT, user=None, now=now)


def _as_kept(said: Mapping[str, tuple[str, str]]) -> str:
    return json.dumps(said, ensure_ascii=False)
