"""Putting a text into the outbox: a row in the same transaction as the reason for it."""

import secrets
from datetime import datetime

from qa_service.common.inserting import insert
from qa_service.common.tokens import BASE62
from surveys.enums import Direction, MessageKind, MessageState
from surveys.models import Conversation, Message
from surveys.segments import measure

REFERENCE_LENGTH = 12


def enqueue(
    *,
    conversation: Conversation,
    kind: MessageKind,
    phone: str,
    body: str,
    gateway: str,
    step: int = 0,
    in_reply_to: Message | None = None,
    not_before: datetime,
    careful: bool = False,
    now: datetime,
) -> Message:
    """:raises IntegrityError: the text of this step has been queued already."""
    message = Message(
        conversation=conversation,
        direction=Direction.OUT,
        kind=kind,
        step=step,
        in_reply_to=in_reply_to,
        gateway=gateway,
        phone=phone,
        phone_index=conversation.phone_index,
        body=body,
        language=conversation.language,
        segments=measure(body).segments,
        reference="".join(secrets.choice(BASE62) for _ in range(REFERENCE_LENGTH)),
        state=MessageState.QUEUED,
        not_before=not_before,
        careful=careful,
        created_at=now,
    )
    return insert(message)
