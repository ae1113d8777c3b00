"""A person is to be asked nothing any more: what is under way ends, and no text goes out."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from qa_service.accounts.models import User
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import weightier
from qa_service.cases.services import change_plan
from surveys.enums import OPEN_STATES, ConversationState, OptOutSource
from surveys.models import Conversation
from surveys.services.contact.opt_outs import opt_out


@transaction.atomic
def stop_asking(*, client: Client, user: User, now: datetime) -> int:
    """They want it so. Close every way to them; returns how many follow-ups ended. What they raised is seen to."""
    plan = ContactPlan.objects.filter(client=client).first()
    if plan is not None:
        _close_ways(plan, because=ContactReason.NOT_CONSENTED, user=user, now=now)
    opt_out(phone_index=client.phone_index, source=OptOutSource.STAFF, stop_conversations=False, now=now)
    return end_followups(client, ConversationState.STOPPED, now=now)


def let_rest(*, conversation: Conversation, user: User, now: datetime) -> None:
    """The person has died: nobody asks their family for them, about this case or any other, now or later.

    The number stays as it is: it may be that of somebody else by now. Of who was erased nothing is left to close.
    Whoever holds conversations of the person holds the person before.
    """
    client = conversation.recipient
    if client is None or client.erased_at:
        return
    plan, _made = ContactPlan.objects.get_or_create(client=client)
    _close_ways(plan, because=ContactReason.DECEASED, user=user, now=now)
    end_followups(client, ConversationState.UNREACHABLE, now=now)


def _close_ways(plan: ContactPlan, *, because: ContactReason, user: User, now: datetime) -> None:
    client = plan.client
    none = replace(
        plan.terms,
        reason=weightier(plan.terms.reason, because),
        phone_allowed=False,
        visit_allowed=False,
        letter_allowed=False,
    )
    change_plan(
        client=client,
        terms=none,
        revision=plan.revision,
        township=client.township,
        dialect=client.dialect,
        user=user,
        now=now,
    )


def end_followups(client: Client, state: ConversationState, *, now: datetime) -> int:
    """Those under way with this person, whatever the case; returns how many."""
    return Conversation.objects.filter(recipient=client, state__in=OPEN_STATES).update(
        state=state,
        remind_at=None,
        call_back_at=None,
        held_by=None,
        held_until=None,
        updated_at=now,
    )
