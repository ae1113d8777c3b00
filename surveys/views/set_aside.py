"""What the service failed at and left out for a while, and the door to try it again."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_in_order
from surveys.models.set_aside import TOLD_ROLES
from surveys.queries.set_aside import row_set_aside, rows_set_aside
from surveys.services.contact.setting_aside import try_again

A_PAGE = 50


@roles_required(*TOLD_ROLES)
@never_cache
@require_safe
def set_aside(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    page = page_in_order(rows_set_aside(user, now=now), after=request.GET.get("after", ""), size=A_PAGE)
    context = {"page": page, "rows": page.rows, "now": now, "runs_it": user.has_role(Role.OPERATOR)}
    return render(request, "surveys/staff/set_aside.html", context)


@roles_required(*TOLD_ROLES)
@require_POST
def again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    try_again(user=user, row=row_set_aside(user=user, public_id=public_id), now=timezone.now())
    messages.success(
        request, _("It is tried again with the next round: mostly within minutes, at the latest in an hour.")
    )
    return redirect("surveys:set-aside")
