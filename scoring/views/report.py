"""The rewards and sanctions report of a centre and a period: page, PDF and workbook from the same figures."""

from typing import cast
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.periods import Period
from qa_service.documents.xlsx import Sheet, workbook
from qa_service.organisations.models import Organisation
from scoring import documents
from scoring.documents.content import IssuedNotice, ReportContent
from scoring.models import DECIDING_ROLES
from scoring.queries.reports import centres_to_report, rewards_and_sanctions

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUARTERS = "一二三四"
YEARS_BACK = 3
PAPER = "zh-hans"


def chosen_period(text: str) -> tuple[Period, str]:
    """`2026` or `2026-3` (a quarter) as a period and its label for the paper; 404 for anything else."""
    year, _dash, quarter = text.partition("-")
    try:
        if not quarter:
            return Period.year(int(year)), f"{int(year)}年"
        return _quarter(int(year), int(quarter))
    except ValueError:
        raise Http404 from None


def _quarter(year: int, quarter: int) -> tuple[Period, str]:
    if not 1 <= quarter <= len(QUARTERS):
        raise ValueError(quarter)
    return Period.quarter(year, quarter), f"{year}年第{QUARTERS[quarter - 1]}季度"


def shown_label(text: str) -> str:
    """A chosen period in the reader's language."""
    year, _dash, quarter = text.partition("-")
    if not quarter:
        return _("Year %(year)s") % {"year": year}
    return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}


def periods_offered() -> list[tuple[str, str]]:
    today = timezone.localdate()
    this = (today.month - 1) // 3 + 1
    quarters = [f"{today.year}-{each}" for each in range(this, 0, -1)]
    years = [str(today.year - back) for back in range(YEARS_BACK)]
    return [(each, shown_label(each)) for each in (*quarters, *years)]


def _content(
    request: HttpRequest, *, language: str = PAPER
) -> tuple[ReportContent, list[Organisation], Organisation, str]:
    centres = centres_to_report(cast("User", request.user))
    wanted = request.GET.get("centre") or (centres[0].code if centres else "")
    centre = next((each for each in centres if each.code == wanted), None)
    if centre is None:
        raise Http404
    chosen = request.GET.get("period") or str(timezone.localdate().year)
    period, label = chosen_period(chosen)
    content = rewards_and_sanctions(
        centre=centre,
        period=period,
        label=label if language == PAPER else shown_label(chosen),
        language=language,
        now=timezone.now(),
    )
    return content, centres, centre, chosen


@require_safe
@roles_required(*DECIDING_ROLES)
def report(request: HttpRequest) -> HttpResponse:
    content, centres, centre, chosen = _content(request, language=get_language() or PAPER)
    context = {
        "content": content,
        "centres": centres,
        "centre": centre,
        "periods": periods_offered(),
        "chosen": chosen,
    }
    return render(request, "scoring/report.html", context)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_pdf(request: HttpRequest) -> HttpResponse:
    content, *_rest = _content(request)
    return _download(documents.report_pdf(content), "application/pdf", f"{content.period_label}.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
def report_xlsx(request: HttpRequest) -> HttpResponse:
    content, *_rest = _content(request, language=get_language() or PAPER)
    return _download(workbook(_sheets(content)), XLSX, f"{content.period_label}.xlsx")


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def _sheets(content: ReportContent) -> list[Sheet]:
    totals = content.totals
    overview: list[list[str | int]] = [
        [_("Centre"), content.organisation],
        [_("Period"), content.period_label],
        [_("Cases closed"), totals.closed],
        [_("People helped"), totals.people_helped],
    ]
    sheets = [Sheet(_("Overview"), (_("Figure"), _("Value")), overview)]
    if content.assessment:
        header = (_("Class"), _("Excellent"), _("Good"), _("Pass"), _("Fail"), _("Total"))
        grades = content.assessment.grades
        rows = [(row.case_class, row.excellent, row.good, row.passed, row.failed, row.total) for row in grades]
        sheets.append(Sheet(_("Grades"), header, rows))
    counts = (
        pgettext("proposals", "Proposed"),
        pgettext("proposals", "Accepted"),
        pgettext("proposals", "Declined"),
        pgettext("proposals", "Waiting"),
    )
    header = (_("Rule"), pgettext("proposals", "Name"), *counts)
    rules = [(row.code, row.name, row.proposed, row.accepted, row.declined, row.waiting) for row in content.rules]
    sheets.append(Sheet(_("Rules"), header, rules))
    sheets.append(_notices(_("Commendation notices"), content.commendations))
    sheets.append(_notices(_("Rectification notices"), content.rectifications))
    return sheets


def _notices(name: str, rows: tuple[IssuedNotice, ...]) -> Sheet:
    header = (_("Number"), _("Case"), _("Class"), _("Lawyer"), _("Firm"), _("Issued on"), _("State"))
    cells = [
        (row.number, row.case_number, row.case_class, row.lawyer, row.firm, row.issued_on, row.state) for row in rows
    ]
    return Sheet(name, header, cells, (20, 28, 10, 14, 28, 14, 12))
