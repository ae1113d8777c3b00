"""The brake on guessing passwords, beside axes' pause for one name from one address.

One address over many names, and one name from many addresses, are slowed to a try a minute. Anybody may know a name,
so its owner must not wait for what strangers do: where they signed in lately, and the browser they did it with, are
not counted among the strangers.
"""

import secrets
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_cool_off
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from qa_service.common.throttle import count, counted

SLOWED_TO_ONE_IN = timedelta(minutes=1)
ADDRESS_KNOWN_FOR = timedelta(days=30)
BROWSER_KNOWN_FOR = timedelta(days=180)
DAY_SECONDS = 24 * 60 * 60


class SignInBrake(AxesDatabaseHandler):  # type: ignore[misc]  # axes is untyped
    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        name = get_client_username(request, credentials) or ""
        slowed = self._address_waits(request, name) or self._name_waits(request, name)
        if slowed:
            request.sign_in_wait = SLOWED_TO_ONE_IN  # type: ignore[attr-defined]
        return slowed

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None and (token := _browser(request, get_client_username(request, credentials) or "")):
            count(_misses(token), seconds=DAY_SECONDS)

    def _address_waits(self, request: HttpRequest, name: str) -> bool:
        here = _recent(request).filter(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]
        return _over(here, settings.SIGN_IN_ADDRESS_LIMIT) and not is_known_browser(request, name)

    def _name_waits(self, request: HttpRequest, name: str) -> bool:
        besieged = _over(_recent(request).filter(username=name), settings.SIGN_IN_NAME_LIMIT)
        return besieged and not _is_known_address(request, name) and not is_known_browser(request, name)


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """From now on this browser is its owner's. The cookie opens nothing and names nobody."""
    response.set_signed_cookie(
        _cookie(name),
        _browser(request, name) or secrets.token_urlsafe(12),
        max_age=BROWSER_KNOWN_FOR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def is_known_browser(request: HttpRequest, name: str) -> bool:
    """Whether this person signed in with it before; a cookie with which too much was guessed is worth nothing."""
    token = _browser(request, name)
    return bool(token) and counted(_misses(token)) < settings.SIGN_IN_NAME_LIMIT


def _is_known_address(request: HttpRequest, name: str) -> bool:
    since = timezone.now() - ADDRESS_KNOWN_FOR
    here = request.axes_ip_address  # type: ignore[attr-defined]
    return bool(AccessLog.objects.filter(username=name, ip_address=here, attempt_time__gte=since).exists())


def _recent(request: HttpRequest) -> QuerySet[Any]:
    recent: QuerySet[Any] = AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - get_cool_off(request))
    return recent


def _over(attempts: QuerySet[Any], limit: int) -> bool:
    """Over the limit, and the last wrong password is not yet a minute old."""
    if (attempts.aggregate(wrong=Sum("failures_since_start"))["wrong"] or 0) < limit:
        return False
    return attempts.filter(attempt_time__gt=timezone.now() - SLOWED_TO_ONE_IN).exists()


def _cookie(name: str) -> str:
    return f"known-{salted_hmac('accounts.brake', name).hexdigest()[:20]}"


def _browser(request: HttpRequest, name: str) -> str:
    """The token that this browser was given for this person; empty if none, forged or too old."""
    return request.get_signed_cookie(_cookie(name), default="", max_age=BROWSER_KNOWN_FOR) or ""


def _misses(token: str) -> str:
    return f"browser-miss:{token}"
