"""What the monitors of honesty are given, for whoever supervises: counts of a period, never a name of a client."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Case, RiskFlag
from qa_service.common.periods import Period
from qa_service.organisations.models import Firm, Organisation
from reviews.queries import self_assessment_evidence
from scoring.enums import SETTLED_GRADES, Grade, Monitor
from scoring.honesty import (
    Finding,
    HeardCount,
    Modes,
    Surplus,
    UnitCount,
    changed_schemes,
    dropped,
    inflated,
    moved_modes,
    self_praise,
    unreached,
)
from scoring.models import CaseScore
from surveys.enums import Mode
from surveys.queries import ClientAnswers, client_answers

LOW, HIGH = (Grade.PASS, Grade.FAIL), (Grade.EXCELLENT, Grade.GOOD)
# Signs that draw a file by rule. What is sealed is counted by nobody.
SIGNS = (FlagKind.BAD_RATING, FlagKind.COMPLAINT, FlagKind.ORGAN_LOW, FlagKind.RECTIFICATION)
# More graded cases than these are for a shorter period or a narrower place: their answers are read one by one.
MOST_CASES = 20_000
A_READING = 2000


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Honesty:
    """`findings` in the order of the monitors. `too_many`: answers and self-assessments were not looked at."""

    findings: tuple[Finding, ...]
    centres: int
    graded: int
    too_many: bool

    def of(self, monitor: Monitor) -> list[Finding]:
        return [each for each in self.findings if each.monitor == monitor]


@dataclass(frozen=True, slots=True)
class _Graded:
    case_id: int
    centre_id: int
    firm_id: int
    grade: str


@dataclass(frozen=True, slots=True)
class _Tally:
    """`n` graded cases of a centre came to one grade by one version of the scheme."""

    centre_id: int
    grade: str
    scheme: int
    n: int


def honesty(*, user: User, period: Period, before: Period, below: str = "") -> Honesty:
    """Of the centres that the person supervises, but for cases of their own work; the queries do not grow with them.

    `below`: of those alone whose path in the tree begins so.
    """
    tallies, earlier_tallies = _tallies(user, period, below), _tallies(user, before, below)
    graded = sum(each.n for each in tallies)
    names = _names(Organisation, {each.centre_id for each in (*tallies, *earlier_tallies)})
    too_many = graded + sum(each.n for each in earlier_tallies) > MOST_CASES
    found = [
        *inflated(_excellent(tallies, names)),
        *dropped(_unread(user, period, below)),
        *_schemes(tallies, earlier_tallies, names),
    ]
    if not too_many:
        now, then = list(_graded(user, period, below)), list(_graded(user, before, below))
        answers, earlier = _answers(now), _answers(then)
        found += [
            *unreached(_heard(now, answers, names)),
            *self_praise(_surpluses(now)),
            *moved_modes(_modes(now, then, answers, earlier, names)),
        ]
    order = list(Monitor)
    findings = sorted(found, key=lambda each: (order.index(each.monitor), each.figures["unit"]))
    return Honesty(tuple(findings), len(names), graded, too_many)


def just_before(period: Period) -> Period:
    """The year before a year, the quarter before a quarter, as many days before others; before the first of all days
    there is nothing but itself."""
    length = period.end - period.start
    if period.start - date.min < length:
        return period
    day = period.start - timedelta(days=1)
    if period.is_year:
        return Period.year(day.year)
    return Period.quarter_of(day) if period.is_quarter else Period(period.start - length, period.start)


def told(finding: Finding) -> str:
    """A sentence in the reader's language."""
    figures = dict(finding.figures)
    if "mode" in figures:
        figures["mode"] = str(Mode(figures["mode"]).label)
    return str(finding.monitor.label) % figures


def titles() -> dict[Monitor, str]:
    return {
        Monitor.INFLATED: _("Excellence beyond the others'"),
        Monitor.UNREACHED: _("Unhappy clients not heard"),
        Monitor.DROPPED: _("Hard cases not read"),
        Monitor.SELF_PRAISE: _("Self-assessments too good"),
        Monitor.MODE: _("Ways of answering that changed"),
        Monitor.SCHEME: _("Schemes that changed"),
    }


def _scores(user: User, period: Period, below: str) -> QuerySet[CaseScore]:
    scores = CaseScore.objects.current().filter(
        within(user, "centre__path", Role.SUPERVISOR),
        centre__path__startswith=below,
        grade__in=SETTLED_GRADES,
        released_on__isnull=False,
        closed_on__gte=period.start,
        closed_on__lt=period.end,
    )
    return scores.exclude(own_work(user, lawyer="lawyer", firm="firm")).order_by()


