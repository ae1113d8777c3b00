"""How the files of a drawn sample of the demo are read: what each lacks, and who sees it more strictly."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from reviews.enums import Anchor, AssignmentState
from reviews.models import Assignment, CaseReview, Review, Sample
from reviews.queries.checklists import Standard, standard_of
from reviews.services.assignments import NoReviewerFree, add_next_reader
from reviews.services.marks import MarkEntry, save_marks
from reviews.services.submission import submit_review
from reviews.stages import inapplicable

TakenOff: TypeAlias = Mapping[int, Anchor]

# What readers took off, file by file, by the item's place on the list; whoever reads a file second sees the same.
TAKEN_OFF: Final[tuple[TakenOff, ...]] = (
    {1: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.MOSTLY},
    {2: Anchor.PARTLY, 4: Anchor.PARTLY, 5: Anchor.PARTLY},
    {1: Anchor.MOSTLY},
    {1: Anchor.NONE, 3: Anchor.PARTLY, 5: Anchor.PARTLY},
    {3: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.PARTLY},
    dict.fromkeys(range(1, 7), Anchor.PARTLY),
    {1: Anchor.PARTLY, 4: Anchor.PARTLY, 5: Anchor.PARTLY, 6: Anchor.PARTLY},
    {},
    {2: Anchor.PARTLY, 3: Anchor.PARTLY, 5: Anchor.PARTLY, 7: Anchor.PARTLY},
    dict.fromkeys(range(8), Anchor.NONE),
)
WORDS: Final = "该项对应的材料不完整，见所引页码。"


def read_files(
    sample: Sample,
    *,
    user: User,
    day: Callable[[int], datetime],
    unread: Collection[int] = (),
    leaning: Mapping[User, TakenOff] | None = None,
) -> None:
    """By whom each was given to, and, where the marks ask for a further reader, by the one who is free.

    :param day: on which the file of a place in the sample was read; `unread`: cases whose files are not.
    :param leaning: on which items a reader takes off what others do not.
    """
    places = {case: place for place, case in enumerate(drawn_cases(sample))}
    read = [case for case in places if case not in unread]
    while rows := _to_read(read):
        for row in rows:
            place = places[row.case_id]
            _mark(row, {**(leaning or {}).get(row.reviewer, {}), **lacking(place)}, now=day(place))
        for result in CaseReview.objects.current().filter(case__in=read).select_related("case__centre"):
            if result.released_at is None:
                try:
                    add_next_reader(case=result.case, user=user, now=day(places[result.case_id]))
                except NoReviewerFree:
                    continue


def drawn_cases(sample: Sample) -> list[int]:
    return list(sample.cases.order_by("pk").values_list("case_id", flat=True))


def lacking(place: int) -> TakenOff:
    """What the file of this place in the sample lacks, by the item's place on the list."""
    return TAKEN_OFF[place % len(TAKEN_OFF)]


def in_turn(standard: Standard, taken_off: TakenOff, *, case: Case) -> list[tuple[str, Anchor, int]]:
    """Each item of the list: code, anchor, place."""
    anchors = dict.fromkeys(
        inapplicable(standard.sheet, case_type=case.case_type, stage=case.stage), Anchor.NOT_APPLICABLE
    )
    return [
        (code, anchors.get(code, taken_off.get(place, Anchor.FULL)), place) for place, code in enumerate(standard.items)
    ]


def _to_read(cases: Sequence[int]) -> list[Assignment]:
    rows = Assignment.objects.filter(case__in=cases, state=AssignmentState.OPEN)
    return list(rows.select_related("checklist", "reviewer", "case").order_by("order", "pk"))


def _mark(row: Assignment, taken_off: TakenOff, *, now: datetime) -> None:
    review = Review.objects.get(assignment=row)
    entries = [_entry(*each) for each in in_turn(standard_of(row.checklist), taken_off, case=row.case)]
    key, reader = review.public_id, row.reviewer
    saved = save_marks(review_id=key, version=review.version, entries=entries, user=reader, now=now)
    submit_review(review_id=key, version=saved.version, user=reader, now=now)


def _entry(code: str, anchor: Anchor, place: int) -> MarkEntry:
    if anchor in {Anchor.FULL, Anchor.NOT_APPLICABLE}:
        return MarkEntry(item=code, anchor=anchor)
    return MarkEntry(item=code, anchor=anchor, reason_code="other", page=str(3 * place + 1), comment=WORDS)
