"""Which report somebody asks for, and gathering it: one door for pages, files, endpoints and the worker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import organisations_reached
from qa_service.cases.models import Case
from qa_service.common.errors import NotFound
from qa_service.common.period_names import name_of, period_in_words, period_named
from qa_service.common.periods import Period, quarters_until
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from qa_service.organisations.queries import today_at
from scoring.documents.content import ReportContent
from scoring.documents.tabular import TabularReport
from scoring.documents.wording import span
from scoring.enums import ReportKind
from scoring.models import DECIDING_ROLES
from scoring.queries.bar_report import bar_report
from scoring.queries.period_report import Noting, annual_report, period_report, unnoted
from scoring.queries.public_report import public_report
from scoring.queries.report_tables.scope import Scope
from scoring.queries.reports import rewards_and_sanctions

PAPER = "zh-hans"
QUARTERS = "一二三四"
YEARS_BACK = 3
# Of more cases a report is made by the worker, which tells how far it is.
AT_ONCE = 20_000
OFFERED = (ReportKind.REWARDS, ReportKind.PERIOD, ReportKind.ANNUAL, ReportKind.PUBLIC, ReportKind.BAR)
# What a bureau has too; the others are a centre's alone.
OF_BUREAUX = (ReportKind.PERIOD, ReportKind.ANNUAL)
Content = ReportContent | TabularReport


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of report of a place and a period, by one who may read it; `named` is the period as addresses name it."""

    kind: ReportKind
    place: Organisation
    named: str
    places: tuple[Organisation, ...] = ()

    @property
    def period(self) -> Period:
        found = period_named(self.named)
        return Period.year(found.start.year) if self.kind == ReportKind.ANNUAL else found

    @property
    def shown(self) -> str:
        """The period by the name it has in lists: that of the days the report is of."""
        return name_of(self.period)

    @property
    def label(self) -> str:
        """For a paper."""
        return paper_label(self.period)

    @property
    def long(self) -> bool:
        """Whether it takes more than a person waits for."""
        cases = Case.objects.filter(
            centre__path__startswith=self.place.path, closed_on__gte=self.period.start, closed_on__lt=self.period.end
        )
        return cases.order_by()[: AT_ONCE + 1].count() > AT_ONCE


def places_to_report(user: User, kind: ReportKind) -> tuple[Organisation, ...]:
    """Centres, and for some kinds bureaux, whose report this person may read, in the order of the tree."""
    kinds = (OrganisationKind.CENTRE, OrganisationKind.BUREAU) if kind in OF_BUREAUX else (OrganisationKind.CENTRE,)
    reached = organisations_reached(user, *DECIDING_ROLES).filter(kind__in=kinds)
    return tuple(reached.select_related("settings"))


def report_asked(user: User, query: Mapping[str, str]) -> Asked:
    """By `kind`, `centre` (the code of a centre or bureau) and `period`; the usual where one is not given.

    :raises NotFound: outside one's places, and for a kind that is none.
    :raises PeriodUnknown: for a period that is none.
    """
    named_kind = query.get("kind") or ReportKind.REWARDS.value
    if named_kind not in OFFERED:
        raise NotFound(_("There is no such report."))
    kind = ReportKind(named_kind)
    places = places_to_report(user, kind)
    wanted = query.get("centre") or _usual(places)
    place = next((each for each in places if each.code == wanted), None)
    if place is None:
        raise NotFound(_("There is no such centre among yours."))
    named = query.get("period") or str(today_at(place, timezone.now()).year)
    return Asked(kind, place, name_of(period_named(named)), places)


def _usual(places: tuple[Organisation, ...]) -> str:
    """One's first centre."""
    return next(
        (each.code for each in places if each.kind == OrganisationKind.CENTRE), places[0].code if places else ""
    )


def gathered(
    asked: Asked, *, reader: User, language: str, now: datetime, noting: Noting = unnoted
) -> ReportContent | TabularReport:
    """The figures with their words in that language."""
    period = asked.period
    label = paper_label(period) if language == PAPER else shown_label(period)
    scope = Scope(asked.place, period, now, reader)
    match asked.kind:
        case ReportKind.PERIOD:
            return period_report(scope, label=label, language=language, noting=noting)
        case ReportKind.ANNUAL:
            return annual_report(scope, label=label, language=language, noting=noting)
        case ReportKind.PUBLIC:
            return public_report(centre=asked.place, period=period, label=label, language=language, now=now)
        case ReportKind.BAR:
            return bar_report(centre=asked.place, period=period, label=label, language=language, now=now)
        case _:
            return rewards_and_sanctions(
                centre=asked.place, period=period, label=label, language=language, reader=reader, now=now
            )


def paper_label(period: Period) -> str:
    """As papers name it: 2026年, 2026年第三季度, 2026年11月, or both days."""
    first = period.start
    if period.is_year:
        return f"{first.year}年"
    if period.is_quarter:
        return f"{first.year}年第{QUARTERS[(first.month - 1) // 3]}季度"
    if period == Period.month(first.year, first.month):
        return f"{first.year}年{first.month}月"
    return span(first, period.end - timedelta(days=1))


def shown_label(period: Period) -> str:
    """The same in the reader's language."""
    first = period.start
    if period == Period.month(first.year, first.month):
        return _("%(year)s, month %(month)s") % {"year": first.year, "month": first.month}
    return period_in_words(period)


def periods_offered(today: date) -> list[tuple[str, str]]:
    """The last four quarters, that of today first, whichever year they are of, and the last years."""
    years = [Period.year(today.year - back) for back in range(YEARS_BACK)]
    return [(name_of(each), shown_label(each)) for each in (*quarters_until(today, 4), *years)]


def with_chosen(offered: list[tuple[str, str]], period: Period) -> list[tuple[str, str]]:
    """A period that came by a link stays chosen in the list."""
    named = name_of(period)
    return offered if any(each == named for each, _words in offered) else [(named, shown_label(period)), *offered]
