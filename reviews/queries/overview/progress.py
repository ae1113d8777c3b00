"""How far what was drawn has come, and who is late. Files that the reader handled are in no number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.cases.queries import ClosedCases
from qa_service.organisations.queries import on_the_day_there
from reviews.enums import ACTIVE_ASSIGNMENTS, MANAGING, AssignmentState, ReaderOrder, ResultState
from reviews.models import Assignment, CaseReview, SampledCase

# As many as a page takes; the sums are of all.
SAMPLES_SHOWN = 50
PEOPLE_SHOWN = 100
UNREAD = (ResultState.AWAITING_SECOND, ResultState.AWAITING_THIRD)


@dataclass(frozen=True, slots=True)
class Progress:
    """Files that were drawn; of them: have all the readers they need whatever the marks, were read, are released."""

    drawn: int
    given: int
    read: int
    released: int


@dataclass(frozen=True, slots=True)
class SampleProgress:
    sample_id: UUID
    centre: str
    drawn_at: datetime
    progress: Progress


@dataclass(frozen=True, slots=True)
class ProgressOfAll:
    """`number`: of samples; the newest `SAMPLES_SHOWN` of them in `samples`."""

    number: int
    whole: Progress
    samples: tuple[SampleProgress, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.samples)


@dataclass(frozen=True, slots=True)
class PersonsFiles:
    """What somebody has to read: `first_due` is the day of the file that is overdue the longest."""

    person_id: UUID
    person: str
    open: int
    overdue: int
    first_due: date | None


def progress_of(user: User, cases: ClosedCases) -> ProgressOfAll:
    """Two statements."""
    files = _files(user, cases)
    whole = files.aggregate(number=Count("sample", distinct=True), **_counts())
    grouped = (
        files.values("sample__public_id", "sample__centre__name", "sample__drawn_at")
        .annotate(**_counts())
        .order_by("-sample__drawn_at", "-sample")[:SAMPLES_SHOWN]
    )
    return ProgressOfAll(
        number=whole["number"],
        whole=_progress(whole),
        samples=tuple(
            SampleProgress(
                row["sample__public_id"], row["sample__centre__name"], row["sample__drawn_at"], _progress(row)
            )
            for row in grouped
        ),
    )


def people_with_files(user: User, cases: ClosedCases, *, now: datetime) -> tuple[PersonsFiles, ...]:
    """Who has files to read, whenever the case closed; whoever is overdue the most stands first. One statement."""
    late = on_the_day_there(now, "case__centre", lambda day: Q(due_on__lt=day))
    at_work = Assignment.objects.managed_by(user).filter(
        replace(cases, period=None).of("case__"), state=AssignmentState.OPEN
    )
    rows = (
        at_work.values(who=F("reviewer__public_id"), name=F("reviewer__display_name"), sign=F("reviewer__username"))
        .annotate(open=Count("pk"), overdue=Count("pk", filter=late), first_due=Min("due_on", filter=late))
        .order_by("-overdue", "first_due", "name", "who")[:PEOPLE_SHOWN]
    )
    return tuple(
        PersonsFiles(row["who"], row["name"] or row["sign"], row["open"], row["overdue"], row["first_due"])
        for row in rows
    )


def _files(user: User, cases: ClosedCases) -> QuerySet[SampledCase]:
    seen = SampledCase.objects.filter(within(user, "sample__centre__path", *MANAGING), cases.of("case__"))
    return seen.filter(replaced_at=None).exclude(own_work(user))


def _counts() -> dict[str, Count]:
    readers = Assignment.objects.filter(case=OuterRef("case"), state__in=ACTIVE_ASSIGNMENTS)
    first, second = (Q(Exists(readers.filter(order=order))) for order in (ReaderOrder.FIRST, ReaderOrder.SECOND))
    results = CaseReview.objects.current().filter(case=OuterRef("case"))
    return {
        "drawn": Count("pk"),
        "given": Count("pk", filter=first & (Q(readers=1) | second)),
        "read": Count("pk", filter=Q(Exists(results.exclude(state__in=UNREAD)))),
        "released": Count("pk", filter=Q(Exists(results.filter(state=ResultState.RELEASED)))),
    }


def _progress(row: Mapping[str, Any]) -> Progress:
    return Progress(row["drawn"], row["given"], row["read"], row["released"])
