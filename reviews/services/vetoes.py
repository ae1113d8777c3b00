"""A veto: marked by a reader, answered by the lawyer, decided by a second person."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import reads_here
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.cases.services import ask_for_complaint
from qa_service.common.errors import Conflict, InvalidInput, NotFound, NotPermitted
from qa_service.organisations.queries import today_at
from reviews.enums import COMPLAINT_VETOES, OPEN_VETOES, AssignmentState, VetoState
from reviews.models import FormerHearing, VetoMark
from reviews.queries.checklists import standard_of
from reviews.services.independence import require_independent
from reviews.services.marks import cited_pages, locked_review
from reviews.services.results import recombine
from reviews.services.words import require_quotable, whole

ANSWER_LIMIT = 2000
STATEMENT_LIMIT = REASON_LIMIT = 1000
PAGE_LIMIT = 40


class VetoNotOpen(Conflict):
    code = "veto_not_open"


class LawyerNotHeard(Conflict):
    code = "lawyer_not_heard"


@transaction.atomic
def mark_veto(*, review_id: UUID, code: str, statement: str, page: str, user: User, now: datetime) -> VetoMark:
    """Mark a veto in one's own open review, or change what was said of it.

    :raises InvalidInput: an unknown veto, no statement or page, or words that no paper quotes.
    :raises NotFound, ReviewLocked, MarkInvalid: as for marks.
    """
    review = locked_review(review_id, user=user)
    veto = standard_of(review.assignment.checklist).vetoes.get(code)
    if veto is None:
        raise InvalidInput(_("This checklist has no such veto item."), field="veto")
    said = whole(statement, limit=STATEMENT_LIMIT, field="statement")
    seen_on = cited_pages(whole(page, limit=PAGE_LIMIT, field="page"), field="page")
    if not said or not seen_on:
        raise InvalidInput(_("A veto needs what happened and the page that shows it."), field="statement")
    require_quotable(said, clients=client_names(review.assignment.case), field="statement")
    mark, _created = VetoMark.objects.update_or_create(
        review=review,
        veto=veto,
        defaults={
            "statement": said,
            "page": seen_on,
            "marked_by": user,
            "marked_at": now,
        },
    )
    record(actor=user.actor, action="reviews.veto_marked", subject=mark, details={"veto": code}, at=now)
    return mark


@transaction.atomic
def take_back_veto(*, review_id: UUID, code: str, user: User, now: datetime) -> None:
    """Remove a veto from one's own review before it is submitted. :raises NotFound: it was not marked."""
    review = locked_review(review_id, user=user)
    deleted, _rows = VetoMark.objects.filter(review=review, veto__code=code).delete()
    if not deleted:
        raise NotFound(_("This veto was not marked."))
    record(actor=user.actor, action="reviews.veto_taken_back", subject=review, details={"veto": code}, at=now)


@transaction.atomic
def answer_veto(*, veto_mark: VetoMark, answer: str, user: User, now: datetime) -> VetoMark:
    """The lawyer's answer. :raises NotPermitted: not their case; :raises VetoNotOpen: decided, or answered before."""
    row = held_veto(veto_mark.pk)
    if user.lawyer_id != row.review.assignment.case.lawyer_id:
        raise NotPermitted(_("Only the lawyer who handled the case answers a veto."))
    if row.told_another:
        end_hearing(row, now=now)
    if row.state != VetoState.MARKED or row.review.assignment.state != AssignmentState.SUBMITTED:
        raise VetoNotOpen(_("This veto no longer waits for an answer."))
    write_answer(row, answer, now=now)
    record(actor=user.actor, action="reviews.veto_answered", subject=row, at=now)
    return row


def write_answer(row: VetoMark, answer: str, *, now: datetime) -> None:
    """:raises InvalidInput: no words, or too many."""
    words = whole(answer, limit=ANSWER_LIMIT, field="answer")
    if not words:
        raise InvalidInput(_("Write the answer."), field="answer")
    row.answer = words
    row.answered_at = now
    row.state = VetoState.ANSWERED
    row.told_lawyer_id = row.review.assignment.case.lawyer_id
    row.save(update_fields=["answer", "answered_at", "answer_received_on", "answer_entered_by", "state", "told_lawyer"])


