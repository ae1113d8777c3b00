"""The public display of a commendation (公示): it ends by itself, or by an objection that holds."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.notifications.services import notify
from qa_service.organisations.queries import on_the_day_there
from scoring.enums import ProposalState
from scoring.models import Proposal, PublicDisplay
from scoring.services.procedure.steps import StepNotDue, locked, move, require_independent, require_reason
from scoring.wording import DISPLAY_OVER

DISPLAYS = Actor.system("displays")


@transaction.atomic
def stop_display(*, proposal: Proposal, person: User, reason: str, now: datetime) -> None:
    """An objection raised during the display holds: the commendation ends here.

    :raises StepNotDue: the proposal is not on display.
    """
    row = locked(proposal.pk)
    require_independent(row, person)
    said = require_reason(reason, _("Say which objection is justified."))
    if row.state != ProposalState.ON_DISPLAY:
        raise StepNotDue(_("This proposal is not on display."))
    PublicDisplay.objects.filter(proposal=row).update(stopped_at=now, stopped_by=person, stop_reason=said)
    move(row, ProposalState.DECLINED, closed_at=now)
    record(actor=person.actor, action="scoring.display_stopped", subject=row, at=now)


def finish_displays(*, now: datetime) -> int:
    """Displays whose last working day is over make their notices ready to issue; returns how many."""
    over = PublicDisplay.objects.filter(
        on_the_day_there(now, "proposal__centre", lambda day: Q(ends_on__lt=day)),
        completed_at=None,
        stopped_at=None,
        proposal__state=ProposalState.ON_DISPLAY,
    )
    return sum(_finish(display, now=now) for display in over.select_related("proposal"))


@transaction.atomic
def _finish(display: PublicDisplay, *, now: datetime) -> int:
    row = locked(display.proposal_id)
    if row.state != ProposalState.ON_DISPLAY:
        return 0
    PublicDisplay.objects.filter(pk=display.pk).update(completed_at=now)
    move(row, ProposalState.ACCEPTED)
    record(actor=DISPLAYS, action="scoring.display_completed", subject=row, at=now)
    notify(
        users=people_with(Role.MANAGER, row.centre),
        text=DISPLAY_OVER,
        params={"case": row.named},
        url=f"/scoring/proposals/{row.public_id}",
        now=now,
    )
    return 1
