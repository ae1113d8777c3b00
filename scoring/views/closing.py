"""Closed periods: which there are, closing one, reading what was frozen, putting it right by another version."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import csv_file
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.common.keyset import page_after
from qa_service.common.period_names import period_in_words
from qa_service.documents.csv_export import csv_lines
from qa_service.organisations.queries import today_at
from scoring.enums import UnitKind
from scoring.forms.closing import ClosingForm, CorrectionForm
from scoring.models import ClosedPeriod
from scoring.models.scores import STAFF_READERS
from scoring.queries.closing import FROZEN_KINDS, closed_periods_seen, standings_closed
from scoring.services.closing import close_period, correct_period
from scoring.views.standing_rows import HEADER, cells_of, method_of, row_of

PERIODS_A_PAGE = 30


@roles_required(*STAFF_READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def periods(request: SignedInRequest) -> HttpResponse:
    """All closed periods within reach, every version; POST closes one."""
    now = timezone.now()
    form = ClosingForm(request.POST or None, user=request.user, now=now)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                closed = close_period(centre=form.place, period=form.days, user=request.user, now=now)
            except (InvalidInput, Conflict) as refused:
                form.add_error(None, str(refused.message))
                status = HTTPStatus(refused.status)
            else:
                messages.success(request, _("The period is closed. Its figures stand still from now on."))
                return redirect("scoring:closed-period", closed.public_id)
    seen, after = closed_periods_seen(request.user), request.GET.get("after", "")
    page = page_after(seen, day="end", after=after, size=PERIODS_A_PAGE)
    rows = [(each, period_in_words(each.period), today_at(each.centre, each.closed_at)) for each in page.rows]
    context = {"form": form, "page": page, "rows": rows}
    return render(request, "scoring/closed_periods.html", context, status=status)


@roles_required(*STAFF_READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closed_period(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What was frozen; POST corrects it."""
    closed = _seen(request, public_id)
    form, status = CorrectionForm(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                newest = correct_period(
                    closed=closed, reason=form.cleaned_data["reason"], user=request.user, now=timezone.now()
                )
            except (InvalidInput, Conflict) as refused:
                form.add_error(None, str(refused.message))
                status = HTTPStatus(refused.status)
            else:
                messages.success(request, _("The correction is stored beside what it corrects."))
                return redirect("scoring:closed-period", newest.public_id)
    versions = list(closed_periods_seen(request.user).filter(centre=closed.centre, start=closed.start, end=closed.end))
    context = {
        "closed": closed,
        "words": period_in_words(closed.period),
        "day": today_at(closed.centre, closed.closed_at),
        "versions": versions,
        "newest": versions[0],
        "tables": [_table(closed, kind) for kind in FROZEN_KINDS if kind != UnitKind.CENTRE],
        "form": form,
    }
    return render(request, "scoring/closed_period.html", context, status=status)


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def closed_period_csv(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    closed = _seen(request, public_id)
    tables = [(kind, standings_closed(closed, kind)) for kind in FROZEN_KINDS]
    rows = [[str(kind.label), *cells_of(row_of(row, found))] for kind, found in tables for row in found.table.rows]
    name = (_("Closed period"), closed.centre.name, period_in_words(closed.period))
    plain = f"closed-{closed.centre.code}-{closed.start}-v{closed.version}"
    return csv_file(csv_lines([_("Whose"), *map(str, HEADER)], rows), *name, plain=plain)


def _seen(request: HttpRequest, public_id: UUID) -> ClosedPeriod:
    seen = ClosedPeriod.objects.visible_to(request.user).select_related("centre__settings", "closed_by")
    return get_object_or_404(seen, public_id=public_id)


def _table(closed: ClosedPeriod, kind: UnitKind) -> dict[str, object]:
    found = standings_closed(closed, kind)
    return {
        "kind": kind,
        "rows": [row_of(row, found) for row in found.table.rows],
        "method": method_of(found.table.cases),
    }
