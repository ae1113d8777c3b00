"""Who is asked about a case, and who waits for their turn."""

from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from surveys.models.conversations import STAFF_ROLES
from surveys.queries import turns
from surveys.queries.due import APART
from surveys.queries.papers import PRINTING_ROLES

PAGE_SIZE = 50


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def case_turns(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every client of one case: asked, drawn, waiting, or not drawn and why."""
    case = turns.case_to_ask_about(user=cast("User", request.user), public_id=public_id)
    found = turns.turns_of_case(case, now=timezone.now())
    context = {
        "case": case,
        "turns": found,
        "most": case.centre.settings.clients_asked_a_case,
        "days": APART.days,
        "may_print": cast("User", request.user).has_role(*PRINTING_ROLES),
    }
    return render(request, "surveys/staff/case_turns.html", context)


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Those who were asked about another matter less than 30 days ago, each with the day they wait for."""
    rows = turns.waiting_for_turn(user=cast("User", request.user), now=timezone.now())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [
        {
            "case": case,
            "client": client,
            "before": row.before,
            "asked_at": row.asked_at,
            "not_before": row.not_before.astimezone(ZoneInfo(case.centre.settings.time_zone)).date(),
        }
        for row, case, client in turns.cases_and_clients(list(page.object_list))
    ]
    return render(request, "surveys/staff/waiting.html", {"page": page, "rows": shown, "days": APART.days})
