"""How often each item was marked so by the one reader of a file and so by the other, counted where the marks lie."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from qa_service.accounts.models import User
from qa_service.common.plainly import counted
from reviews.enums import Anchor, AssignmentState, ReaderOrder, ReviewState
from reviews.models import Assignment, Checklist, Mark
from reviews.queries.checklists import standard_of

Patterns = Iterator[tuple[str, tuple[Anchor | None, ...], int]]


def patterns_of(assignments: QuerySet[Assignment], checklist: Checklist) -> Patterns:
    """By the first, the second and the third reader, of files that two have read. Two statements.

    Whole reviews are joined: looked up mark by mark, those of 100,000 files take many times as long. The few files with
    a third reader go by themselves, so that not all marks are gone through once more for them.
    """
    first = assignments.filter(order=ReaderOrder.FIRST, checklist=checklist)
    second, third = (_handed_in(order) for order in (ReaderOrder.SECOND, ReaderOrder.THIRD))
    thrice = third.values("case")
    codes = standard_of(checklist).codes
    for readings in ((first.exclude(case__in=thrice), second), (first.filter(case__in=thrice), second, third)):
        for item, *anchors, files in _together(readings):
            yield codes[item], tuple(map(Anchor, anchors)), files


def _handed_in(order: ReaderOrder) -> QuerySet[Assignment]:
    return Assignment.objects.filter(
        order=order, state=AssignmentState.SUBMITTED, review__state=ReviewState.SUBMITTED
    ).order_by()


def _together(readings: Sequence[QuerySet[Assignment]]) -> Iterator[tuple[Any, ...]]:
    """An item's key, its marks by these readings of the same file, and of how many files."""
    marks = connection.ops.quote_name(Mark._meta.db_table)
    joins: list[str] = []
    values: list[Any] = []
    for turn, reading in enumerate(readings):
        inner, needed = reading.order_by().values(file=F("case_id"), reading=F("review__pk")).query.sql_with_params()
        values += needed
        same_file, same_item = (f"ON r{turn}.file = r0.file", f"AND m{turn}.item_id = m0.item_id") if turn else ("", "")
        joins += [
            f"({inner}) AS r{turn} {same_file}",
            f"{marks} AS m{turn} ON m{turn}.review_id = r{turn}.reading {same_item}",
        ]
    columns = ", ".join(["m0.item_id", *(f"m{turn}.anchor" for turn in range(len(readings)))])
    statement = f"SELECT {columns}, COUNT(*) FROM {' JOIN '.join(joins)} GROUP BY {columns}"  # noqa: S608 - names of ours
    return counted(statement, values)


def own_patterns(user: User, shared: QuerySet[Assignment], checklist: Checklist) -> Patterns:
    """Their own mark, and that of who read before the others did."""
    marks = Mark.objects.filter(review__assignment__in=shared.filter(checklist=checklist))
    beside = marks.annotate(other=_mark_of_another(than=user)).filter(other__isnull=False)
    for code, own, other, files in (
        beside.order_by().values_list("item__code", "anchor", "other").annotate(files=Count("pk"))
    ):
        yield code, (Anchor(own), Anchor(other)), files


def _mark_of_another(*, than: User) -> Subquery:
    """Of the same item of the same file."""
    same = Mark.objects.filter(
        item=OuterRef("item"),
        review__assignment__case=OuterRef("review__assignment__case"),
        review__assignment__state=AssignmentState.SUBMITTED,
        review__state=ReviewState.SUBMITTED,
    ).exclude(review__assignment__reviewer=than)
    return Subquery(same.order_by("review__assignment__order").values("anchor")[:1])
