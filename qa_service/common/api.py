"""API plumbing: problem+json (RFC 9457) for every refusal, one exception handler."""

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from qa_service.common.days import refuse_implausible
from qa_service.common.errors import Conflict, DomainError
from qa_service.common.retelling import OBJECT, ROOT, body_in_words, fields_in_words
from qa_service.common.workdays import CalendarYearMissing

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"
# Where programs speak: their answers are problems, not pages.
API = "/api/"
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,39}")


def problem_body(*, code: str, title: str, status_code: int, errors: Any = None) -> dict[str, Any]:
    body: dict[str, Any] = {"type": f"about:blank#{code}", "code": code, "title": title, "status": status_code}
    if errors:
        body["errors"] = errors
    return body


def domain_problem(error: DomainError) -> dict[str, Any]:
    details = {key: str(value) for key, value in error.details.items()}
    errors = [{"field": error.field, "message": str(error.message), **details}] if error.field or details else None
    return problem_body(code=error.code, title=str(error.message), status_code=error.status, errors=errors)


# What PostgreSQL says of two who wait for each other, and of one who read what another has written since.
GIVEN_WAY = frozenset({"40P01", "40001"})


def as_refusal(error: Exception) -> DomainError | None:
    """What edges show as a refusal: our own, a pure module's word that the calendar does not reach so far, the
    database's that of two who wrote at once one had to give way, all of theirs undone, and a damaged record.
    """
    if isinstance(error, InvalidToken):
        logger.error("what is kept of a record cannot be read: nothing was done")
        text = _("What is kept of this record cannot be read, so this cannot be done. Tell whoever runs the service.")
        return Conflict(text, code="record_unreadable")
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in GIVEN_WAY:
        text = _("Somebody else saved the same things at the same moment. Nothing of yours was saved: do it once more.")
        return Conflict(text, code="given_way")
    if isinstance(error, CalendarYearMissing):
        text = _("The working-day calendar has no year %(year)d. Ask the operator to import its official notice.")
        return Conflict(text % {"year": error.year}, code="calendar_year_missing")
    return error if isinstance(error, DomainError) else None


def refuse_unreadable(request: Request) -> None:
    """What was sent is what it says it is, and an object: names with their values. Nothing sent is fine.

    :raises ParseError: 400; a program that sends something else means something that would not be done.
    """
    if not isinstance(request.data, Mapping):
        raise exceptions.ParseError(_(OBJECT))


class Endpoint(APIView):
    """A door of the API. Whether it uses what was sent or not, that is read before anything is done."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS:
            refuse_unreadable(request)


def sent(request: Request, shape: type[Any]) -> dict[str, Any]:
    """What the program sent, by the serializer of its shape. :raises ValidationError: named by field."""
    given = shape(data=request.data)
    given.is_valid(raise_exception=True)
    values: dict[str, Any] = given.validated_data
    return values


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's handler, in one shape: our refusals, DRF's own, and Django's 404 and 403."""
    refusal = as_refusal(exc)
    if refusal is not None:
        return Response(domain_problem(refusal), status=refusal.status, content_type=PROBLEM_TYPE)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = exception_handler(exc, context)
    if response is None or not isinstance(exc, exceptions.APIException):
        return response
    fields = fields_in_words(exc.detail) if isinstance(exc, exceptions.ValidationError) else None
    title = str(exc.default_detail if fields is not None else body_in_words(exc))
    code = str(exc.default_code)
    response.data = problem_body(code=code, title=title, status_code=response.status_code, errors=fields)
    response.content_type = PROBLEM_TYPE
    return response


def problem_json(error: DomainError) -> JsonResponse:
    """The same shape for plain Django views."""
    return JsonResponse(domain_problem(error), status=error.status, content_type=PROBLEM_TYPE)


def plain_problem(*, code: str, title: Any, status_code: int) -> JsonResponse:
    """For what no view of the API was asked about. `title` is a translatable sentence."""
    body = problem_body(code=code, title=str(title), status_code=status_code)
    return JsonResponse(body, status=status_code, content_type=PROBLEM_TYPE)


class MomentField(serializers.DateTimeField):
    """A moment; the library's own breaks at the ends of the calendar, where no zone can be applied."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            return super().to_internal_value(value)
        except OverflowError:
            self.fail("overflow")


class DayField(serializers.DateField):
    """A day that a program sends.

    :raises InvalidInput: it is a day, and named by the field, but nobody can have meant it.
    """

    def to_internal_value(self, value: Any) -> date:
        day: date = super().to_internal_value(value)
        refuse_implausible(day, today=timezone.localdate(), field=self.field_name or "")
        return day


class TextField(serializers.CharField):
    """Words that a program sends; the library's own makes words of a number."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


def refuse_unknown_names(data: Any, known: Iterable[str]) -> None:
    """:raises ValidationError: by the name of each that is none of the known; what looks like no name is not repeated,
    as it may be somebody's own."""
    unknown = set(data) - set(known) if isinstance(data, Mapping) else set()
    if unknown:
        named = sorted(name for name in unknown if isinstance(name, str) and FIELD_NAME.fullmatch(name))
        fields = named if len(named) == len(unknown) else [*named, ROOT]
        raise serializers.ValidationError({name: [_("This field is not known.")] for name in fields})


class Whole(serializers.Serializer[Any]):
    """Refuses what it does not know by its name: a program that sends it means something that would not be done."""

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown_names(data, self.fields)
        return super().to_internal_value(data)
