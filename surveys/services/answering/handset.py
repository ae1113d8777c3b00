"""The demo's telephone: a client answers from the page that shows the texts."""

import uuid
from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.common.errors import NotFound
from surveys.models import Message
from surveys.queries.handset import HANDSET, require_handset
from surveys.services.answering.inbox import Reception, receive_text


def reply_from_handset(*, key: str, body: str, now: datetime) -> Reception:
    """:raises NotFound: the gateway is not the handset, or nothing was ever sent to that telephone."""
    require_handset()
    message = Message.objects.filter(gateway=HANDSET, phone_index__startswith=key).first() if len(key) >= 16 else None  # noqa: PLR2004
    if message is None:
        raise NotFound(_("No such telephone."))
    return receive_text(gateway=HANDSET, sid=f"HI{uuid.uuid4().hex}", sender=message.phone, body=body, now=now)
