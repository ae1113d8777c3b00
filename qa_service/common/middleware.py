"""The page a person sees when a view lets a refusal of the domain through, and what is refused before any view."""

import logging
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from qa_service.common.api import API, as_refusal, problem_json
from qa_service.common.encryption import unreadable_told
from qa_service.common.errors import DomainError, TooLarge

logger = logging.getLogger(__name__)

LOOKING = ("GET", "HEAD")
NUL = "\0"
FORM, JSON, MULTIPART = "application/x-www-form-urlencoded", "application/json", "multipart/form-data"
# An escape is one unless its backslash is itself escaped.
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
# They take out what no column can hold themselves: a reply of a client is never turned away.
WEBHOOKS = "/webhooks/"
# The client's pages: of a key nothing but its digest is looked up, of an answer NUL is taken out. Whoever mistyped
# sees the plain page of an unknown link, in the client's own words.
CLIENTS = "/s/"
# The same door for courts and other organs.
ORGANS = "/o/"
FORMS = (CLIENTS, ORGANS)


def _answer(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    if request.path.startswith(API) or request.headers.get("Accept", "").startswith(JSON):
        return problem_json(refusal)
    return render(request, "refused.html", {"error": refusal}, status=refusal.status)


class DomainErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        refusal = as_refusal(exception)
        return None if refusal is None else _answer(request, refusal)


class UnreadableMiddleware:
    """One damaged record hides no other: who looks sees of it that it cannot be read.

    Whatever acts on it is refused, see `as_refusal`. Stands inside whatever chooses the language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in LOOKING:
            return self.get_response(request)
        with unreadable_told() as found:
            response = self.get_response(request)
        for column, times in found.items():
            logger.error("%d of %s cannot be read", times, column)
        return response


class NulCharacter(DomainError):  # noqa: N818 - named for the fact
    code = "nul_character"
    status = HTTPStatus.BAD_REQUEST


class NulMiddleware:
    """No text of ours holds the character NUL and PostgreSQL takes none: one answer for all of them, before any view.

    Stands before the session, whose key comes from a cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}
        if request.path.startswith(FORMS):
            return self.get_response(request)
        try:
            holds_nul = _holds_nul([request.path, *_written(request.GET)]) or _body_holds_nul(request)
        except RequestDataTooBig:  # answered here: Django would log a fault of ours, with its traceback
            return self._too_large(request)
        return self._refused(request) if holds_nul else self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """A form with a file is read here, where the check of its token reads it too. Programs' check themselves."""
        if request.content_type != MULTIPART or request.path.startswith((API, WEBHOOKS, *FORMS)):
            return None
        return self._refused(request) if _holds_nul(_written(request.POST)) else None

    def _refused(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            text = _("What was sent holds the character NUL, which no text here may hold. Remove it and send again.")
            return _answer(request, NulCharacter(text))

    def _too_large(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            text = _("The request is too large: more than %(limit)d MB.")
            limit = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20
            return _answer(request, TooLarge(text % {"limit": limit}))


def _written(given: Any) -> Iterable[str]:
    for name, values in given.lists():
        yield name
        yield from values


def _holds_nul(texts: Iterable[str]) -> bool:
    return any(NUL in text for text in texts)


def _body_holds_nul(request: HttpRequest) -> bool:
    """Looked at as bytes: reading the fields is for the view, which says how many it takes."""
    if request.content_type not in (FORM, JSON) or request.path.startswith(WEBHOOKS):
        return False
    try:
        body = request.body
    except UnreadablePostError:  # the caller has hung up
        return False
    if b"\0" in body:
        return True
    return bool(ESCAPED_NUL.search(body)) if request.content_type == JSON else b"%00" in body
