"""To the bureau with what is about the centre's own people: whoever it is about is not to read it."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.common.errors import Conflict
from surveys.enums import AlertKind, AlertState
from surveys.models import Alert, Conversation
from surveys.queries.alerts import who_may_see
from surveys.services.matters.clocks import clock_of
from surveys.services.matters.notices import settle_what_was_told, tell_of_alert

# Words about the centre's own people make these the bureau's by themselves.
BY_WORDS: Final = frozenset({AlertKind.MONEY, AlertKind.COMPLAINT})
# Whoever is in danger from somebody else is seen to by those who are near, and a wrong number is nobody's fault. What
# comes from the centre's own people is the bureau's from the start: see `matters.who_sees_to_danger`.
STAYS: Final = frozenset({AlertKind.DANGER, AlertKind.DENIED, AlertKind.WRONG_NUMBER})


class NotToPassOn(Conflict):
    """The bureau's already, closed, or of a kind that stays with the centre."""

    code = "not_to_pass_on"


def may_pass_on(alert: Alert) -> bool:
    return not (alert.for_bureau or alert.state == AlertState.CLOSED or alert.kind in STAYS)


@transaction.atomic
def pass_to_bureau(*, user: User, alert: Alert, now: datetime) -> bool:
    """Somebody who may see it says that it is about the centre's own people: from now on the centre does not see it.

    Returns whether anybody of the bureau may see it now. Where nobody can, it waits for whoever is appointed there:
    the centre does not get it back.

    :raises NotToPassOn: the bureau's already, closed, or of a kind that stays with the centre.
    """
    # All of the client's at once and in order: two who pass on two of them would wait for each other.
    row = next(each for each in _held(Alert.objects.filter(conversation=alert.conversation_id)) if each == alert)
    if not may_pass_on(row):
        raise NotToPassOn(_("This matter cannot be passed on, or somebody has passed it on already."))
    to_bureau(row, actor=user.actor, now=now)
    return bool(who_may_see(row, Role.SUPERVISOR))


def to_bureau(row: Alert, *, actor: Actor, now: datetime) -> None:
    """Seal it from the centre, with what was sealed of the same client before: its words stand there too.

    The caller holds the matter or its conversation. Nobody of the bureau has taken it on yet, whoever had here.
    """
    _hand_up(row, now=now)
    take_along(row, now=now)
    record(actor=actor, action="surveys.alert_passed_on", subject=row, details={"alert": str(row.public_id)}, at=now)
    tell_of_alert(row, now=now)


def take_along(row: Alert, *, now: datetime) -> None:
    """What was sealed of the same client before: on its page everything stands that they said."""
    others = Alert.objects.filter(conversation=row.conversation_id, sealed=True, for_bureau=False).exclude(pk=row.pk)
    for each in _held(others):
        _hand_up(each, now=now)
        if each.state != AlertState.CLOSED:
            tell_of_alert(each, now=now)


def _hand_up(row: Alert, *, now: datetime) -> None:
    """The centre is called to it no more, and nobody has taken it on where it lies now."""
    settle_what_was_told(row, now=now)
    row.sealed = row.for_bureau = True
    if row.kind != AlertKind.RECOVERY and row.state == AlertState.ACKNOWLEDGED:
        row.state, row.acknowledged_by, row.acknowledged_at = AlertState.OPEN, None, None
        for name, day in clock_of(AlertKind(row.kind), case=row.case, now=now).items():
            setattr(row, name, day)
    row.updated_at = now
    row.save()


def route_by_words(conversation: Conversation, *, actor: Actor, now: datetime) -> None:
    """Of a client whose words are about the centre's own people: what they raised of money or complaint goes above."""
    rows = conversation.alerts.filter(kind__in=BY_WORDS, for_bureau=False).exclude(state=AlertState.CLOSED)
    for row in _held(rows):
        to_bureau(row, actor=actor, now=now)


def _held(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """As they stand once nobody else is writing to them, one after the other: what somebody closed stays closed."""
    return rows.select_for_update(of=("self",)).select_related("case__centre__settings").order_by("pk")
