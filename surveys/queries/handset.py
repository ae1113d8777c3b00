"""The demo's telephones, read from the rows of the outbox and inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.common.errors import NotFound
from surveys.enums import Direction, MessageState
from surveys.models import Message

HANDSET = "handset"
# Who of the people with accounts may hold a client's telephone in the demo.
HOLDERS: Final = (Role.FOLLOW_UP, Role.MANAGER, Role.OPERATOR)
KEY_LENGTH = 16
MOST_THREADS = 100
ON_THE_SCREEN = (MessageState.DELIVERED, MessageState.SENT, MessageState.RECEIVED)


@dataclass(frozen=True, slots=True)
class HandsetThread:
    key: str
    phone: str
    last_at: datetime
    last_body: str
    unanswered: bool


@dataclass(frozen=True, slots=True)
class HandsetMessage:
    public_id: str
    direction: Direction
    body: str
    at: datetime
    state: MessageState


def handset_is_on() -> bool:
    return bool(settings.SMS_GATEWAY == HANDSET and settings.DEMO)


def require_handset() -> None:
    """:raises NotFound: outside the demo the page does not exist."""
    if not handset_is_on():
        raise NotFound(_("There is no such page."))


def handset_threads() -> list[HandsetThread]:
    """The telephones that hold texts, the latest first, at most a hundred.

    :raises NotFound: the gateway is not the handset.
    """
    require_handset()
    latest: dict[str, Message] = {}
    answering: set[str] = set()
    rows = Message.objects.filter(gateway=HANDSET, state__in=ON_THE_SCREEN).order_by("-created_at", "-pk")
    for message in rows[: MOST_THREADS * 10]:
        latest.setdefault(message.phone_index, message)
        if message.direction == Direction.IN:
            answering.add(message.phone_index)
    return [
        HandsetThread(
            key=message.phone_index[:KEY_LENGTH],
            phone=message.phone,
            last_at=message.created_at,
            last_body=message.body,
            unanswered=message.phone_index not in answering,
        )
        for message in list(latest.values())[:MOST_THREADS]
    ]


def handset_messages(*, key: str) -> list[HandsetMessage]:
    """What one telephone shows, oldest first.

    :raises NotFound: the gateway is not the handset, or the telephone holds nothing.
    """
    require_handset()
    rows = list(
        Message.objects.filter(gateway=HANDSET, phone_index__startswith=key, state__in=ON_THE_SCREEN).order_by(
            "created_at", "pk"
        )
        if len(key) == KEY_LENGTH
        else []
    )
    if not rows:
        raise NotFound(_("No such telephone."))
    return [
        HandsetMessage(
            public_id=str(message.public_id),
            direction=Direction(message.direction),
            body=message.body,
            at=message.created_at,
            state=MessageState(message.state),
        )
        for message in rows
    ]
