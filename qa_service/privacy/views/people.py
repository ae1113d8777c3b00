"""Finding a person who asks about their own data, and entering what they ask."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.queries import today_at
from qa_service.privacy.forms import LookUpForm, RequestForm
from qa_service.privacy.models import HANDLERS
from qa_service.privacy.queries.people import Found, held_of, person_reached
from qa_service.privacy.services import Asking, look_up, register_request


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(*HANDLERS)
def people(request: HttpRequest) -> HttpResponse:
    """Who is found stands on this one page alone, never in an address or a session."""
    form = LookUpForm(request.POST if request.method == "POST" else None)
    found: list[Found] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            found = look_up(user=cast("User", request.user), **form.cleaned_data, now=timezone.now())
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused.message))
        else:
            form = LookUpForm()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "privacy/people.html", {"form": form, "found": found}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(*HANDLERS)
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How much is held of the person, by rule; and the form to enter what they ask."""
    user, now = cast("User", request.user), timezone.now()
    client = person_reached(user, public_id)
    initial = {"received_on": today_at(client.centre, now).isoformat()}
    form = RequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = register_request(user=user, client=client, asking=Asking.read(form.cleaned_data), now=now)
        except (InvalidInput, Conflict) as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(request, _("Entered in the register."))
            return redirect("privacy:request", public_id=row.public_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"client": client, "form": form, "dossier": held_of(client, reader=user)}
    return render(request, "privacy/person.html", context, status=status)
