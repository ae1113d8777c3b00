"""What file review tells the rest of the service about a case. Never who read it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from reviews.enums import Band, Method, ResultState, Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewEvidence:
    """The case-level result of file review, newest version.

    `score` and `item_scores` are 0 to 100, unrounded; an item that did not apply is absent from `item_scores`.
    `grade_cap` is the best grade the case may still get (a confirmed veto, or a limited review), or None.
    `being_read`: a further reader is at work, after whom there is another version.
    `agreed` is true when two or more readers lie within 8 points and in the same band.
    """

    case_id: int
    version: int
    state: ResultState
    score: Decimal
    grade: Band
    grade_cap: Band | None
    veto_state: Standing
    vetoes: tuple[str, ...]
    readers: int
    spread: Decimal
    agreed: bool
    method: Method
    limited: bool
    item_scores: dict[str, Decimal] = field(default_factory=dict)
    zero_items: tuple[str, ...] = ()
    corrected: bool = False
    released_on: date | None = None
    objection_open_until: date | None = None
    objection_open: bool = False
    being_read: bool = False

    @property
    def released(self) -> bool:
        return self.state == ResultState.RELEASED


def counted_day(*, counts_on: date | None, correct_by: date | None, today: date) -> date | None:
    """The day on which the file counts as handed in; none while it has not come, or is not back by its day.

    :param correct_by: while the file is out to be put right, the day by which it is to be back.
    """
    return None if correct_by is not None and correct_by < today else counts_on


@dataclass(frozen=True, slots=True)
class FileEvidence:
    """When the bound file of a case came in, by the record of its acceptance.

    `counts_on`: the day it counts as handed in. `correct_by`: while it is out to be put right, by when it is due back;
    later than that it counts as not there. `desk_days`: on which it lay at the desk before, and is late for nobody.
    """

    counts_on: date
    correct_by: date | None
    desk_days: int = 0

    def day(self, today: date) -> date | None:
        return counted_day(counts_on=self.counts_on, correct_by=self.correct_by, today=today)
