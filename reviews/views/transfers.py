"""A supervisor's page of confirmed vetoes that also go to another organ."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from reviews.forms import TransferForm
from reviews.models import VetoTransfer
from reviews.queries.transfers import vetoes_to_transfer, vetoes_transferable
from reviews.services.transfers import record_transfer

A_PAGE = 30


@require_GET
@roles_required(Role.SUPERVISOR)
def transfers(request: SignedInRequest) -> HttpResponse:
    return _page(request)


def _page(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the veto whose transfer could not be recorded: what was typed stays."""
    page = page_in_order(vetoes_to_transfer(request.user), after=request.GET.get("after", ""), size=A_PAGE)
    done = VetoTransfer.objects.filter(veto_mark__in=vetoes_transferable(request.user)).select_related(
        "veto_mark__veto", "veto_mark__review__assignment__case", "recorded_by"
    )
    recent = done.order_by("-recorded_at", "-pk")[:A_PAGE]
    context = {"page": page, "recent": recent, "refused": refused, "typed": request.POST}
    return render(request, "reviews/transfers.html", context, status=status)


@require_POST
@roles_required(Role.SUPERVISOR)
def record(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    """What is no day is refused as none."""
    mark, form = get_object_or_404(vetoes_transferable(request.user), public_id=veto_id), TransferForm(request.POST)
    form.is_valid()
    try:
        record_transfer(
            veto_mark=mark,
            organ=request.POST.get("organ", ""),
            reference=request.POST.get("reference", ""),
            transferred_on=form.cleaned_data.get("transferred_on"),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, refused=veto_id, status=error.status)
    messages.success(request, _("The transfer was recorded."))
    return redirect("reviews:transfers")
