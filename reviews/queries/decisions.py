"""What people who decide on rewards and sanctions must know of file review."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from qa_service.common.periods import Period
from reviews.enums import AssignmentState, ReaderOrder, ResultState
from reviews.models import Assignment, CaseReview, SampledCase


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """How a period's files were read: `drawn` of the frame, by `readers` people; doubly and thirdly read cases."""

    drawn: int
    readers: int
    doubly: int
    thirdly: int


def released_result(case_id: int) -> CaseReview | None:
    """The newest released result of a case, with its checklist."""
    results = CaseReview.objects.current().filter(case=case_id, state=ResultState.RELEASED)
    return results.select_related("case", "checklist").first()


def people_who_marked(case_id: int) -> frozenset[int]:
    """Users who read the file or were named for it and did not decline: none of them decides about it."""
    named = Assignment.objects.filter(case=case_id, state__in=(AssignmentState.OPEN, AssignmentState.SUBMITTED))
    return frozenset(named.values_list("reviewer_id", flat=True))


def cases_marked_by(user_id: int, case_ids: Iterable[int]) -> frozenset[int]:
    """Those of the cases that the person read or was named for and did not decline."""
    named = Assignment.objects.filter(case__in=list(case_ids), reviewer=user_id)
    named = named.filter(state__in=(AssignmentState.OPEN, AssignmentState.SUBMITTED))
    return frozenset(named.values_list("case_id", flat=True))


def reading_counts(*, centre_path: str, period: Period) -> ReadingCounts:
    """For the reports: cases of the subtree closed in the period."""
    within = {
        "case__centre__path__startswith": centre_path,
        "case__closed_on__gte": period.start,
        "case__closed_on__lt": period.end,
    }
    submitted = Assignment.objects.filter(state=AssignmentState.SUBMITTED, **within)
    readings = submitted.aggregate(
        readers=Count("reviewer", distinct=True),
        thirdly=Count("case", filter=Q(order=ReaderOrder.THIRD), distinct=True),
    )
    doubly = CaseReview.objects.current().filter(readers__gte=2, **within).count()
    drawn = SampledCase.objects.filter(replaced_at=None, **within).values("case").distinct().count()
    return ReadingCounts(drawn=drawn, readers=readings["readers"], doubly=doubly, thirdly=readings["thirdly"])
