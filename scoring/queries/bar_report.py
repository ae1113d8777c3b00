"""What a bar association is told of its members' legal aid (法律援助法 art. 60): cases, grades and notices that stand.

Practising lawyers alone, by name and licence. Grades are professional evidence that can no longer change by an
objection; no client stands in it, nor what one said.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.enums import LawyerKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import issuer_name, today_at
from reviews.queries import marks_stand
from scoring.documents.tabular import Cell, Figures, TabularReport
from scoring.enums import AppealState, Grade, NoticeKind, NoticeState
from scoring.models import CaseScore, Notice
from scoring.queries.reports import about_period

GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS, Grade.FAIL)
COUNTED = (NoticeKind.COMMENDATION, NoticeKind.RECTIFICATION)
Member = tuple[str, str, str]  # firm, lawyer, licence


@dataclass(slots=True)
class _Tally:
    closed: int = 0
    grades: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)

    def add(self, other: "_Tally") -> None:
        self.closed += other.closed
        self.grades.update(other.grades)
        self.notices.update(other.notices)

    @property
    def cells(self) -> tuple[int, ...]:
        graded = [self.grades[grade] for grade in GRADES]
        return (self.closed, sum(graded), *graded, *(self.notices[kind] for kind in COUNTED))


def bar_report(
    *, centre: Organisation, period: Period, label: str, language: str = "zh-hans", now: datetime
) -> TabularReport:
    """Of the cases closed in the half-open period, as of now; four queries, whatever their number."""
    tallies = _tallies(centre, period, now)
    with translation.override(language):
        return TabularReport(
            name=_("Legal aid of members, for the bar association"),
            organisation=issuer_name(centre.pk),
            period_label=label,
            first_day=period.start,
            last_day=date.fromordinal(period.end.toordinal() - 1),
            as_of=today_at(centre, now),
            tables=(_firms(tallies), _lawyers(tallies)),
            notes=(
                _(
                    "Grades count once the lawyer can object no more; notices, while they stand, were delivered and no "
                    "appeal against them waits. Withdrawn ones are not counted."
                ),
                _("Given under article 60 of the Legal Aid Law, for the yearly assessment of the association alone."),
            ),
        )


def _tallies(centre: Organisation, period: Period, now: datetime) -> dict[Member, _Tally]:
    found: dict[Member, _Tally] = defaultdict(_Tally)
    span = {"closed_on__gte": period.start, "closed_on__lt": period.end}
    member = ("firm__name", "lawyer__name", "lawyer__licence_number")
    ours = {"lawyer__kind": LawyerKind.LAWYER}
    for *who, closed in Case.objects.filter(centre=centre, **span, **ours).values_list(*member).annotate(n=Count("pk")):
        found[_member(who)].closed += closed
    scores = CaseScore.objects.current().graded().filter(marks_stand(now=now), centre=centre, **span, **ours)
    for *who, grade, count in scores.order_by().values_list(*member, "grade").annotate(n=Count("pk")):
        found[_member(who)].grades[grade] += count
    standing = Notice.objects.filter(issuer=centre, state=NoticeState.ISSUED, delivered_on__isnull=False)
    standing = standing.exclude(appeals__state=AppealState.LODGED).filter(
        about_period(period, path="proposal__"), **ours
    )
    for *who, kind, count in standing.order_by().values_list(*member, "kind").annotate(n=Count("pk")):
        found[_member(who)].notices[kind] += count
    return dict(sorted(found.items()))


def _member(who: Iterable[str]) -> Member:
    firm, lawyer, licence = who
    return firm, lawyer, licence


def _counted() -> tuple[str, ...]:
    return (
        pgettext("figures", "Cases closed"),
        pgettext("figures", "Graded"),
        *(str(grade.label) for grade in GRADES),
        _("Commendation notices"),
        _("Rectification notices"),
    )


def _firms(tallies: dict[Member, _Tally]) -> Figures:
    firms: dict[str, _Tally] = defaultdict(_Tally)
    for (firm, _lawyer, _licence), tally in tallies.items():
        firms[firm].add(tally)
    rows: tuple[tuple[Cell, ...], ...] = tuple((firm, *tally.cells) for firm, tally in firms.items())
    return Figures(_("Firms"), (_("Firm"), *_counted()), rows, note=_nobody(rows))


def _lawyers(tallies: dict[Member, _Tally]) -> Figures:
    rows = tuple(_named(tallies))
    header = (_("Lawyer"), _("Licence number"), pgettext("lawyer's", "Firm"), *_counted())
    return Figures(_("Lawyers"), header, rows, note=_nobody(rows), joined=3)


def _named(tallies: dict[Member, _Tally]) -> Iterator[tuple[Cell, ...]]:
    for (firm, lawyer, licence), tally in tallies.items():
        yield (lawyer, licence, firm, *tally.cells)


def _nobody(rows: tuple[tuple[Cell, ...], ...]) -> str:
    return "" if rows else _("No practising lawyer had a case closed in this period.")
