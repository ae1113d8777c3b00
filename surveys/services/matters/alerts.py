"""Seeing to what a client raised: taken on by a named person, then closed. Neither step is ever undone or skipped."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.services import evidence_changed
from qa_service.common.errors import Conflict
from surveys.enums import AlertKind, AlertState
from surveys.models import Alert
from surveys.services.matters.notices import TOLD_AT_ONCE, settle_what_was_told

NEXT = {AlertState.OPEN: AlertState.ACKNOWLEDGED, AlertState.ACKNOWLEDGED: AlertState.CLOSED}


class AlertMoved(Conflict):
    """A colleague has taken the same step meanwhile."""

    code = "alert_moved"


@transaction.atomic
def move_alert(*, user: User, alert: Alert, to: AlertState, now: datetime) -> Alert:
    """Take the next step: open → acknowledged → closed.

    :raises AlertMoved: `to` is not the next step of where the alert stands now, or it has steps of its own.
    """
    row = Alert.objects.select_for_update().get(pk=alert.pk)
    if row.kind == AlertKind.RECOVERY:
        raise AlertMoved(_("An unhappy client's matter is settled step by step. Open it and take the next step."))
    if NEXT.get(AlertState(row.state)) is not to:
        raise AlertMoved(_("This matter has moved on meanwhile. Look at the list again."))
    row.state = to
    row.updated_at = now
    if to is AlertState.ACKNOWLEDGED:
        row.acknowledged_by, row.acknowledged_at = user, now
        if row.kind in TOLD_AT_ONCE:
            settle_what_was_told(row, now=now)
    else:
        row.closed_at = now
        evidence_changed(row.case_id)  # a commendation may have waited for it
    row.save(update_fields=["state", "updated_at", "acknowledged_by", "acknowledged_at", "closed_at"])
    # The kind of a sealed matter stays out of the record that others read.
    details = {"alert": str(row.public_id)} | ({} if row.sealed else {"kind": row.kind})
    record(actor=user.actor, action=f"surveys.alert_{to.value}", subject=row, details=details, at=now)
    return row
