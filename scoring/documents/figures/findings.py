"""What each chart of grades shows, in one sentence."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_service.common.period_names import period_in_words
from qa_service.common.shares import percent
from scoring.figures.distribution import STEP, Distribution
from scoring.figures.funnel import Funnel, Zone
from scoring.figures.run import IN_A_ROW, POINTS_NEEDED, Run, Signal

NAMES_SHOWN = 3


def funnel_finding(found: Funnel, names: dict[int, str]) -> str:
    """Whom to look into; that nobody need be is a finding, too."""
    if not found.drawn:
        return _("There is too little to compare: a funnel takes eight units with five graded cases each.")
    low = [names[each.counted.unit] for each in found.of(Zone.FAR_LOW, Zone.LOW)]
    if low:
        said = ngettext(
            "%(n)d lies below what chance leaves: %(names)s.",
            "%(n)d lie below what chance leaves: %(names)s.",
            len(low),
        )
        return said % {"n": len(low), "names": _named(low)}
    high = [names[each.counted.unit] for each in found.of(Zone.FAR_HIGH, Zone.HIGH)]
    if high:
        said = ngettext(
            "%(n)d lies above what chance leaves: %(names)s; nobody lies below it.",
            "%(n)d lie above what chance leaves: %(names)s; nobody lies below it.",
            len(high),
        )
        return said % {"n": len(high), "names": _named(high)}
    return _("Nobody lies outside what chance makes of equal work.")


def run_finding(found: Run) -> str:
    sentences = {
        Signal.EARLY: _("Fewer than %(needed)d quarters have graded cases: too few to tell a change from chance."),
        Signal.STEADY: _("The share of good grades moves within chance around %(mean)s %%."),
        Signal.POINT_LOW: _("%(quarter)s lies lower than chance leaves: something changed."),
        Signal.POINT_HIGH: _("%(quarter)s lies higher than chance leaves: something changed."),
        Signal.RUN_LOW: _("%(row)d quarters in a row, up to %(quarter)s, lie below the mean: something changed."),
        Signal.RUN_HIGH: _("%(row)d quarters in a row, up to %(quarter)s, lie above the mean: something changed."),
    }
    quarter = period_in_words(found.at) if found.at is not None else ""
    terms = {"needed": POINTS_NEEDED, "mean": round(100 * found.mean), "quarter": quarter, "row": IN_A_ROW}
    return sentences[found.signal] % terms


def distribution_finding(found: Distribution) -> str:
    if found.crowded is not None:
        low, share = found.crowded
        said = _("%(share)d %% of the scores lie from %(low)d to %(high)d: there the method tells no cases apart.")
        return said % {"share": share, "low": low, "high": low + STEP}
    highest = max(found.cuts, default=90)
    part = percent(found.at_least(highest), found.n)
    return _("%(share)s %% of %(n)d scores reach %(cut)d points.") % {"share": part, "n": found.n, "cut": highest}


def tasks_finding(*, overdue: int, open_: int) -> str:
    if overdue:
        said = ngettext(
            "%(n)d corrective task is overdue, of %(all)d open.",
            "%(n)d corrective tasks are overdue, of %(all)d open.",
            overdue,
        )
        return said % {"n": overdue, "all": open_}
    if open_:
        return _("No corrective task is overdue; open: %(all)d.") % {"all": open_}
    return _("No corrective task is open.")


def _named(names: Sequence[str]) -> str:
    shown = _(", ").join(names[:NAMES_SHOWN])
    return shown if len(names) <= NAMES_SHOWN else _("%(names)s and others") % {"names": shown}
