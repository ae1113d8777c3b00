"""Handing a confirmed veto on to the organ that disciplines or supervises."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.queries import today_at
from reviews.enums import AssignmentState, VetoState
from reviews.models import VetoMark, VetoTransfer
from reviews.services.assignments import require_untied
from reviews.services.vetoes import held_veto
from reviews.services.words import whole

LIMIT = 100


class NotToTransfer(Conflict):
    """This veto goes to no other organ, or went there before."""

    code = "veto_not_to_transfer"


@transaction.atomic
def record_transfer(
    *, veto_mark: VetoMark, organ: str, reference: str, transferred_on: date | None, user: User, now: datetime
) -> VetoTransfer:
    """Record that a confirmed veto was handed on, to whom, when and under what reference.

    :raises NotToTransfer: it is not confirmed, its consequences know no transfer, or it was handed on before.
    :raises InvalidInput: no organ, reference or day, or one before the decision or after today.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    """
    row = held_veto(veto_mark.pk)
    case = row.review.assignment.case
    require_untied(case=case, user=user)
    stands = row.state == VetoState.CONFIRMED and row.review.assignment.state == AssignmentState.SUBMITTED
    if not stands or not row.veto.transfer or VetoTransfer.objects.filter(veto_mark=row).exists():
        raise NotToTransfer(_("This veto item was handed on already, or goes to no other organ."))
    to, under = whole(organ, limit=LIMIT, field="organ"), whole(reference, limit=LIMIT, field="reference")
    if not to:
        raise InvalidInput(_("Name the organ to which it was handed on."), field="organ")
    if not under:
        raise InvalidInput(_("Give the number of the letter."), field="reference")
    today, why = (
        today_at(case.centre, now),
        _("Enter the day on which it was handed on: not before the decision and not after today."),
    )
    first = today_at(case.centre, row.decided_at) if row.decided_at else today
    day = required_day(transferred_on, first=first, last=today, field="transferred_on", missing=why, outside=why)
    made = VetoTransfer.objects.create(
        veto_mark=row, organ=to, reference=under, transferred_on=day, recorded_by=user, recorded_at=now
    )
    details = {"veto": row.veto.code, "organ": to, "reference": under, "transferred_on": str(day)}
    record(actor=user.actor, action="reviews.veto_transferred", subject=row, details=details, at=now)
    return made
