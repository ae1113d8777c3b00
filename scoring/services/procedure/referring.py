"""What no centre imposes is referred to the authority that may: sent by a person, answered, and entered as answered."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.days import last_day, required_day
from qa_service.common.errors import InvalidInput
from qa_service.documents.printable import one_line
from qa_service.documents.quotable import why_not_quotable
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at
from scoring.enums import MeasureKind, ProposalState, ReferralAnswer, ReferralKind
from scoring.models import AssignmentMeasure, Proposal, Referral
from scoring.queries.concerned import accounts_concerned
from scoring.queries.proposals import may_criticise
from scoring.services.procedure.steps import (
    StepNotDue,
    locked,
    move,
    require_another,
    require_ground,
    require_independent,
    require_named,
)
from scoring.wording import REFERRAL_ANSWERED, REFERRED


@transaction.atomic
def send_referral(
    *, proposal: Proposal, person: User, addressee: str, reference: str, sent_on: date | None, now: datetime
) -> Referral:
    """The letter left: to whom, when, under which number. The lawyer is told that it did.

    A suspension was decided to be referred; of a repeated failure that was decided, public criticism may be.

    :raises StepNotDue: nothing was decided to be referred, it was sent already, or its ground is gone.
    :raises FourEyes: the person decided it; :raises NotIndependent: see `require_independent`.
    :raises InvalidInput: no authority is named, the letter could not print it or its number, or the day lies before
        the decision or after today.
    """
    row, referral = _held(proposal, person, now=now)
    require_another(
        row,
        person,
        _(
            "The person who decided may not send the referral. Ask another manager of the centre or the "
            "supervising bureau."
        ),
    )
    if referral.sent_on is not None:
        raise StepNotDue(_("This referral was sent already."))
    require_ground(row)
    referral.addressee = require_named(
        addressee, _("Name the authority to which the matter is referred."), field="addressee"
    )
    unfit = why_not_quotable(reference, clients=())
    if unfit:
        raise InvalidInput(unfit, field="reference")
    referral.sent_on = required_day(
        sent_on,
        first=today_at(row.centre, row.decision.decided_at),
        last=today_at(row.centre, now),
        field="sent_on",
        missing=_("Enter the day on which the letter left."),
        outside=_("The day lies before the decision or after today."),
    )
    referral.reference, referral.sent_by = one_line(reference), person
    referral.save()
    details = {"sent_on": str(referral.sent_on)}
    record(actor=person.actor, action="scoring.referral_sent", subject=row, details=details, at=now)
    _tell(row, REFERRED, now=now)
    return referral


@transaction.atomic
def record_answer(
    *,
    proposal: Proposal,
    person: User,
    answer: ReferralAnswer,
    reference: str,
    answered_on: date | None,
    legal_basis: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    now: datetime,
) -> Referral:
    """What the authority answered. A suspension that it imposed enters the register with its basis and its last day.

    :raises StepNotDue: it was not sent yet, or answered already.
    :raises InvalidInput: the day lies before the sending or after today; a suspension without basis, document or days.
    """
    row, referral = _held(proposal, person, now=now)
    if referral.sent_on is None or referral.answered_on is not None:
        raise StepNotDue(_("This referral was not sent yet, or was answered already."))
    referral.answered_on = required_day(
        answered_on,
        first=referral.sent_on,
        last=today_at(row.centre, now),
        field="answered_on",
        missing=_("Enter the day of the answer."),
        outside=_("The day of the answer lies before the letter left or after today."),
    )
    referral.answer, referral.answer_reference, referral.recorded_by = answer, one_line(reference), person
    if answer == ReferralAnswer.IMPOSED and referral.kind == ReferralKind.SUSPENSION:
        _suspend(row, referral, legal_basis, (starts_on, ends_on), now=now)
    referral.save(update_fields=["answer", "answered_on", "answer_reference", "recorded_by"])
    if referral.kind == ReferralKind.SUSPENSION:
        move(row, ProposalState.CARRIED_OUT, closed_at=now)
    record(
        actor=person.actor, action="scoring.referral_answered", subject=row, details={"answer": answer.value}, at=now
    )
    _tell(row, REFERRAL_ANSWERED, now=now)
    return referral


def _held(proposal: Proposal, person: User, *, now: datetime) -> tuple[Proposal, Referral]:
    """There is a referral only of what was decided; what became of that since does not keep an answer out."""
    row = locked(proposal.pk)
    require_independent(row, person)
    referral = Referral.objects.filter(proposal=row).first()
    if referral is None and may_criticise(row):
        referral = Referral(proposal=row, kind=ReferralKind.CRITICISM, made_at=now)
    if referral is None:
        raise StepNotDue(_("Nothing was decided here that is to be referred."))
    return row, referral


def _suspend(
    row: Proposal, referral: Referral, legal_basis: str, days: tuple[date | None, date | None], *, now: datetime
) -> None:
    basis = require_named(legal_basis, _("Enter the legal basis that the authority names."), field="legal_basis")
    if not referral.answer_reference:
        raise InvalidInput(_("Enter the number of the authority's document."), field="reference")
    first, today = referral.answered_on or today_at(row.centre, now), today_at(row.centre, now)
    starts_on = required_day(
        days[0],
        first=first,
        last=last_day(today),
        field="starts_on",
        missing=_("Enter the first day of the suspension."),
        outside=_("A suspension begins on the day of the answer or later."),
    )
    ends_on = required_day(
        days[1],
        first=starts_on,
        last=last_day(today),
        field="ends_on",
        missing=_("Enter the last day of the suspension: none is without an end."),
        outside=_("The last day lies before the first, or too far off."),
    )
    AssignmentMeasure.objects.create(
        kind=MeasureKind.SUSPENDED,
        proposal=row,
        lawyer=row.the_lawyer,
        centre_id=row.centre_id,
        starts_on=starts_on,
        ends_on=ends_on,
        legal_basis=basis,
        authority=referral.addressee,
        reference=referral.answer_reference,
        entered_at=now,
    )


def _tell(row: Proposal, text: str, *, now: datetime) -> None:
    notify(users=accounts_concerned(row), text=text, params={"case": row.named}, now=now)