HEARING = (
    "answer_due_on",
    "served_on",
    "served_by",
    "answer",
    "answered_at",
    "answer_received_on",
    "answer_entered_by",
)


def end_hearing(row: VetoMark, *, now: datetime) -> None:
    """Lay aside how another lawyer was told and what they answered: who is named now is asked from the beginning.

    :raises VetoNotOpen: it was decided.
    """
    if row.told_lawyer_id is None or row.state not in OPEN_VETOES:
        raise VetoNotOpen(_("This veto does not wait for a decision."))
    FormerHearing.objects.create(
        veto_mark=row, lawyer_id=row.told_lawyer_id, ended_at=now, **{name: getattr(row, name) for name in HEARING}
    )
    blank = VetoMark()
    for name in HEARING:
        setattr(row, name, getattr(blank, name))
    row.told_lawyer = None
    row.state = VetoState.MARKED
    row.save(update_fields=[*HEARING, "told_lawyer", "state"])


@transaction.atomic
def decide_veto(*, veto_mark: VetoMark, confirmed: bool, reason: str, user: User, now: datetime) -> VetoMark:
    """Confirm or dismiss a veto, after the lawyer answered or let the time for it pass.

    That money or goods were taken goes into the register of complaints with it.

    :raises NotIndependent: the person marked this file or is tied to who handled it; :raises LawyerNotHeard: too early.
    :raises VetoNotOpen: decided before; :raises InvalidInput: no reason is given, or one that no paper quotes.
    """
    row = held_veto(veto_mark.pk)
    case = row.review.assignment.case
    require_independent(case=case, user=user)
    if row.state not in OPEN_VETOES or row.review.assignment.state != AssignmentState.SUBMITTED:
        raise VetoNotOpen(_("This veto does not wait for a decision."))
    _require_heard(row, now=now)
    words = whole(reason, limit=REASON_LIMIT, field="reason")
    if not words:
        raise InvalidInput(_("Give the reason of the decision."), field="reason")
    require_quotable(words, clients=client_names(case), field="reason")
    row.state = VetoState.CONFIRMED if confirmed else VetoState.DISMISSED
    row.decided_by = user
    row.decided_at = now
    row.decision_reason = words
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    record(actor=user.actor, action=f"reviews.veto_{row.state}", subject=row, at=now)
    if confirmed and row.veto.code in COMPLAINT_VETOES:
        ask_for_complaint(case=case, source=row.public_id, facts=_facts(row), user=user, now=now)
    recombine(case=case, reason=gettext_noop("A veto was decided."), now=now)
    return row


def _facts(row: VetoMark) -> str:
    """Where the register finds it, in the language of the papers; what was said of it stays with the file review."""
    with override(settings.LANGUAGE_CODE):
        text = gettext("The file review of %(case)s confirmed the veto item %(code)s “%(title)s” (page %(page)s).")
        named = {"case": row.review.assignment.case.number, "code": row.veto.code}
        return text % (named | {"title": str(row.veto), "page": row.page})


def _require_heard(row: VetoMark, *, now: datetime) -> None:
    if row.told_another:
        raise LawyerNotHeard(_("The register names another lawyer for the case since. They are told and heard first."))
    if row.state != VetoState.MARKED:
        return
    case = row.review.assignment.case
    if not row.told and not reads_here(case.lawyer_id):
        raise LawyerNotHeard(
            _("Nobody has told the lawyer of this veto. Hand the paper over and enter the day of receipt first.")
        )
    if row.answer_due_on is None or today_at(case.centre, now) <= row.answer_due_on:
        raise LawyerNotHeard(_("The lawyer has not answered yet and still has time to."))


def held_veto(pk: int) -> VetoMark:
    """The veto, held until the transaction ends.

    The case first, as where results are made and files given out: whom the register names does not change meanwhile
    either, nor who reads it.
    """
    Case.objects.locked().get(pk=VetoMark.objects.values_list("review__assignment__case", flat=True).get(pk=pk))
    return (
        VetoMark.objects.select_for_update(of=("self",))
        .select_related("review__assignment__case__centre__settings", "veto")
        .get(pk=pk)
    )
