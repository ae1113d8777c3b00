"""Charts of grades as content, for page and paper alike."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from django.utils.translation import gettext as _

from qa_service.common.period_names import name_of
from qa_service.common.periods import Period
from qa_service.documents.content import (
    Bar,
    BarChart,
    Curve,
    Form,
    HistogramChart,
    HistogramSeries,
    PlotChart,
    PlotMark,
)
from scoring.documents.figures.findings import distribution_finding, funnel_finding, run_finding, tasks_finding
from scoring.figures.distribution import STEP, STEPS, Distribution
from scoring.figures.funnel import Funnel, Placed, Zone
from scoring.figures.limits import ACTION, WARNING, limits
from scoring.figures.run import Point, Run

PERCENTS: Final = tuple((step / 4, f"{25 * step} %") for step in range(5))
FORMS: Final = {
    Zone.FEW: Form.RING,
    Zone.WITHIN: Form.DOT,
    Zone.HIGH: Form.DOT,
    Zone.FAR_HIGH: Form.DOT,
    Zone.LOW: Form.DIAMOND,
    Zone.FAR_LOW: Form.DIAMOND,
}
PLACES_DRAWN = 60
QUARTERS_LABELLED = 8


def funnel_chart(found: Funnel, names: dict[int, str], *, link: Callable[[int], str]) -> PlotChart:
    """Each unit's share of good grades against its number; labels where there is something to say.

    :param link: the address of the cases behind a unit's mark.
    """
    most = max(each.counted.n for each in found.placed)
    of_all = "" if found.small else _("all: %(share)d %%") % _percent(found.target)
    curves = [Curve(((0, found.target), (most, found.target)), of_all)]
    if found.drawn:
        curves += _limits(found, most)
    return PlotChart(
        title=funnel_finding(found, names),
        marks=tuple(_mark(each, found.target, names, link) for each in found.placed),
        curves=tuple(curves),
        x_ticks=tuple((most * part / 4, str(round(most * part / 4))) for part in range(5)),
        y_ticks=PERCENTS,
        x_label=_("Graded cases"),
        y_label=_("Share of good and excellent grades"),
        description=_(
            "Limits leave 95 and 99.8 of 100 units inside where nothing but chance parts them. A ring has few cases "
            "and stands on the line of all."
        ),
    )


def _limits(found: Funnel, most: int) -> list[Curve]:
    sizes = sorted({max(1, round(most * place / PLACES_DRAWN)) for place in range(PLACES_DRAWN + 1)})
    curves = []
    for level, name, dashed in ((WARNING, "95 %", True), (ACTION, "99.8 %", False)):
        ends = [(n, *limits(found.target, n, level, found.spread)) for n in sizes]
        curves.append(Curve(tuple((n, low) for n, low, _high in ends), name, dashed=dashed))
        curves.append(Curve(tuple((n, high) for n, _low, high in ends), "", dashed=dashed))
    return curves


def _mark(each: Placed, target: float, names: dict[int, str], link: Callable[[int], str]) -> PlotMark:
    name = names[each.counted.unit]
    counted = {"name": name, "n": each.counted.n, "good": each.counted.good}
    if each.zone is Zone.FEW:  # of few no share is told, by the place of its ring as little as in the table
        tip, height = _("%(name)s: %(good)d of %(n)d") % counted, target
    else:
        tip, height = _("%(name)s: %(share)d %% of %(n)d") % (_percent(each.share) | counted), each.share
    label = name if each.zone not in {Zone.FEW, Zone.WITHIN} else ""
    return PlotMark(each.counted.n, height, tip, FORMS[each.zone], label, link(each.counted.unit))


def run_chart(
    found: Run,
    *,
    name: str = "",
    changes: Sequence[tuple[date, int]] = (),
    low: bool = False,
    link: Callable[[Period], str],
) -> PlotChart:
    """Quarter by quarter; one that lies below the limits is a diamond, one of few cases a ring at the mean.

    :param low: one of many, drawn without limits
    :param link: the address of the cases behind a quarter's mark
    """
    last = len(found.points) - 1
    return PlotChart(
        title=_("%(name)s: %(finding)s") % {"name": name, "finding": run_finding(found)}
        if name
        else run_finding(found),
        marks=tuple(_quarter_mark(number, point, found.mean, link) for number, point in enumerate(found.points)),
        curves=_run_curves(found, limited=not low),
        x_ticks=_quarter_ticks(found.points) if last else ((0.0, name_of(found.points[0].period)), (1.0, "")),
        y_ticks=PERCENTS[::2] if low else PERCENTS,
        y_label="" if low else _("Share of good and excellent grades"),
        uprights=_method_changes(found.points, changes),
        description=_(
            "Limits leave 99.8 of 100 quarters inside where nothing but chance parts them. A ring has few cases and "
            "stands on the mean."
        ),
        low=low,
    )


def _run_curves(found: Run, *, limited: bool) -> tuple[Curve, ...]:
    """The line breaks off at a quarter of few cases: to lead through its ring would read as a rise or a fall."""
    numbered = list(enumerate(found.points))
    of_all = "" if found.small else _("mean %(share)d %%") % _percent(found.mean)
    mean = Curve(((0, found.mean), (max(len(numbered) - 1, 1), found.mean)), of_all)
    told = [list(side) for small, side in groupby(numbered, key=lambda each: each[1].small) if not small]
    curves = [*(Curve(tuple((number, point.share) for number, point in each), muted=False) for each in told), mean]
    if limited:
        curves.append(Curve(tuple((number, point.low) for number, point in numbered), _("limits"), dashed=True))
        curves.append(Curve(tuple((number, point.high) for number, point in numbered), dashed=True))
    return tuple(curves)


def _quarter_mark(number: int, point: Point, mean: float, link: Callable[[Period], str]) -> PlotMark:
    counted = {"quarter": name_of(point.period), "n": point.n, "good": point.good}
    if point.small:
        return PlotMark(number, mean, _("%(quarter)s: %(good)d of %(n)d") % counted, Form.RING, href=link(point.period))
    tip = _("%(quarter)s: %(share)d %% of %(n)d") % (_percent(point.share) | counted)
    form = Form.DIAMOND if point.outside and point.share < mean else Form.DOT
    return PlotMark(number, point.share, tip, form, href=link(point.period))


def _quarter_ticks(points: Sequence[Point]) -> tuple[tuple[float, str], ...]:
    """The first, the last, and between them as many as have room."""
    last, each = len(points) - 1, -(-len(points) // QUARTERS_LABELLED)
    shown = [n for n in range(len(points)) if n in {0, last} or (n % each == 0 and last - n >= each)]
    return tuple((float(n), name_of(points[n].period)) for n in shown)


def _method_changes(points: Sequence[Point], changes: Sequence[tuple[date, int]]) -> tuple[tuple[float, str], ...]:
    place = {point.period: float(number) for number, point in enumerate(points)}
    told = ((place.get(Period.quarter_of(day)), version) for day, version in changes)
    return tuple((at, _("scheme %(version)d") % {"version": version}) for at, version in told if at is not None)


def distribution_chart(found: Distribution) -> HistogramChart:
    return HistogramChart(
        title=distribution_finding(found),
        columns=tuple(str(step) for step in STEPS),
        series=tuple(HistogramSeries(each.name, each.counts) for each in found.series),
        cuts=tuple((cut // STEP, str(cut)) for cut in found.cuts),
        x_label=_("Case score, from"),
    )


def open_tasks_chart(*, overdue: int, soon: int, later: int) -> BarChart:
    bars = (
        Bar(_("Overdue"), overdue),
        Bar(_("Due within five days"), soon),
        Bar(_("Due later"), later),
    )
    return BarChart(title=tasks_finding(overdue=overdue, open_=overdue + soon + later), bars=bars)


def closed_tasks_chart(closed: Sequence[tuple[date, int]]) -> BarChart:
    bars = tuple(Bar(f"{month:%Y-%m}", n) for month, n in closed)
    return BarChart(title=_("Corrective tasks closed, month by month"), bars=bars)


def _percent(share: float) -> dict[str, object]:
    return {"share": round(100 * share)}
