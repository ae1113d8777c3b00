"""Ringing about a matter that a client raised."""

from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from surveys.enums import AlertKind
from surveys.models import Alert
from surveys.services.answering.acting import act_on_form
from surveys.services.contact.calling import NotNow, call_barrier
from surveys.services.contact.people import number_to_ring


def reveal_for_alert(*, user: User, alert: Alert, now: datetime) -> str:
    """The number to ring about this matter; the look is recorded.

    :raises NotNow: the client asked not to be called, or the contact plan lets nobody ring at this moment.
    """
    # What the form was told last may be that nobody is to ring.
    if act_on_form(alert.conversation_id, now=now):
        alert.refresh_from_db(fields=["may_call"])
    if alert.may_call is False:
        raise NotNow(_("This client asked not to be called: the matter is closed without contact."))
    danger, wished = alert.kind == AlertKind.DANGER, alert.may_call is True
    barrier = call_barrier(alert.conversation, danger=danger, wished=wished, now=now)
    if barrier:
        raise NotNow(barrier)
    client = alert.conversation.recipient
    return "" if client is None else number_to_ring(client, user=user, reason=_("A matter the client raised"), now=now)
