"""What was typed while the session ended is not lost: the door opens in place, and what was sent is sent again.

Only what has passed the check of forms, or provably came from a page of ours, is taken along; so no other site can have
somebody send its words by signing in.
"""

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from qa_service.accounts.models import User
from qa_service.accounts.typed import Typed
from qa_service.common.addresses import page_at

FIELD = "typed"
FORM_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def door_in_place(request: HttpRequest, *, person: User | None, idle: bool) -> HttpResponse:
    """The sign-in page at the address that was posted to, with what was typed."""
    typed = typed_in(request, person=person)
    context = {
        "form": AuthenticationForm(request),
        "next": typed.page if typed else page_before(request),
        "typed": typed.sealed() if typed else "",
        "lost": typed is None,
        "idle": idle,
        "asked_again": True,
    }
    response = render(request, "accounts/sign_in.html", context, status=HTTPStatus.UNAUTHORIZED)
    add_never_cache_headers(response)
    return response


def send_again(request: HttpRequest, typed: Typed, *, status: int = HTTPStatus.OK) -> HttpResponse:
    """Signed in: one press sends what was typed, under a token that counts."""
    response = render(request, "accounts/send_again.html", {"sent": typed}, status=status)
    add_never_cache_headers(response)
    return response


def brought_along(request: HttpRequest) -> Typed | None:
    """What the door was given to carry, if it is for the person who now is signed in."""
    token = request.POST.get(FIELD, "")
    return Typed.opened(token, person=cast("User", request.user).pk, now=timezone.now()) if token else None


def typed_in(request: HttpRequest, *, person: User | None) -> Typed | None:
    """What this request sends. A file is not carried: whoever sent one chooses it again."""
    if request.FILES:
        return None
    fields = {name: values for name, values in request.POST.lists() if name != FORM_TOKEN}
    whose = person.pk if person else None
    page = page_before(request)
    return Typed.of(address=request.get_full_path(), page=page, fields=fields, person=whose, now=timezone.now())


def page_before(request: HttpRequest) -> str:
    """The page on which the person was: what was posted may have no page of its own."""
    referrer: Any = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    ours = url_has_allowed_host_and_scheme(referrer.geturl(), allowed_hosts={request.get_host()})
    came_from = referrer._replace(scheme="", netloc="").geturl() if ours and referrer.path else ""
    return page_at(came_from or request.path)


def sent_to_the_door(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a view turned a form away because nobody is signed in."""
    if request.method != "POST" or response.status_code != HTTPStatus.FOUND:
        return False
    target = urlsplit(response.headers.get("Location", ""))
    return target.path == reverse("accounts:sign-in") and target.query.startswith("next=")
