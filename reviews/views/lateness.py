"""Late files, and the reasons for which they count as in time."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from reviews.enums import MANAGING
from reviews.queries.lateness import cases_excused_by, late_files
from reviews.services.lateness import accept_lateness, take_back_lateness

A_PAGE = 30


@require_GET
@roles_required(*MANAGING)
def late(request: SignedInRequest) -> HttpResponse:
    return _page(request)


def _page(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the case whose reason could not be taken: its words stay in the box."""
    page = Paginator(late_files(request.user, now=timezone.now()), A_PAGE).get_page(request.GET.get("page"))
    typed = request.POST.get("reason", "")
    return render(request, "reviews/late_files.html", {"page": page, "refused": refused, "typed": typed}, status=status)


@require_POST
@roles_required(*MANAGING)
def accept(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    return _act(request, case_id, taking_back=False)


@require_POST
@roles_required(*MANAGING)
def take_back(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    return _act(request, case_id, taking_back=True)


def _act(request: SignedInRequest, case_id: UUID, *, taking_back: bool) -> HttpResponse:
    case = get_object_or_404(cases_excused_by(request.user), public_id=case_id)
    act = take_back_lateness if taking_back else accept_lateness
    try:
        act(case=case, reason=request.POST.get("reason", ""), user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, refused=case_id, status=error.status)
    messages.success(
        request,
        _("The reason was taken back: the days count again.")
        if taking_back
        else _("The reason was accepted: the file counts as in time."),
    )
    return redirect("reviews:late-files")
