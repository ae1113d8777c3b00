"""The log of texts: what became of each invitation and reminder."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from surveys.queries.text_log import GROUPS, LOG_ROLES, about_case, in_group, logged, texts_seen

A_PAGE = 50
LONGEST_NUMBER = 100


@roles_required(*LOG_ROLES)
@never_cache
@require_safe
def text_log(request: HttpRequest) -> HttpResponse:
    """`older` names the last text of the page before: a log of millions is not counted to be turned over."""
    group = request.GET.get("state", "")
    group = group if group in GROUPS else ""
    number = request.GET.get("case", "").strip()[:LONGEST_NUMBER]
    rows = texts_seen(cast("User", request.user))
    rows = in_group(rows, group) if group else rows
    rows = about_case(rows, number) if number else rows
    named = _named(request.GET.get("older", ""))
    last = rows.filter(public_id=named).first() if named else None
    found = list((rows.filter(pk__lt=last.pk) if last else rows)[: A_PAGE + 1])
    shown = found[:A_PAGE]
    context = {
        "rows": logged(shown),
        "older": shown[-1].public_id if len(found) > A_PAGE else None,
        "turned": last is not None,
        "group": group,
        "number": number,
        "groups": {
            "": _("All"),
            "waiting": _("Waiting to be sent"),
            "under-way": _("Under way"),
            "arrived": _("Arrived"),
            "not-arrived": _("Did not arrive"),
            "unclear": _("Not clear"),
        }.items(),
    }
    return render(request, "surveys/staff/text_log.html", context)


def _named(value: str) -> UUID | None:
    """What is no identifier names no text, and the log begins at its newest."""
    try:
        return UUID(value)
    except ValueError:
        return None
