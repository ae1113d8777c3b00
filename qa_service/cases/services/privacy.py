"""Looks at personal data, each of which is recorded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Client
from qa_service.common.errors import InvalidInput


@transaction.atomic
def reveal_phone(*, client: Client, actor: Actor, reason: str, now: datetime) -> str:
    """Return the full number and record who looked and why.

    :raises InvalidInput: no reason was given.
    """
    if not reason.strip():
        raise InvalidInput(_("Say why you need the number."), field="reason")
    record(actor=actor, action="cases.phone_revealed", subject=client, details={"reason": reason[:200]}, at=now)
    return client.phone
