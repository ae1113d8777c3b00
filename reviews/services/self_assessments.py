"""A firm's own marks of its file: saved as often as they like, then handed in for good. No grade rests on them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.errors import Conflict, NotFound
from reviews.enums import SelfAssessmentState
from reviews.marking import Defect, Sheet, defects, total
from reviews.models import SelfAssessment, SelfMark
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.scorecard import Marks, values_of
from reviews.queries.self_assessments import self_marks
from reviews.services.marks import MarkEntry
from reviews.services.own_marks import ChangedElsewhere, checked_form, store_marks
from reviews.services.results import PLACES
from reviews.services.submission import Unfinished


class SelfAssessmentChanged(ChangedElsewhere):
    code = "self_assessment_changed"


class SelfAssessmentClosed(Conflict):
    code = "self_assessment_closed"


@transaction.atomic
def save_self_assessment(
    *, assessment_id: UUID, version: int, entries: Iterable[MarkEntry], comment: str, user: User, now: datetime
) -> SelfAssessment:
    """Store the marks and the next version, whole or not at all.

    :param version: the version they built on.
    :raises NotFound: the file is not theirs; :raises SelfAssessmentClosed: it was handed in, or there is a result.
    :raises SelfAssessmentChanged: somebody saved since; :raises MarksInvalid: what cannot be taken, each named.
    """
    held = _held(assessment_id, user=user)
    standard = standard_of(held.checklist)
    given, said = checked_form(entries, comment, standard=standard, case=held.case)
    unchanged = SelfAssessment.objects.filter(pk=held.pk, version=version, state=SelfAssessmentState.OPEN)
    if not unchanged.update(version=version + 1, saved_at=now, comment=said):
        raise _changed(held, standard)
    store_marks(SelfMark, given=given, standard=standard, assessment=held)
    record(actor=user.actor, action="reviews.self_assessed", subject=held, details={"version": version + 1}, at=now)
    held.version, held.saved_at, held.comment = version + 1, now, said
    return held


@transaction.atomic
def submit_self_assessment(*, assessment_id: UUID, version: int, user: User, now: datetime) -> SelfAssessment:
    """Lock the marks. Late ones are taken as long as there is no result.

    :raises Unfinished: an item has no mark, or a deduction neither reason nor words; and as `save_self_assessment`.
    """
    held = _held(assessment_id, user=user)
    standard = standard_of(held.checklist)
    stored = self_marks(held, standard)
    if version != held.version:
        raise _changed(held, standard)
    found = _lacks(standard.sheet, stored)
    if found:
        raise Unfinished(found)
    held.state, held.submitted_by, held.closed_at = SelfAssessmentState.SUBMITTED, user, now
    held.total = round(total(standard.sheet, values_of(stored)).score, PLACES)
    held.save(update_fields=["state", "submitted_by", "closed_at", "total"])
    record(actor=user.actor, action="reviews.self_assessment_handed_in", subject=held, at=now)
    return held


def _lacks(sheet: Sheet, stored: Marks) -> list[Defect]:
    """As of a review, but that the firm knows its file: it names no page, and its own words are a reason."""
    said = {code for code, mark in stored.items() if mark["comment"]}
    found = defects(sheet, values_of(stored))
    return [each for each in found if each.missing != "page" and not (each.missing == "reason" and each.item in said)]


def _held(assessment_id: UUID, *, user: User) -> SelfAssessment:
    rows = SelfAssessment.objects.marked_by(user).select_for_update(of=("self",))
    row = rows.select_related("case__centre", "checklist").filter(public_id=assessment_id).first()
    if row is None:
        raise NotFound(_("There is no such file for you to mark."))
    if row.state == SelfAssessmentState.SUBMITTED:
        raise SelfAssessmentClosed(_("These marks were handed in, and they cannot be changed."))
    if not row.open:
        raise SelfAssessmentClosed(_("The file has been read and its result released: the self-assessment is closed."))
    return row


def _changed(held: SelfAssessment, standard: Standard) -> SelfAssessmentChanged:
    now_stored = SelfAssessment.objects.get(pk=held.pk)
    marks = self_marks(held, standard)
    return SelfAssessmentChanged(version=now_stored.version, marks=marks, comment=now_stored.comment)
