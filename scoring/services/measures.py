"""What whoever assigns cases has to know of a lawyer: begun by a notice in effect, ended by its day or by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import users_of_lawyers
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at
from scoring.enums import MeasureKind, RuleCode
from scoring.models import AssignmentMeasure, Notice
from scoring.policy import months_before
from scoring.services.procedure import StepNotDue, locked, require_independent, require_reason
from scoring.wording import MEASURE_ENDED


def begin_measure(notice: Notice, *, now: datetime) -> None:
    """Fewer assignments from the day on which the rectification of repeated failure reached the lawyer.

    In the caller's transaction; nothing for other notices, nor before the lawyer has it.
    """
    proposal, starts_on = notice.proposal, Notice.objects.values_list("delivered_on", flat=True).get(pk=notice.pk)
    if proposal.code != RuleCode.S3 or starts_on is None:
        return
    AssignmentMeasure.objects.get_or_create(
        proposal=proposal,
        defaults={
            "kind": MeasureKind.REDUCED,
            "notice": notice,
            "lawyer_id": notice.lawyer_id,
            "centre_id": notice.issuer_id,
            "starts_on": starts_on,
            "ends_on": months_before(starts_on, -proposal.rule.thresholds["reduced_months"]),
            "legal_basis": proposal.rule.legal_basis,
            "authority": proposal.rule.authority,
            "reference": notice.label,
            "entered_at": now,
        },
    )


def end_measures(notice: Notice, person: User, reason: str, *, now: datetime) -> None:
    """The notice was taken back, and with it what it limited. In the caller's transaction."""
    for measure in AssignmentMeasure.objects.select_for_update(of=("self",)).filter(notice=notice, ended_on=None):
        _end(measure, person, reason, now=now)


@transaction.atomic
def end_measure(*, measure: AssignmentMeasure, person: User, reason: str, now: datetime) -> None:
    """End it before its last day, saying why: the authority lifted it, or the centre no longer needs it.

    :raises StepNotDue: it ended already; :raises NotIndependent: see `require_independent`.
    :raises InvalidInput: no reason, or a single sign.
    """
    proposal = locked(measure.proposal_id)
    require_independent(proposal, person)
    said = require_reason(reason, _("Say why it ends."))
    row = AssignmentMeasure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    if row.ended_on is not None or row.ends_on < today_at(proposal.centre, now):
        raise StepNotDue(_("This has ended already."))
    _end(row, person, said, now=now)
    notify(users=users_of_lawyers([row.lawyer_id]), text=MEASURE_ENDED, params={"case": proposal.case.number}, now=now)


def _end(row: AssignmentMeasure, person: User, reason: str, *, now: datetime) -> None:
    row.ended_on, row.ended_by, row.end_reason = today_at(row.centre, now), person, reason
    row.save(update_fields=["ended_on", "ended_by", "end_reason"])
    record(actor=person.actor, action="scoring.measure_ended", subject=row, at=now)
