"""Submitting a review: checked whole, locked for good, combined with what other readers found."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.queries import client_names
from qa_service.common.errors import InvalidInput
from reviews.enums import AssignmentState, ReviewState
from reviews.marking import Defect, defects, total
from reviews.models import Assignment, Review
from reviews.queries.checklists import standard_of
from reviews.queries.ledger import ledger_lacks, stored_ledger, unfit_arguments
from reviews.queries.scorecard import stored_marks, unfit_marks, values_of
from reviews.services.assignments import check_conflicts
from reviews.services.marks import MarksChanged, locked_review, no_hearing_yet, require_quotable
from reviews.services.results import PLACES, recombine
from reviews.services.telling_vetoes import put_vetoes_to_the_lawyer
from reviews.stages import STAGE, out_of_stage


class Unfinished(InvalidInput):
    """`defects` name each item and what it lacks."""

    code = "review_unfinished"

    def __init__(self, found: Sequence[Defect]) -> None:
        self.defects = tuple(found)
        super().__init__(_why(found), items=" ".join(f"{each.item}:{each.missing}" for each in found))


def _why(found: Sequence[Defect]) -> Any:
    early = [each.item for each in found if each.missing == STAGE]
    if not early:
        return _("Some items still lack a mark, a reason or a page.")
    return no_hearing_yet(early)


@transaction.atomic
def submit_review(*, review_id: UUID, version: int, user: User, now: datetime) -> Review:
    """Lock the review, store its total, and bring the case's result up to date.

    :raises NotFound: it is not this reader's; :raises ReviewLocked: it was submitted before.
    :raises MarksChanged: another tab saved since `version`; :raises ConflictOfInterest: one has arisen since.
    :raises MarkUnfit: a page or remark could not stand in a notice.
    :raises Unfinished: an item has no mark, or a deduction no reason or page; an item of the hearing is marked before
        trial; a line of the ledger is not finished, or a mark departs from what the ledger speaks for and nothing says
        why.
    """
    review = locked_review(review_id, user=user)
    standard = standard_of(review.assignment.checklist)
    stored = stored_marks(review.pk, standard)
    ledger = stored_ledger(review.pk)
    if version != review.version:
        raise MarksChanged(version=review.version, current=stored, comment=review.comment, ledger=ledger)
    check_conflicts(case=review.assignment.case, reviewer=user)
    marks = values_of(stored)
    case = review.assignment.case
    early = out_of_stage(standard.sheet, marks, case_type=case.case_type, stage=case.stage)
    found = [*defects(standard.sheet, marks), *early, *ledger_lacks(standard, stored, ledger)]
    if found:
        raise Unfinished(found)
    clients = client_names(review.assignment.case)
    require_quotable([*unfit_marks(stored, clients=clients), *unfit_arguments(ledger, clients=clients)])
    result = total(standard.sheet, marks)
    review.state = ReviewState.SUBMITTED
    review.submitted_at = now
    review.total = round(result.score, PLACES)
    review.not_applicable = result.not_applicable
    review.limited = result.limited
    review.band = result.band
    review.save(update_fields=["state", "submitted_at", "total", "not_applicable", "limited", "band"])
    Assignment.objects.filter(pk=review.assignment_id).update(state=AssignmentState.SUBMITTED, closed_at=now)
    details = {"version": review.version, "total": str(review.total)}
    record(actor=user.actor, action="reviews.submitted", subject=review, details=details, at=now)
    put_vetoes_to_the_lawyer(review, now=now)
    recombine(case=review.assignment.case, reason=gettext_noop("A reader submitted their marks."), now=now)
    return review
