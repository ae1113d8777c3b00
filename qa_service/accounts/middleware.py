"""Sessions that nobody used for a while end, wherever the next request goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from qa_service.accounts.idle import Use
from qa_service.accounts.models import User
from qa_service.accounts.views.again import door_in_place, page_before, sent_to_the_door
from qa_service.common.api import problem_json
from qa_service.common.errors import NotPermitted

KEPT_AS = "use"
# Doors of clients and providers: no session is looked up there, let alone ended.
NO_SESSIONS = ("/s/", "/o/", "/webhooks/", "/static/", "/healthz", "/readyz")
API = "/api/"


class SessionEnded(NotPermitted):
    code = "session_ended"
    status = HTTPStatus.UNAUTHORIZED


class IdleSessionMiddleware:
    """Stands after the messages: the page that follows says what happened. Programs with tokens have no session.

    What a page fetches by itself every few seconds is no use of it; each answer that a page saves is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_no_session(request) or not isinstance(request.user, User):
            return _kept(request, self.get_response(request), person=None)
        kept = request.session.get(KEPT_AS)
        if kept is None:  # made before an upgrade: it ends after twelve hours, as Django ends it
            return self.get_response(request)
        use, now = Use.read(kept), timezone.now()
        idle = timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        if use.has_ended(idle=idle, longest=timedelta(seconds=settings.SESSION_COOKIE_AGE), now=now):
            left = request.user
            logout(request)
            return _ended(request) or _kept(request, self.get_response(request), person=left)
        if not request.headers.get("HX-Request"):
            _keep(request, use.used(now=now))
        return self.get_response(request)


class OwnPasswordMiddleware:
    """Who knows a password may act as its owner, so nothing is done with one that somebody else chose.

    Stands after the idle session, for whoever signed in; programs are told at their own door.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_no_session(request) or not isinstance(request.user, User) or not request.user.password_is_temporary:
            return self.get_response(request)
        own = reverse("accounts:password")
        if request.path in {own, reverse("accounts:sign-out"), reverse("accounts:language")}:
            return self.get_response(request)
        if request.path.startswith(API):
            text = _("Somebody else chose this password. Sign in on the page first and choose one of your own.")
            return problem_json(NotPermitted(text, code="password_is_temporary"))
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(own)
        return HttpResponseRedirect(own)


def begin(request: HttpRequest, *, now: datetime) -> None:
    """Whoever signs in begins here: called once a session, by the door."""
    _keep(request, Use(signed_in=now, last=now))


def _has_no_session(request: HttpRequest) -> bool:
    return request.path.startswith(NO_SESSIONS) or settings.SESSION_COOKIE_NAME not in request.COOKIES


def _keep(request: HttpRequest, use: Use) -> None:
    if request.session.get(KEPT_AS) != use.written():  # what is set is saved, changed or not
        request.session[KEPT_AS] = use.written()


def _ended(request: HttpRequest) -> HttpResponse | None:
    """What to answer at once; None: the page itself, which sends to the door and back, or is for everybody."""
    text = _("You were signed out because nothing was done here for a while.")
    if request.path.startswith(API):
        return problem_json(SessionEnded(text))
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(redirect_to_login(page_before(request)).url)
    if request.method in {"GET", "HEAD"}:
        messages.warning(request, text)
    return None


def _kept(request: HttpRequest, response: HttpResponse, *, person: User | None) -> HttpResponse:
    """A form that a view turned away at the door, after the check of forms: the door opens in place and keeps it."""
    if not sent_to_the_door(request, response):
        return response
    return door_in_place(request, person=person, idle=person is not None)
