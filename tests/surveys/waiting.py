"""Many invitations in the outbox, for faults and figures: one is made by the services, the others are rows like it."""

import secrets
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import TypeVar
from uuid import uuid4

from django.db.models import Model

from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.common import phones
from qa_service.common.encryption import blind_index
from qa_service.common.tokens import BASE62
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.models import Conversation, Message
from surveys.services.outgoing.outbox import REFERENCE_LENGTH
from tests import factories

CHUNK = 2000

Row = TypeVar("Row", bound=Model)


def invitations_waiting(at: Organisation, number: int, *, now: datetime) -> None:
    """So many clients abroad, each with a case of their own and an invitation that may leave now."""
    services.publish_defaults(now=now)
    factories.case(at, client=factories.client(at, phone=_phone(0)), survey_released_at=now)
    invited = services.invite_due(limit=1, now=now)
    assert invited.by_text == 1, invited
    pattern = Message.objects.select_related("conversation__case", "conversation__recipient__contact_plan").get()
    for first in range(1, number, CHUNK):
        _write(pattern, range(first, min(first + CHUNK, number)))


def _write(pattern: Message, positions: Sequence[int]) -> None:
    talk = pattern.conversation
    assert talk is not None
    assert talk.recipient is not None
    people = Client.objects.bulk_create(_another(talk.recipient, **_number(position)) for position in positions)
    ContactPlan.objects.bulk_create(_another(talk.recipient.contact_plan, client=person) for person in people)
    cases = Case.objects.bulk_create(
        _another(talk.case, client=person, number=f"{talk.case.number}-{person.pk}") for person in people
    )
    talks = Conversation.objects.bulk_create(
        _another(talk, case=case, recipient=case.client, phone_index=case.client.phone_index) for case in cases
    )
    Message.objects.bulk_create(
        _another(
            pattern,
            conversation=each,
            phone=each.recipient.phone if each.recipient else "",
            phone_index=each.phone_index,
            reference="".join(secrets.choice(BASE62) for _ in range(REFERENCE_LENGTH)),
        )
        for each in talks
    )


def _another(row: Row, **differs: object) -> Row:
    """The same row once more, but for its keys and what is said to differ."""
    other = copy(row)
    other._state = copy(row._state)
    other._state.fields_cache = {}
    other._state.adding, other.pk = True, None
    if hasattr(other, "public_id"):
        other.public_id = uuid4()
    for name, value in differs.items():
        setattr(other, name, value)
    return other


def _phone(position: int) -> str:
    return f"+8525{position:07d}"


def _number(position: int) -> dict[str, str]:
    phone = _phone(position)
    return {"phone": phone, "phone_index": blind_index(phone), "phone_masked": phones.mask(phone)}
