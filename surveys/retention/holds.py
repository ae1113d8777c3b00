"""What of asking is under way, so that nothing of the person is erased yet."""

from datetime import timedelta
from typing import Final

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import Hold
from surveys.enums import OPEN_STATES, AlertState, Audience
from surveys.models import (
    Alert,
    Complaint,
    Conversation,
    Message,
    Response,
)
from surveys.retention.rules import UNSETTLED

# How far back the carrier service still says what became of a text.
STILL_ASKED = timedelta(days=61)

HOLDS: Final = (
    Hold(
        key="surveys.follow_up",
        label=_("A follow-up is under way."),
        # Over or not: what a form was told and nobody has looked at yet would be lost with the words.
        rows=lambda _day: Conversation.objects.filter(
            Q(state__in=OPEN_STATES) | Q(matters_due_at__isnull=False), audience=Audience.CLIENT
        ),
        client="recipient",
    ),
    Hold(
        key="surveys.text",
        label=_("It is not known yet what became of a text."),
        rows=lambda day: Message.objects.filter(state__in=UNSETTLED, created_at__date__gte=day - STILL_ASKED),
        client="conversation__recipient",
    ),
    Hold(
        key="surveys.matter",
        label=_("A matter that the client raised is not closed."),
        rows=lambda _day: Alert.objects.exclude(state=AlertState.CLOSED),
        # Whoever raised it: of several clients of a case the export names one alone.
        client="conversation__recipient",
    ),
    Hold(
        key="surveys.complaint",
        label=_("A complaint is being looked into."),
        rows=lambda _day: Complaint.objects.open().annotate(person=Coalesce(F("client"), F("case__client"))),
        client="person",
    ),
    Hold(
        key="surveys.record",
        label=_("A follow-up record is not bound yet."),
        rows=lambda _day: Response.objects.to_bind(),
        client="conversation__recipient",
        paper=True,
    ),
)
