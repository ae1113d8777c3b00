"""A result item by item, for the lawyer and firm it concerns and for managers; and the lawyer's objection."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from qa_service.common.rounding import half_up
from reviews.models import CaseReview, Objection, VetoMark
from reviews.queries.results import (
    days_left,
    may_object,
    readers_of_result,
    results_of_lawyer,
    sections_shown,
    vetoes_of_result,
    vetoes_to_answer,
)
from reviews.services.objections import lodge_objection
from reviews.services.vetoes import answer_veto

MANAGING = (Role.MANAGER, Role.SUPERVISOR)
RESULTS_A_PAGE = 30


@require_GET
@roles_required(Role.LAWYER)
def results(request: SignedInRequest) -> HttpResponse:
    """The lawyer's own results, and the vetoes that wait for an answer."""
    return _list(request)


def _list(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the veto whose answer could not be taken: its words stay in the box."""
    lawyer_id = request.user.lawyer_id or 0
    page = Paginator(results_of_lawyer(lawyer_id), RESULTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(row, half_up(row.score), days_left(row.objection_until, now=timezone.now())) for row in page],
        "vetoes": vetoes_to_answer(lawyer_id),
        "refused": refused,
        "typed": request.POST.get("answer", ""),
    }
    return render(request, "reviews/results.html", context, status=status)


@require_GET
@roles_required(Role.LAWYER, Role.FIRM, *MANAGING)
def result(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    found = get_object_or_404(_visible(request), public_id=result_id)
    return _page(request, found)


def _page(request: SignedInRequest, found: CaseReview, *, status: int = HTTPStatus.OK) -> HttpResponse:
    now = timezone.now()
    managing = request.user.has_role(*MANAGING) and found in CaseReview.objects.managed_by(request.user)
    context = {
        "result": found,
        "case": found.case,
        "sections": sections_shown(found),
        "score": half_up(found.score),
        "reason": _(found.reason),
        "may_object": may_object(found, request.user, now=now),
        "days_left": days_left(found.objection_until, now=now),
        "objections": Objection.objects.filter(case=found.case).order_by("lodged_at"),
        "vetoes": vetoes_of_result(found),
        "readers": [(r, half_up(r.total) if r.total is not None else "") for r in readers_of_result(found)]
        if managing
        else [],
        "managing": managing,
        "chosen": request.POST.getlist("items"),
        "statement": request.POST.get("statement", ""),
    }
    return render(request, "reviews/result.html", context, status=status)


@require_POST
@roles_required(Role.LAWYER)
def lodge(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    found = get_object_or_404(_visible(request), public_id=result_id)
    try:
        lodge_objection(
            result=found,
            items=request.POST.getlist("items"),
            statement=request.POST.get("statement", ""),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, found, status=error.status)
    messages.success(request, _("Your objection was lodged. You will be told of the decision."))
    return redirect("reviews:result", result_id)


@require_POST
@roles_required(Role.LAWYER)
def answer(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    mark: VetoMark = get_object_or_404(vetoes_to_answer(request.user.lawyer_id or 0), public_id=veto_id)
    try:
        answer_veto(veto_mark=mark, answer=request.POST.get("answer", ""), user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _list(request, refused=veto_id, status=error.status)
    messages.success(request, _("Your answer was recorded."))
    return redirect("reviews:results")


def _visible(request: SignedInRequest) -> QuerySet[CaseReview]:
    return CaseReview.objects.visible_to(request.user).select_related("case__centre", "case__lawyer", "checklist")
