"""Records that go into the binder: printed, bound, and confirmed by the sheet or by the page."""

from contextlib import suppress
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_in_order
from surveys.queries.binding import records_to_bind
from surveys.queries.papers import PRINTING_ROLES
from surveys.services.organs.binding import NeverPrinted, confirm_bound

PAGE_SIZE = 50


@roles_required(*PRINTING_ROLES)
@never_cache
@require_safe
def to_bind(request: HttpRequest) -> HttpResponse:
    """Those of the oldest cases first: their words are the first whose time is over."""
    return _page(request)


@roles_required(*PRINTING_ROLES)
@require_POST
def bound(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    try:
        count = confirm_bound(user=user, records=_ticked(request), now=timezone.now())
    except NeverPrinted as refused:
        messages.error(request, str(refused.message))
        return _page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    level = messages.SUCCESS if count else messages.ERROR
    text = ngettext("%(count)s record confirmed as bound.", "%(count)s records confirmed as bound.", count)
    messages.add_message(request, level, text % {"count": count})
    return redirect("surveys:records-to-bind")


def _page(request: HttpRequest, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    rows = records_to_bind(cast("User", request.user))
    page = page_in_order(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return render(request, "surveys/staff/binding.html", {"page": page}, status=status)


def _ticked(request: HttpRequest) -> list[UUID]:
    """What is no id, or confirmed meanwhile, is passed over."""
    found = []
    for given in request.POST.getlist("records"):
        with suppress(ValueError):
            found.append(UUID(given))
    return found
