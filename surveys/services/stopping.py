"""A person wants to be asked nothing any more: what is under way ends, and no text goes to their number."""

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
from surveys.services.opt_outs import opt_out


@transaction.atomic
def stop_asking(*, client: Client, user: User, now: datetime) -> int:
    """Close every way to the person; returns how many follow-ups ended. What they raised already is seen to."""
    plan = ContactPlan.objects.filter(client=client).first()
    if plan is not None:
        none = replace(
            plan.terms,
            reason=weightier(plan.terms.reason, ContactReason.NOT_CONSENTED),
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
    opt_out(phone_index=client.phone_index, source=OptOutSource.STAFF, stop_conversations=False, now=now)
    return Conversation.objects.filter(recipient=client, state__in=OPEN_STATES).update(
        state=ConversationState.STOPPED,
        remind_at=None,
        call_back_at=None,
        held_by=None,
        held_until=None,
        updated_at=now,
    )
