"""Coaching that was decided, closed by whoever saw it done."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from scoring.enums import ProposalState, TaskState
from scoring.models import CoachingTask
from scoring.services.procedure.steps import StepNotDue, locked, move, require_independent, require_reason


@transaction.atomic
def close_task(*, task: CoachingTask, person: User, note: str, now: datetime) -> None:
    """Somebody saw the coaching done and says how.

    :raises StepNotDue: it is closed already.
    """
    row = locked(task.proposal_id)
    require_independent(row, person)
    said = require_reason(note, _("Say what was done."), field="note")
    closed = CoachingTask.objects.filter(pk=task.pk, state=TaskState.OPEN).update(
        state=TaskState.DONE, note=said, done_at=now, closed_by=person
    )
    if not closed:
        raise StepNotDue(_("This task was closed already."))
    move(row, ProposalState.CARRIED_OUT, closed_at=now)
    record(actor=person.actor, action="scoring.task_closed", subject=row, at=now)
