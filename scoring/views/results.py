"""Results of cases: for the lawyer, the firm, and those who oversee them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import firms_of
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.downloads import disposition, file_name
from qa_service.common.keyset import page_after
from qa_service.common.period_names import name_of, period_in_words, period_named
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up, plain
from qa_service.documents.charts import svg
from qa_service.documents.content import PlotChart
from qa_service.organisations.queries import day_of_lawyer, memberships_on
from reviews.queries import left_to_object, released_result, results_of_lawyer
from scoring.calculation import mean
from scoring.documents import reasons_pdf
from scoring.documents.content import ReasonsContent
from scoring.enums import SETTLED_GRADES, Grade, UnitKind
from scoring.forms.standings import periods_offered
from scoring.models import CaseScore
from scoring.models.scores import STAFF_READERS
from scoring.queries.notices import notices_of
from scoring.queries.own_results import OwnPerson, OwnQuarter, own_people, own_quarters, together
from scoring.queries.own_statement import own_trends
from scoring.queries.proposals import statements_to_give
from scoring.queries.scores import (
    LineShown,
    case_score_for,
    former_score_for,
    former_scores,
    overseen_scores,
    scores_of_firms,
    scores_of_lawyer,
)
from scoring.queries.standings import scores_of_unit
from scoring.queries.tasks import left_of, tasks_of
from scoring.queries.voice import voice_of_firm, voice_of_lawyer

CASES_A_PAGE = 30
NOTICES_SHOWN = 20
FORMER_SHOWN = 20


@require_safe
@never_cache
@roles_required(Role.LAWYER)
def my_results(request: HttpRequest) -> HttpResponse:
    """What the lawyer may know of their own cases, and nothing that depends on another's."""
    user = cast("User", request.user)
    now = timezone.now()
    lawyer_id, today = user.lawyer_id or 0, day_of_lawyer(user.lawyer_id or 0, now)
    scores = scores_of_lawyer(user)
    page = page_after(scores, day="closed_on", after=request.GET.get("after", ""), size=CASES_A_PAGE)
    results = {
        row.case_id: row for row in results_of_lawyer(lawyer_id).filter(case__in=[row.case_id for row in page.rows])
    }
    rows = [
        {
            "score": row,
            "figure": _figure(row),
            "result": results.get(row.case_id),
            "left": left_to_object(results[row.case_id], now=now) if row.case_id in results else "",
        }
        for row in page.rows
    ]
    quarters = own_quarters(scores, today=today, now=now)
    context = {
        # Printed, it says whose it is.
        "lawyer": user.lawyer,
        "memberships": memberships_on(lawyer_id, day=today),
        "today": today,
        "page": page,
        "rows": rows,
        "summary": _summary(scores),
        "quarters": [_quarter(each) for each in quarters],
        "trends": [_picture(chart, f"trend{place}") for place, chart in enumerate(own_trends(quarters))],
        "years": (today.year, today.year - 1),
        "voice": voice_of_lawyer(lawyer_id),
        "notices": notices_of(lawyer_id, now=now)[:NOTICES_SHOWN],
        "tasks": [(task, left_of(task, now=now)) for task in tasks_of(lawyer_id)],
        "statements": statements_to_give(user),
    }
    return render(request, "scoring/my_results.html", context)


@require_safe
@never_cache
@roles_required(Role.FIRM)
def firm_results(request: HttpRequest) -> HttpResponse:
    firms, now = firms_of(cast("User", request.user)), timezone.now()
    scores = scores_of_firms(firms)
    today = localdate(now)
    chosen = request.GET.get("period") or str(today.year)
    period = period_named(chosen)
    people = own_people(scores, period)
    assessed, accuracy = together(people)
    page = page_after(scores, day="closed_on", after=request.GET.get("after", ""), size=CASES_A_PAGE)
    context = {
        "page": page,
        "rows": _rows(page.rows),
        "summary": _summary(scores),
        "periods": periods_offered(today, name_of(period)),
        "chosen": name_of(period),
        "people": [_person(each) for each in people],
        "assessed": assessed,
        "accuracy": None if accuracy is None else half_up(accuracy),
        "voice": voice_of_firm(firms),
    }
    return render(request, "scoring/firm_results.html", context)


