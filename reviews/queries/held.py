"""What saving marks must know of a review, read by one statement that is composed once a process."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast

from qa_service.common.reading import Reading, composed, read
from reviews.models import Argument, Mark, Review
from reviews.queries.ledger import ARGUMENT_FIELDS, Ledger
from reviews.queries.scorecard import FIELDS

REVIEW = {
    "pk": "pk",
    "version": "version",
    "state": "state",
    "assignment_state": "assignment__state",
    "checklist_id": "assignment__checklist__public_id",
    "case_id": "assignment__case",
    "path": "assignment__case__centre__path",
}
NAMES = ("assignment__case__client__name", "assignment__case__co_clients__client__name")
CLIENTS = slice(len(REVIEW), len(REVIEW) + len(NAMES))
KEPT = slice(CLIENTS.stop, None)


@dataclass(frozen=True, slots=True)
class HeldReview:
    """As little of a reader's review as saving needs: autosave reads it every few seconds.

    `path` is that of the centre, `clients` are the names of everybody whom the case helped; `marks`, by the id of their
    item, and the lines of the ledger, by number, as they stood at `version`.
    """

    pk: int
    version: int
    state: str
    assignment_state: str
    checklist_id: UUID
    case_id: int
    path: str
    clients: frozenset[str]
    marks: dict[int, dict[str, str]]
    ledger: Ledger


def held_review(review_id: UUID, *, reader: int) -> HeldReview | None:
    """None where it is not in this reader's hands, nor was."""
    found = read(_statement(connection.vendor), (review_id, reader, review_id, review_id))
    held = [row for row in found if row[0] is not None]
    if not held:
        return None
    marks: dict[int, dict[str, str]] = {}
    ledger: Ledger = {}
    for item, number, *texts in (row[KEPT] for row in found if row[0] is None):
        if number is None:
            marks[item] = dict(zip(FIELDS, texts, strict=False))  # a line of the ledger has one text more
        else:
            ledger[number] = dict(zip(ARGUMENT_FIELDS, texts, strict=True))
    clients = frozenset(name for row in held for name in row[CLIENTS] if name)
    review = dict(zip(REVIEW, held[0], strict=False))
    return HeldReview(**review, clients=clients, marks=marks, ledger=dict(sorted(ledger.items())))


@lru_cache
def _statement(_vendor: str) -> Reading:
    """The review with a client's name in each row, then a mark or a line in each; what is the others' is empty there.

    One statement sees one moment. Joined they would be as many rows as there are clients times marks.
    """
    no_text, no_number = Value(None, output_field=CharField()), Cast(Value(None), IntegerField())
    no_review = [no_text] * (len(REVIEW) + len(NAMES))
    anyone = UUID(int=0)
    held = Review.objects.filter(public_id=anyone).filter(assignment__reviewer=0)
    marks = Mark.objects.filter(review__public_id=anyone)
    lines = Argument.objects.filter(review__public_id=anyone)
    return composed(
        held.values_list(*REVIEW.values(), *NAMES, no_number, no_number, *[no_text] * len(ARGUMENT_FIELDS)).union(
            marks.values_list(*no_review, "item_id", no_number, *FIELDS, no_text),
            lines.values_list(*no_review, no_number, "number", *ARGUMENT_FIELDS),
            all=True,
        )
    )
