"""What people who decide on rewards and sanctions must know of file review."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from qa_service.common.periods import Period
from reviews.enums import ACTIVE_ASSIGNMENTS, AssignmentState, ReaderOrder, ResultState, VetoEffect, VetoState
from reviews.models import Assignment, CaseReview, Objection, SampledCase, VetoMark
from reviews.queries.readers import held_as_reader


@dataclass(frozen=True, slots=True)
class ReadingCounts:
    """How a period's files were read: `drawn` of the frame, `given` of those to a reader; `read` files in all, drawn or
    not, by `readers` people; doubly and thirdly read cases."""

    drawn: int
    given: int
    read: int
    readers: int
    doubly: int
    thirdly: int


def released_result(case_id: int) -> CaseReview | None:
    """The newest released result of a case, with its checklist."""
    results = CaseReview.objects.current().filter(case=case_id, state=ResultState.RELEASED)
    return results.select_related("case", "checklist").first()


def people_who_marked(case_id: int) -> frozenset[int]:
    """Users who made the marks what they are: none of them decides about the file.

    Who held it as its reader (`held_as_reader`), who decided an objection to its marks, who ruled on a veto.
    """
    rows = (rows.values_list(person, flat=True) for rows, person in _markings([case_id]))
    return frozenset(user_id for found in rows for user_id in found)


def cases_marked_by(user_id: int, case_ids: Iterable[int]) -> frozenset[int]:
    """Those of the cases whose marks the person made what they are, as in `people_who_marked`."""
    rows = (rows.filter(**{person: user_id}).values_list("case_id", flat=True) for rows, person in _markings(case_ids))
    return frozenset(case_id for found in rows for case_id in found)


def centre_faults(*, centre_id: int, period: Period) -> list[VetoMark]:
    """Confirmed vetoes that fault the assigning centre and not the lawyer, of its cases closed in the period."""
    rows = VetoMark.objects.filter(
        state=VetoState.CONFIRMED,
        review__assignment__state=AssignmentState.SUBMITTED,
        veto__effect=VetoEffect.CENTRE_FAILS,
        review__assignment__case__centre=centre_id,
        review__assignment__case__closed_on__gte=period.start,
        review__assignment__case__closed_on__lt=period.end,
    )
    found = rows.select_related("veto", "review__assignment__case__centre__settings")
    return list(found.order_by("review__assignment__case__number", "pk"))


def _markings(case_ids: Iterable[int]) -> Sequence[tuple[QuerySet[Any], str]]:
    """Each table of acts that make marks, narrowed to the cases, with its column of who did them."""
    ids = list(case_ids)
    objections = Objection.objects.filter(case__in=ids).exclude(decided_by=None)
    vetoes = VetoMark.objects.filter(review__assignment__case__in=ids).exclude(decided_by=None)
    return (
        (held_as_reader(ids), "reviewer_id"),
        (objections, "decided_by_id"),
        (vetoes.annotate(case_id=F("review__assignment__case_id")), "decided_by_id"),
    )


def reading_counts(*, centre_path: str, period: Period) -> ReadingCounts:
    """For the reports: cases of the subtree closed in the period.

    Every file counts, whoever handled it: not for who handled one themselves (`handled_in`), nor for a paper that all
    of them read (`handled_by_staff`).
    """
    within = {
        "case__centre__path__startswith": centre_path,
        "case__closed_on__gte": period.start,
        "case__closed_on__lt": period.end,
    }
    submitted = Assignment.objects.filter(state=AssignmentState.SUBMITTED, **within)
    readings = submitted.aggregate(
        read=Count("case", distinct=True),
        readers=Count("reviewer", distinct=True),
        thirdly=Count("case", filter=Q(order=ReaderOrder.THIRD), distinct=True),
    )
    doubly = CaseReview.objects.current().filter(readers__gte=2, **within).count()
    taken = Assignment.objects.filter(case=OuterRef("case"), state__in=ACTIVE_ASSIGNMENTS)
    sampled = SampledCase.objects.filter(replaced_at=None, **within)
    drawn = sampled.aggregate(
        drawn=Count("case", distinct=True), given=Count("case", filter=Exists(taken), distinct=True)
    )
    return ReadingCounts(**drawn, **readings, doubly=doubly)
