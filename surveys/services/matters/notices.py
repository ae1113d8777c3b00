"""Telling at once of a matter that can wait for no missed day: danger, and money."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.notifications.services import notify, settle_notices
from surveys.enums import AlertKind
from surveys.models import Alert
from surveys.queries.alerts import who_may_see

TOLD_AT_ONCE: Final = frozenset({AlertKind.DANGER, AlertKind.MONEY})
# The same of both, and no more: an e-mail is read over shoulders, and which kind it is tells who it is about.
WAITS = gettext_noop("An urgent matter waits. Open it here to read what it is.")
SEE_TO_IT = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


def tell_of_alert(alert: Alert, *, now: datetime) -> None:
    """Everybody who may see it, and nobody else; in the transaction that raises it, so once a matter."""
    notify(
        users=who_may_see(alert, *SEE_TO_IT),
        text=WAITS,
        params={"of": str(alert.public_id)},
        url=f"/surveys/alerts/{alert.public_id}/",
        now=now,
    )


def settle_what_was_told(alert: Alert, *, now: datetime) -> None:
    """Somebody has taken it on: it calls nobody else any more."""
    settle_notices(users=who_may_see(alert, *SEE_TO_IT), texts=[WAITS], of=str(alert.public_id), now=now)
