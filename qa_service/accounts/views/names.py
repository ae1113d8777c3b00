"""New names for places and firms."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.enums import FOUNDING_ROLES
from qa_service.accounts.forms import NameForm
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import firms_for_heads, places_renamed_by
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from qa_service.organisations.models import Firm, Organisation
from qa_service.organisations.services import rename

FIRMS_A_PAGE = 100


@require_safe
@roles_required(*FOUNDING_ROLES)
def firms(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    found = firms_for_heads(user).select_related("centre").prefetch_related("former_names")
    page = page_in_order(found, after=request.GET.get("after", ""), size=FIRMS_A_PAGE)
    return render(request, "accounts/firms.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*FOUNDING_ROLES)
def rename_place(request: HttpRequest, public_id: UUID) -> HttpResponse:
    place = get_object_or_404(places_renamed_by(cast("User", request.user)), public_id=public_id)
    return _rename(request, place, "accounts:centres")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*FOUNDING_ROLES)
def rename_firm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    firm = get_object_or_404(firms_for_heads(cast("User", request.user)), public_id=public_id)
    return _rename(request, firm, "accounts:firms")


def _rename(request: HttpRequest, subject: Organisation | Firm, back: str) -> HttpResponse:
    form, former = NameForm(request.POST or None, initial={"name": subject.name}), subject.name
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                actor = cast("User", request.user).actor
                rename(subject=subject, name=form.cleaned_data["name"], actor=actor, now=timezone.now())
            except DomainError as refused:
                form.add_error("name", str(refused.message))
            else:
                told = _("%(former)s is now called %(name)s.") % {"former": former, "name": subject.name}
                messages.success(request, told)
                return redirect(back)
    context = {"subject": subject, "form": form, "back": back, "former_names": subject.former_names.order_by("pk")}
    return render(request, "accounts/rename.html", context, status=status)
