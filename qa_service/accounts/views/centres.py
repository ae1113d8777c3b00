"""The tree of bureaux, centres and stations, and how each centre works."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings as environment
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.enums import FOUNDING_ROLES
from qa_service.accounts.forms import CentreForm, NewOrganisationForm
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import centres_set_by, places_renamed_by, tree_seen_by
from qa_service.accounts.scope import GIVING_ROLES
from qa_service.accounts.services import add_organisation
from qa_service.audit.queries import history
from qa_service.audit.wording import who_in_words
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CentreSettings, Organisation
from qa_service.organisations.services import change_settings

NODES_A_PAGE = 100
ENTRIES_SHOWN = 10


@require_safe
@roles_required(*GIVING_ROLES)
def centres(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    page = page_in_order(tree_seen_by(user), after=request.GET.get("after", ""), size=NODES_A_PAGE)
    renamed_here = set(places_renamed_by(user).values_list("pk", flat=True))
    context = {"page": page, "may_add": user.has_role(*FOUNDING_ROLES), "renamed_here": renamed_here}
    return render(request, "accounts/centres.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*FOUNDING_ROLES)
def new_centre(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = NewOrganisationForm(request.POST or None, user=user)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                node = add_organisation(**form.cleaned_data, user=user, now=timezone.now())
            except DomainError as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
            else:
                return _added(request, node)
    return render(request, "accounts/new_centre.html", {"form": form}, status=status)


def _added(request: HttpRequest, node: Organisation) -> HttpResponse:
    messages.success(request, _("%(name)s was added.") % {"name": node.name})
    if node.kind == OrganisationKind.CENTRE:
        return redirect("accounts:centre-settings", public_id=node.public_id)
    return redirect("accounts:centres")


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*GIVING_ROLES)
def centre_settings(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Operators and managers change them; supervisors read them."""
    user = cast("User", request.user)
    centre = get_object_or_404(tree_seen_by(user).filter(kind=OrganisationKind.CENTRE), public_id=public_id)
    may_change = centres_set_by(user).filter(pk=centre.pk).exists()
    form = CentreForm(request.POST or None, instance=CentreSettings.objects.get(centre=centre))
    if not may_change:
        form.disable()
    status = HTTPStatus.OK
    if request.method == "POST":
        if not may_change:
            return render(request, "403.html", status=HTTPStatus.FORBIDDEN)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                change_settings(centre=centre, changes=form.cleaned_data, actor=user.actor, now=timezone.now())
            except InvalidInput as wrong:
                form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.message))
            else:
                messages.success(request, _("Saved."))
                return redirect("accounts:centre-settings", public_id=centre.public_id)
    context = {
        "centre": centre,
        "form": form,
        "may_change": may_change,
        "gateway": environment.SMS_GATEWAY,
        "entries": _changes(centre),
    }
    return render(request, "accounts/centre_settings.html", context, status=status)


def _changes(centre: Organisation) -> list[dict[str, Any]]:
    """The last changes of the settings, in the words of the form."""
    fields = {field.name: field.verbose_name for field in CentreSettings._meta.concrete_fields}
    return [
        {
            "at": entry.at,
            "who": who_in_words(entry.actor_id, entry.actor_label),
            "changes": [
                (fields.get(name, name), _shown(before), _shown(after))
                for name, (before, after) in entry.details.items()
            ],
        }
        for entry in history(centre).filter(action="organisations.settings_changed")[:ENTRIES_SHOWN]
    ]


def _shown(recorded: str) -> str:
    """A recorded value as a reader says it: switches are on or off."""
    return {"True": _("on"), "False": _("off")}.get(recorded, recorded)
