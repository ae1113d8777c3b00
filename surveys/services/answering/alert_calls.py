"""Ringing about a matter that a client raised."""

from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from surveys.enums import AlertKind
from surveys.matters import may_call_by, weightier
from surveys.models import Alert
from surveys.queries.forms import answers_of, response_of
from surveys.queries.later import told_later, values_of
from surveys.services.answering.acting import act_on_form
from surveys.services.answering.answers import may_call_openly
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
    barrier = call_barrier(
        alert.conversation, danger=danger, wished=wished, barred=_wishes_no_call_unseen(alert), matter=True, now=now
    )
    if barrier:
        raise NotNow(barrier)
    client = alert.conversation.recipient
    return "" if client is None else number_to_ring(client, user=user, reason=_("A matter the client raised"), now=now)


def _wishes_no_call_unseen(alert: Alert) -> bool:
    """Whether the client asked not to be called where that they were asked is kept from whoever sees this matter.

    Nobody rings them about it all the same, but about danger.
    """
    if alert.may_call is not None or alert.kind in (AlertKind.DANGER, AlertKind.MONEY):
        return False
    sealed = alert.conversation.alerts.filter(kind=AlertKind.MONEY).exclude(may_call=None)
    latest = sealed.order_by("-raised_at", "-pk").values_list("may_call", flat=True).first()
    if latest is not None:
        return not latest
    response = response_of(alert.conversation)
    first = {code: answer.value for code, answer in answers_of(response).items()}
    heeded = weightier(first, first | values_of(told_later(response)))
    return may_call_by(heeded) is False and may_call_openly(alert.conversation, heeded) is None
