"""Another number of a person, learnt while calling."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Case
from qa_service.cases.services import correct_phone, unsettle_surveys
from surveys.enums import OPEN_STATES, Direction
from surveys.models import Conversation, Message


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A number learnt on the telephone, and whose it is."""

    phone: str
    owner: NumberOwner

    def __repr__(self) -> str:
        return "NewNumber(…)"


def take_number(row: Conversation, number: NewNumber, *, told_by_client: bool, user: User, now: datetime) -> None:
    """The person's open conversations go on under the new number; what was sent to the old one opens nothing more."""
    if row.recipient is None:
        return
    client = correct_phone(
        client=row.recipient,
        phone=number.phone,
        owner=number.owner,
        told_by_client=told_by_client,
        actor=user.actor,
        now=now,
    )
    theirs = Conversation.objects.filter(Q(pk=row.pk) | Q(recipient=client, state__in=OPEN_STATES))
    texted = Message.objects.filter(conversation__in=theirs, direction=Direction.OUT).values("conversation")
    theirs.filter(pk__in=texted).update(link_digest=None, code_digest=None)
    theirs.update(phone_index=client.phone_index)
    # Whoever else has the former number is asked on it by nobody any more.
    unsettle_surveys(cases=Case.with_open.filter(pk__in=theirs.values("case")))
    row.phone_index = client.phone_index
