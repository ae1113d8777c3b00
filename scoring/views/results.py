"""Results of cases: for the lawyer, the firm, and those who oversee them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import firms_of
from qa_service.cases.models import Case
from qa_service.common.downloads import disposition, file_name
from qa_service.common.rounding import half_up, plain
from qa_service.organisations.queries import day_of_lawyer, memberships_on
from reviews.queries import left_to_object, released_result, results_of_lawyer
from scoring.calculation import mean
from scoring.documents import reasons_pdf
from scoring.documents.content import ReasonsContent
from scoring.enums import SETTLED_GRADES, Grade
from scoring.models import CaseScore
from scoring.models.scores import STAFF_READERS
from scoring.queries.notices import notices_of, tasks_of
from scoring.queries.proposals import statements_to_give
from scoring.queries.scores import LineShown, case_score_for, overseen_scores, scores_of_firms, scores_of_lawyer
from scoring.queries.voice import voice_of_firm, voice_of_lawyer

CASES_A_PAGE = 30
NOTICES_SHOWN = 20


@require_safe
@never_cache
@roles_required(Role.LAWYER)
def my_results(request: HttpRequest) -> HttpResponse:
    """What the lawyer may know of their own cases, and nothing that depends on another's."""
    user = cast("User", request.user)
    now = timezone.now()
    lawyer_id, today = user.lawyer_id or 0, day_of_lawyer(user.lawyer_id or 0, now)
    scores = scores_of_lawyer(user)
    page = Paginator(scores, CASES_A_PAGE).get_page(request.GET.get("page"))
    results = {row.case_id: row for row in results_of_lawyer(lawyer_id).filter(case__in=[row.case_id for row in page])}
    rows = [
        {
            "score": row,
            "figure": _figure(row),
            "result": results.get(row.case_id),
            "left": left_to_object(results[row.case_id], now=now) if row.case_id in results else "",
        }
        for row in page
    ]
    context = {
        # Printed, it says whose it is.
        "lawyer": user.lawyer,
        "memberships": memberships_on(lawyer_id, day=today),
        "today": today,
        "page": page,
        "rows": rows,
        "summary": _summary(scores),
        "voice": voice_of_lawyer(lawyer_id),
        "notices": notices_of(lawyer_id, now=now)[:NOTICES_SHOWN],
        "tasks": tasks_of(lawyer_id),
        "statements": statements_to_give(user),
    }
    return render(request, "scoring/my_results.html", context)


@require_safe
@never_cache
@roles_required(Role.FIRM)
def firm_results(request: HttpRequest) -> HttpResponse:
    firms = firms_of(cast("User", request.user))
    scores = scores_of_firms(firms)
    page = Paginator(scores, CASES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(page),
        "summary": _summary(scores),
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
    context = {"case": case, "found": found, "result": released_result(case.pk) if found else None}
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
    )
    name = file_name(_("Reasons of a case grade"), case.number, extension="pdf")
    headers = {"Content-Disposition": disposition(name, plain="reasons.pdf", inline=True)}
    return HttpResponse(reasons_pdf(content), content_type="application/pdf", headers=headers)


def _printed(line: LineShown) -> tuple[str, str, str, str, str]:
    points, adds = ("—" if figure is None else str(figure) for figure in (line.value, line.contribution))
    return line.source, points, plain(line.weight) if line.applies else "—", adds, line.note


@require_safe
@never_cache
@roles_required(*STAFF_READERS)
def scores(request: HttpRequest) -> HttpResponse:
    """The scores behind a standing, for those who oversee the cases."""
    user = cast("User", request.user)
    chosen = request.GET.get("grade", "")
    seen = overseen_scores(user).filter(grade=chosen) if chosen in Grade.values else overseen_scores(user)
    page = Paginator(seen, CASES_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": _rows(page), "grades": Grade.choices, "chosen": chosen}
    return render(request, "scoring/scores.html", context)


def _rows(page: "Page[CaseScore]") -> list[dict[str, object]]:
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
