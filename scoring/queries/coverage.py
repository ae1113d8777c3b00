"""The coverage ledger and the appraisal table of one centre: what was looked at, and what it came to by criterion."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, QuerySet, Sum
from django.db.models.functions import ExtractYear

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.enums import CaseType
from qa_service.cases.models import Case
from qa_service.cases.queries import ClosedCases
from qa_service.common.shares import ENOUGH
from reviews.queries import file_released, hearing_recorded, sections_kept
from scoring.enums import SourceKind
from scoring.figures.coverage import CoverageLine, Looked, coverage, merged
from scoring.models import CaseScore, CaseVoice
from scoring.models.scores import STAFF_READERS
from surveys.queries import client_answered, organ_answered

BY_LAWYER, BY_TYPE, BY_STATION, BY_CENTRE, BY_YEAR = "lawyer", "case_type", "station", "centre", "year"
NAMES = {
    BY_LAWYER: "lawyer__name",
    BY_TYPE: "case_type",
    BY_STATION: "station__name",
    BY_CENTRE: "centre__name",
    BY_YEAR: "year",
}
# What a database sorts by before the name: of 1,500,000 cases, a third of the time that names alone take.
KEYS = {BY_LAWYER: "lawyer_id", BY_STATION: "station_id", BY_CENTRE: "centre_id"}
MEANS: Mapping[str, Exists] = {
    "answered": client_answered("pk"),
    "read": file_released("pk"),
    "heard": organ_answered("pk"),
    "observed": hearing_recorded("pk"),
}
BETWEEN = "\0"  # the names of two units that a line is of; no name holds it
# The seed's own criteria (communication, evidence, opinion, adoption, archive), by the sections of the checklists.
CRITERIA = ("A", "B", "C", "E", "F")


@dataclass(frozen=True, slots=True)
class AppraisalLine:
    """One lawyer: `criteria` by section (0 to 100), `accuracy` of the self-assessment, `satisfaction` of five and more.

    None where nothing of it was found in the period.
    """

    name: str
    closed: int
    read: int
    criteria: Mapping[str, Decimal]
    accuracy: Decimal | None
    answers: int
    satisfaction: Decimal | None

    @property
    def small(self) -> bool:
        return self.read < ENOUGH


def coverage_of(user: User, cases: ClosedCases, *, by: str) -> list[CoverageLine]:
    """Of closed cases that neither the person nor their firm handled; one query, whatever their number."""
    return coverage(_looked(_seen(user, cases), by))


def coverages_of(
    user: User, cases: ClosedCases, *, by: tuple[str, str]
) -> tuple[list[CoverageLine], list[CoverageLine]]:
    """The same by each of two, in one reading of the cases."""
    fine = coverage(_looked(_seen(user, cases), *by))
    first, second = (merged(fine, lambda unit, place=place: unit.split(BETWEEN)[place]) for place in (0, 1))  # type: ignore[misc]
    return first, second


def years_looked_at(cases: QuerySet[Case]) -> list[CoverageLine]:
    """Of these cases, by the year in which they closed, the first year on top."""
    return sorted(coverage(_looked(cases, BY_YEAR)), key=lambda line: line.unit)


def _seen(user: User, cases: ClosedCases) -> QuerySet[Case]:
    reached = Case.objects.filter(within(user, "centre__path", *STAFF_READERS), cases.of())
    return reached.exclude(own_work(user, lawyer="lawyer", firm="firm"))


def _looked(cases: QuerySet[Case], *by: str) -> Iterator[Looked]:
    """Counted by the database: to look at a country's cases in turn took more than half an hour."""
    grouped = [*(KEYS[each] for each in by if each in KEYS), *(NAMES[each] for each in by), *MEANS]
    rows = cases.order_by().annotate(year=ExtractYear("closed_on"), **MEANS).values(*grouped).annotate(n=Count("pk"))
    for row in rows.iterator():
        unit = BETWEEN.join(_named(each, row[NAMES[each]]) for each in by)
        yield Looked(unit, row["answered"], row["read"], row["heard"], row["observed"], cases=row["n"])


def _named(by: str, name: Any) -> str:
    return str(CaseType(name).label) if by == BY_TYPE else str(name or "")


def appraisal_of(user: User, cases: ClosedCases) -> list[AppraisalLine]:
    """By name, in no order of merit; six queries and one a checklist that was used."""
    closed = _seen(user, cases).order_by().values_list("lawyer", "lawyer__name").annotate(n=Count("pk"))
    scores = (
        CaseScore.objects.current()
        .visible_to(user)
        .filter(within(user, "centre__path", *STAFF_READERS), cases.of(), released_on__isnull=False)
    )
    voices = (
        CaseVoice.objects.current().visible_to(user).filter(within(user, "centre__path", *STAFF_READERS), cases.of())
    )
    criteria: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for each in sections_kept(user, cases):
        criteria[each.lawyer_id][each.section] = each.share
    read = dict(scores.order_by().values_list("lawyer").annotate(n=Count("pk")))
    accuracies = _accuracies(scores)
    sums = voices.order_by().values_list("lawyer").annotate(n=Count("pk"), total=Sum("score"))
    heard = {pk: (n, total) for pk, n, total in sums}
    lines = [
        _line(name, n, read.get(pk, 0), criteria[pk], accuracies.get(pk, ()), heard.get(pk, (0, Decimal(0))))
        for pk, name, n in closed
    ]
    return sorted(lines, key=lambda line: line.name)


def _line(
    name: str,
    closed: int,
    read: int,
    criteria: Mapping[str, Decimal],
    accuracies: Sequence[Decimal],
    heard: tuple[int, Decimal],
) -> AppraisalLine:
    answers, total = heard
    return AppraisalLine(
        name=name,
        closed=closed,
        read=read,
        criteria=criteria,
        accuracy=sum(accuracies, Decimal(0)) / len(accuracies) if accuracies else None,
        answers=answers,
        satisfaction=total / answers if answers >= ENOUGH else None,
    )


def _accuracies(scores: QuerySet[CaseScore]) -> dict[int, list[Decimal]]:
    """Of each lawyer's self-assessed cases, how near the firm's marks came to the readers', 0 to 100."""
    found: dict[int, list[Decimal]] = defaultdict(list)
    for lawyer_id, derivation in scores.order_by().values_list("lawyer", "derivation").iterator():
        for line in json.loads(derivation)["lines"]:
            if line["source"] == SourceKind.SELF_ASSESSMENT and line["value"] is not None:
                found[lawyer_id].append(Decimal(line["value"]))
    return found
