"""How many could be asked, were asked, and answered: the figures that stand beside every mean."""

from dataclasses import dataclass

from django.db.models import Count, Q

from qa_service.accounts.models import User
from qa_service.common.periods import Period
from surveys import recovery
from surveys.enums import TEXT_CHANNELS, Audience, ConversationState, MessageKind, MessageState
from surveys.models import Conversation

_LEFT_US = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERED)


@dataclass(frozen=True, slots=True)
class Funnel:
    """Conversations with clients whose case closed in the period. Each step counts those that reached it."""

    eligible: int
    texted: int
    delivered: int
    opened: int
    answered: int
    stopped: int
    by_staff: int


def response_funnel(*, user: User, centre_id: int | None = None, period: Period | None = None) -> Funnel:
    """Counts within the user's scope; one query."""
    rows = (
        Conversation.objects.visible_to(user).filter(audience=Audience.CLIENT).exclude(wave__startswith=recovery.WAVE)
    )
    if centre_id is not None:
        rows = rows.filter(case__centre_id=centre_id)
    if period is not None:
        rows = rows.filter(case__closed_on__gte=period.start, case__closed_on__lt=period.end)
    invitation = Q(messages__kind=MessageKind.INVITATION)
    counts = rows.aggregate(
        eligible=Count("pk", distinct=True),
        texted=Count("pk", distinct=True, filter=invitation & Q(messages__state__in=_LEFT_US)),
        delivered=Count("pk", distinct=True, filter=invitation & Q(messages__state=MessageState.DELIVERED)),
        opened=Count("pk", distinct=True, filter=Q(first_opened_at__isnull=False)),
        answered=Count("pk", distinct=True, filter=Q(response__finished_at__isnull=False)),
        stopped=Count("pk", distinct=True, filter=Q(state=ConversationState.STOPPED)),
        by_staff=Count("pk", distinct=True, filter=~Q(channel__in=TEXT_CHANNELS)),
    )
    return Funnel(**counts)
