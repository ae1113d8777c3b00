"""Telling a lawyer of a result. Who has no account is handed a paper: until then no time to object has begun."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here, who_read_here
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict
from qa_service.organisations.queries import today_at, workdays_if_known
from reviews.models import Assignment, CaseReview
from reviews.queries.tied import refused_in_advance, tied_since
from reviews.services.assignments import require_untied
from reviews.services.deadlines import OBJECTION_DAYS
from reviews.services.results import recombine, tell_lawyer
from reviews.services.standing_down import REFUSED

A_SWEEP = 200
TELLER = Actor.system("telling")


class NotToServe(Conflict):
    """This result waits for no paper."""

    code = "result_not_to_serve"


@transaction.atomic
def serve_result(*, result: CaseReview, served_on: date | None, user: User, now: datetime) -> CaseReview:
    """Enter the day on which a lawyer without an account was handed the result on paper; their period runs from it.

    Where the calendar does not reach to its end the day is kept, they may object, and a sweep counts the rest later.

    :raises NotToServe: the lawyer was told already, has an account, or this is not the released result in force.
    :raises InvalidInput: no day, or one before the release or after today.
    :raises NotTheirsToGive: `user` has a tie to who handled the case.
    """
    row = _held(result.pk)
    require_untied(case=row.case, user=user)
    if not CaseReview.objects.untold().filter(pk=row.pk).exists():
        raise NotToServe(_("The lawyer has been told of this result already, or it is not the one in force."))
    if reads_here(row.case.lawyer_id):
        raise NotToServe(_("The lawyer has an account now and is told there within minutes."))
    row.served_on = _day_of_receipt(row, served_on, today=today_at(row.case.centre, now))
    row.served_by = user
    row.told_lawyer_id = row.case.lawyer_id
    row.objection_until = workdays_if_known(row.served_on, OBJECTION_DAYS)
    row.save(update_fields=["served_on", "served_by", "told_lawyer", "objection_until"])
    details = {"served_on": str(row.served_on), "objection_until": str(row.objection_until or "")}
    record(actor=user.actor, action="reviews.result_served", subject=row, details=details, at=now)
    evidence_changed(row.case_id)
    return row


def _day_of_receipt(row: CaseReview, served_on: date | None, *, today: date) -> date:
    return required_day(
        served_on,
        first=today_at(row.case.centre, row.released_at) if row.released_at else today,
        last=today,
        field="served_on",
        missing=_("Enter the day on which the lawyer received the paper."),
        outside=_("The day of receipt lies before the release of the result or after today."),
    )


def tell_who_has_an_account_now(*, now: datetime) -> int:
    """Tell lawyers who got an account after the release and were handed no paper; returns how many results.

    Their time to object begins with that. What was served on paper before stays as it was.
    """
    untold = CaseReview.objects.untold()
    here = who_read_here(untold.order_by().values_list("case__lawyer_id", flat=True).distinct())
    rows = untold.filter(case__lawyer_id__in=here).order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return sum(_tell_now(pk, now=now) for pk in list(rows))


@transaction.atomic
def _tell_now(pk: int, *, now: datetime) -> bool:
    row = _held(pk)
    until = workdays_if_known(today_at(row.case.centre, now), OBJECTION_DAYS)
    if until is None or not CaseReview.objects.untold().filter(pk=pk).exists():
        return False
    row.objection_until = until
    row.told_lawyer_id = row.case.lawyer_id
    row.save(update_fields=["objection_until", "told_lawyer"])
    record(actor=TELLER, action="reviews.result_told", subject=row, details={"objection_until": str(until)}, at=now)
    evidence_changed(row.case_id)
    tell_lawyer(row, now=now)
    return True


def begin_anew_for_new_lawyers(*, now: datetime) -> int:
    """Write the next version of results of which another was told than the lawyer whom the register names now.

    They are told of it as of any release, on their home or on paper, and have a time to object of their own.
    """
    rows = CaseReview.objects.told_another().order_by("pk").values_list("pk", flat=True)[:A_SWEEP]
    return sum(_begin_anew(pk, now=now) for pk in list(rows))


@transaction.atomic
def _begin_anew(pk: int, *, now: datetime) -> bool:
    # The case first, as where results are made.
    case = Case.objects.locked().select_related("centre__settings").get(pk=_case_of(pk))
    if not CaseReview.objects.told_another().filter(pk=pk).exists():
        return False
    recombine(case=case, reason=gettext_noop("The register names another lawyer for the case."), now=now)
    return True


def stand_down_who_is_tied_since(*, now: datetime) -> int:
    """Make anew every result in force that rests on somebody tied to its case by what was entered since.

    Returns how many. Their turn is given to another; what others marked carries the result meanwhile if it can.
    """
    return make_anew(tied_since(), reason=gettext_noop("A reader was found to have a tie to the case."), now=now)


def stand_down_who_was_refused(*, now: datetime) -> int:
    """The same of results that rest on somebody to whom the lawyer objected in time; returns how many."""
    return make_anew(refused_in_advance(), reason=REFUSED, now=now)


def make_anew(resting_on: QuerySet[Assignment], *, reason: str, now: datetime) -> int:
    """Make anew the results that rest on these readings, a sweep of them at most; returns how many.

    :param resting_on: asked again of each when its turn comes.
    """
    cases = resting_on.order_by("case_id").values_list("case_id", flat=True).distinct()[:A_SWEEP]
    return sum(_made_anew(case_id, resting_on, reason=reason, now=now) for case_id in list(cases))


@transaction.atomic
def _made_anew(case_id: int, resting_on: QuerySet[Assignment], *, reason: str, now: datetime) -> bool:
    case = Case.objects.locked().select_related("centre__settings").get(pk=case_id)
    if not resting_on.filter(case=case).exists():
        return False
    recombine(case=case, reason=reason, now=now)
    return True


def count_served_periods() -> int:
    """Give a period that began with a paper its last day, now that the calendar reaches so far; returns how many."""
    waiting = CaseReview.objects.current().filter(served_on__isnull=False, objection_until=None)
    return sum(_count(pk) for pk in list(waiting.order_by("pk").values_list("pk", flat=True)[:A_SWEEP]))


@transaction.atomic
def _count(pk: int) -> bool:
    row = _held(pk)
    until = workdays_if_known(row.served_on, OBJECTION_DAYS) if row.served_on else None
    if until is None or row.objection_until is not None:
        return False
    row.objection_until = until
    row.save(update_fields=["objection_until"])
    evidence_changed(row.case_id)
    return True


def _case_of(pk: int) -> int:
    return CaseReview.objects.values_list("case_id", flat=True).get(pk=pk)


def _held(pk: int) -> CaseReview:
    rows = CaseReview.objects.select_for_update(of=("self",)).select_related("case__centre__settings")
    return rows.get(pk=pk)
