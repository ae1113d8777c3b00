"""A firm marks its own file, and sees afterwards how far it lay from the readers. It works whole without scripts."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from qa_service.common.rounding import half_up
from reviews.enums import MANAGING, SelfAssessmentState
from reviews.forms import KeyedMarksForm
from reviews.models import SelfAssessment
from reviews.queries.checklists import standard_of
from reviews.queries.scorecard import Marks, preselected, scorecard
from reviews.queries.self_assessments import (
    gap_sections,
    may_be_keyed,
    own_sections,
    result_beside,
    self_assessments_managed_by,
    self_assessments_of,
    self_marks,
)
from reviews.services.marks import MarkEntry
from reviews.services.self_assessments import (
    key_in_self_assessment,
    save_self_assessment,
    submit_self_assessment,
)
from reviews.views.own_marks import take_form, tell_refusal, typed_marks

ROWS_A_PAGE = 30


@require_GET
@roles_required(Role.LAWYER, Role.FIRM)
def my_self_assessments(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(self_assessments_of(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    return render(request, "reviews/my_self_assessments.html", {"page": page, "now": timezone.now()})


@require_GET
@roles_required(*MANAGING)
def self_assessments(request: SignedInRequest) -> HttpResponse:
    managed = self_assessments_managed_by(request.user)
    page = page_in_order(managed, after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    # What the firm came to is told beside the result, and not before there is one.
    rows = [(row, _figures(row)) for row in page.rows]
    return render(request, "reviews/self_assessments.html", {"page": page, "rows": rows, "now": timezone.now()})


def _figures(row: SelfAssessment) -> tuple[str, str]:
    found = getattr(row, "found", None)
    if found is None:
        return "", ""
    return "" if row.total is None else str(half_up(row.total)), str(half_up(found))


@require_GET
@never_cache
@roles_required(Role.LAWYER, Role.FIRM, *MANAGING)
def self_assessment(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    row = get_object_or_404(_joined(SelfAssessment.objects.visible_to(request.user)), public_id=assessment_id)
    mine = SelfAssessment.objects.marked_by(request.user).filter(pk=row.pk).exists()
    if mine and row.open:
        return redirect("reviews:self-assess", row.public_id)
    handed_in = row.state == SelfAssessmentState.SUBMITTED
    result = result_beside(row, request.user)
    context = {
        "row": row,
        "case": row.case,
        "mine": mine,
        "keyable": not mine and may_be_keyed(row),
        "result": result,
        "gaps": gap_sections(row, result) if handed_in and result else [],
        "sections": own_sections(row) if handed_in and mine and not result else [],
        "own_total": half_up(row.total) if row.total is not None else "",
        "found_total": half_up(result.score) if result else "",
        "now": timezone.now(),
    }
    return render(request, "reviews/self_assessment.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.LAWYER, Role.FIRM)
def self_assess(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    row = get_object_or_404(_joined(SelfAssessment.objects.marked_by(request.user)), public_id=assessment_id)
    if not row.open and request.method == "GET":
        return redirect("reviews:self-assessment", row.public_id)
    if request.method == "POST":
        return _save(request, row)
    standard = standard_of(row.checklist)
    return _page(request, row, preselected(self_marks(row, standard), standard, row.case))


def _save(request: SignedInRequest, row: SelfAssessment) -> HttpResponse:
    return take_form(
        request,
        row,
        standard=standard_of(row.checklist),
        save=partial(save_self_assessment, assessment_id=row.public_id),
        submit=partial(submit_self_assessment, assessment_id=row.public_id),
        page=partial(_page, request, row),
        form_url=reverse("reviews:self-assess", args=[row.public_id]),
        done_url=reverse("reviews:self-assessment", args=[row.public_id]),
        done=_("Handed in. Once the result is released, you see here how far it lies from yours."),
    )


def _page(
    request: SignedInRequest,
    row: SelfAssessment,
    marks: Marks,
    *,
    theirs: Marks | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "row": row,
        "case": row.case,
        "sections": scorecard(checklist=row.checklist, standard=standard_of(row.checklist), marks=marks, theirs=theirs),
        "comment": request.POST.get("comment", row.comment),
        "marks_url": reverse("api-self-assessment-marks", args=[row.public_id]),
        "now": timezone.now(),
    }
    return render(request, "reviews/self_assess.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(*MANAGING)
def key_in(request: SignedInRequest, assessment_id: UUID) -> HttpResponse:
    """What a lawyer without an account handed in on paper."""
    row = get_object_or_404(_joined(SelfAssessment.objects.managed_by(request.user)), public_id=assessment_id)
    if request.method == "GET" and not may_be_keyed(row):
        return redirect("reviews:self-assessment", row.public_id)
    standard = standard_of(row.checklist)
    form = KeyedMarksForm(request.POST if request.method == "POST" else None)
    marks: Marks = typed_marks(request, standard) if request.method == "POST" else preselected({}, standard, row.case)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            key_in_self_assessment(
                assessment=row,
                entries=[MarkEntry(item=code, **mark) for code, mark in marks.items()],
                comment=request.POST.get("comment", ""),
                received_on=form.cleaned_data["received_on"],
                user=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            tell_refusal(request, error)
            status = HTTPStatus(error.status)
        else:
            messages.success(request, _("The firm's marks were entered from the paper."))
            return redirect("reviews:self-assessment", row.public_id)
    context = {
        "row": row,
        "case": row.case,
        "form": form,
        "sections": scorecard(checklist=row.checklist, standard=standard, marks=marks),
        "comment": request.POST.get("comment", ""),
        "now": timezone.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else status
    return render(request, "reviews/key_in_self_assessment.html", context, status=status)


def _joined(rows: QuerySet[SelfAssessment]) -> QuerySet[SelfAssessment]:
    return rows.select_related("case__centre__settings", "case__lawyer", "case__firm", "checklist", "submitted_by")
