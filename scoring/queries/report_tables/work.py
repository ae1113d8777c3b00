"""What was done in a period: cases, their grades, how scores lie."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.db.models import Count, F, Q
from django.db.models.functions import Floor, TruncQuarter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.common.period_names import period_in_words
from qa_service.common.periods import Period
from qa_service.common.rounding import half_up
from qa_service.common.shares import ENOUGH, percent
from reviews.queries import handled_by_staff, reading_counts
from scoring.documents.content import GradeCounts
from scoring.documents.tabular import Cell, Figures
from scoring.enums import SETTLED_GRADES, Grade
from scoring.figures.distribution import STEP, STEPS, distribution
from scoring.figures.targets import growth_of
from scoring.models import CaseScore
from scoring.queries.closing import grades_for_the_report
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import case_totals, grade_counts

GOOD = (Grade.EXCELLENT, Grade.GOOD)
Line = tuple[Cell, ...]


def cases_closed(scope: Scope) -> Figures:
    totals = case_totals(Case.objects.filter(scope.cases.of()))
    rows: list[Line] = [*totals.by_class, (_("Total"), totals.closed)]
    finding = _("Cases closed: %(count)s") % {"count": totals.closed}
    title, header = _("Cases closed"), (_("Class"), pgettext("figures", "Cases"))
    return Figures(title, header, tuple(rows), barred=len(totals.by_class), finding=finding)


def cases_grown(scope: Scope) -> Figures:
    """Beside those of the same days a year earlier."""
    now, then = (case_totals(Case.objects.filter(each.cases.of())) for each in (scope, scope.year_before))
    before = dict(then.by_class)
    by_class = [(name, n, before.pop(name, 0)) for name, n in now.by_class]
    by_class += [(name, 0, n) for name, n in before.items()]
    whole: list[tuple[str, int | Decimal, int | Decimal]] = [
        (_("Total"), now.closed, then.closed),
        (_("People helped"), now.people_helped, then.people_helped),
        (_("Recovered, yuan"), half_up(now.recovered), half_up(then.recovered)),
    ]
    rows: list[Line] = [(name, n, m, growth_of(n, m, cases_before=m)) for name, n, m in by_class]
    rows += [(name, this, last, growth_of(this, last, cases_before=then.closed)) for name, this, last in whole]
    header = (_("Figure"), _("This year"), _("Year before"), _("Change, per cent"))
    finding = _("Cases closed: %(count)s") % {"count": now.closed}
    return Figures(
        _("Cases closed, beside the year before"), header, tuple(rows), barred=len(by_class), finding=finding
    )


def work_done(scope: Scope) -> Figures:
    totals = case_totals(Case.objects.filter(scope.cases.of()))
    rows: list[Line] = [(_("People helped"), totals.people_helped), (_("Recovered, yuan"), half_up(totals.recovered))]
    return Figures(_("Work done"), (_("Figure"), _("Value")), (*rows, *reading(scope)))


def files_read(scope: Scope) -> Figures:
    rows = reading(scope)
    note = (
        "" if rows else _("Of some of these cases one who reads this handled the file: how many were read is not said.")
    )
    return Figures(_("File review"), (_("Figure"), _("Value")), rows, note=note)


def reading(scope: Scope) -> tuple[Line, ...]:
    """How files were drawn and read; nothing of it to who handled some: it would tell whether theirs was drawn."""
    if scope.reader_handled_some() if scope.reader else handled_by_staff(centre=scope.place, period=scope.period):
        return ()
    read = reading_counts(centre_path=scope.place.path, period=scope.period)
    return (
        (_("Files drawn for review"), read.drawn),
        (_("Files given out"), read.given),
        (_("Files read"), read.read),
        (_("Readers of files"), read.readers),
        (_("Files read twice"), read.doubly),
        (_("Files read a third time"), read.thirdly),
    )


def grades(scope: Scope) -> Figures:
    """By type of case, as they were closed where the centre closed the period."""
    counted = grades_of(scope)
    header = (_("Class"), _("Excellent"), _("Good"), _("Pass"), _("Fail"), _("Total"))
    lines = [(row.excellent, row.good, row.passed, row.failed, row.total) for row in counted]
    rows: list[Line] = [(row.case_class, *line) for row, line in zip(counted, lines, strict=True)]
    total = tuple(map(sum, zip(*lines, strict=True)))
    if total:
        rows.append((_("Total"), *total))
    note = "" if rows else _("No case of this period has a grade yet.")
    return Figures(_("Grades"), header, tuple(rows), note=note, charted=4 if rows else 0, finding=_found(total))


def grades_of(scope: Scope) -> tuple[GradeCounts, ...]:
    return grade_counts(grades_for_the_report(scope.place, scope.period) if scope.is_centre else _grades_below(scope))


def _found(total: tuple[int, ...]) -> str:
    if not total or not total[-1]:
        return ""
    return _("Of %(graded)s cases appraised %(share)s %% are excellent or good.") % {
        "graded": total[-1],
        "share": percent(total[0] + total[1], total[-1]),
    }


def _grades_below(scope: Scope) -> Mapping[str, Mapping[str, int]]:
    scores = CaseScore.objects.current().graded().filter(_closed_in(scope))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for case_type, grade, n in scores.order_by().values_list("case_type", "grade").annotate(n=Count("pk")):
        found[case_type][grade] = n
    return found


def _closed_in(scope: Scope) -> Q:
    period = scope.period
    return Q(
        centre__path__startswith=scope.place.path,
        closed_on__gte=period.start,
        closed_on__lt=period.end,
        grade__in=SETTLED_GRADES,
    )


def scores_spread(scope: Scope) -> Figures:
    """How many cases lie in each five points, in all and by type; steps without any are left out."""
    stepped = CaseScore.objects.current().filter(_closed_in(scope)).annotate(step=Floor(F("score") / STEP)).order_by()
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for case_type, step, n in stepped.values_list("case_type", "step").annotate(n=Count("pk")):
        counts[case_type][int(step)] = n
    found = distribution({str(kind.label): counts[kind] for kind in CaseType if kind in counts}, ())
    rows = [
        (f"{step}–{step + STEP}", sum(columns), *columns)
        for step, *columns in zip(STEPS, *(each.counts for each in found.series), strict=True)
        if any(columns)
    ]
    header = (_("Case score"), _("Total"), *(each.name for each in found.series))
    note = "" if rows else _("No case of this period has a grade yet.")
    title, finding = _("How scores are distributed"), _("Graded cases")
    return Figures(title, header, tuple(rows), note=note, barred=len(rows), finding=finding)


def quarters(scope: Scope) -> Figures:
    """Of each quarter of the period, how many graded cases are good or excellent; of few no share is told."""
    scores = CaseScore.objects.current().filter(_closed_in(scope)).annotate(quarter=TruncQuarter("closed_on"))
    groups = scores.order_by("quarter").values_list("quarter")
    counted = groups.annotate(n=Count("pk"), good=Count("pk", filter=Q(grade__in=GOOD)))
    rows: tuple[Line, ...] = tuple(
        (period_in_words(Period.quarter_of(quarter)), good, n, percent(good, n) if n >= ENOUGH else None)
        for quarter, n, good in counted
    )
    header = (_("Cases closed in"), _("Good or excellent"), _("Graded cases"), _("Per cent"))
    note = "" if rows else _("No case of this period has a grade yet.")
    return Figures(_("Quarter by quarter"), header, rows, note=note, barred=len(rows), finding=_("Good or excellent"))
