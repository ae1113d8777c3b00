"""What whoever assigns cases has to know of a lawyer: begun by a notice in effect, ended by its day or by a person."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import users_of_lawyers
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at
from scoring.enums import IN_EFFECT, MeasureKind, RuleCode
from scoring.models import AssignmentMeasure, Notice
from scoring.policy import months_before
from scoring.services.procedure import StepNotDue, locked, require_independent, require_reason
from scoring.wording import MEASURE_ENDED

# By the rule: what follows, and the figure of the rule that says for how many months.
KINDS = {RuleCode.S3: (MeasureKind.REDUCED, "reduced_months"), RuleCode.R2: (MeasureKind.PRIORITY, "priority_months")}


def begin_measure(notice: Notice, *, now: datetime) -> None:
    """What a notice in effect brings with it: fewer assignments from the day on which the rectification of repeated
    failure reached the lawyer; first in complex assignments from the day on which a lawyer's commendation was issued.

    In the caller's transaction; nothing for other notices, nor before a rectification reached the lawyer.
    """
    proposal, code = notice.proposal, RuleCode(notice.proposal.code)
    begun = Notice.objects.values_list("delivered_on", "issued_at").get(pk=notice.pk)
    issued_on = today_at(notice.issuer, begun[1]) if begun[1] else None
    starts_on = {RuleCode.S3: begun[0], RuleCode.R2: issued_on}.get(code)
    if starts_on is None or notice.kind not in IN_EFFECT:
        return
    kind, term = KINDS[code]
    AssignmentMeasure.objects.get_or_create(
        proposal=proposal,
        defaults={
            "kind": kind,
            "notice": notice,
            "lawyer": notice.the_lawyer,
            "centre_id": notice.issuer_id,
            "starts_on": starts_on,
            "ends_on": months_before(starts_on, -proposal.rule.thresholds[term]),
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
    notify(users=users_of_lawyers([row.lawyer_id]), text=MEASURE_ENDED, params={"case": proposal.named}, now=now)


def _end(row: AssignmentMeasure, person: User, reason: str, *, now: datetime) -> None:
    row.ended_on, row.ended_by, row.end_reason = today_at(row.centre, now), person, reason
    row.save(update_fields=["ended_on", "ended_by", "end_reason"])
    record(actor=person.actor, action="scoring.measure_ended", subject=row, at=now)
