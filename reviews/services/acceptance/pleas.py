"""Hearing a lawyer on why a file is late, and deciding about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import people_with, users_of_lawyers
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from qa_service.notifications.services import notify, settle_notices
from reviews.enums import PleaState
from reviews.models import AcceptedLateness, LatenessPlea
from reviews.queries.lateness import days_late
from reviews.services.assignments import require_untied
from reviews.services.lateness import REASON_LIMIT, LatenessAccepted, NotLate, accept_lateness
from reviews.services.words import require_quotable, whole

TO_DECIDE = gettext_noop("The lawyer says why the file %(case)s is late. Decide about it.")


class PleaNotOpen(Conflict):
    code = "lateness_plea_not_open"


@transaction.atomic
def state_lateness(*, case: Case, words: str, user: User, now: datetime) -> LatenessPlea:
    """The lawyer says why the file is late; the managers of the centre are told.

    :raises NotPermitted: not their case; :raises InvalidInput: no words, too many, or unfit for the form of the file.
    :raises NotLate: it is in time; :raises LatenessAccepted: a reason is in force.
    :raises PleaNotOpen: what they said before waits for its decision.
    """
    held = Case.objects.locked().select_related("centre__settings").get(pk=case.pk)
    if user.lawyer_id != held.lawyer_id:
        raise NotPermitted(_("Only the lawyer who handled the case says why its file is late."))
    said = whole(words, limit=REASON_LIMIT, field="words")
    if not said:
        raise InvalidInput(_("Write why the file is late."), field="words")
    require_quotable(said, clients=client_names(held), field="words")
    if not days_late(held, now=now):
        raise NotLate(_("This file is not late."))
    if AcceptedLateness.objects.filter(case=held, withdrawn_at=None).exists():
        raise LatenessAccepted(_("A reason for the lateness of this file was accepted already."))
    if LatenessPlea.objects.filter(case=held, state=PleaState.OPEN).exists():
        raise PleaNotOpen(_("You have said why already; nobody has decided about it yet."))
    plea = LatenessPlea.objects.create(case=held, words=said, stated_by=user, stated_at=now)
    record(actor=user.actor, action="reviews.lateness_stated", subject=plea, details={"case": held.number}, at=now)
    notify(
        users=people_with(Role.MANAGER, held.centre).exclude(pk=user.pk),
        text=TO_DECIDE,
        params={"case": held.number, "of": str(plea.public_id)},
        url=f"/reviews/files/{held.public_id}",
        now=now,
    )
    return plea


@transaction.atomic
def decide_plea(*, plea: LatenessPlea, accepted: bool, reason: str, user: User, now: datetime) -> LatenessPlea:
    """Accept what the lawyer said, and the file counts as in time; or not, saying why.

    :raises NotTheirsToGive: `user` handled the case or has a tie to who did; :raises PleaNotOpen: decided before.
    :raises InvalidInput: refused without a reason, or it is too long; :raises NotLate: it came in time after all.
    """
    case = Case.objects.locked().get(pk=plea.case_id)
    row = LatenessPlea.objects.select_for_update(of=("self",)).get(pk=plea.pk)
    require_untied(case=case, user=user)
    if row.state != PleaState.OPEN:
        raise PleaNotOpen(_("These reasons do not wait for a decision."))
    said = whole(reason, limit=REASON_LIMIT, field="reason")
    if not accepted and not said:
        raise InvalidInput(_("Give the reason of the decision."), field="reason")
    if accepted:
        accept_lateness(case=case, reason=row.words, user=user, now=now)
    row.state = PleaState.ACCEPTED if accepted else PleaState.REFUSED
    row.decided_by, row.decided_at, row.decision = user, now, said
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    details = {"case": case.number, "accepted": accepted}
    record(actor=user.actor, action="reviews.lateness_decided", subject=row, details=details, at=now)
    managers = people_with(Role.MANAGER, case.centre)
    settle_notices(users=managers, texts=[TO_DECIDE], of=str(row.public_id), now=now)
    text = (
        gettext_noop("Your reasons for the lateness of file %(case)s were accepted: it counts as in time.")
        if accepted
        else gettext_noop("Your reasons for the lateness of file %(case)s were not accepted.")
    )
    notify(
        users=users_of_lawyers([case.lawyer_id]),
        text=text,
        params={"case": case.number},
        url=f"/reviews/my-files/{case.public_id}",
        now=now,
    )
    return row
