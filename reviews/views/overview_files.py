"""The tables of the overview of reviewing as files, one a question: the same figures as the page, of all its pages."""

from collections.abc import Callable, Iterable
from typing import Final, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file
from qa_service.documents.csv_export import CellValue, csv_lines
from reviews.agreement.chance import Coefficient
from reviews.enums import MANAGING
from reviews.forms.overview import OverviewForm
from reviews.queries.overview.told import Overview, overview_of
from reviews.views.overview import asked

Row = tuple[CellValue, ...]
COEFFICIENT_PLACES: Final = 2


@roles_required(*MANAGING)
@never_cache
@require_safe
def overview_csv(request: HttpRequest) -> HttpResponse:
    """The table of one chart, named in the address; without a name that of the losses."""
    now, user = timezone.now(), cast("User", request.user)
    form = asked(request, OverviewForm, now=now)
    table = TABLES.get(request.GET.get("chart") or "losses")
    if table is None:
        raise Http404
    found = overview_of(user, form.cases, checklist=form.cleaned_data["checklist"], now=now)
    title, header, rows = table(found)
    day = f"{timezone.localtime(now, form.zone):%Y%m%d}"
    return csv_file(csv_lines(header, rows), title, *form.words, day, plain=f"overview-{day}")


def _progress(found: Overview) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    header = (
        _("Sample"), _("Centre"), pgettext("files", "Drawn"), pgettext("files", "Given out"), pgettext("files", "Read"),
        pgettext("files", "Released"),
    )  # fmt: skip
    lines = [(each.drawn_at, each.centre, each.progress) for each in found.progress.samples]
    rows: list[Row] = [(at, centre, one.drawn, one.given, one.read, one.released) for at, centre, one in lines]
    whole = found.progress.whole
    rows.append((_("All samples"), "", whole.drawn, whole.given, whole.read, whole.released))
    return _("Progress against the plan"), header, rows


def _grades(found: Overview) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    names = [str(each.grade.label) for each in found.grades[0].grades] if found.grades else []
    header = (_("Type of case"), _("Files"), *names, _("Mean score"))
    rows = [(line.label, line.files, *(each.share.part for each in line.grades), line.mean) for line in found.grades]
    return _("Grades by type of case"), header, rows


def _losses(found: Overview) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    """Cell by cell: "2/3" would be the second of March to a spreadsheet."""
    header = (_("Item"), _("Lawyer"), _("Files"), _("Files that lost points"), _("Lost, per cent of full marks"))
    rows: list[Row] = []
    if found.losses is not None:
        people = [(_("All"), found.losses.map.all), *found.losses.lawyers]
        rows += [(_("All items"), name, each.whole.files, None, each.whole.lost) for name, each in people]
        for place, code in enumerate(found.losses.map.codes):
            label = f"{code} {found.losses.titles[code]}"
            cells = [(name, each.items[place]) for name, each in people]
            rows += [(label, name, loss.files, loss.docked, loss.lost) for name, loss in cells]
    return _("Where points are lost: items and lawyers"), header, rows


def _agreement(found: Overview) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    bounds = (_("95 % interval from"), _("95 % interval to"))
    header = (
        _("Item"), _("The same mark"), _("Files"), _("Weighted kappa"), *bounds, _("Krippendorff's alpha"), *bounds,
    )  # fmt: skip
    lines = [(f"{each.item.code} {each.title}", each.item) for each in found.agreement.items]
    rows = [
        (label, item.same.part, item.same.whole, *_figures(item.kappa), *_figures(item.alpha)) for label, item in lines
    ]
    return _("How far reviewers agree"), header, rows


def _figures(found: Coefficient | None) -> tuple[float | None, float | None, float | None]:
    if found is None or found.value is None:
        return None, None, None
    low, high = (None if end is None else round(end, COEFFICIENT_PLACES) for end in (found.low, found.high))
    return round(found.value, COEFFICIENT_PLACES), low, high


def _leniency(found: Overview) -> tuple[str, tuple[str, ...], Iterable[Row]]:
    header = (
        _("Reviewer"), pgettext("readers", "Group"), _("Shared files"), _("Points above the mean"),
        _("95 % interval from"), _("95 % interval to"),
    )  # fmt: skip
    rows = []
    for each in found.agreement.people:
        one, ends = each.leniency, each.leniency.interval
        low, high = (round(ends.low, 1), round(ends.high, 1)) if ends else (None, None)
        rows.append((each.person, one.group, one.shared, round(one.points, 1), low, high))
    return _("Who marks milder, who harder"), header, rows


# By the name of a chart in addresses.
TABLES: Final[dict[str, Callable[[Overview], tuple[str, tuple[str, ...], Iterable[Row]]]]] = {
    "progress": _progress,
    "grades": _grades,
    "losses": _losses,
    "agreement": _agreement,
    "leniency": _leniency,
}
