"""The address book of organs: its entries, and the names in cases that it does not know."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import Conflict, DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from surveys import services
from surveys.forms.organs import OrganEntryForm
from surveys.models import Organ
from surveys.models.organs import BOOK_KEEPERS, BOOK_READERS
from surveys.queries import organ_book as queries
from surveys.services.organs.organ_book import changed_entry, entry_of
from surveys.views.organs import tabs

PAGE_SIZE = 50


@roles_required(*BOOK_READERS)
@require_safe
def book(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    page = page_in_order(queries.organs_in_book(user), after=request.GET.get("after", ""), size=PAGE_SIZE)
    may_keep = user.has_role(*BOOK_KEEPERS)
    context = {
        "page": page,
        "unknown": _completed(user, now=now) if may_keep else [],
        "may_keep": may_keep,
        "tabs": tabs(user),
    }
    return render(request, "surveys/staff/organ_book.html", context)


def _completed(user: User, *, now: datetime) -> list[tuple[queries.UnknownName, list[Organ]]]:
    """Each name that the book does not know, with the entries that it may mean."""
    unknown = queries.unknown_names(user, now=now)
    known = list(Organ.objects.kept_by(user).order_by("name", "pk")) if unknown else []
    return [
        (found, queries.likely_units(found.name, [organ for organ in known if organ.centre_id == found.centre.pk]))
        for found in unknown
    ]


@roles_required(*BOOK_KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_entry(request: HttpRequest) -> HttpResponse:
    """An entry of one's own, or for a name in cases (`?centre=…&name=…`)."""
    user = cast("User", request.user)
    name = request.GET.get("name", "")[:100]
    initial = {"name": name, "kind": queries.kind_by_name(name), "centre": request.GET.get("centre", "")}
    form = OrganEntryForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_organ(user=user, centre=form.cleaned_data["centre"], entry=form.entry(), now=timezone.now())
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("The unit stands in the book. It is asked about its cases by itself."))
            return redirect("surveys:organ-book")
    return _entry_page(request, form)


@roles_required(*BOOK_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    organ = queries.organ_in_book(user=user, public_id=public_id)
    may_keep = Organ.objects.kept_by(user).filter(pk=organ.pk).exists()
    if request.method == "POST" and not may_keep:
        return render(request, "403.html", status=HTTPStatus.FORBIDDEN)
    form = OrganEntryForm(request.POST or None, user=user, fixed=True, initial=_as_typed(organ))
    if request.method == "POST" and form.is_valid():
        try:
            services.change_organ(user=user, organ=organ, entry=form.entry(), now=timezone.now())
        except (InvalidInput, Conflict) as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("surveys:organ-book")
    return _entry_page(request, form, organ=organ, may_keep=may_keep)


def _as_typed(organ: Organ) -> dict[str, Any]:
    stands = entry_of(organ)
    return stands.columns | {"also_called": "\n".join(stands.also_called)}


def _entry_page(
    request: HttpRequest, form: OrganEntryForm, *, organ: Organ | None = None, may_keep: bool = True
) -> HttpResponse:
    if not may_keep:
        for field in form.fields.values():
            field.disabled = True
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    context = {"form": form, "organ": organ, "may_keep": may_keep}
    return render(request, "surveys/staff/organ_entry.html", context, status=status)


def _tell(form: OrganEntryForm, refused: DomainError) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))


@roles_required(*BOOK_KEEPERS)
@require_POST
def add_name(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A name in cases means this unit."""
    user = cast("User", request.user)
    organ = queries.organ_kept_by(user=user, public_id=public_id)
    names = (*entry_of(organ).also_called, request.POST.get("name", ""))
    services.change_organ(
        user=user, organ=organ, entry=changed_entry(organ, {"also_called": names}), now=timezone.now()
    )
    messages.success(request, _("Saved."))
    return redirect("surveys:organ-book")
