"""The clients of one case: the one whom the export names, and those whom staff add."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qa_service.accounts.enums import STAFF_ROLES
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.forms import ClientForm, TakeOffForm
from qa_service.cases.models import Case, CoClient
from qa_service.cases.queries import ADDING_ROLES, cases_known_to, clients_of, co_clients_of
from qa_service.cases.services import add_client, take_client_off
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(*STAFF_ROLES)
def clients(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Supervisors look; whoever telephones adds."""
    user = cast("User", request.user)
    if request.method == "POST":
        return _add(request, get_object_or_404(cases_known_to(user, *ADDING_ROLES), public_id=public_id))
    return _page(request, get_object_or_404(cases_known_to(user), public_id=public_id), ClientForm())


def _add(request: HttpRequest, case: Case) -> HttpResponse:
    form = ClientForm(request.POST)
    if not form.is_valid():
        return _page(request, case, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        row = add_client(case=case, fields=form.cells(), user=cast("User", request.user), now=timezone.now())
    except (InvalidInput, Conflict, NotPermitted) as refused:
        field = getattr(refused, "field", "")
        form.add_error(field if field in form.fields else None, str(refused.message))
        return _page(request, case, form, status=HTTPStatus(refused.status))
    messages.success(request, _("%(name)s is a client of this case now.") % {"name": row.client.name})
    return redirect("cases:clients", public_id=case.public_id)


@require_POST
@never_cache
@roles_required(*ADDING_ROLES)
def take_off(request: HttpRequest, public_id: UUID, client_id: UUID) -> HttpResponse:
    """With a reason; the person is asked nothing more about the case."""
    user = cast("User", request.user)
    case = get_object_or_404(cases_known_to(user, *ADDING_ROLES), public_id=public_id)
    row = get_object_or_404(CoClient.objects.select_related("client"), case=case, client__public_id=client_id)
    form = TakeOffForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the person is no client of this case."))
        return redirect("cases:clients", public_id=public_id)
    take_client_off(co_client=row, why=form.cleaned_data["why"], user=user, now=timezone.now())
    messages.success(request, _("%(name)s is no client of this case any more.") % {"name": row.client.name})
    return redirect("cases:clients", public_id=public_id)


def _page(request: HttpRequest, case: Case, form: ClientForm, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    user = cast("User", request.user)
    known = clients_of(case)
    context = {
        "case": case,
        "named": case.client,
        "joined": co_clients_of(case),
        "known": len(known),
        "most": case.centre.settings.clients_asked_a_case,
        "form": form,
        "may_add": user.has_role(*ADDING_ROLES),
    }
    return render(request, "cases/clients.html", context, status=status)
