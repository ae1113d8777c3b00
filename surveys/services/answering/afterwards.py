"""What a client tells staff when nobody asks any more: the follow-up was answered, stopped or closed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.inserting import insert
from surveys.enums import AfterwardsOutcome, AlertKind, Channel, ConversationState, OptOutSource
from surveys.models import Contact, Conversation
from surveys.services.answering.answers import act_on_what_was_heard
from surveys.services.answering.interviews import hold_recipient, locked
from surveys.services.contact.opt_outs import opt_out
from surveys.services.contact.stopping import end_followups
from surveys.services.contact.trail import record_asking


class StillAsked(Conflict):
    """The follow-up is under way: what became of the call is recorded as that of any other."""

    code = "still_asked"


class NothingSpokenOf(InvalidInput):
    code = "nothing_spoken_of"


@transaction.atomic
def note_afterwards(
    *,
    user: User,
    conversation: Conversation,
    heard: Collection[AlertKind],
    of_centre: bool = False,
    leave_alone: bool = False,
    note: str = "",
    now: datetime,
) -> Contact:
    """Opens what was spoken of as a call would. The follow-up stays as it ended and no figure counts another call.

    `leave_alone`: no text goes to them any more, and whatever else they are being asked ends. The ways of their contact
    plan stay, for somebody in danger who says both has still to be reached.

    :raises StillAsked: it has not ended; :raises NothingSpokenOf: nothing is ticked, so nobody would read the note.
    """
    if not heard and not leave_alone:
        raise NothingSpokenOf(_("Tick what the person spoke of."), field="heard")
    hold_recipient(conversation, needed=leave_alone)
    row = locked(conversation)
    if row.is_asked_by_staff:
        raise StillAsked(_("This follow-up is still under way. Record the call itself."))
    contact = insert(
        Contact(
            conversation=row,
            channel=Channel.TELEPHONE,
            at=now,
            outcome=AfterwardsOutcome.TOLD_US,
            by=user,
            note=note.strip()[:1000],
        )
    )
    if AlertKind.DANGER in heard and not row.urgent:
        row.urgent, row.updated_at = True, now
        row.save(update_fields=["urgent", "updated_at"])
    act_on_what_was_heard(conversation=row, heard=heard, of_centre=of_centre, note=note, actor=user.actor, now=now)
    if leave_alone:
        _leave_alone(row, now=now)
    details = {"left_alone": leave_alone}
    record_asking(conversation=row, actor=user.actor, action="surveys.told_afterwards", details=details, at=now)
    return contact


def _leave_alone(row: Conversation, *, now: datetime) -> None:
    """The number that was texted, and the one they have by now."""
    client = row.recipient
    if client is None:
        return
    for number in sorted({row.phone_index, client.phone_index} - {""}):
        opt_out(phone_index=number, source=OptOutSource.STAFF, now=now)
    end_followups(client, ConversationState.STOPPED, now=now)
