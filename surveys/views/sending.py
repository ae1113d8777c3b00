"""How sending stands, for whoever answers for it: limits, what waits and why, what was warned of."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.scope import GIVING_ROLES
from qa_service.common.keyset import page_in_order
from surveys.models.set_aside import TOLD_ROLES
from surveys.queries.sending import (
    READING_ROLES,
    WARNINGS_SHOWN,
    resting_until,
    sending_centres,
    sending_of,
    warnings_for,
)
from surveys.queries.text_log import LOG_ROLES
from surveys.sms import KEEP_WORDS

CENTRES_A_PAGE = 50


@roles_required(*READING_ROLES)
@require_safe
def sending(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    page = page_in_order(sending_centres(user), after=request.GET.get("after", ""), size=CENTRES_A_PAGE)
    context = {
        "page": page,
        "rows": sending_of(page.rows, now=now),
        "warnings": warnings_for(user, now=now)[:WARNINGS_SHOWN],
        "resting_until": resting_until(),
        "may_read_log": user.has_role(*LOG_ROLES),
        "hears_of_failures": user.has_role(*TOLD_ROLES),
        "may_see_settings": user.has_role(*GIVING_ROLES),
        "gateway": settings.SMS_GATEWAY,
        "keeps_words": settings.SMS_GATEWAY in KEEP_WORDS,
    }
    return render(request, "surveys/staff/sending.html", context)
