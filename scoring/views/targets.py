"""A year of a centre beside the year before, and its targets: a page that sets them, and a file."""

from collections.abc import Iterable
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.enums import CaseType, ClientGroup
from qa_service.common.downloads import csv_file
from qa_service.common.errors import InvalidInput
from qa_service.common.rounding import half_up
from qa_service.documents.csv_export import CellValue, csv_lines
from qa_service.organisations.queries import latest_day, today_at
from scoring.enums import TargetMeasure
from scoring.figures.targets import YearSoFar, growth_of
from scoring.forms.targets import TargetForm, YearForm
from scoring.models import YearTarget
from scoring.models.scores import STAFF_READERS
from scoring.queries.targets import TargetLine, YearOf, figure, targets_managed, year_of
from scoring.services.targets import drop_target, set_target


@roles_required(*STAFF_READERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: SignedInRequest) -> HttpResponse:
    """POST sets one, or sets it anew."""
    chosen, now = _chosen(request), timezone.now()
    centre, year = chosen.cleaned_data["centre"], chosen.cleaned_data["year"]
    form, status = TargetForm(request.POST or None), HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                set_target(centre=centre, year=year, wanted=form.wanted, user=request.user, now=now)
            except InvalidInput as wrong:
                form.add_error("growth", wrong.message)
            else:
                messages.success(request, _("The target is set."))
                return redirect(address_of(chosen))
    found = year_of(request.user, centre, year, today=today_at(centre, now))
    context = {
        "chosen": chosen,
        "form": form,
        "year": found,
        "as_of": timezone.localtime(now),
        "finding": finding_of(found),
        "lines": [(line, words_of(line.target), _figures(line)) for line in found.targets],
        "header": _header(),
        "tables": [(caption, [_spoken(_cells(name, part)) for name, part in rows]) for caption, rows in _parts(found)],
        "query": urlencode({"centre": centre.code, "year": year}),
    }
    return render(request, "scoring/targets.html", context, status=status)


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def targets_csv(request: SignedInRequest) -> HttpResponse:
    """The year by type and group, then its targets."""
    chosen = _chosen(request)
    centre, year = chosen.cleaned_data["centre"], chosen.cleaned_data["year"]
    found = year_of(request.user, centre, year, today=today_at(centre, timezone.now()))
    rows: list[list[CellValue]] = [
        [caption, *_cells(name, part)] for caption, parts in _parts(found) for name, part in parts
    ]
    rows += [[], [_("Target"), _("Growth (%)"), _("To be reached"), _("So far"), _("Reached (%)"), _("Even year (%)")]]
    rows += [_target_cells(each) for each in found.targets]
    header = [_("Part"), *_header()]
    name = (_("Targets of the year"), centre.name, str(year))
    return csv_file(csv_lines(header, rows), *name, plain=f"targets-{centre.code}-{year}")


@roles_required(*STAFF_READERS)
@require_POST
def drop(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    target = get_object_or_404(targets_managed(request.user), public_id=public_id)
    drop_target(target=target, user=request.user, now=timezone.now())
    messages.success(request, _("The target was taken back."))
    address = urlencode({"centre": target.centre.code, "year": target.year})
    return redirect(f"{reverse('scoring:targets')}?{address}")


def _chosen(request: SignedInRequest) -> YearForm:
    """:raises Http404: the address names a centre out of reach or a year that is not offered, or there is no centre."""
    chosen = YearForm(request.GET, user=request.user, today=latest_day(timezone.now()))
    if not chosen.is_valid():
        raise Http404
    return chosen


def address_of(chosen: YearForm) -> str:
    given = {"centre": chosen.cleaned_data["centre"].code, "year": chosen.cleaned_data["year"]}
    return f"{reverse('scoring:targets')}?{urlencode(given)}"


def words_of(target: YearTarget) -> str:
    measure = TargetMeasure(target.measure).label
    if target.case_type:
        return _("%(measure)s: %(part)s") % {"measure": measure, "part": CaseType(target.case_type).label}
    if target.group:
        return _("%(measure)s: %(part)s") % {"measure": measure, "part": ClientGroup(target.group).label}
    return str(measure)


def finding_of(found: YearOf) -> str:
    """How many of the targets are behind an even year, and which is the furthest."""
    known = [line for line in found.targets if line.progress.reached is not None]
    if not known:
        return _("No target is set for this year.") if not found.targets else _("No target has a year to grow from.")
    behind = [line for line in known if line.progress.behind]
    if not behind:
        return _("Every target has come as far as an even year would have.")
    worst = max(behind, key=lambda line: line.progress.lacking)
    said = ngettext(
        "%(n)d target is behind an even year; the furthest: %(which)s, %(reached)s %% of it reached.",
        "%(n)d targets are behind an even year; the furthest: %(which)s, %(reached)s %% of it reached.",
        len(behind),
    )
    return said % {"n": len(behind), "which": words_of(worst.target), "reached": worst.progress.reached}


def _parts(found: YearOf) -> list[tuple[str, Iterable[tuple[str, YearSoFar]]]]:
    return [
        (_("In all"), [(_("All cases"), found.whole)]),
        (_("By type of case"), [(str(kind.label), part) for kind, part in found.types.items()]),
        (_("By group of clients"), [(str(group.label), part) for group, part in found.groups.items()]),
    ]


def _header() -> list[str]:
    """For each measure: this year so far, the same days of the year before, and the growth."""
    return ["", *(
        cell
        for measure in TargetMeasure
        for cell in (str(measure.label), _("same days a year before"), _("growth, %"))
    )]  # fmt: skip


def _spoken(cells: list[CellValue]) -> list[CellValue]:
    return [f"{cell:,}" if isinstance(cell, Decimal) else cell for cell in cells]


def _target_cells(line: TargetLine) -> list[CellValue]:
    measure, found = TargetMeasure(line.target.measure), line.progress
    wanted = None if found.wanted is None else _rounded(found.wanted, measure)
    so_far = _rounded(found.so_far, measure)
    return [words_of(line.target), line.target.growth, wanted, so_far, found.reached, found.due]


def _figures(line: TargetLine) -> dict[str, str]:
    """Cases and people are whole; what grows by a tenth is rounded."""
    measure, wanted = TargetMeasure(line.target.measure), line.progress.wanted
    told = {"last": line.last, "so_far": line.progress.so_far}
    shown = {name: f"{_rounded(value, measure):,}" for name, value in told.items()}
    return shown | {"wanted": _("nothing to grow from") if wanted is None else f"{_rounded(wanted, measure):,}"}


def _rounded(value: Decimal, measure: TargetMeasure) -> Decimal:
    return half_up(value, places=2 if measure == TargetMeasure.RECOVERED else 0)


def _cells(name: str, part: YearSoFar) -> list[CellValue]:
    cells: list[CellValue] = [name]
    for measure in TargetMeasure:
        now, before = figure(part.so_far, measure), figure(part.last_by_then, measure)
        cells += [
            _rounded(now, measure),
            _rounded(before, measure),
            growth_of(now, before, cases_before=part.last_by_then.cases),
        ]
    return cells