def _graded(user: User, period: Period, below: str) -> Iterator[_Graded]:
    rows = _scores(user, period, below).order_by("pk")
    for row in rows.values_list("case_id", "centre_id", "firm_id", "grade").iterator():
        yield _Graded(*row)


def _tallies(user: User, period: Period, below: str) -> list[_Tally]:
    """A country has too many graded cases to be held one by one."""
    groups = _scores(user, period, below).values_list("centre_id", "grade", "scheme__version").annotate(n=Count("pk"))
    return [_Tally(*row) for row in groups]


def _names(model: type[Organisation] | type[Firm], keys: Iterable[int]) -> dict[int, str]:
    return dict(model._default_manager.filter(pk__in=set(keys)).values_list("pk", "name"))


def _in_readings(rows: Iterable[T]) -> Iterator[list[T]]:
    every = list(rows)
    for at in range(0, len(every), A_READING):
        yield every[at : at + A_READING]


def _excellent(rows: Iterable[_Tally], names: Mapping[int, str]) -> list[UnitCount]:
    whole: Counter[int] = Counter()
    part: Counter[int] = Counter()
    for row in rows:
        whole[row.centre_id] += row.n
        part[row.centre_id] += row.n if row.grade == Grade.EXCELLENT else 0
    return [UnitCount(names[centre], part[centre], whole[centre]) for centre in whole]


def _unread(user: User, period: Period, below: str) -> list[UnitCount]:
    """Cases with a sign of trouble, and those of them whose marks never reached the lawyer."""
    flags = RiskFlag.objects.filter(case=OuterRef("pk"), kind__in=SIGNS)
    read = CaseScore.objects.current().filter(case=OuterRef("pk"), released_on__isnull=False)
    cases = Case.objects.filter(
        within(user, "centre__path", Role.SUPERVISOR),
        Exists(flags),
        centre__path__startswith=below,
        closed_on__gte=period.start,
        closed_on__lt=period.end,
    )
    rows = cases.exclude(own_work(user, lawyer="lawyer", firm="firm")).annotate(is_read=Exists(read)).order_by()
    counted = rows.values("centre__name").annotate(whole=Count("pk"), part=Count("pk", filter=Q(is_read=False)))
    return [UnitCount(row["centre__name"], row["part"], row["whole"]) for row in counted]


def _answers(rows: Iterable[_Graded]) -> dict[int, ClientAnswers]:
    """The earliest of each case."""
    found: dict[int, ClientAnswers] = {}
    for some in _in_readings(rows):
        for given in client_answers([row.case_id for row in some]):
            found.setdefault(given.case_id, given)
    return found


def _heard(
    rows: Iterable[_Graded], answers: Mapping[int, ClientAnswers], names: Mapping[int, str]
) -> Iterator[HeardCount]:
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        side = "low" if row.grade in LOW else "high"
        counted[row.centre_id][f"of_{side}"] += 1
        counted[row.centre_id][side] += row.case_id in answers
    for centre, each in counted.items():
        yield HeardCount(names[centre], each["low"], each["of_low"], each["high"], each["of_high"])


def _surpluses(rows: Iterable[_Graded]) -> Iterator[Surplus]:
    firms = {row.case_id: row.firm_id for row in rows}
    points: dict[int, list[Decimal]] = defaultdict(list)
    for some in _in_readings(firms):
        for case_id, given in self_assessment_evidence(some).items():
            if given.surplus is not None:
                points[firms[case_id]].append(given.surplus)
    names = _names(Firm, points)
    for firm, values in points.items():
        yield Surplus(names[firm], tuple(values))


def _modes(
    now: Iterable[_Graded],
    then: Iterable[_Graded],
    answers: Mapping[int, ClientAnswers],
    earlier: Mapping[int, ClientAnswers],
    names: Mapping[int, str],
) -> Iterator[Modes]:
    counted: dict[int, tuple[Counter[str], Counter[str]]] = defaultdict(lambda: (Counter(), Counter()))
    for at, (rows, given) in enumerate(((now, answers), (then, earlier))):
        for row in rows:
            if row.case_id in given:
                counted[row.centre_id][at][given[row.case_id].mode.value] += 1
    for centre, (own, before) in counted.items():
        yield Modes(names[centre], own, before)


def _schemes(now: Iterable[_Tally], then: Iterable[_Tally], names: Mapping[int, str]) -> Iterator[Finding]:
    versions: dict[str, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for at, rows in enumerate((now, then)):
        for row in rows:
            versions[names[row.centre_id]][at].add(row.scheme)
    yield from changed_schemes({unit: (frozenset(own), frozenset(was)) for unit, (own, was) in versions.items()})
