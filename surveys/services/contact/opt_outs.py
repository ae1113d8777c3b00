"""Our own list of numbers that are not to be texted: the authority, whatever a provider also keeps."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from surveys.enums import OPEN_STATES, ConversationState, Direction, MessageKind, MessageState, OptOutSource, Refusal
from surveys.models import Conversation, Message, OptOut

# Whoever holds the telephone, or the provider on their word.
PERSON = Actor.system("number")


@transaction.atomic
def opt_out(*, phone_index: str, source: OptOutSource, stop_conversations: bool = True, now: datetime) -> None:
    """Stop every text to a number, for every centre: queued ones are held back, open conversations end."""
    if not phone_index:
        return
    known = is_stopped_everywhere(phone_index)
    OptOut.objects.bulk_create([OptOut(phone_index=phone_index, source=source, at=now)], ignore_conflicts=True)
    if not known:
        _note("surveys.opted_out", phone_index=phone_index, source=source, now=now)
    Message.objects.filter(phone_index=phone_index, direction=Direction.OUT, state=MessageState.QUEUED).exclude(
        kind=MessageKind.STOPPED
    ).update(state=MessageState.SUPPRESSED, error_code=Refusal.OPTED_OUT, settled_at=now)
    if stop_conversations:
        Conversation.objects.filter(phone_index=phone_index, state__in=OPEN_STATES).update(
            state=ConversationState.STOPPED, remind_at=None, updated_at=now
        )


@transaction.atomic
def opt_in(*, phone_index: str, now: datetime) -> int:
    """START lifts what the same number itself had asked for, and nothing that staff or the web form recorded."""
    own = OptOut.objects.filter(
        phone_index=phone_index, lifted_at=None, source__in=[OptOutSource.WORD, OptOutSource.PROVIDER]
    )
    lifted = own.update(lifted_at=now)
    if lifted:
        _note("surveys.opted_in", phone_index=phone_index, source=OptOutSource.WORD, now=now)
    return lifted


def is_stopped_everywhere(phone_index: str) -> bool:
    return OptOut.objects.filter(phone_index=phone_index, centre=None, lifted_at=None).exists()


def _note(action: str, *, phone_index: str, source: OptOutSource, now: datetime) -> None:
    """The record names the row, whose index tells nobody the number."""
    row = OptOut.objects.filter(phone_index=phone_index).order_by("-pk").first()
    record(actor=PERSON, action=action, subject=row, details={"source": source}, at=now)


def opted_out_among(phone_indexes: Collection[str]) -> frozenset[tuple[str, int | None]]:
    """Of these numbers, those not to be texted, each with the centre that may not; None: no centre may."""
    rows = OptOut.objects.filter(phone_index__in=phone_indexes, lifted_at=None)
    return frozenset(rows.values_list("phone_index", "centre_id"))


def is_opted_out(*, phone_index: str, centre_id: int) -> bool:
    in_force = OptOut.objects.filter(phone_index=phone_index, lifted_at=None)
    return in_force.filter(Q(centre=None) | Q(centre_id=centre_id)).exists()
