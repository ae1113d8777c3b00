"""Standings of a period, for those who oversee the units."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.organisations.models import Organisation
from scoring.enums import UnitKind
from scoring.models.scores import STAFF_READERS
from scoring.queries.standings import StandingsTable, centres_overseen, day_of, period_named, standings
from scoring.standings import Pool, Standing
from surveys.queries import Choice, rate_lines, reach_beside

UNITS_A_PAGE = 50
YEARS_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A standing for people: two decimals, or nothing where nothing may be said."""

    name: str
    standing: Standing
    raw: Decimal
    shrunk: Decimal
    low: Decimal | None
    high: Decimal | None
    above: str
    voice: Decimal | None
    place: str


@require_safe
@never_cache
@roles_required(*STAFF_READERS)
def table(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    kind = _kind(request)
    centres = list(centres_overseen(user))
    centre = _centre(request, centres)
    today = day_of(centre, among=centres, now=timezone.now())
    chosen = request.GET.get("period") or str(today.year)
    period = period_named(chosen)
    asked = Choice(centre_id=centre.pk if centre else None, period=period)
    found = standings(kind=kind, period=period, user=user, centre=centre)
    page = Paginator(found.table.rows, UNITS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "kinds": UnitKind,
        "kind": kind,
        "chosen": chosen,
        "periods": periods_offered(today, chosen),
        "ended": period.end <= today,
        "centres": centres,
        "centre": centre,
        "page": page,
        "rows": [_row(row, found) for row in page],
        "method": _method(found.table.cases),
        "rates": rate_lines(reach_beside(user=user, choice=asked)),
    }
    return render(request, "scoring/standings.html", context)


def periods_offered(today: date, chosen: str = "") -> list[tuple[str, str]]:
    """This year and the two before it, and their quarters that have begun: (in the address, in words)."""
    offered = []
    for year in range(today.year, today.year - YEARS_OFFERED, -1):
        offered.append((str(year), _("%(year)d") % {"year": year}))
        for quarter in range(4, 0, -1):
            if Period.quarter(year, quarter).start <= today:
                words = _("%(year)d, quarter %(quarter)d") % {"year": year, "quarter": quarter}
                offered.append((f"{year}-{quarter}", words))
    if chosen and chosen not in {value for value, _words in offered}:
        offered.append((chosen, chosen))
    return offered


def _kind(request: HttpRequest) -> UnitKind:
    try:
        return UnitKind(request.GET.get("kind") or UnitKind.LAWYER)
    except ValueError:
        raise Http404 from None


def _centre(request: HttpRequest, centres: list[Organisation]) -> Organisation | None:
    code = request.GET.get("centre")
    if not code:
        return None
    found = next((centre for centre in centres if centre.code == code), None)
    if found is None:
        raise Http404
    return found


def _row(row: Standing, found: StandingsTable) -> Row:
    return Row(
        name=found.names[row.unit],
        standing=row,
        raw=half_up(row.raw),
        shrunk=half_up(row.shrunk),
        low=None if row.low is None else half_up(row.low),
        high=None if row.high is None else half_up(row.high),
        above=f"{half_up(row.above) + 0:+}",  # nought has no minus
        voice=None if row.voice is None else half_up(row.voice.raw),
        place=_place(row),
    )


def _place(row: Standing) -> str:
    if row.small:
        return _("fewer than 5")
    if row.rank_from is None or row.rank_to is None:
        return _("none")
    if row.rank is not None:
        return str(row.rank)
    return _("between %(first)d and %(last)d") % {"first": row.rank_from, "last": row.rank_to}


def _method(pool: Pool) -> str:
    """One sentence on how far the means were drawn, and why."""
    if pool.k is None:
        return _("The units do not differ by more than chance: each shows the mean of its case types, and no place.")
    if pool.estimated:
        return _("k = %(k)s, estimated from these cases.") % {"k": half_up(pool.k)}
    return _("k = %(k)s, as long as fewer than eight units have five cases.") % {"k": pool.k}
