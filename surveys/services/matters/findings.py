"""What file review found and the register of complaints is to hold. The row in between is the queue."""

from datetime import datetime
from functools import partial

from django.db import transaction

from qa_service.cases.models import ComplaintRequest
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.queries import today_at
from surveys.enums import Complainant, Ground, Received, Respondent, Sweep
from surveys.models import Complaint
from surveys.queries.set_aside import is_set_aside
from surveys.services.contact.setting_aside import alone
from surveys.services.matters.complaints import Grievance, NoRegister, register_complaint

BATCH = 50


def register_findings(*, now: datetime) -> int:
    """Enter what was asked for, in the name of who decided it; how many entries that made.

    Where no bureau stands above the centre yet the row waits; its case is flagged meanwhile.
    """
    free = ComplaintRequest.objects.filter(~is_set_aside(Sweep.FINDINGS, now=now)).order_by("pk")
    made = (
        alone(partial(_register, key, now=now), sweep=Sweep.FINDINGS, row=key, centre_id=centre, now=now)
        for key, centre in list(free.values_list("pk", "case__centre")[:BATCH])
    )
    return sum(entry is not None for entry in made)


@transaction.atomic
def _register(pk: int, *, now: datetime) -> Complaint | None:
    """The entry, or None: another worker has it, or there is no register to enter it in."""
    asked = (
        ComplaintRequest.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("case__centre__settings", "case__firm", "case__lawyer", "asked_by")
        .filter(pk=pk)
        .first()
    )
    if asked is None:
        return None
    try:
        made = register_complaint(user=asked.asked_by, grievance=_grievance(asked), now=now)
    except NoRegister:
        return None
    asked.delete()
    return made


def _grievance(asked: ComplaintRequest) -> Grievance:
    case = asked.case
    return Grievance(
        centre=case.centre,
        case=case,
        ground=Ground.MONEY,
        respondent=Respondent.CENTRE if case.firm.kind == FirmKind.CENTRE_STAFF else Respondent.LAWYER,
        respondent_name=case.lawyer.name,
        facts=asked.facts,
        received_on=today_at(case.centre, asked.asked_at),
        received_by=Received.REVIEW,
        complainant=Complainant.OFFICE,
        complainant_name=case.centre.name,
    )