@require_safe
@never_cache
@roles_required(Role.LAWYER, Role.FIRM, *STAFF_READERS)
def case_result(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case's grade and how it came about; `case_id` is the case's public id, so that the address stays."""
    user = cast("User", request.user)
    case = get_object_or_404(Case.objects.visible_to(user).select_related("lawyer", "firm"), public_id=case_id)
    found = case_score_for(user=user, case=case)
    context = {
        "case": case,
        "found": found,
        "result": released_result(case.pk) if found else None,
        "former": former_scores(user, case).defer("derivation")[:FORMER_SHOWN],
    }
    return render(request, "scoring/case_result.html", context)


@require_safe
@never_cache
@roles_required(Role.LAWYER, Role.FIRM, *STAFF_READERS)
def reasons_sheet(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """评定理由表 as a PDF: the same for every reader, so nothing that a client said stands on it."""
    user = cast("User", request.user)
    case = get_object_or_404(
        Case.objects.visible_to(user).select_related("lawyer", "firm", "centre"), public_id=case_id
    )
    former = request.GET.get("score", "")
    if former:
        found = former_score_for(user=user, case=case, public_id=_uuid(former))
    else:
        found = case_score_for(user=user, case=case)
    if found is None:
        raise Http404
    score = found.score
    content = ReasonsContent(
        language=get_language() or "zh-hans",
        centre=case.centre.name,
        case_number=case.number,
        case_type=str(case.get_case_type_display()),
        lawyer=score.lawyer.name,
        firm=score.firm.name,
        closed_on=score.closed_on,
        grade=str(score.get_grade_display()),
        figure=None if found.figure is None else str(found.figure),
        provisional=score.provisional,
        coverage=str(found.coverage),
        lines=tuple(_printed(line) for line in found.lines),
        reasons=found.reasons,
        scheme_version=found.scheme_version,
        computed_at=score.computed_at,
        sha256=score.sha256,
        printed_at=timezone.now(),
        superseded=bool(former),
    )
    name = file_name(_("Reasons of a case grade"), case.number, extension="pdf")
    headers = {"Content-Disposition": disposition(name, plain="reasons.pdf", inline=True)}
    return HttpResponse(reasons_pdf(content), content_type="application/pdf", headers=headers)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _printed(line: LineShown) -> tuple[str, str, str, str, str]:
    points, adds = ("—" if figure is None else str(figure) for figure in (line.value, line.contribution))
    return line.source, points, plain(line.weight) if line.applies else "—", adds, line.note


@require_safe
@never_cache
@roles_required(*STAFF_READERS)
def scores(request: HttpRequest) -> HttpResponse:
    """The scores behind a standing, for those who oversee the cases. Every filter lives in the address."""
    user = cast("User", request.user)
    chosen = request.GET.get("grade", "")
    behind = _behind(request.GET)
    seen = overseen_scores(user)
    if behind is not None:
        seen = behind.of(seen, user)
    if chosen in Grade.values:
        seen = seen.filter(grade=chosen)
    page = page_after(seen, day="closed_on", after=request.GET.get("after", ""), size=CASES_A_PAGE)
    context = {"page": page, "rows": _rows(page.rows), "grades": Grade.choices, "chosen": chosen, "behind": behind}
    return render(request, "scoring/scores.html", context)


@dataclass(frozen=True, slots=True)
class Behind:
    """Of which figure the cases are asked for: one unit's, or everybody's, of a period and a type of case."""

    kind: UnitKind
    unit: UUID | None
    period: Period
    case_type: str

    @property
    def words(self) -> list[str]:
        kind = str(CaseType(self.case_type).label) if self.case_type else ""
        return [part for part in (period_in_words(self.period), kind) if part]

    @property
    def fields(self) -> dict[str, str]:
        """What the address says of it."""
        unit = {"unit": str(self.unit)} if self.unit else {}
        return {"kind": self.kind.value, "period": name_of(self.period), "case_type": self.case_type} | unit

    def of(self, rows: QuerySet[CaseScore], user: User) -> QuerySet[CaseScore]:
        found = rows.graded().filter(closed_on__gte=self.period.start, closed_on__lt=self.period.end)  # type: ignore[attr-defined]
        if self.case_type:
            found = found.filter(case_type=self.case_type)
        return scores_of_unit(found, kind=self.kind, unit=self.unit, user=user) if self.unit else found


def _behind(asked: Mapping[str, str]) -> Behind | None:
    """:raises Http404: the address names no kind, unit or type there is.

    :raises PeriodUnknown: it names no period.
    """
    if "period" not in asked:
        return None
    try:
        kind = UnitKind(asked.get("kind") or UnitKind.LAWYER)
        unit = UUID(asked["unit"]) if asked.get("unit") else None
        case_type = CaseType(asked["case_type"]).value if asked.get("case_type") else ""
    except ValueError:
        raise Http404 from None
    return Behind(kind, unit, period_named(asked["period"]), case_type)


def _quarter(each: OwnQuarter) -> dict[str, object]:
    places = {"above": _("above it"), "within": _("within it"), "below": _("below it"), "": ""}
    return {
        "words": period_in_words(each.period),
        "quarter": each,
        "mean": None if each.mean is None else half_up(each.mean),
        "place": places[each.place],
    }


def _picture(chart: PlotChart, ident: str) -> tuple[str, SafeString]:
    """Its finding, and the picture."""
    return chart.title, mark_safe(svg(chart, ident=ident))  # noqa: S308 -- an XML writer has escaped every text


def _person(each: OwnPerson) -> dict[str, object]:
    return {
        "person": each,
        "mean": None if each.mean is None else half_up(each.mean),
        "accuracy": None if each.accuracy is None else half_up(each.accuracy),
    }


def _rows(page: Iterable[CaseScore]) -> list[dict[str, object]]:
    return [{"score": row, "figure": _figure(row)} for row in page]


def _figure(row: CaseScore) -> Decimal | None:
    return None if row.score is None else half_up(row.score)


def _summary(scores: QuerySet[CaseScore]) -> dict[str, object]:
    """How many graded cases, their mean, and how many in each band."""
    graded = list(scores.order_by().filter(score__isnull=False).values_list("score", "grade"))
    figures = [score for score, _grade in graded if score is not None]
    return {
        "n": len(figures),
        "mean": half_up(mean(figures)) if figures else None,
        "bands": _bands(grade for _score, grade in graded),
    }


def _bands(grades: Iterable[str]) -> list[tuple[str, int]]:
    counted = list(grades)
    return [(str(grade.label), counted.count(grade)) for grade in SETTLED_GRADES]
