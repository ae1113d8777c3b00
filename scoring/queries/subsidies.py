"""The subsidy sheet (R4): what the grade of each accepted file would speak for. It recommends; nobody is paid by it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work
from qa_service.cases.models import Case
from qa_service.common.periods import Period
from qa_service.organisations.models import Firm, Lawyer, Organisation
from reviews.queries import AcceptedFile, accepted_files
from scoring.enums import SETTLED_GRADES, RuleCode
from scoring.models import CaseScore, Rule
from scoring.queries.proposals import rules_in_force


@dataclass(frozen=True, slots=True)
class SubsidyRow:
    """One accepted file. `coefficient` is None where no grade was given to the lawyer: then nothing is recommended."""

    number: str
    lawyer: str
    firm: str
    accepted_on: date
    days_late: int
    excused: bool
    grade: str
    coefficient: Decimal | None


@dataclass(frozen=True, slots=True)
class SubsidySheet:
    """`rule` None: R4 is off, and nothing is recommended. `own`: files left out, of the reader's own or their firm."""

    rule: Rule | None
    rows: tuple[SubsidyRow, ...] = ()
    own: int = 0

    @property
    def by_coefficient(self) -> list[tuple[Decimal, int]]:
        counted = Counter(row.coefficient for row in self.rows if row.coefficient is not None)
        return sorted(counted.items(), reverse=True)

    @property
    def without(self) -> int:
        return sum(row.coefficient is None for row in self.rows)


def subsidy_sheet(*, centre: Organisation, period: Period, reader: User) -> SubsidySheet:
    """Files of the centre accepted in the period, through the gate of acceptance alone; the same few queries for any
    number of them."""
    rule = rules_in_force().get(RuleCode.R4)
    if rule is None:
        return SubsidySheet(None)
    files = list(accepted_files(centre=centre, period=period))
    own = _own(files, reader)
    shown = [each for each in files if each.case_id not in own]
    grades = _grades(shown)
    lawyers = dict(Lawyer.objects.filter(pk__in={each.lawyer_id for each in shown}).values_list("pk", "name"))
    firms = dict(Firm.objects.filter(pk__in={each.firm_id for each in shown}).values_list("pk", "name"))
    rows = tuple(
        SubsidyRow(
            number=each.number,
            lawyer=lawyers[each.lawyer_id],
            firm=firms[each.firm_id],
            accepted_on=each.accepted_on,
            days_late=each.days_late,
            excused=each.excused,
            grade=grades.get(each.case_id, ""),
            coefficient=_coefficient(rule, grades.get(each.case_id, "")),
        )
        for each in shown
    )
    return SubsidySheet(rule, rows, len(files) - len(shown))


def _coefficient(rule: Rule, grade: str) -> Decimal | None:
    return Decimal(rule.thresholds[grade]) if grade else None


def _grades(files: Iterable[AcceptedFile]) -> dict[int, str]:
    """What was released to the lawyers: a grade under way binds nobody."""
    cases = [each.case_id for each in files]
    scores = CaseScore.objects.current().filter(case__in=cases, grade__in=SETTLED_GRADES, released_on__isnull=False)
    return dict(scores.values_list("case_id", "grade"))


def _own(files: Iterable[AcceptedFile], reader: User) -> set[int]:
    cases = Case.objects.filter(pk__in=[each.case_id for each in files])
    return set(cases.filter(own_work(reader, lawyer="lawyer", firm="firm")).values_list("pk", flat=True))
