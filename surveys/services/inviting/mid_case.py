"""Asking clients while their case runs, and giving it up where the closing of the case has overtaken it.

The follow-up after closing comes first. Begun while the case ran and nobody contacted yet, the other is given up and
counts as none; where the person was contacted they may still answer, no reminder follows, and the closing waits until
their 30 days are over.
"""

from datetime import datetime

from django.db import connection, transaction

from qa_service.audit.actors import Actor
from qa_service.organisations.queries import calendar
from surveys.enums import ConversationState, MessageState, Sweep
from surveys.models import Conversation
from surveys.queries.mid_case import groups_come, overtaken, plans_to_ask_by, turns_of
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.draws import draw_due
from surveys.services.inviting.invitations import SWEEP, Frame, Invited, begin_each
from surveys.services.outgoing.gateways import gateway_in_use

ACTOR = Actor.system("surveys.mid_case")
# A text in one of these states has gone nowhere.
NOT_GONE = (MessageState.QUEUED, MessageState.SUPPRESSED)


def invite_mid_case(*, limit: int = SWEEP, now: datetime) -> Invited:
    """Begin the conversations that are due by the plans of the centres. Idempotent, each in its own transaction.

    Of several clients of a case lots decide, drawn for each occasion anew.

    :raises CalendarYearMissing: the official calendar of the year has not been imported; nobody is texted by guess.
    """
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=now)
    invited = Invited()
    for plan in plans_to_ask_by(now=now):
        draw_due(groups_come(plan, now=now), wave=plan.occasion, limit=limit, now=now)
        invited += begin_each(turns_of(plan, limit=limit, now=now), sweep=Sweep.MID_CASE, frame=frame, mid_case=plan)
    return invited


def give_up_overtaken(*, limit: int = SWEEP, now: datetime) -> int:
    """Give up what is no longer to be asked, as far as nobody was contacted; how many."""
    keys = list(overtaken(now=now).values_list("pk", flat=True)[:limit])
    return sum(_give_up(key, now=now) for key in keys)


@transaction.atomic
def _give_up(conversation_id: int, *, now: datetime) -> bool:
    row = Conversation.objects.select_for_update(of=("self",)).select_related("case").get(pk=conversation_id)
    # Held, so that no worker claims one meanwhile. What somebody holds is left for another time: whoever is told what
    # became of a text holds it before its conversation.
    # Neither number nor words are asked for, which may be damaged.
    held = row.messages.defer("phone", "body")
    texts = list(held.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked))
    if not row.is_open or len(texts) < row.messages.count():
        return False
    untouched = row.state == ConversationState.AWAITING and row.first_opened_at is None
    if untouched and not row.contacts.exists() and all(text.state in NOT_GONE for text in texts):
        row.state, row.remind_at, row.lapses_at, row.updated_at = ConversationState.WITHDRAWN, None, None, now
        row.save(update_fields=["state", "remind_at", "lapses_at", "updated_at"])
        why = "closed" if row.case.closed_on else "contact_plan"
        record_asking(conversation=row, actor=ACTOR, action="surveys.withdrawn", details={"why": why}, at=now)
        return True
    if row.remind_at is not None:
        row.remind_at, row.updated_at = None, now
        row.save(update_fields=["remind_at", "updated_at"])
    return False
