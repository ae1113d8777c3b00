"""What of a centre was looked at, by the four legal means; and the appraisal table (综合评析表) of its lawyers."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file, pdf_file
from qa_service.common.rounding import half_up
from qa_service.common.shares import percent
from qa_service.documents import pdf
from qa_service.documents.csv_export import CellValue, csv_lines
from qa_service.organisations.queries import latest_day
from scoring.documents.figures.paper import appraisal_sheet
from scoring.figures.coverage import CoverageLine
from scoring.forms.coverage import CoverageForm
from scoring.models.scores import STAFF_READERS
from scoring.queries.coverage import CRITERIA, AppraisalLine, appraisal_of, coverage_of

APPRAISAL = "appraisal"
PAPER = "zh-hans"


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    user, form, now = cast("User", request.user), coverage_form(request), timezone.now()
    lines = coverage_of(user, form.cases, by=form.cleaned_data["by"])
    appraised = appraisal_of(user, form.cases)
    context = {
        "form": form,
        "about": {"words": form.words, "as_of": timezone.localtime(now, form.zone)},
        "finding": _finding(lines),
        "lines": [(line, line.unit or _("no station"), _shares(line)) for line in lines],
        "header": _appraisal_header(),
        "note": _appraisal_note(),
        "appraised": [(line, ["—" if cell is None else cell for cell in _appraisal_cells(line)]) for line in appraised],
    }
    return render(request, "scoring/coverage.html", context)


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponse:
    """The ledger, or with `table=appraisal` the other table."""
    user, form, now = cast("User", request.user), coverage_form(request), timezone.now()
    table = request.GET.get("table", "")
    if table not in {"", APPRAISAL}:
        raise Http404
    if table == APPRAISAL:
        name, header = _("Appraisal table"), _appraisal_header()
        rows = [_appraisal_cells(line) for line in appraisal_of(user, form.cases)]
    else:
        name, header = _("Coverage ledger"), _coverage_header()
        rows = [_coverage_cells(line) for line in coverage_of(user, form.cases, by=form.cleaned_data["by"])]
    day = _day(form, now)
    return csv_file(csv_lines(header, rows), name, *form.words, day, plain=f"coverage-{day}")


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def appraisal_pdf(request: HttpRequest) -> HttpResponse:
    """综合评析表, a paper of the centre: Chinese, whatever the language of the pages."""
    user, form, now = cast("User", request.user), coverage_form(request), timezone.now()
    rows = [
        ["—" if cell is None else str(cell) for cell in _appraisal_cells(line)]
        for line in appraisal_of(user, form.cases)
    ]
    moment = f"{timezone.localtime(now, form.zone):%Y-%m-%d %H:%M}"
    with override(PAPER):
        sheet = appraisal_sheet(
            _("Appraisal table"),
            _(", ").join(form.words),
            _appraisal_header(),
            rows,
            note=_appraisal_note(),
            language=PAPER,
            foot=_("As of %(moment)s") % {"moment": moment},
        )
        day = _day(form, now)
        return pdf_file(pdf.sheet(sheet), _("Appraisal table"), *form.words, day, plain=f"coverage-{day}")


def coverage_form(request: Any) -> CoverageForm:
    """:raises Http404: the address names a centre out of reach, no period, no type or nothing to count by."""
    form = CoverageForm(request.GET, user=cast("User", request.user), today=latest_day(timezone.now()))
    if not form.is_valid():
        raise Http404
    return form


def _day(form: CoverageForm, now: datetime) -> str:
    return f"{timezone.localtime(now, form.zone):%Y%m%d}"


def _finding(lines: list[CoverageLine]) -> str:
    if not lines:
        return _("No case of this selection has been closed.")
    never = [line for line in lines if line.never]
    if not never:
        return _("Everybody here was looked at by one of the four means at least.")
    said = ngettext(
        "%(n)d of %(all)d was looked at by none of the four means.",
        "%(n)d of %(all)d were looked at by none of the four means.",
        len(never),
    )
    return said % {"n": len(never), "all": len(lines)}


def _coverage_header() -> list[str]:
    return [
        _("Whose"),
        _("Cases closed"),
        _("Clients answered"),
        _("Files inspected"),
        _("Organs answered"),
        _("Hearings observed"),
        _("By any means"),
    ]


def _coverage_cells(line: CoverageLine) -> list[CellValue]:
    counts = (line.cases, line.followed_up, line.inspected, line.organ_heard, line.observed, line.any_means)
    return [line.unit or _("no station"), *counts]


def _shares(line: CoverageLine) -> list[str]:
    counts = (line.followed_up, line.inspected, line.organ_heard, line.observed, line.any_means)
    return [f"{count} ({percent(count, line.cases):.0f} %)" if count else "0" for count in counts]


def _appraisal_header() -> list[str]:
    """The seed's own columns: 沟通, 调查取证, 意见质量, 采纳, 归档, 律所自评, 满意度."""
    return [
        _("Lawyer"),
        _("Cases closed"),
        _("Files read"),
        _("Communication"),
        _("Evidence"),
        _("Quality of the opinion"),
        _("Adoption"),
        _("Archive"),
        _("Self-assessment"),
        _("Satisfaction"),
        _("Answers"),
    ]


def _appraisal_note() -> str:
    return _(
        "Of 100, over the files whose result was released: what the readers left of each section's points, how near "
        "the firm's own marks came to theirs, and what clients said where five and more answered. By name, in no "
        "order of merit; fewer than five files say little."
    )


def _appraisal_cells(line: AppraisalLine) -> list[CellValue]:
    figures = [*(line.criteria.get(code) for code in CRITERIA), line.accuracy, line.satisfaction]
    return [line.name, line.closed, line.read, *map(_rounded, figures), line.answers]


def _rounded(figure: Decimal | None) -> Decimal | None:
    return None if figure is None else half_up(figure, places=1)
