"""What every page of the public form shares: its language, its size of type, its headers and its own form token."""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.decorators import decorator_from_middleware
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt

from qa_service.common.middleware import ORGANS
from surveys.languages import CHINESE, LANGUAGES, NEEDED, Language
from surveys.queries.forms import help_phone

View = Callable[..., HttpResponse]

# Where a key is typed, by room.
DOORS = {"form": "surveys:form-code", "organ": "surveys:organ-form-code"}
COOKIE_PATH = "/s/"
_DOOR = re.compile(r"/+(?P<door>[sSoO])(?:/+|$)")
LANGUAGE_COOKIE = "form_language"
LARGE_COOKIE = "form_large"
STARTED_COOKIE = "form_started"
PREFERENCES_KEPT = 180 * 24 * 3600
STARTED_KEPT = 12 * 3600


@dataclass(frozen=True, slots=True)
class Reader:
    """How this person wants to read: kept in cookies, never in the session (a session would be a database row)."""

    language: str
    large: bool

    @classmethod
    def of(cls, request: HttpRequest, *, default_language: str = "") -> "Reader":
        language = request.COOKIES.get(LANGUAGE_COOKIE) or default_language
        if language not in LANGUAGES:
            language = CHINESE
        return cls(language=language, large=request.COOKIES.get(LARGE_COOKIE) == "1")

    def changed(self, tool: str) -> "Reader":
        """The reader after pressing one of the tools in the head of the page; an unknown tool changes nothing."""
        if tool in LANGUAGES:
            return Reader(language=tool, large=self.large)
        if tool in {"large", "normal"}:
            return Reader(language=self.language, large=tool == "large")
        return self

    def remember(self, response: HttpResponse, *, secure: bool, path: str = COOKIE_PATH) -> None:
        for name, value in ((LANGUAGE_COOKIE, self.language), (LARGE_COOKIE, "1" if self.large else "0")):
            response.set_cookie(
                name,
                value,
                max_age=PREFERENCES_KEPT,
                path=path,
                secure=secure,
                httponly=True,
                samesite="Lax",
            )


def page(
    request: HttpRequest,
    template: str,
    *,
    reader: Reader,
    status: int = 200,
    context: Mapping[str, Any] | None = None,
    languages: Iterable[str] = NEEDED,
    room: str = "form",
) -> HttpResponse:
    """Render without the staff pages' context processors: nobody is signed in here and nothing may be looked up.

    `languages`: those in which the questions can be read. Where it is neither Chinese nor English, the page round the
    questions is Chinese.
    """
    spoken = reader.language if reader.language in languages else CHINESE
    tag = LANGUAGES[spoken if spoken in NEEDED else CHINESE].tag
    with translation.override(spoken):
        html = render_to_string(
            f"surveys/{room}/{template}.html",
            {
                "csrf_token": get_token(request),
                "language": spoken,
                "language_tag": tag,
                "speech": _speech(LANGUAGES[spoken]),
                "large": reader.large,
                "others": [LANGUAGES[code] for code in languages if code != spoken],
                # What was typed into an address that leads nowhere is not carried on.
                "path": reverse(DOORS[room]) if status == HTTPStatus.NOT_FOUND else request.path,
                **(context or {}),
            },
        )
    response = HttpResponse(html, status=status)
    response.headers["Content-Language"] = tag
    return sealed(response)


def _speech(language: Language) -> str:
    """The attributes of what is written in a language that the page itself does not speak."""
    if language.code in NEEDED:
        return ""
    direction = "rtl" if language.right_to_left else "ltr"
    return format_html(' lang="{}" dir="{}"', language.tag, direction)


def sealed(response: HttpResponse) -> HttpResponse:
    """Nothing of a form is kept, indexed or passed on as a referrer: the address itself is the key."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    patch_vary_headers(response, ["Cookie"])
    return response


def address_meant(path: str) -> str:
    """The address of a form that was typed in capitals, as off a card, or with a slash too many; empty for others."""
    found = _DOOR.match(path)
    return f"/{found['door'].lower()}/{path[found.end() :]}" if found else ""


def go_to(url: str) -> HttpResponse:
    """After a POST the browser fetches the next page, so that a reload repeats nothing."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return sealed(response)


def _started_mark(key: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), b"form started:" + key.encode(), hashlib.sha256).hexdigest()


def has_started(request: HttpRequest, key: str) -> bool:
    """Whether Start was pressed in this browser: a forwarded address of a question shows the neutral page again."""
    return hmac.compare_digest(request.COOKIES.get(STARTED_COOKIE, ""), _started_mark(key))


def mark_started(response: HttpResponse, key: str, *, secure: bool) -> None:
    response.set_cookie(
        STARTED_COOKIE,
        _started_mark(key),
        max_age=STARTED_KEPT,
        path=COOKIE_PATH,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


class FormTokenMiddleware(CsrfViewMiddleware):
    """Django's check, for pages sent with `Referrer-Policy: no-referrer`.

    Under that policy browsers send `Origin: null` and no Referer with a form of the same site, so here the masked
    token and its cookie decide alone. A refusal shows the form's own plain page and puts no address in a log.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        return request.headers["Origin"] == "null" or bool(super()._origin_verified(request))  # type: ignore[misc]

    def _check_referer(self, request: HttpRequest) -> None:
        if "Referer" in request.headers:
            super()._check_referer(request)  # type: ignore[misc]

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002 - Django's signature
        room = "organ" if request.path.startswith(ORGANS) else "form"
        told = {"kind": "cookies", "office_phone": help_phone()}
        return page(request, "notice", reader=Reader.of(request), status=403, context=told, room=room)


_form_token_checked = decorator_from_middleware(FormTokenMiddleware)


def public_form(view: View) -> View:
    """A page of the form: own token check instead of the global one, sealed headers on every answer."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return sealed(view(request, *args, **kwargs))

    return csrf_exempt(cast("View", _form_token_checked(shown)))
