"""What file review asks of the register of complaints, without either room writing into the other."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, ComplaintRequest
from qa_service.cases.services.evidence import raise_risk_flag


@transaction.atomic
def ask_for_complaint(*, case: Case, source: UUID, facts: str, user: User, now: datetime) -> ComplaintRequest:
    """Have a finding entered in the register, once. Its case is flagged from now on, whether or not a register is near.

    `facts` stand in the register as they are: never a client's name, number or words.
    """
    raise_risk_flag(case_id=case.pk, kind=FlagKind.COMPLAINT, actor=user.actor, now=now)
    asked, created = ComplaintRequest.objects.get_or_create(
        source=source, defaults={"case": case, "facts": facts, "asked_by": user, "asked_at": now}
    )
    if created:
        record(actor=user.actor, action="cases.complaint_asked", subject=asked, at=now)
    return asked
