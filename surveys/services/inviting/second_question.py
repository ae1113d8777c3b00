"""Asking again once a matter is put right: a second, short follow-up beside the first, which it never touches."""

from datetime import datetime

from django.utils.translation import gettext as _

from qa_service.common.errors import Conflict
from qa_service.common.workdays import CalendarYearMissing
from qa_service.organisations.queries import calendar
from surveys import recovery as rules
from surveys.enums import OPEN_STATES, ConversationState
from surveys.models import Alert, Conversation
from surveys.services.inviting.invitations import Frame, invite
from surveys.services.outgoing.gateways import gateway_in_use


class NoCalendar(Conflict):
    code = "no_calendar"


def ask_again(*, alert: Alert, turn: int, now: datetime) -> Conversation:
    """Begin the second conversation by the best way open to the person, as the first was begun.

    Who may not be contacted at all is not asked: the conversation is over at once.

    :raises NoCalendar: it is not known whether today is a holiday.
    """
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=now)
    client = alert.conversation.recipient or alert.case.client
    try:
        return invite(case=alert.case, client=client, frame=frame, wave=rules.wave(matter=alert.pk, turn=turn))
    except CalendarYearMissing as missing:
        raise NoCalendar(
            _("The official calendar of %(year)s is missing, so nobody is texted. Ask the operator to import it.")
            % {"year": missing.year}
        ) from None


def end_question(conversation_id: int, *, now: datetime) -> None:
    """The matter goes its own way in the register: nobody answers how it was put right any more, late or not."""
    Conversation.objects.filter(pk=conversation_id, state__in=OPEN_STATES).update(
        state=ConversationState.EXPIRED,
        closes_at=now,
        late_until=now,
        remind_at=None,
        call_back_at=None,
        lapses_at=None,
        held_by=None,
        held_until=None,
        updated_at=now,
    )
