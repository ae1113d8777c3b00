"""The reports of a place and a period: page, PDF, workbook and plain file from the same figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import TooLarge
from qa_service.common.rounding import half_up
from qa_service.documents.charts import svg
from qa_service.organisations.queries import today_at
from scoring.documents.report_files import CONTENT_TYPES, Content, report_bytes
from scoring.documents.tabular import Figures, TabularReport, chart_of
from scoring.enums import ReportForm
from scoring.models import DECIDING_ROLES
from scoring.queries.report_choice import (
    OFFERED,
    PAPER,
    Asked,
    gathered,
    periods_offered,
    report_asked,
    with_chosen,
)


@require_safe
@roles_required(*DECIDING_ROLES)
def report(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    asked = report_asked(user, request.GET)
    context: dict[str, Any] = {
        "asked": asked,
        "centres": asked.places,
        "centre": asked.place,
        "kinds": [(kind.value, kind.label) for kind in OFFERED],
        "kind": asked.kind,
        "periods": with_chosen(periods_offered(today_at(asked.place, now)), asked.period),
        "chosen": asked.shown,
        "forms": ReportForm.choices,
    }
    if asked.long:
        return render(request, "scoring/report_long.html", context)
    content = gathered(asked, reader=user, language=get_language() or PAPER, now=now)
    context["content"] = content
    if isinstance(content, TabularReport):
        context["tables"] = drawn(content)
        return render(request, "scoring/report_tables.html", context)
    voice = content.voice
    context["satisfied_low"] = _percent(voice.low if voice else None)
    context["satisfied_high"] = _percent(voice.high if voice else None)
    return render(request, "scoring/report.html", context)


def drawn(content: TabularReport) -> list[tuple[Figures, str]]:
    """Each table with its chart for a page; empty where it has none."""
    return [(table, _drawn(table, at)) for at, table in enumerate(content.tables)]


def _drawn(table: Figures, at: int) -> SafeString | str:
    chart = chart_of(table)
    return mark_safe(svg(chart, ident=f"chart-{at}")) if chart else ""  # noqa: S308 - built as a tree, every text escaped


def _percent(part: Decimal | None) -> Decimal | None:
    return None if part is None else half_up(part * 100, places=1)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_pdf(request: HttpRequest) -> HttpResponse:
    return file_of(cast("User", request.user), request.GET, ReportForm.PDF)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_xlsx(request: HttpRequest) -> HttpResponse:
    return file_of(cast("User", request.user), request.GET, ReportForm.XLSX)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_csv(request: HttpRequest) -> HttpResponse:
    return file_of(cast("User", request.user), request.GET, ReportForm.CSV)


def file_of(user: User, query: Mapping[str, str], form: ReportForm) -> HttpResponse:
    """The paper is Chinese in every language of the pages, and so is its name.

    :raises TooLarge: it takes more cases than a person waits for.
    """
    asked = report_asked(user, query)
    require_short(asked)
    language = PAPER if form == ReportForm.PDF else get_language() or PAPER
    with override(language):
        content = gathered(asked, reader=user, language=language, now=timezone.now())
        plain = f"report-{asked.kind}-{asked.place.code}-{asked.named}"
        return download(content, form, str(asked.kind.label), plain=plain)


def require_short(asked: Asked) -> None:
    """:raises TooLarge: it takes more cases than a person waits for."""
    if asked.long:
        raise TooLarge(
            _("This report takes too many cases to wait for. Order it on its page: the worker makes it and tells you."),
            code="report_too_long",
        )


def download(content: Content, form: ReportForm, name: str, *, plain: str) -> HttpResponse:
    """Named for what it is, whose and of when: a person keeps many of them in one folder."""
    named = file_name(name, content.organisation, content.period_label, extension=form.value)
    response = HttpResponse(report_bytes(content, form), content_type=CONTENT_TYPES[form])
    response.headers["Content-Disposition"] = disposition(named, plain=f"{plain}.{form.value}")
    response["Cache-Control"] = "private, no-store"
    return response
