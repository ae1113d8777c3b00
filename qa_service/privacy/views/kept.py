"""What we keep and why: the rules of every room at one place, and the page on which a term is set."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.audit.queries import history
from qa_service.common.errors import InvalidInput
from qa_service.organisations.models import Organisation
from qa_service.privacy.forms import TermForm
from qa_service.privacy.models import HANDLERS
from qa_service.privacy.queries.terms import READERS, SETTERS, Kept, kept_at, kept_by, places_read_by, places_set_by
from qa_service.privacy.rooms import ROOMS, is_local, rules_by_key
from qa_service.privacy.services import set_term

ENTRIES_SHOWN = 10


@require_safe
@roles_required(*READERS)
def kept(request: HttpRequest) -> HttpResponse:
    """One bureau or centre at a time; the first one where none is named."""
    user = cast("User", request.user)
    places = list(places_read_by(user))
    wanted = request.GET.get("place", "")
    place = next((each for each in places if str(each.public_id) == wanted or not wanted), None)
    if place is None and wanted:
        raise Http404
    context = {
        "places": places,
        "place": place,
        "rules": kept_at(place) if place else (),
        "without": [(why, fields) for room in ROOMS for why, fields in room.without],
        "may_set": place is not None and places_set_by(user).filter(pk=place.pk).exists(),
        "entries": _changes(place) if place else [],
        "names_of_tables": user.has_role(Role.OPERATOR),
        "answers_requests": user.has_role(*HANDLERS),
    }
    return render(request, "privacy/kept.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*SETTERS)
def term(request: HttpRequest, public_id: UUID, rule: str) -> HttpResponse:
    """The days of one rule at one place."""
    user = cast("User", request.user)
    found = rules_by_key().get(rule)
    if found is None or not is_local(found):
        raise Http404
    place = get_object_or_404(places_set_by(user), public_id=public_id)
    held = kept_by(found, place)
    form = TermForm(request.POST if request.method == "POST" else None, kept=held, initial=_typed(held, place))
    if request.method == "POST" and form.is_valid():
        try:
            set_term(user=user, place=place, rule=rule, days=form.cleaned_data["days"], now=timezone.now())
        except InvalidInput as refused:
            form.add_error("days", str(refused.message))
        else:
            messages.success(request, _("The term is stored. It holds from tonight on."))
            return redirect(f"{reverse('privacy:kept')}?place={place.public_id}")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "privacy/term.html", {"kept": held, "place": place, "form": form}, status=status)


def _typed(held: Kept, place: Organisation) -> dict[str, int | None]:
    return {"days": held.days if held.set_at and held.set_at.pk == place.pk else None}


def _changes(place: Organisation) -> list[dict[str, object]]:
    """The last terms set here, by the names of their rules."""
    rules = rules_by_key()
    return [
        {"entry": entry, "rule": rules[entry.details["rule"]].title, "days": entry.details["days"]}
        for entry in history(place).filter(action="privacy.term_set")[:ENTRIES_SHOWN]
        if entry.details["rule"] in rules
    ]
