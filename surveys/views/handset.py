"""The demo's telephones: every text as it would lie on a client's phone, and a box to answer it.

Only the `handset` gateway has this page; with any other the queries raise NotFound. It is the client's own telephone:
whoever is not signed in may hold it, and of those who are, the people who try out what is sent. A lawyer, a firm or a
reader of files reads no client's answer, not even an invented one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from surveys import queries, services
from surveys.queries.handset import HOLDERS

LONGEST_REPLY = 500


def for_holders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not queries.handset_is_on():
            raise Http404
        if isinstance(request.user, User) and not request.user.has_role(*HOLDERS):
            return render(request, "403.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


@for_holders
@never_cache
@require_safe
def handset(request: HttpRequest, key: str = "") -> HttpResponse:
    threads = queries.handset_threads()
    texts = queries.handset_messages(key=key) if key else []
    chosen = next((thread for thread in threads if thread.key == key), None)
    context = {"threads": threads, "texts": texts, "chosen": chosen, "longest_reply": LONGEST_REPLY}
    return render(request, "surveys/staff/handset.html", context)


@require_POST
@for_holders
def reply(request: HttpRequest, key: str) -> HttpResponse:
    body = request.POST.get("body", "").strip()[:LONGEST_REPLY]
    if body:
        services.reply_from_handset(key=key, body=body, now=timezone.now())
    return redirect("surveys:handset-phone", key=key)
