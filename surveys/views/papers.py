"""Papers to print: follow-up records, questionnaires on paper, closing cards. Each is a POST: it leaves a trace."""

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_in_order
from surveys import queries, services
from surveys.queries import papers as printed
from surveys.queries.papers import PRINTING_ROLES

PAGE_SIZE = 30
READING_ROLES = (*PRINTING_ROLES, Role.SUPERVISOR)


@roles_required(*READING_ROLES)
@never_cache
@require_safe
def papers(request: HttpRequest) -> HttpResponse:
    """Interviews that were keyed in, newest first, each with its record to print; and cards by case number."""
    user = cast("User", request.user)
    page = page_in_order(printed.keyed_in(user), after=request.GET.get("after", ""), size=PAGE_SIZE)
    context = {"page": page, "may_print_cards": user.has_role(*PRINTING_ROLES)}
    return render(request, "surveys/staff/papers.html", context)


@roles_required(*READING_ROLES)
@never_cache
@require_POST
def print_record(request: HttpRequest, public_id: UUID) -> HttpResponse:
    data = services.print_record(
        user=cast("User", request.user),
        public_id=public_id,
        language=_language(request),
        with_number="with_number" in request.POST,
        now=timezone.now(),
    )
    return _pdf(data, "record.pdf")


@roles_required(*PRINTING_ROLES)
@never_cache
@require_POST
def print_form(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    conversation = queries.telephone_conversation(user=user, public_id=public_id)
    data = services.print_form(user=user, conversation=conversation, language=_language(request), now=timezone.now())
    return _pdf(data, "form.pdf")


@roles_required(*PRINTING_ROLES)
@never_cache
@require_POST
def print_card(request: HttpRequest) -> HttpResponse:
    """By the number of the case: no number and no code stands in an address."""
    user = cast("User", request.user)
    case = printed.case_for_card(user=user, number=request.POST.get("number", "")[:80])
    client = printed.client_for_card(case, named=request.POST.get("client", ""))
    data = services.print_card(user=user, case=case, client=client, language=_language(request), now=timezone.now())
    return _pdf(data, "card.pdf")


def _language(request: HttpRequest) -> str:
    return request.POST.get("language", "")[:10]


def _pdf(data: bytes, name: str) -> HttpResponse:
    """Named for its kind alone: a file's name outlives the paper in many a download folder."""
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
