"""Who is not being heard, and what an answer costs."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from surveys.documents.figures.content import CostsContent, HeardContent
from surveys.models.conversations import STAFF_ROLES
from surveys.queries.figures.costs_told import costs_content
from surveys.queries.figures.files import costs_header, costs_rows, heard_header, heard_rows
from surveys.queries.figures.heard_told import heard_content
from surveys.views.figures import COST_READERS, Chosen, chosen, shared, table_file


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def unheard(request: HttpRequest) -> HttpResponse:
    asked = chosen(request)
    context = {"content": _heard(request, asked)} | shared(request, asked)
    return render(request, "surveys/staff/figures/unheard.html", context)


@roles_required(*STAFF_ROLES)
@never_cache
@require_safe
def unheard_csv(request: HttpRequest) -> HttpResponse:
    asked = chosen(request)
    rows = heard_rows(_heard(request, asked))
    return table_file(heard_header(), rows, name=_("Who is not heard"), plain="unheard", about=asked.about)


@roles_required(*COST_READERS)
@never_cache
@require_safe
def costs(request: HttpRequest) -> HttpResponse:
    asked = chosen(request)
    context = {"content": _costs(request, asked)} | shared(request, asked)
    return render(request, "surveys/staff/figures/costs.html", context)


@roles_required(*COST_READERS)
@never_cache
@require_safe
def costs_csv(request: HttpRequest) -> HttpResponse:
    asked = chosen(request)
    content = _costs(request, asked)
    rows = costs_rows(content)
    return table_file(costs_header(content), rows, name=_("What an answer costs"), plain="costs", about=asked.about)


def _heard(request: HttpRequest, asked: Chosen) -> HeardContent:
    return heard_content(user=cast("User", request.user), choice=asked.choice, about=asked.about, now=asked.now)


def _costs(request: HttpRequest, asked: Chosen) -> CostsContent:
    return costs_content(user=cast("User", request.user), choice=asked.choice, about=asked.about, now=asked.now)
