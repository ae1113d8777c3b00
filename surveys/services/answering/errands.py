"""Visits made, letters and paper forms sent: what became of each, and the fall to the next rung where it failed."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import InvalidInput
from surveys.enums import ERRAND_CHANNELS, AlertKind, Channel, ConversationState, ErrandOutcome, OptOutSource
from surveys.models import Contact, Conversation
from surveys.models.conversations import HANDED
from surveys.services.answering.answers import act_on_what_was_heard
from surveys.services.answering.interviews import hold_recipient, locked
from surveys.services.contact.calling import refuse_promise_not_kept
from surveys.services.contact.opt_outs import opt_out
from surveys.services.contact.stopping import let_rest
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.refusals import (
    ConversationOver,
    refuse_when_answered,
    refuse_when_called_enough,
    refuse_when_held,
)
from surveys.services.inviting.rungs import fall, stand
from surveys.timing import is_to_come

# After so many visits at which nobody was met the next rung is tried.
MOST_VISITS = 2
FINAL_OUTCOMES = {
    ErrandOutcome.REFUSED: ConversationState.STOPPED,
    ErrandOutcome.DECEASED: ConversationState.UNREACHABLE,
}
AT_THE_DOOR = (ErrandOutcome.NOBODY_HOME, ErrandOutcome.COME_AGAIN)


def outcomes_of(channel: Channel) -> tuple[ErrandOutcome, ...]:
    """What can become of an errand on this rung: nobody opens the door to a letter."""
    if channel == Channel.VISIT:
        return tuple(outcome for outcome in ErrandOutcome if outcome is not ErrandOutcome.RETURNED)
    return tuple(outcome for outcome in ErrandOutcome if outcome not in AT_THE_DOOR)


@transaction.atomic
def record_errand(
    *,
    user: User,
    conversation: Conversation,
    outcome: ErrandOutcome,
    note: str = "",
    again_at: datetime | None = None,
    heard: Collection[AlertKind] = (),
    of_centre: bool = False,
    now: datetime,
) -> Contact:
    """One visit, letter or paper form that has brought no answers yet. `heard`: what the person spoke of;
    `of_centre`: done by somebody of the centre, so money, complaints and danger are the bureau's.

    :raises AlreadyAnswered: the answer is stored; :raises HeldBySomeone: a colleague holds it.
    :raises ConversationOver: it is closed, or stands on the telephone list by now.
    :raises InvalidInput: an outcome that this rung does not have, or a visit promised for when it cannot be made.
    """
    hold_recipient(conversation, needed=outcome == ErrandOutcome.DECEASED)
    row = locked(conversation)
    refuse_when_answered(row)
    refuse_when_held(row, user, now=now)
    refuse_when_called_enough(row, now=now)
    channel = Channel(row.channel)
    if channel not in ERRAND_CHANNELS or not row.is_open:
        raise ConversationOver(_("This errand is no longer on the list."))
    if outcome not in outcomes_of(channel):
        raise InvalidInput(_("This outcome is not possible here. Please choose another."), field="outcome")
    if outcome == ErrandOutcome.COME_AGAIN:
        _refuse_unfit_visit(row, again_at, now=now)
    promised = again_at if outcome == ErrandOutcome.COME_AGAIN else None
    contact = Contact.objects.create(
        conversation=row,
        channel=channel,
        at=now,
        outcome=outcome,
        by=user,
        note=note.strip()[:1000],
        call_back_at=promised,
    )
    row.call_back_at = promised
    row.urgent = row.urgent or AlertKind.DANGER in heard
    _move_on(row, channel=channel, outcome=outcome, now=now)
    row.held_by, row.held_until, row.updated_at = None, None, now
    row.save(update_fields=[*HANDED, "call_back_at", "held_by", "held_until", "updated_at"])
    if outcome == ErrandOutcome.REFUSED and row.phone_index:
        opt_out(phone_index=row.phone_index, source=OptOutSource.STAFF, now=now)
    act_on_what_was_heard(conversation=row, heard=heard, of_centre=of_centre, note=note, actor=user.actor, now=now)
    if outcome == ErrandOutcome.DECEASED:
        let_rest(conversation=row, user=user, now=now)
    details = {"channel": channel, "outcome": outcome}
    record_asking(conversation=row, actor=user.actor, action="surveys.errand_recorded", details=details, at=now)
    return contact


def _refuse_unfit_visit(row: Conversation, again_at: datetime | None, *, now: datetime) -> None:
    if again_at is None or not is_to_come(again_at, now=now):
        raise InvalidInput(_("Say when to come again: a time still to come, this year or next."), field="again_at")
    refuse_promise_not_kept(row, again_at, visit=True, now=now)


def _move_on(row: Conversation, *, channel: Channel, outcome: ErrandOutcome, now: datetime) -> None:
    if outcome in FINAL_OUTCOMES:
        row.state = FINAL_OUTCOMES[outcome]
    elif outcome == ErrandOutcome.SENT:
        # A form left at the door is a paper form from then on, and comes back as one.
        if channel == Channel.VISIT:
            stand(row, Channel.PAPER, now=now)
        row.sent_out_at = now
    elif outcome in (ErrandOutcome.RETURNED, ErrandOutcome.MOVED) or _tired(row, outcome):
        fall(row, why=outcome, now=now)


def _tired(row: Conversation, outcome: ErrandOutcome) -> bool:
    if outcome != ErrandOutcome.NOBODY_HOME:
        return False
    visits = row.contacts.filter(channel=Channel.VISIT, outcome=ErrandOutcome.NOBODY_HOME)
    return visits.count() >= MOST_VISITS
