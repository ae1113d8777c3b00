"""Where the acts of asking somebody stand on record."""

from datetime import datetime
from typing import Any

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from surveys import recovery
from surveys.models import Conversation


def record_asking(
    *, conversation: Conversation, actor: Actor, action: str, details: dict[str, Any], at: datetime
) -> None:
    """With the case, whose record many read; what is done to ask again with that conversation alone.

    Nobody is asked again but a client who was unhappy: whatever is done of it would tell what they said.
    """
    second = recovery.is_second(conversation.wave)
    record(
        actor=actor,
        action=action,
        subject=conversation if second else conversation.case,
        details={**details, "conversation": str(conversation.public_id)},
        at=at,
    )
