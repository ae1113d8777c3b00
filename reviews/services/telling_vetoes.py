"""Telling a lawyer of a veto on their own home, and telling anew whom the register names afterwards."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from qa_service.accounts.queries import reads_here, users_of_lawyers
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.notifications.services import notify
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.enums import AssignmentState, VetoState
from reviews.models import Review, VetoMark
from reviews.services.deadlines import VETO_ANSWER_DAYS
from reviews.services.vetoes import end_hearing, held_veto

A_SWEEP = 200
TELLER = Actor.system("telling")


def put_vetoes_to_the_lawyer(review: Review, *, now: datetime) -> None:
    """Who has no account is handed a paper: until that day is entered no time to answer runs."""
    rows = VetoMark.objects.filter(review=review, state=VetoState.MARKED)
    case = review.assignment.case
    if not rows.exists() or not reads_here(case.lawyer_id):
        return
    until = workdays_if_known(today_at(case.centre, now), VETO_ANSWER_DAYS)
    rows.update(answer_due_on=until, told_lawyer=case.lawyer_id)
    _tell(case, now=now)


def hear_new_lawyers(*, now: datetime) -> int:
    """Begin anew with open vetoes of which another lawyer was told than the register names now; returns how many.

    What the other was told and answered is laid aside and stays. Who reads here is told at once, the others on paper.
    """
    rows = VetoMark.objects.told_another().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return sum(_hear(pk, now=now) for pk in list(rows))


@transaction.atomic
def _hear(pk: int, *, now: datetime) -> bool:
    row = held_veto(pk)
    if not VetoMark.objects.told_another().filter(pk=pk).exists():  # the register was corrected back, say
        return False
    end_hearing(row, now=now)
    record(actor=TELLER, action="reviews.veto_hearing_ended", subject=row, at=now)
    case = row.review.assignment.case
    if reads_here(case.lawyer_id):
        row.answer_due_on = workdays_if_known(today_at(case.centre, now), VETO_ANSWER_DAYS)
        row.told_lawyer_id = case.lawyer_id
        row.save(update_fields=["answer_due_on", "told_lawyer"])
        _tell(case, now=now)
    return True


def date_vetoes(*, now: datetime) -> int:
    """Give each veto put to a lawyer its last day to answer; returns how many. Safe to run twice at once.

    It counts from the day on the paper, or from today for who reads here: that the calendar was missing, or that they
    had no account yet, shortens nothing. Who got an account meanwhile is told with that.
    """
    waiting = VetoMark.objects.filter(
        state=VetoState.MARKED, review__assignment__state=AssignmentState.SUBMITTED, answer_due_on__isnull=True
    )
    return sum(_date(pk, now=now) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _date(pk: int, *, now: datetime) -> bool:
    row = held_veto(pk)
    case = row.review.assignment.case
    if row.state != VetoState.MARKED or row.answer_due_on or row.told_another:
        return False
    if not (row.served_on or reads_here(case.lawyer_id)):
        return False
    row.answer_due_on = workdays_if_known(row.served_on or today_at(case.centre, now), VETO_ANSWER_DAYS)
    if row.answer_due_on is None:
        return False
    row.told_lawyer_id = case.lawyer_id
    row.save(update_fields=["answer_due_on", "told_lawyer"])
    if row.served_on is None:
        _tell(case, now=now)
    return True


def _tell(case: Case, *, now: datetime) -> None:
    """That an answer is asked for."""
    notify(
        users=users_of_lawyers([case.lawyer_id]),
        text=gettext_noop("A veto item was marked in the review of your file %(case)s. Please answer it."),
        params={"case": case.number},
        url="/reviews/results",
        now=now,
    )
