"""A lawyer's own means quarter by quarter, beside the middle band that their centre published."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from qa_service.common.period_names import name_of
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.documents.content import Curve, PlotChart, PlotMark

_SCALE = tuple((float(points), str(points)) for points in range(0, 101, 20))
_FEWEST = 2  # points make a trend


@dataclass(frozen=True, slots=True)
class QuarterMean:
    """Of `n` graded cases at one centre; `mean` is None of fewer than five, `band` where none was published."""

    period: Period
    n: int
    mean: Decimal | None
    band: tuple[int, int] | None


def trend_chart(quarters: Sequence[QuarterMean], *, name: str = "") -> PlotChart | None:
    """In order of time; a quarter without a mean leaves its place empty. None where fewer than two have one.

    :param name: of the centre, where there are several.
    """
    shown = [each for each in quarters if each.mean is not None]
    if len(shown) < _FEWEST:
        return None
    first = _counted(shown[0].period)
    last = _counted(shown[-1].period) - first
    measured = _("Mean of the graded cases (0 to 100)")
    return PlotChart(
        title=_finding(shown),
        marks=tuple(PlotMark(_counted(each.period) - first, float(each.mean or 0), _said(each)) for each in shown),
        curves=_curves(shown, first),
        x_ticks=tuple(
            (_counted(each.period) - first, name_of(each.period)) for each in shown if _has_room(each, first, last)
        ),
        y_ticks=_SCALE,
        y_label=f"{measured} · {name}" if name else measured,
        description=_(
            "Each mark is the mean of a quarter with five graded cases or more. The dashed lines are the middle band "
            "that the centre published."
        ),
    )


def _curves(shown: Sequence[QuarterMean], first: int) -> tuple[Curve, ...]:
    own = Curve(tuple((_counted(each.period) - first, float(each.mean or 0)) for each in shown), muted=False)
    bands = [(_counted(each.period) - first, each.band) for each in shown if each.band is not None]
    if len(bands) < _FEWEST:
        return (own,)
    low = Curve(tuple((float(at), float(band[0])) for at, band in bands), _("middle band"), dashed=True)
    high = Curve(tuple((float(at), float(band[1])) for at, band in bands), dashed=True)
    return own, low, high


def _finding(shown: Sequence[QuarterMean]) -> str:
    first, last = shown[0], shown[-1]
    said = _("From %(start)s to %(end)s the mean went from %(before)s to %(after)s.")
    return said % {
        "start": name_of(first.period),
        "end": name_of(last.period),
        "before": half_up(first.mean or Decimal(0)),
        "after": half_up(last.mean or Decimal(0)),
    }


def _said(each: QuarterMean) -> str:
    told = {"quarter": name_of(each.period), "mean": half_up(each.mean or Decimal(0)), "n": each.n}
    return _("%(quarter)s: mean %(mean)s of %(n)d graded cases") % told


def _has_room(each: QuarterMean, first: int, last: int) -> bool:
    """At most the first, the last and every second between them."""
    at = _counted(each.period) - first
    return at in {0, last} or (at % 2 == 0 and at < last - 1)


def _counted(period: Period) -> int:
    return period.start.year * 4 + (period.start.month - 1) // 3
