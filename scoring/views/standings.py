"""Standings of a period, for those who oversee the units."""

from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file
from qa_service.common.period_names import name_of, period_in_words
from qa_service.documents.csv_export import csv_lines
from scoring.enums import UnitKind
from scoring.forms.standings import StandingsForm
from scoring.models import ClosedPeriod
from scoring.models.scores import STAFF_READERS
from scoring.queries.adjusted import AdjustedMeans, adjusted_for_readers
from scoring.queries.closing import closed_period, standings_closed
from scoring.queries.lawyer_file import files_to_read
from scoring.queries.standings import ABOVE_CENTRES, StandingsTable, centres_overseen, day_of, standings
from scoring.views.standing_rows import HEADER, cells_of, method_of, row_of
from surveys.queries import Choice, rate_lines, reach_beside

UNITS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: the table, and the closed period that it is taken from, if any.

    `closed` is told beside the figures of today, too.
    """

    form: StandingsForm
    found: StandingsTable
    adjusted: AdjustedMeans
    closed: ClosedPeriod | None
    as_closed: bool


def chosen_standings(request: HttpRequest) -> Chosen:
    """:raises Http404: the address names no kind, or a centre out of reach.

    :raises PeriodUnknown: it names no period.
    """
    user = cast("User", request.user)
    centres = list(centres_overseen(user))
    form = StandingsForm(request.GET, centres=centres, today=day_of(None, among=centres, now=timezone.now()))
    if not form.is_valid():
        raise Http404
    kind, period, case_type = form.whose, form.days, form.cleaned_data["case_type"]
    place = form.place or (centres[0] if len(centres) == 1 else None)
    closed = closed_period(place, period) if place and kind not in ABOVE_CENTRES else None
    as_closed = closed is not None and not case_type and request.GET.get("figures") != "today"
    if closed is not None and as_closed:
        found, adjusted = standings_closed(closed, kind), AdjustedMeans(None)
    else:
        found = standings(kind=kind, period=period, user=user, centre=form.place, case_type=case_type)
        adjusted = adjusted_for_readers(
            found, kind=kind, period=period, user=user, centre=form.place, case_type=case_type
        )
    return Chosen(form=form, found=found, adjusted=adjusted, closed=closed, as_closed=as_closed)


@require_safe
@never_cache
@roles_required(*STAFF_READERS)
def table(request: HttpRequest) -> HttpResponse:
    chosen, now = chosen_standings(request), timezone.now()
    form, found = chosen.form, chosen.found
    asked = Choice(
        centre_id=form.place.pk if form.place else None, period=form.days, case_type=form.cleaned_data["case_type"]
    )
    page = Paginator(found.table.rows, UNITS_A_PAGE).get_page(request.GET.get("page"))
    behind = {"kind": form.whose.value, "period": name_of(form.days), "case_type": form.cleaned_data["case_type"]}
    files = _files(cast("User", request.user), form.whose, {row.unit: found.ids[row.unit] for row in page})
    context = {
        "form": form,
        "kind": form.whose,
        "words": [each for each in (period_in_words(form.days), form.case_type_words, form.centre_words) if each],
        "as_of": timezone.localtime(now),
        "ended": form.days.end <= day_of(form.place, among=form.centres, now=now),
        "closed": chosen.closed,
        "as_closed": chosen.as_closed,
        "page": page,
        "rows": [
            (
                row_of(row, found, chosen.adjusted.by_unit),
                urlencode({"unit": str(found.ids[row.unit])} | behind),
                files.get(row.unit),
            )
            for row in page
        ],
        "adjusted": chosen.adjusted,
        "method": method_of(found.table.cases),
        "rates": rate_lines(reach_beside(user=cast("User", request.user), choice=asked)),
        "query": request.GET.urlencode(),
    }
    return render(request, "scoring/standings.html", context)


def _files(user: User, kind: UnitKind, units: dict[int, UUID]) -> dict[int, UUID]:
    """Of lawyers, whose quality file this reader may open, with its id."""
    if kind != UnitKind.LAWYER:
        return {}
    return {unit: units[unit] for unit in files_to_read(user, units)}


@require_safe
@never_cache
@roles_required(*STAFF_READERS)
def table_csv(request: HttpRequest) -> HttpResponse:
    """Every unit of the page, whichever page of it is open."""
    chosen = chosen_standings(request)
    form, found = chosen.form, chosen.found
    rows = (cells_of(row_of(row, found, chosen.adjusted.by_unit)) for row in found.table.rows)
    name = (str(form.whose.label), period_in_words(form.days), form.case_type_words, form.centre_words)
    return csv_file(csv_lines(map(str, HEADER), rows), _("Standings"), *name, plain="standings")
