"""What was erased: counts by day, rule and centre; and what waits, with the reason."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_in_order
from qa_service.privacy.models import HANDLERS
from qa_service.privacy.queries.erased import erased_seen_by, held_back_seen_by, last_sweep, title_of
from qa_service.privacy.queries.terms import READERS

ROWS_A_PAGE = 100
HELD_SHOWN = 200


@require_safe
@roles_required(*READERS)
def erased(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    page = page_in_order(erased_seen_by(user), after=request.GET.get("after", ""), size=ROWS_A_PAGE, by="id")
    held = held_back_seen_by(user)
    context = {
        "page": page,
        "rows": [(row, title_of(row.rule)) for row in page.rows],
        "held": held[:HELD_SHOWN],
        "more_held": len(held) > HELD_SHOWN,
        "sweep": last_sweep(),
        "answers_requests": user.has_role(*HANDLERS),
    }
    return render(request, "privacy/erased.html", context)
