"""The public page where anybody checks a notice: no account, no name for a rectification, and not too often."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.common.throttle import count, source_of
from scoring.forms.decisions import VerifyForm
from scoring.queries.notices import displays_today, verified

TRIES_A_MINUTE = 30
MINUTE = 60


@require_safe
@never_cache
def verify_form(request: HttpRequest) -> HttpResponse:
    """Type a code; the form asks by GET, because looking changes nothing."""
    if "code" in request.GET:
        form = VerifyForm(request.GET)
        if form.is_valid():
            return _answer(request, form.cleaned_data["code"])
    else:
        form = VerifyForm()
    return _closed_to_robots(render(request, "scoring/verify.html", {"form": form}))


@require_safe
@never_cache
def verify_notice(request: HttpRequest, code: str) -> HttpResponse:
    return _answer(request, code)


@require_safe
@never_cache
def displays(request: HttpRequest) -> HttpResponse:
    """公示: the commendations on public display today, and how to object. No account, no client."""
    return _closed_to_robots(render(request, "scoring/displays.html", {"displays": displays_today(now=timezone.now())}))


def too_many_tries(request: HttpRequest) -> bool:
    """One more code asked for from here, by the page or by a program: whether it was too many."""
    return count(f"verify:{source_of(request)}", seconds=MINUTE) > TRIES_A_MINUTE


def _answer(request: HttpRequest, code: str) -> HttpResponse:
    if too_many_tries(request):
        answer = render(request, "scoring/verify_later.html", status=HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(MINUTE)
        return answer
    found = verified(code)
    status = HTTPStatus.OK if found else HTTPStatus.NOT_FOUND
    return _closed_to_robots(render(request, "scoring/verified.html", {"found": found}, status=status))


def _closed_to_robots(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
