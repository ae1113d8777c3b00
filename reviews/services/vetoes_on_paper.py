"""Putting a veto to the lawyer. Who has no account is handed a paper: until then no time to answer has begun."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.enums import AssignmentState, VetoState
from reviews.models import VetoMark
from reviews.queries.results import takes_paper
from reviews.services.assignments import require_untied
from reviews.services.deadlines import VETO_ANSWER_DAYS
from reviews.services.objections import NotServedOnPaper
from reviews.services.telling import NotToServe
from reviews.services.vetoes import VetoNotOpen, end_hearing, held_veto, write_answer


@transaction.atomic
def serve_veto(*, veto_mark: VetoMark, served_on: date | None, user: User, now: datetime) -> VetoMark:
    """Enter the day on which a lawyer without an account was handed the veto on paper; their five days run from it.

    Where the calendar does not reach to their end the day is kept, they may answer, and a sweep counts the rest later.

    :raises NotToServe: the lawyer was told already, has an account, or the veto does not wait for an answer.
    :raises InvalidInput: no day, or one before the review was submitted or after today.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    """
    row = held_veto(veto_mark.pk)
    case = row.review.assignment.case
    require_untied(case=case, user=user)
    if row.told_another:
        end_hearing(row, now=now)
    if row.state != VetoState.MARKED or row.review.assignment.state != AssignmentState.SUBMITTED or row.told:
        raise NotToServe(_("The lawyer has already been told of this veto, or no answer to it is expected."))
    if reads_here(case.lawyer_id):
        raise NotToServe(_("The lawyer has an account now and is told there within minutes."))
    row.served_on = _day_of_receipt(row, served_on, today=today_at(case.centre, now))
    row.served_by = user
    row.told_lawyer_id = case.lawyer_id
    row.answer_due_on = workdays_if_known(row.served_on, VETO_ANSWER_DAYS)
    row.save(update_fields=["served_on", "served_by", "told_lawyer", "answer_due_on"])
    details = {"served_on": str(row.served_on), "answer_due_on": str(row.answer_due_on or "")}
    record(actor=user.actor, action="reviews.veto_served", subject=row, details=details, at=now)
    return row


def _day_of_receipt(row: VetoMark, served_on: date | None, *, today: date) -> date:
    return required_day(
        served_on,
        first=_submitted_on(row) or today,
        last=today,
        field="served_on",
        missing=_("Enter the day on which the lawyer received the paper."),
        outside=_("The day of receipt lies before the marks were submitted or after today."),
    )


def _submitted_on(row: VetoMark) -> date | None:
    submitted = row.review.submitted_at
    return today_at(row.review.assignment.case.centre, submitted) if submitted else None


@transaction.atomic
def key_in_veto_answer(
    *, veto_mark: VetoMark, answer: str, received_on: date | None, user: User, now: datetime
) -> VetoMark:
    """Enter the answer that a lawyer without an account handed in on paper, in their own words.

    :raises NotServedOnPaper: the lawyer was told on their own home and answers there, or was not told yet.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    :raises VetoNotOpen: answered or decided before.
    :raises InvalidInput: no words or too many; no day, or one before the lawyer was told or after today.
    """
    row = held_veto(veto_mark.pk)
    case = row.review.assignment.case
    require_untied(case=case, user=user)
    if row.told_another or not takes_paper(row, lawyer_id=case.lawyer_id):
        raise NotServedOnPaper(_("Enter an answer here only for a lawyer who was told on paper."))
    if row.state != VetoState.MARKED or row.review.assignment.state != AssignmentState.SUBMITTED:
        raise VetoNotOpen(_("This veto no longer waits for an answer."))
    row.answer_received_on = required_day(
        received_on,
        first=row.served_on or _submitted_on(row) or today_at(case.centre, now),
        last=today_at(case.centre, now),
        field="received_on",
        missing=_("Enter the day on which the answer was received."),
        outside=_("The day of receipt lies before the day on which the lawyer was told, or after today."),
    )
    row.answer_entered_by = user
    write_answer(row, answer, now=now)
    details = {"received_on": str(row.answer_received_on)}
    record(actor=user.actor, action="reviews.veto_answer_keyed_in", subject=row, details=details, at=now)
    return row
