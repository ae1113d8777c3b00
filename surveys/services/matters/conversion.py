"""From what a client answered to a complaint in the register: only with their recorded consent (domain.md 1.7)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.queries import today_at
from surveys.enums import AlertKind, AlertState, ConsentWay, Ground, Received, Respondent
from surveys.models import Alert, Complaint
from surveys.services.matters.complaints import Grievance, register_complaint
from surveys.services.matters.lawyer_questions import require_day
from surveys.services.matters.recoveries import close_as_complaint, locked

CONVERTIBLE = frozenset({AlertKind.RECOVERY, AlertKind.MONEY, AlertKind.COMPLAINT})


class NotConvertible(Conflict):
    code = "not_convertible"


@dataclass(frozen=True, slots=True)
class Consent:
    """That the client wants it entered as a complaint, in which words and on what ground."""

    on: date
    by: ConsentWay
    ground: Ground
    facts: str
    request: str = ""

    def __repr__(self) -> str:
        return "Consent(…)"


@transaction.atomic
def convert_to_complaint(*, user: User, alert: Alert, consent: Consent, now: datetime) -> Complaint:
    """Enter the matter in the bureau's register and close it here.

    :raises NotConvertible: of another kind, nobody's yet, or closed.
    :raises RecoveryMoved: nobody has spoken with the client yet, or it is closed.
    :raises InvalidInput: the day of consent, or no words.
    :raises NoRegister: no bureau stands above the centre.
    """
    # The recovery before its alert, as whoever takes a step of it.
    recovery = locked(alert) if alert.kind == AlertKind.RECOVERY else None
    row = (
        Alert.objects.select_for_update(of=("self",))
        .select_related(
            "case__centre__settings", "case__firm", "case__lawyer", "case__client", "conversation__recipient"
        )
        .get(pk=alert.pk)
    )
    if row.kind not in CONVERTIBLE or row.state != AlertState.ACKNOWLEDGED:
        raise NotConvertible(_("Take the matter on and speak with the client first."))
    centre = row.case.centre
    require_day(consent.on, since=today_at(centre, row.raised_at), today=today_at(centre, now))
    if recovery is not None:
        close_as_complaint(row=recovery, user=user, now=now)
    else:
        row.state, row.closed_at, row.updated_at = AlertState.CLOSED, now, now
        row.save(update_fields=["state", "closed_at", "updated_at"])
    return register_complaint(user=user, grievance=_grievance(row, consent, now=now), now=now)


def _grievance(row: Alert, consent: Consent, *, now: datetime) -> Grievance:
    own_staff = row.case.firm.kind == FirmKind.CENTRE_STAFF
    of_centre = own_staff or row.for_bureau
    client = row.conversation.recipient or row.case.client
    return Grievance(
        centre=row.case.centre,
        case=row.case,
        ground=consent.ground,
        respondent=Respondent.CENTRE if of_centre else Respondent.LAWYER,
        # Which of its people it was, nobody has written in a field of its own.
        respondent_name="" if of_centre and not own_staff else row.case.lawyer.name,
        facts=consent.facts,
        request=consent.request,
        received_on=today_at(row.case.centre, now),
        received_by=Received.FOLLOW_UP,
        complainant_name=client.name,
        client=client,
        source=row,
        consented_on=consent.on,
        consent_by=consent.by,
    )
