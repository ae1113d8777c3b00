"""Cases as staff see them."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.forms import CaseFilter, RevealForm
from qa_service.cases.models import Case
from qa_service.cases.queries import cases_known_to
from qa_service.cases.services import reveal_phone
from qa_service.cases.views.record import changed_fields, told_of_case
from qa_service.common.keyset import page_after

CASES_A_PAGE = 50
ENTRIES_SHOWN = 20
# Supervisors watch the work; they do not telephone clients.
CALLING_ROLES = (Role.MANAGER, Role.FOLLOW_UP)


@require_safe
@roles_required(*STAFF_ROLES)
def case_list(request: HttpRequest) -> HttpResponse:
    chosen = CaseFilter(request.GET, queryset=cases_known_to(cast("User", request.user)))
    found = chosen.qs
    # Of those under way none has a day of closing.
    day = "accepted_on" if chosen.form.cleaned_data.get("under_way") else "closed_on"
    page = page_after(found, day=day, after=request.GET.get("after", ""), size=CASES_A_PAGE)
    filtered = any(request.GET.get(name) for name in chosen.form.fields)
    return render(request, "cases/list.html", {"filter": chosen, "page": page, "filtered": filtered})


@require_safe
@never_cache
@roles_required(*STAFF_ROLES)
def case_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    case = get_object_or_404(cases_known_to(cast("User", request.user)), public_id=public_id)
    return _page(request, case, RevealForm())


@require_POST
@never_cache
@roles_required(*CALLING_ROLES)
def reveal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show the full number once, on this page alone: it is never put into an address or a session."""
    user = cast("User", request.user)
    case = get_object_or_404(cases_known_to(user), public_id=public_id)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    phone = reveal_phone(client=case.client, actor=user.actor, reason=form.cleaned_data["reason"], now=timezone.now())
    return _page(request, case, form, phone=phone)


def _page(
    request: HttpRequest, case: Case, form: RevealForm, *, phone: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    user = cast("User", request.user)
    told = told_of_case(case, user)
    context = {
        "case": case,
        "plan": getattr(case.client, "contact_plan", None),
        "form": form,
        "phone": phone,
        "may_call": user.has_role(*CALLING_ROLES),
        "kept_from_reader": told is None,
        "entries": [(entry, changed_fields(entry)) for entry in told[:ENTRIES_SHOWN]] if told is not None else [],
    }
    return render(request, "cases/detail.html", context, status=status)
