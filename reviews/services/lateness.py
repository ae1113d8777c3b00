"""Accepting a reason for which a file came late: it then counts as in time (`domain` 4.7)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.errors import Conflict, InvalidInput
from reviews.models import AcceptedLateness
from reviews.queries.lateness import days_late
from reviews.services.assignments import require_untied
from reviews.services.words import whole

REASON_LIMIT = 500


class NotLate(Conflict):
    code = "file_not_late"


class LatenessAccepted(Conflict):
    code = "lateness_accepted_already"


class NothingToTakeBack(Conflict):
    code = "no_accepted_lateness"


@transaction.atomic
def accept_lateness(*, case: Case, reason: str, user: User, now: datetime) -> AcceptedLateness:
    """Say why the lateness of a file counts as in time.

    :raises NotTheirsToGive: `user` handled the case or has a tie to who did; :raises InvalidInput: no reason, too long.
    :raises NotLate: the file came in time; :raises LatenessAccepted: a reason is in force already.
    """
    held = Case.objects.locked().select_related("centre__settings").get(pk=case.pk)
    require_untied(case=held, user=user)
    said = _reason(reason)
    if not days_late(held, now=now):
        raise NotLate(_("This file is not late."))
    if AcceptedLateness.objects.filter(case=held, withdrawn_at=None).exists():
        raise LatenessAccepted(_("A reason for the lateness of this file was accepted already."))
    row = AcceptedLateness.objects.create(case=held, reason=said, accepted_by=user, accepted_at=now)
    record(actor=user.actor, action="reviews.lateness_accepted", subject=row, details={"case": held.number}, at=now)
    evidence_changed(held.pk)
    return row


@transaction.atomic
def take_back_lateness(*, case: Case, reason: str, user: User, now: datetime) -> AcceptedLateness:
    """Take an accepted reason back, saying why: the days count again.

    :raises NotTheirsToGive, InvalidInput: as `accept_lateness`; :raises NothingToTakeBack: none is in force.
    """
    require_untied(case=case, user=user)
    said = _reason(reason)
    row = AcceptedLateness.objects.select_for_update().filter(case=case, withdrawn_at=None).first()
    if row is None:
        raise NothingToTakeBack(_("No reason for lateness is in force for this file."))
    row.withdrawn_by, row.withdrawn_at, row.withdrawal_reason = user, now, said
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal_reason"])
    record(actor=user.actor, action="reviews.lateness_taken_back", subject=row, details={"case": case.number}, at=now)
    evidence_changed(case.pk)
    return row


def _reason(reason: str) -> str:
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    if not said:
        raise InvalidInput(_("Give the reason."), field="reason")
    return said
