"""Who held a file as its reader; and whose takes another, by its marks or by what the case comes to as a whole."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import make_aware

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import without_the_role
from qa_service.cases.models import ReaderRequest
from qa_service.organisations.models import Organisation
from reviews.enums import ACTIVE_ASSIGNMENTS, CAME_BACK, AssignmentState, Method, ReaderOrder, ResultState
from reviews.models import Assignment, CaseReview, ReaderWaiver, VetoMark
from reviews.models.results import CaseReviewQuerySet


def held_as_reader(case_ids: Iterable[int]) -> QuerySet[Assignment]:
    """Whose reading of these files bars them from deciding about the marks and what follows.

    Theirs also who were relieved of it; not of those who gave the file back before they had marked anything.
    """
    rows = Assignment.objects.filter(case__in=list(case_ids))
    vetoes = VetoMark.objects.filter(review__assignment=OuterRef("pk"))
    return rows.exclude(Q(state=AssignmentState.DECLINED, review__version=0) & ~Exists(vetoes))


def linked_readers(centre: Organisation, *, since: date) -> list[tuple[int, int]]:
    """Who has read a file of the centre beside whom, or is to, of those given out since that day: the later, the first.

    Every such file, whoever reads it, so that a chain is whole also where it leads by people who review here no more.
    Files of other centres join nobody: how mild somebody marks is told of what was read at one place, or below it.
    """
    from_then = make_aware(datetime.combine(since, time.min))
    standing = Assignment.objects.filter(state__in=ACTIVE_ASSIGNMENTS)
    # The first of those who have it: who had the first turn may have stood down.
    of_case = Subquery(standing.filter(case=OuterRef("case")).order_by("order").values("reviewer_id")[:1])
    beside = standing.filter(case__centre=centre, order__gt=ReaderOrder.FIRST, assigned_at__gte=from_then).order_by()
    found = beside.annotate(first=of_case).values_list("reviewer_id", "first").distinct()
    return [(later, first) for later, first in found if later != first]


def held_without_the_role() -> QuerySet[Assignment]:
    """Open files of people who hold the role of a reviewer over their centre no more, or whose account was closed."""
    return Assignment.objects.filter(_gone(), state=AssignmentState.OPEN)


def left_without_a_reader() -> Q:
    """Files that have come back, or are about to, from a first reader in whose place nobody was named.

    What lacks a second reader is told with the results.
    """
    later = Assignment.objects.filter(case=OuterRef("case"), order=OuterRef("order"), pk__gt=OuterRef("pk"))
    came_back = Q(state__in=CAME_BACK, order=ReaderOrder.FIRST, sampled__replaced_at=None) & ~Q(Exists(later))
    return came_back | Q(state=AssignmentState.OPEN) & _gone()


def _gone() -> Q:
    return without_the_role(Role.REVIEWER, person="reviewer", path="case__centre__path")


def results_needing_a_reader() -> CaseReviewQuerySet:
    """In force; whether somebody was named already is not asked.

    One whose veto is pending needs its second reader meanwhile, and its third where two differ.
    A released result needs one where weighing asks for it. That a manager left it as it was read closes the matter for
    the best grade, which is then not given; a fail has no grade before it is read again.
    """
    by_marks = Q(state__in=(ResultState.AWAITING_SECOND, ResultState.AWAITING_THIRD))
    by_veto = Q(state=ResultState.VETO_PENDING, method__in=(Method.SINGLE, Method.UNSETTLED))
    left = Exists(ReaderWaiver.objects.filter(case=OuterRef("case"), readers=OuterRef("readers")))
    # Few are asked for: that a case is none of them is known at once, without looking for each.
    asked_of = Q(case__in=ReaderRequest.objects.values("case"))
    by_weighing = Q(state=ResultState.RELEASED, readers__lt=ReaderOrder.THIRD) & (
        asked_of & (Q(Exists(_asked().filter(for_fail=True))) | Q(Exists(_asked()), ~left))
    )
    return CaseReview.objects.current().filter(by_marks | by_veto | by_weighing)


def may_be_left() -> Q:
    """Of results that need a reader: those that a manager may release, or leave, with the readers they had."""
    best = Q(Exists(_asked().filter(for_fail=False)))
    return Q(state=ResultState.AWAITING_SECOND) | Q(state=ResultState.RELEASED) & best


def takes_second_by_hand(result: CaseReview) -> bool:
    """Whether a manager may have a released file that one person read, and whose grade takes no other, read again."""
    if result.superseded_at or result.state != ResultState.RELEASED or result.readers != ReaderOrder.FIRST:
        return False
    return not Assignment.objects.filter(case=result.case_id, state=AssignmentState.OPEN).exists()


def readers_asked_for(case_id: int) -> int:
    """How many readers weighing asks for in all; 0 where it asks for none."""
    return ReaderRequest.objects.filter(case=case_id).values_list("readers", flat=True).first() or 0


def _asked() -> QuerySet[ReaderRequest]:
    return ReaderRequest.objects.filter(case=OuterRef("case"), readers__gt=OuterRef("readers"))
