"""Whose file takes another reader: because of its marks, or because of what the case comes to with all its evidence."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from qa_service.cases.models import ReaderRequest
from reviews.enums import ReaderOrder, ResultState
from reviews.models import CaseReview, ReaderWaiver
from reviews.models.results import CaseReviewQuerySet


def results_needing_a_reader() -> CaseReviewQuerySet:
    """In force; whether somebody was named already is not asked.

    A released result needs one where weighing asks for it. That a manager left it as it was read closes the matter for
    the best grade, which is then not given; a fail has no grade before it is read again.
    """
    by_marks = Q(state__in=(ResultState.AWAITING_SECOND, ResultState.AWAITING_THIRD))
    left = Exists(ReaderWaiver.objects.filter(case=OuterRef("case"), readers=OuterRef("readers")))
    by_weighing = Q(state=ResultState.RELEASED, readers__lt=ReaderOrder.THIRD) & (
        Q(Exists(_asked().filter(for_fail=True))) | Q(Exists(_asked()), ~left)
    )
    return CaseReview.objects.current().filter(by_marks | by_weighing)


def may_be_left() -> Q:
    """Of results that need a reader: those that a manager may release, or leave, with the readers they had."""
    best = Q(Exists(_asked().filter(for_fail=False)))
    return Q(state=ResultState.AWAITING_SECOND) | Q(state=ResultState.RELEASED) & best


def readers_asked_for(case_id: int) -> int:
    """How many readers weighing asks for in all; 0 where it asks for none."""
    return ReaderRequest.objects.filter(case=case_id).values_list("readers", flat=True).first() or 0


def _asked() -> QuerySet[ReaderRequest]:
    return ReaderRequest.objects.filter(case=OuterRef("case"), readers__gt=OuterRef("readers"))
