"""What imports named for the first time: a person looks at each station, firm and lawyer once."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.models import IMPORT_ROLES
from qa_service.cases.queries import unconfirmed_firms, unconfirmed_lawyers, unconfirmed_stations
from qa_service.common.errors import InvalidInput
from qa_service.common.ids import ids_among
from qa_service.common.keyset import page_in_order
from qa_service.organisations.models import Firm, Lawyer, Organisation
from qa_service.organisations.services import confirm as confirm_entry
from qa_service.organisations.services import confirm_all

ENTRIES_A_PAGE = 200
Entry = Organisation | Firm | Lawyer
KINDS: dict[str, tuple[Any, Callable[[User], QuerySet[Any]]]] = {
    "stations": (gettext_lazy("Stations"), unconfirmed_stations),
    "firms": (gettext_lazy("Firms"), unconfirmed_firms),
    "lawyers": (gettext_lazy("Lawyers"), unconfirmed_lawyers),
}


@require_safe
@roles_required(*IMPORT_ROLES)
def unconfirmed(request: HttpRequest) -> HttpResponse:
    """One kind at a time, the first that has something to look at."""
    user = cast("User", request.user)
    counts = {kind: entries(user).count() for kind, (_label, entries) in KINDS.items()}
    chosen = request.GET.get("kind", "")
    if chosen not in KINDS:
        chosen = next((kind for kind, count in counts.items() if count), "stations")
    label, entries = KINDS[chosen]
    context = {
        "tabs": [{"kind": kind, "label": KINDS[kind][0], "count": count} for kind, count in counts.items()],
        "kind": chosen,
        "label": label,
        "page": page_in_order(entries(user), after=request.GET.get("after", ""), size=ENTRIES_A_PAGE),
    }
    return render(request, "cases/unconfirmed.html", context)


@require_POST
@roles_required(*IMPORT_ROLES)
def confirm(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    user = cast("User", request.user)
    entry: Entry = get_object_or_404(KINDS[kind][1](user), public_id=public_id)
    confirm_entry(subject=entry, actor=user.actor, now=timezone.now())
    messages.success(request, _("%(name)s was confirmed.") % {"name": entry.name})
    return _back_to(kind)


@require_POST
@roles_required(*IMPORT_ROLES)
def confirm_shown(request: HttpRequest) -> HttpResponse:
    """All that the page showed, and nothing that came since: what nobody saw, nobody confirmed."""
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise InvalidInput(_("Say what is confirmed: stations, firms or lawyers."), field="kind")
    user = cast("User", request.user)
    shown = KINDS[kind][1](user).filter(public_id__in=ids_among(request.POST.getlist("shown")))
    count = confirm_all(subjects=shown, actor=user.actor, now=timezone.now())
    text = ngettext("%(count)d entry was confirmed.", "%(count)d entries were confirmed.", count)
    messages.success(request, text % {"count": count})
    return _back_to(kind)


def _back_to(kind: str) -> HttpResponse:
    response = redirect("cases:unconfirmed")
    response["Location"] += f"?kind={kind}"
    return response
