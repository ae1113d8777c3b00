"""A firm's own marks of its file: saved as often as they like, then handed in for good.

How near they come to the result counts in the case grade; how high they are does not.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Case
from qa_service.cases.queries import client_names
from qa_service.common.days import required_day
from qa_service.common.errors import Conflict, NotFound
from qa_service.organisations.queries import today_at
from reviews.enums import SelfAssessmentState
from reviews.marking import total
from reviews.models import SelfAssessment, SelfMark
from reviews.queries.checklists import Standard, standard_of
from reviews.queries.scorecard import values_of
from reviews.queries.self_assessments import may_be_keyed, self_marks
from reviews.services.assignments import require_untied
from reviews.services.marks import MarkEntry
from reviews.services.own_marks import ChangedElsewhere, checked_form, lacking, store_marks
from reviews.services.results import PLACES, release_if_ready
from reviews.services.submission import Unfinished


class SelfAssessmentChanged(ChangedElsewhere):
    code = "self_assessment_changed"


class SelfAssessmentClosed(Conflict):
    code = "self_assessment_closed"


class NotOnPaper(Conflict):
    code = "self_assessment_not_on_paper"


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
    given, said = checked_form(entries, comment, standard=standard, clients=client_names(held.case))
    unchanged = SelfAssessment.objects.filter(pk=held.pk, version=version, state=SelfAssessmentState.OPEN)
    if not unchanged.update(version=version + 1, saved_at=now, comment=said):
        raise _changed(held, standard)
    store_marks(SelfMark, given=given, standard=standard, assessment=held)
    record(actor=user.actor, action="reviews.self_assessed", subject=held, details={"version": version + 1}, at=now)
    held.version, held.saved_at, held.comment = version + 1, now, said
    return held


@transaction.atomic
def submit_self_assessment(*, assessment_id: UUID, version: int, user: User, now: datetime) -> SelfAssessment:
    """Lock the marks; a result that waited for them alone is released. Late ones are taken as long as there is none.

    :raises Unfinished: an item has no mark, or a deduction neither reason nor words; and as `save_self_assessment`.
    """
    _hold_case(SelfAssessment.objects.filter(public_id=assessment_id))
    held = _held(assessment_id, user=user)
    standard = standard_of(held.checklist)
    if version != held.version:
        raise _changed(held, standard)
    return _handed_in(held, standard, user=user, now=now)


@transaction.atomic
def key_in_self_assessment(
    *,
    assessment: SelfAssessment,
    entries: Iterable[MarkEntry],
    comment: str,
    received_on: date | None,
    user: User,
    now: datetime,
) -> SelfAssessment:
    """Enter what a lawyer without an account handed in on paper: whole, and for good. The day it came is kept.

    :raises NotOnPaper: the lawyer has an account, or the firm has begun to mark it there.
    :raises SelfAssessmentClosed: it was handed in, or there is a result; :raises NotTheirsToGive: `user` has a tie.
    :raises InvalidInput: no day, or one before it was asked for or after today; :raises Unfinished, MarksInvalid.
    """
    _hold_case(SelfAssessment.objects.filter(pk=assessment.pk))
    rows = SelfAssessment.objects.select_for_update(of=("self",)).select_related("case__centre__settings", "checklist")
    held = rows.get(pk=assessment.pk)
    require_untied(case=held.case, user=user)
    _require_open(held)
    if not may_be_keyed(held):
        raise NotOnPaper(_("The lawyer or the firm has an account and marks the file there."))
    held.received_on = required_day(
        received_on,
        first=today_at(held.case.centre, held.asked_at),
        last=today_at(held.case.centre, now),
        field="received_on",
        missing=_("Enter the day on which the paper came."),
        outside=_("The day on which the paper came lies before it was asked for or after today."),
    )
    standard = standard_of(held.checklist)
    given, held.comment = checked_form(entries, comment, standard=standard, clients=client_names(held.case))
    store_marks(SelfMark, given=given, standard=standard, assessment=held)
    held.version, held.saved_at = 1, now
    return _handed_in(held, standard, user=user, now=now, also=("received_on", "comment", "version", "saved_at"))


def _hold_case(rows: QuerySet[SelfAssessment]) -> None:
    """Before the row, as whoever makes a result holds both: it is released by what is handed in."""
    Case.objects.locked().filter(pk__in=rows.values("case")).first()


def _handed_in(
    held: SelfAssessment, standard: Standard, *, user: User, now: datetime, also: Iterable[str] = ()
) -> SelfAssessment:
    stored = self_marks(held, standard)
    found = lacking(standard.sheet, stored, case=held.case)
    if found:
        raise Unfinished(found)
    held.state, held.submitted_by, held.closed_at = SelfAssessmentState.SUBMITTED, user, now
    held.total = round(total(standard.sheet, values_of(stored)).score, PLACES)
    held.save(update_fields=["state", "submitted_by", "closed_at", "total", *also])
    details = {"on_paper": True} if held.received_on else {}
    record(actor=user.actor, action="reviews.self_assessment_handed_in", subject=held, details=details, at=now)
    release_if_ready(case=held.case, now=now)
    return held


def _held(assessment_id: UUID, *, user: User) -> SelfAssessment:
    rows = SelfAssessment.objects.marked_by(user).select_for_update(of=("self",))
    row = rows.select_related("case__centre", "checklist").filter(public_id=assessment_id).first()
    if row is None:
        raise NotFound(_("There is no such file for you to mark."))
    _require_open(row)
    return row


def _require_open(row: SelfAssessment) -> None:
    if row.state == SelfAssessmentState.SUBMITTED:
        raise SelfAssessmentClosed(_("These marks were handed in, and they cannot be changed."))
    if not row.open:
        raise SelfAssessmentClosed(_("The file has been read and its result released: the self-assessment is closed."))


def _changed(held: SelfAssessment, standard: Standard) -> SelfAssessmentChanged:
    now_stored = SelfAssessment.objects.get(pk=held.pk)
    marks = self_marks(held, standard)
    return SelfAssessmentChanged(version=now_stored.version, marks=marks, comment=now_stored.comment)
