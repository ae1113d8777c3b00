"""What clients raised: the list with its clocks, one matter with what was said, and the two steps."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.services import reveal_phone
from surveys.enums import AlertState
from surveys.models import Alert
from surveys.queries.alerts import alert_of, open_alerts, texts_from_client, what_was_said
from surveys.services.alerts import move_alert

PAGE_SIZE = 30
SEEING = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


@roles_required(*SEEING)
@never_cache
@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(open_alerts(cast("User", request.user)), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "surveys/staff/alerts.html", {"page": page, "today": timezone.localdate()})


@roles_required(*SEEING)
@never_cache
@require_safe
def alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, alert_of(user=cast("User", request.user), public_id=public_id))


@roles_required(*SEEING)
@never_cache
@require_POST
def alert_number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The number, for the call that was agreed to; the look is recorded."""
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    client = found.conversation.recipient
    if client is None or found.may_call is False:
        return redirect("surveys:alert", public_id=public_id)
    phone = reveal_phone(client=client, actor=user.actor, reason=_("A matter the client raised"), now=timezone.now())
    return _page(request, found, phone=phone)


@roles_required(*SEEING)
@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    closing = request.POST.get("to") == AlertState.CLOSED
    moved = move_alert(
        user=user, alert=found, to=AlertState.CLOSED if closing else AlertState.ACKNOWLEDGED, now=timezone.now()
    )
    messages.success(request, _("Recorded: %(state)s.") % {"state": AlertState(moved.state).label})
    return redirect("surveys:alerts")


def _page(request: HttpRequest, found: Alert, *, phone: str = "") -> HttpResponse:
    context = {
        "alert": found,
        "client": found.conversation.recipient,
        "said": what_was_said(found),
        "texts": texts_from_client(found.conversation, sealed=found.sealed),
        "phone": phone,
        "today": timezone.localdate(),
        "open": AlertState.OPEN,
        "acknowledged": AlertState.ACKNOWLEDGED,
    }
    return render(request, "surveys/staff/alert.html", context)
