"""The overview of quality: pictures, the tables of the same, files and a paper. Every filter lives in the address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import csv_file, pdf_file
from qa_service.common.period_names import name_of
from qa_service.common.periods import Period
from qa_service.documents import charts, pdf
from qa_service.documents.content import BarChart, Chart, HistogramChart, PlotChart
from qa_service.documents.csv_export import csv_lines
from qa_service.organisations.queries import latest_day
from scoring.documents.figures.charts import (
    closed_tasks_chart,
    distribution_chart,
    funnel_chart,
    open_tasks_chart,
    run_chart,
)
from scoring.documents.figures.paper import Part, glance_sheet
from scoring.enums import UnitKind
from scoring.figures.distribution import STEP, STEPS
from scoring.figures.funnel import Zone
from scoring.forms.glance import GlanceForm
from scoring.models.scores import STAFF_READERS
from scoring.queries.glance import FunnelOf, Glance, RunOf, glance_of

NOTHING = "—"
Drawn = PlotChart | HistogramChart | BarChart


@dataclass(frozen=True, slots=True)
class Shown:
    """One question of the overview: its pictures, the same in a table (each row with where a press leads), its code."""

    code: str
    title: str
    charts: tuple[Drawn, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]
    note: str = ""

    @property
    def pictures(self) -> list[SafeString]:
        return [_picture(chart, f"{self.code}{number}") for number, chart in enumerate(self.charts)]


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def glance(request: HttpRequest) -> HttpResponse:
    form, now = glance_form(request), timezone.now()
    found = _found(request, form, now=now)
    context = {
        "form": form,
        "about": {"words": form.words, "as_of": timezone.localtime(now, form.zone)},
        "parts": _parts(found, form),
        "graded": found.scores.n,
    }
    return render(request, "scoring/glance.html", context)


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def glance_csv(request: HttpRequest) -> HttpResponse:
    """The table of one chart, named in the address; without a name the first."""
    form, now = glance_form(request), timezone.now()
    parts = _parts(_found(request, form, now=now), form)
    wanted = request.GET.get("chart") or parts[0].code
    part = next((each for each in parts if each.code == wanted), None)
    if part is None:
        raise Http404
    rows = (cells for cells, _url in part.rows)
    day = _day(form, now)
    return csv_file(csv_lines(part.header, rows), part.title, *form.words, day, plain=f"glance-{day}")


@roles_required(*STAFF_READERS)
@never_cache
@require_safe
def glance_pdf(request: HttpRequest) -> HttpResponse:
    form, now = glance_form(request), timezone.now()
    parts = [
        Part(each.charts, each.header, tuple(cells for cells, _url in each.rows))
        for each in _parts(_found(request, form, now=now), form)
    ]
    moment = f"{timezone.localtime(now, form.zone):%Y-%m-%d %H:%M}"
    sheet = glance_sheet(
        _("Quality at a glance"),
        _(", ").join(form.words),
        parts,
        language=get_language() or "zh-hans",
        foot=_("As of %(moment)s") % {"moment": moment},
    )
    day = _day(form, now)
    return pdf_file(pdf.sheet(sheet), _("Quality at a glance"), *form.words, day, plain=f"glance-{day}")


def glance_form(request: Any) -> GlanceForm:
    """:raises Http404: the address names a centre out of reach, no period or no type."""
    form = GlanceForm(request.GET, user=cast("User", request.user), today=latest_day(timezone.now()))
    if not form.is_valid():
        raise Http404
    return form


def _found(request: HttpRequest, form: GlanceForm, *, now: datetime) -> Glance:
    return glance_of(cast("User", request.user), form.cases, now=now)


def _day(form: GlanceForm, now: datetime) -> str:
    return f"{timezone.localtime(now, form.zone):%Y%m%d}"


def _picture(chart: Chart, ident: str) -> SafeString:
    return mark_safe(charts.svg(chart, ident=ident))  # noqa: S308 -- an XML writer has escaped every text


def _parts(found: Glance, form: GlanceForm) -> list[Shown]:
    parts = [_funnel(found.whose, form), _run(found, form), _scores(found, form), *_centres(found, form), _tasks(found)]
    return [each for each in parts if each is not None]


def _behind(form: GlanceForm, period: Period | None, **more: str) -> str:
    """The cases behind a mark: by the filters of the page."""
    asked = {"period": name_of(period)} if period else {"period": "2000-01-01/2100-01-01"}
    if form.cleaned_data["case_type"]:
        asked["case_type"] = form.cleaned_data["case_type"]
    return f"{reverse('scoring:scores')}?{urlencode(asked | more)}"


def _of_centre(form: GlanceForm) -> dict[str, str]:
    centre = form.cleaned_data["centre"]
    return {"kind": UnitKind.CENTRE.value, "unit": str(centre.public_id)} if centre else {}


def _funnel(whose: FunnelOf, form: GlanceForm) -> Shown | None:
    if whose.funnel is None:
        return None

    def link(unit: int) -> str:
        return _behind(form, form.cases.period, kind=whose.kind.value, unit=whose.ids[unit])

    zones = {
        Zone.FEW: _("fewer than 5"),
        Zone.WITHIN: _("within chance"),
        Zone.LOW: _("below 95 %"),
        Zone.FAR_LOW: _("below 99.8 %"),
        Zone.HIGH: _("above 95 %"),
        Zone.FAR_HIGH: _("above 99.8 %"),
    }
    ordered = sorted(whose.funnel.placed, key=lambda each: (each.zone is Zone.FEW, -each.counted.n, each.counted.unit))
    rows = tuple(
        (
            (
                whose.names[each.counted.unit],
                str(each.counted.n),
                str(each.counted.good),
                NOTHING if each.zone is Zone.FEW else f"{100 * each.share:.0f} %",
                zones[each.zone] if whose.funnel.drawn or each.zone is Zone.FEW else NOTHING,
            ),
            link(each.counted.unit),
        )
        for each in ordered
    )
    note = ""
    if whose.funnel.spread > 1:
        note = _("The units differ more than chance alone would have it (%(times)s times): the limits are wider.") % {
            "times": f"{whose.funnel.spread:.1f}"
        }
    return Shown(
        code="funnel",
        title=_("Whom to look into, and whom not to blame"),
        charts=(funnel_chart(whose.funnel, whose.names, link=link),),
        header=(str(whose.kind.label), _("Graded cases"), _("Good or excellent"), _("Share"), _("Against chance")),
        rows=rows,
        note=note,
    )


def _run(found: Glance, form: GlanceForm) -> Shown | None:
    if found.whole is None:
        return None

    def link(period: Period) -> str:
        return _behind(form, period, **_of_centre(form))

    return Shown(
        code="run",
        title=_("Quarter by quarter"),
        charts=(run_chart(found.whole.run, changes=found.changes, link=link),),
        header=_run_header(),
        rows=_run_rows(found.whole, link),
    )


def _run_header() -> tuple[str, ...]:
    return (_("Cases closed in"), _("Graded cases"), _("Good or excellent"), _("Share"), _("What chance leaves"))


def _run_rows(one: RunOf, link: Callable[[Period], str]) -> tuple[tuple[tuple[str, ...], str], ...]:
    return tuple(
        (
            (
                name_of(point.period),
                str(point.n),
                str(point.good),
                NOTHING if point.small else f"{100 * point.share:.0f} %",
                NOTHING if point.small else f"{100 * point.low:.0f}–{100 * point.high:.0f} %",
            ),
            link(point.period),
        )
        for point in one.run.points
    )


def _centres(found: Glance, form: GlanceForm) -> list[Shown]:
    """The same of each centre, on the same axes."""
    if not found.centres:
        return []

    def link(one: RunOf) -> Callable[[Period], str]:
        return lambda period: _behind(form, period, kind=UnitKind.CENTRE.value, unit=one.ident)

    drawn = tuple(run_chart(each.run, name=each.centre, low=True, link=link(each)) for each in found.centres)
    rows = tuple(
        (
            (each.centre, str(each.run.n), NOTHING if each.run.small else f"{100 * each.run.mean:.0f} %"),
            f"{reverse('scoring:glance')}?{urlencode({'centre': each.code})}",
        )
        for each in found.centres
    )
    header = (pgettext("kind of unit", "Centres"), _("Graded cases"), _("Share"))
    return [Shown(code="centres", title=_("Centre by centre"), charts=drawn, header=header, rows=rows)]


def _scores(found: Glance, form: GlanceForm) -> Shown | None:
    if not found.scores.n:
        return None
    url = _behind(form, form.cases.period, **_of_centre(form))
    rows = tuple(
        (
            (f"{step}–{step + STEP}", *(str(each.counts[place]) for each in found.scores.series)),
            url,
        )
        for place, step in enumerate(STEPS)
        if any(each.counts[place] for each in found.scores.series)
    )
    return Shown(
        code="scores",
        title=_("How scores are distributed"),
        charts=(distribution_chart(found.scores),),
        header=(_("Case score"), *(each.name for each in found.scores.series)),
        rows=rows,
    )


def _tasks(found: Glance) -> Shown:
    tasks = found.tasks
    closed = tasks.closed if any(n for _month, n in tasks.closed) else ()
    queue = f"{reverse('scoring:proposals')}?state=coaching"
    rows = (
        ((_("Overdue"), str(tasks.overdue)), queue),
        ((_("Due within five days"), str(tasks.soon)), queue),
        ((_("Due later"), str(tasks.later)), queue),
        *(((_("Closed in %(month)s") % {"month": f"{month:%Y-%m}"}, str(n)), "") for month, n in closed),
    )
    flow = (closed_tasks_chart(closed),) if closed else ()
    return Shown(
        code="tasks",
        title=_("Corrective tasks"),
        charts=(open_tasks_chart(overdue=tasks.overdue, soon=tasks.soon, later=tasks.later), *flow),
        header=(_("Tasks"), pgettext("of tasks", "Number")),
        rows=rows,
    )
