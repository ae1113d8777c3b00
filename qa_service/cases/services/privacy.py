"""Looks at personal data, each of which is recorded."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Client, Import
from qa_service.common.errors import InvalidInput


@transaction.atomic
def reveal_phone(*, client: Client, actor: Actor, reason: str, now: datetime) -> str:
    """Return the full number and record who looked and why.

    :raises InvalidInput: no reason was given.
    """
    _record_look(client, actor=actor, reason=reason, whose="client", now=now)
    return client.phone


@transaction.atomic
def reveal_guardian_phone(*, client: Client, actor: Actor, reason: str, now: datetime) -> str:
    """The same for the guardian's number; empty where none is known.

    :raises InvalidInput: no reason was given.
    """
    _record_look(client, actor=actor, reason=reason, whose="guardian", now=now)
    plan = getattr(client, "contact_plan", None)
    return plan.guardian_phone if plan else ""


def look_at_refused_rows(*, job: Import, actor: Actor, rows: int, now: datetime) -> None:
    """Record that somebody saw what stood in so many refused rows: any of their cells may be a telephone number."""
    if rows:
        record(actor=actor, action="cases.refused_rows_seen", subject=job, details={"rows": rows}, at=now)


def _record_look(client: Client, *, actor: Actor, reason: str, whose: str, now: datetime) -> None:
    if not reason.strip():
        raise InvalidInput(_("Say why you need the number."), field="reason")
    details = {"whose": whose}
    record(
        actor=actor, action="cases.phone_revealed", subject=client, details=details, remark=reason.strip()[:200], at=now
    )
