"""Whose standing it is, and by which items points were lost."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.common.shares import ENOUGH
from reviews.queries import ListUsed, lists_of_reports, losses_for_reports
from scoring.documents.content import StandingRow
from scoring.documents.tabular import Cell, Figures
from scoring.enums import UnitKind
from scoring.queries.closing import standings_for_the_report
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import lawyers_standing, standing_rows
from scoring.queries.standings import standings_today

LISTS_SHOWN = 3
ITEMS_SHOWN = 10


def lawyers(scope: Scope) -> Figures:
    """Of one centre, with the firms they worked for."""
    return _standings(_("Standings of lawyers"), _("Lawyer"), lawyers_standing(scope.place, scope.period))


def firms(scope: Scope) -> Figures:
    found = standings_for_the_report(kind=UnitKind.FIRM, centre=scope.place, period=scope.period)
    return _standings(_("Standings of firms"), _("Firm"), standing_rows(found, {}))


def firms_with_enough(scope: Scope) -> Figures:
    """Without those of fewer than five graded cases, of whom it only says how many they are."""
    found = standings_for_the_report(kind=UnitKind.FIRM, centre=scope.place, period=scope.period)
    rows = standing_rows(found, {})
    large = tuple(row for row in rows if row.count >= ENOUGH)
    left = len(rows) - len(large)
    note = _("Firms with fewer than five graded cases, not listed: %(count)s.") % {"count": left} if left else ""
    return _standings(_("Standings of firms"), _("Firm"), large, note=note)


def centres(scope: Scope) -> Figures:
    """Of all centres below a bureau."""
    found = standings_today(kind=UnitKind.CENTRE, centre=scope.place, period=scope.period)
    return _standings(_("Standings of centres"), _("Centre"), standing_rows(found, {}))


def _standings(title: str, unit: str, found: tuple[StandingRow, ...], *, note: str = "") -> Figures:
    with_firms = any(row.unit for row in found)
    header = (
        unit,
        *((pgettext("lawyer's", "Firm"),) if with_firms else ()),
        _("Graded cases"),
        _("Answers counted"),
        _("Unadjusted mean"),
        _("Standing"),
        _("90 % interval from"),
        _("90 % interval to"),
        _("Place from"),
        _("Place to"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            row.name,
            *((row.unit,) if with_firms else ()),
            row.count,
            row.answers,
            row.mean,
            row.shrunk,
            row.low,
            row.high,
            *(row.places or (None, None)),
        )
        for row in found
    )
    nobody = "" if rows else _("No case of this period has a grade yet.")
    return Figures(title, header, rows, note=note or nobody, joined=2 if with_firms else 1)


def items_lost(scope: Scope) -> tuple[Figures, ...]:
    """Of the lists most used, the items that cost most; of fewer than five files nothing is said."""
    return tuple(
        found for used in lists_of_reports(scope.cases)[:LISTS_SHOWN] if (found := _lost_by(scope, used)) is not None
    )


def _lost_by(scope: Scope, used: ListUsed) -> Figures | None:
    losses = losses_for_reports(scope.cases, used.checklist)
    if losses is None:
        return None
    told = ((code, each.lost, title, each.files) for code, title, each, _lawyers in losses.lines if each.lost)
    rows = tuple(told)[:ITEMS_SHOWN]
    header = (
        _("Item"),
        _("Points lost, per cent"),
        pgettext("checklists", "What it asks"),
        pgettext("figures", "Files"),
    )
    return Figures(
        _("Where points are lost: %(list)s") % {"list": used.name},
        header,
        rows,
        note="" if rows else _("Fewer than five files to which an item applied, or nothing lost: nothing is said."),
        barred=len(rows),
        unit=" %",
        finding=_("Share of the points lost, over %(files)s files") % {"files": used.files},
    )
