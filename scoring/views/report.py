"""The reports of a centre and a period: page, PDF, workbook and plain file from the same figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.documents.charts import svg
from qa_service.documents.xlsx import Sheet, workbook
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring import documents
from scoring.documents import tabular
from scoring.documents.content import ReportContent
from scoring.documents.tabular import Figures, TabularReport, chart_of, csv_of
from scoring.models import DECIDING_ROLES
from scoring.queries.bar_report import bar_report
from scoring.queries.public_report import public_report
from scoring.queries.reports import centres_to_report, rewards_and_sanctions
from scoring.queries.standings import period_named
from scoring.views.report_sheets import sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
QUARTERS = "一二三四"
YEARS_BACK = 3
PAPER = "zh-hans"


def chosen_period(text: str) -> tuple[Period, str]:
    """`2026` or `2026-3` (a quarter) as a period and its label for the paper.

    :raises PeriodUnknown: for anything else; page and API say which forms there are.
    """
    period = period_named(text)
    quarter = f"第{QUARTERS[(period.start.month - 1) // 3]}季度" if "-" in text else ""
    return period, f"{period.start.year}年{quarter}"


def shown_label(text: str) -> str:
    """A chosen period in the reader's language."""
    year, _dash, quarter = text.partition("-")
    if not quarter:
        return _("Year %(year)s") % {"year": year}
    return _("%(year)s, quarter %(quarter)s") % {"year": year, "quarter": quarter}


def periods_offered(today: date) -> list[tuple[str, str]]:
    """The last four quarters, that of today first, whichever year they are of, and the last years."""
    this = today.year * 4 + (today.month - 1) // 3
    quarters = [f"{each // 4}-{each % 4 + 1}" for each in range(this, this - 4, -1)]
    years = [str(today.year - back) for back in range(YEARS_BACK)]
    return [(each, shown_label(each)) for each in (*quarters, *years)]


class ReportKind(TextChoices):
    """What can be reported. All but the first are plain tables, the same whoever asks."""

    REWARDS = "rewards", gettext_lazy("Rewards and sanctions report")
    PUBLIC = "public", gettext_lazy("Public report (art. 58)")
    BAR = "bar", gettext_lazy("For the bar association (art. 60)")


TABULAR = {ReportKind.PUBLIC: public_report, ReportKind.BAR: bar_report}


@dataclass(frozen=True, slots=True)
class Chosen:
    """`content` is a `ReportContent` for the first kind, else a `TabularReport`."""

    content: ReportContent | TabularReport
    kind: ReportKind
    centres: list[Organisation]
    centre: Organisation
    period: str


def chosen_report(user: User, query: Mapping[str, str], *, language: str = PAPER) -> Chosen:
    """The report that the address asks for; 404 outside one's centres and for a kind that is none.

    :raises PeriodUnknown: for a period that is none.
    """
    centres = centres_to_report(user)
    wanted = query.get("centre") or (centres[0].code if centres else "")
    centre = next((each for each in centres if each.code == wanted), None)
    named_kind = query.get("kind") or ReportKind.REWARDS.value
    if centre is None or named_kind not in ReportKind.values:
        raise Http404
    kind = ReportKind(named_kind)
    named = query.get("period") or str(today_at(centre, timezone.now()).year)
    period, label = chosen_period(named)
    label = label if language == PAPER else shown_label(named)
    content = _gathered(kind, centre, period, label=label, language=language, reader=user)
    return Chosen(content, kind, centres, centre, named)


def _gathered(
    kind: ReportKind, centre: Organisation, period: Period, *, label: str, language: str, reader: User
) -> ReportContent | TabularReport:
    now = timezone.now()
    if kind == ReportKind.REWARDS:
        return rewards_and_sanctions(
            centre=centre, period=period, label=label, language=language, reader=reader, now=now
        )
    return TABULAR[kind](centre=centre, period=period, label=label, language=language, now=now)


@require_safe
@roles_required(*DECIDING_ROLES)
def report(request: HttpRequest) -> HttpResponse:
    chosen = chosen_report(cast("User", request.user), request.GET, language=get_language() or PAPER)
    context: dict[str, Any] = {
        "content": chosen.content,
        "centres": chosen.centres,
        "centre": chosen.centre,
        "kinds": ReportKind.choices,
        "kind": chosen.kind,
        "periods": periods_offered(today_at(chosen.centre, timezone.now())),
        "chosen": chosen.period,
    }
    if isinstance(chosen.content, TabularReport):
        context["tables"] = [(table, _drawn(table, at)) for at, table in enumerate(chosen.content.tables)]
        return render(request, "scoring/report_tables.html", context)
    voice = chosen.content.voice
    context["satisfied_low"] = _percent(voice.low if voice else None)
    context["satisfied_high"] = _percent(voice.high if voice else None)
    return render(request, "scoring/report.html", context)


def _drawn(table: Figures, at: int) -> str:
    chart = chart_of(table)
    return mark_safe(svg(chart, ident=f"chart-{at}")) if chart else ""  # noqa: S308 - built as a tree, every text escaped


def _percent(part: Decimal | None) -> Decimal | None:
    return None if part is None else half_up(part * 100, places=1)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_pdf(request: HttpRequest) -> HttpResponse:
    return paper(cast("User", request.user), request.GET)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_xlsx(request: HttpRequest) -> HttpResponse:
    return sheets_of(cast("User", request.user), request.GET)


@require_safe
@roles_required(*DECIDING_ROLES)
def report_csv(request: HttpRequest) -> HttpResponse:
    return plain_file_of(cast("User", request.user), request.GET)


def paper(user: User, query: Mapping[str, str]) -> HttpResponse:
    """The paper is Chinese in every language of the pages, and so is its name."""
    chosen = chosen_report(user, query)
    with override(PAPER):
        draw = chosen.content
        data = documents.tabular_pdf(draw) if isinstance(draw, TabularReport) else documents.report_pdf(draw)
        return _download(data, "application/pdf", chosen, extension="pdf")


def sheets_of(user: User, query: Mapping[str, str]) -> HttpResponse:
    chosen = chosen_report(user, query, language=get_language() or PAPER)
    return _download(workbook(_sheets(chosen.content)), XLSX, chosen, extension="xlsx")


def plain_file_of(user: User, query: Mapping[str, str]) -> HttpResponse:
    """The sheets of the workbook below each other, safe to open in a spreadsheet."""
    chosen = chosen_report(user, query, language=get_language() or PAPER)
    lines = csv_of(_sheets(chosen.content), chosen.content.notes)
    return _download("".join(lines).encode(), "text/csv; charset=utf-8", chosen, extension="csv")


def _sheets(content: ReportContent | TabularReport) -> list[Sheet]:
    return tabular.sheets(content) if isinstance(content, TabularReport) else sheets(content)


def _download(data: bytes, content_type: str, chosen: Chosen, *, extension: str) -> HttpResponse:
    """Named for what it is, whose and of when: a person keeps many of them in one folder."""
    content = chosen.content
    name = file_name(str(chosen.kind.label), content.organisation, content.period_label, extension=extension)
    plain = f"report-{chosen.kind}-{chosen.centre.code}-{chosen.period}.{extension}"
    response = HttpResponse(data, content_type=content_type)
    response.headers["Content-Disposition"] = disposition(name, plain=plain)
    response["Cache-Control"] = "private, no-store"
    return response
