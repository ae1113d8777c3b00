"""Clients to whom a person of the centre owes a call, a visit or a letter: days that pass do not end that."""

from django.db.models import Exists, OuterRef, Q, Subquery

from surveys.enums import (
    STAFF_CHANNELS,
    URGENT_REASONS,
    Audience,
    Direction,
    ErrandOutcome,
    PhoneOutcome,
    StaffReason,
)
from surveys.models import Contact, Message
from surveys.models.conversations import left_to_bureau

# What the client wrote or asked for, which somebody has to answer. Silence, or a number that takes no texts, is none.
ASKED_FOR_A_PERSON = (*URGENT_REASONS, StaffReason.DANGER_DENIED, StaffReason.UNCLEAR)
# Nobody was met: tried so often, the conversation falls to the next way or ends by itself.
NOBODY_MET = (
    PhoneOutcome.NO_ANSWER,
    PhoneOutcome.SWITCHED_OFF,
    PhoneOutcome.INVALID,
    ErrandOutcome.NOBODY_HOME,
    ErrandOutcome.RETURNED,
    ErrandOutcome.MOVED,
)


def owed_a_call() -> Q:
    """The condition on open conversations: a promise not kept yet, or a wish for a person without an outcome since.

    A call from before the client's last text answered something else. Whom the bureau alone asks, it owes that by its
    own matter.
    """
    last_text = (
        Message.objects.filter(conversation=OuterRef(OuterRef("pk")), direction=Direction.IN)
        .order_by("-created_at")
        .values("created_at")[:1]
    )
    outcomes = Contact.objects.filter(conversation=OuterRef("pk")).exclude(outcome__in=NOBODY_MET)
    wrote = Q(Exists(Message.objects.filter(conversation=OuterRef("pk"), direction=Direction.IN)))
    answered = (~wrote & Q(Exists(outcomes))) | Q(Exists(outcomes.filter(at__gte=Subquery(last_text))))
    wanted = Q(urgent=True) | Q(staff_reason__in=ASKED_FOR_A_PERSON)
    by_people = Q(~left_to_bureau(), audience=Audience.CLIENT, channel__in=STAFF_CHANNELS)
    return by_people & (Q(call_back_at__isnull=False) | (wanted & ~answered))
