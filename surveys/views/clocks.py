"""The days in which things must be done: of a centre's recoveries, of a bureau's register."""

from dataclasses import asdict
from typing import cast

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys import complaints, recovery
from surveys.forms.complaints import ComplaintRulesForm, RecoveryDaysForm
from surveys.queries.clocks import complaint_rules, days_set, places_with_clocks
from surveys.services.matters.clocks import set_complaint_rules, set_recovery_days


@roles_required(Role.MANAGER, Role.SUPERVISOR)
@require_http_methods(["GET", "HEAD", "POST"])
def clocks(request: HttpRequest) -> HttpResponse:
    """One centre or bureau at a time; the first one where none is named."""
    user = cast("User", request.user)
    places = list(places_with_clocks(user))
    wanted = request.GET.get("place", "")
    place = next((each for each in places if str(each.public_id) == wanted or not wanted), None)
    if place is None and wanted:
        raise Http404
    form = _form(place, request.POST if request.method == "POST" else None) if place else None
    if place and form and request.method == "POST" and form.is_valid():
        _store(user, place, form)
        messages.success(request, _("The days are stored. They hold from now on."))
        return redirect(f"{reverse('surveys:clocks')}?place={place.public_id}")
    context = {"places": places, "place": place, "form": form}
    return render(request, "surveys/staff/clocks.html", context, status=422 if form and form.errors else 200)


def _form(place: Organisation, posted: object) -> Form:
    data = cast("dict[str, str] | None", posted)
    if place.kind == OrganisationKind.BUREAU:
        known = complaint_rules(place)
        stored = {**asdict(known.rules), "number_prefix": known.number_prefix, "legal_basis": known.legal_basis}
        return ComplaintRulesForm(data, initial=stored)
    return RecoveryDaysForm(data, initial=asdict(days_set(place)))


def _store(user: User, place: Organisation, form: Form) -> None:
    given = dict(form.cleaned_data)
    if place.kind == OrganisationKind.BUREAU:
        prefix, basis = given.pop("number_prefix"), given.pop("legal_basis")
        known = complaints.Rules(**given)
        set_complaint_rules(user=user, bureau=place, known=known, prefix=prefix, legal_basis=basis, now=timezone.now())
    else:
        set_recovery_days(user=user, centre=place, days=recovery.Days(**given), now=timezone.now())
