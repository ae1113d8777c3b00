"""The demo's telephones: every text as it would lie on a client's phone, and a box to answer it.

Only the `handset` gateway has this page; with any other the queries raise NotFound.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from surveys import queries, services

LONGEST_REPLY = 500


@never_cache
@require_safe
def handset(request: HttpRequest, key: str = "") -> HttpResponse:
    threads = queries.handset_threads()
    texts = queries.handset_messages(key=key) if key else []
    chosen = next((thread for thread in threads if thread.key == key), None)
    context = {"threads": threads, "texts": texts, "chosen": chosen, "longest_reply": LONGEST_REPLY}
    return render(request, "surveys/staff/handset.html", context)


@require_POST
def reply(request: HttpRequest, key: str) -> HttpResponse:
    if not queries.handset_is_on():
        raise Http404
    body = request.POST.get("body", "").strip()[:LONGEST_REPLY]
    if body:
        services.reply_from_handset(key=key, body=body, now=timezone.now())
    return redirect("surveys:handset-phone", key=key)
