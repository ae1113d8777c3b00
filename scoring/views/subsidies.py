"""The subsidy sheet of a centre and a period: page and workbook from the same rows."""

from http import HTTPStatus
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.period_names import name_of, period_in_words, period_named
from qa_service.common.periods import Period
from qa_service.documents.csv_export import CellValue
from qa_service.documents.xlsx import Sheet, workbook
from qa_service.organisations.queries import today_at
from scoring.documents.report_files import CONTENT_TYPES
from scoring.enums import Grade
from scoring.models import DECIDING_ROLES
from scoring.queries.report_choice import periods_offered, with_chosen
from scoring.queries.reports import centres_to_report
from scoring.queries.subsidies import SubsidySheet, subsidy_sheet

A_PAGE = 100


@never_cache
@roles_required(*DECIDING_ROLES)
@require_safe
def sheet(request: SignedInRequest) -> HttpResponse:
    found, context = _chosen(request)
    rows = [(row, Grade(row.grade).label if row.grade else "") for row in found.rows]
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "scoring/subsidies.html", context | {"sheet": found, "page": page})


@never_cache
@roles_required(*DECIDING_ROLES)
@require_safe
def sheet_xlsx(request: SignedInRequest) -> HttpResponse:
    """:status 404: R4 is off, so there is no sheet."""
    found, chosen = _chosen(request)
    if found.rule is None:
        raise Http404
    head = [_("Case"), _("Lawyer"), _("Firm"), _("File accepted on"), _("Days late"), _("Grade"), _("Coefficient")]
    rows: list[list[CellValue]] = [
        [
            row.number, row.lawyer, row.firm, row.accepted_on, 0 if row.excused else row.days_late,
            str(Grade(row.grade).label) if row.grade else "", row.coefficient,
        ]
        for row in found.rows
    ]  # fmt: skip
    of_when = period_in_words(period_named(chosen["chosen"]))
    name = file_name(_("Subsidy sheet"), chosen["centre"].name, of_when, extension="xlsx")
    plain = f"subsidies-{chosen['centre'].code}-{chosen['chosen']}.xlsx"
    response = HttpResponse(
        workbook([Sheet(_("Subsidy sheet"), head, rows)]), content_type=CONTENT_TYPES["xlsx"], status=HTTPStatus.OK
    )
    response.headers["Content-Disposition"] = disposition(name, plain=plain)
    return response


def _chosen(request: SignedInRequest) -> tuple[SubsidySheet, dict[str, Any]]:
    """404 outside one's centres. :raises PeriodUnknown: for a period that is none."""
    centres = centres_to_report(request.user)
    wanted = request.GET.get("centre") or (centres[0].code if centres else "")
    centre = next((each for each in centres if each.code == wanted), None)
    if centre is None:
        raise Http404
    today = today_at(centre, timezone.now())
    period = period_named(request.GET.get("period") or name_of(Period.quarter_of(today)))
    found = subsidy_sheet(centre=centre, period=period, reader=request.user)
    context = {
        "centres": centres,
        "centre": centre,
        "periods": with_chosen(periods_offered(today), period),
        "chosen": name_of(period),
    }
    return found, context
