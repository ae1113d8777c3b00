"""The follow-ups behind a number, for those who see them: placed by the same rules that counted them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from surveys.enums import Channel, ConversationState
from surveys.figures.funnel import Facts, Loss, Place, Step, Way, place
from surveys.models import Conversation
from surveys.queries.figures.funnel import COLUMNS, with_facts, with_why_unasked
from surveys.queries.figures.scope import Choice, cases_without_followup, drawn_without_followup, followups
from surveys.queries.figures.words import ANSWERED, loss_words

PAGE = 50
UNASKED = frozenset({Loss.NOT_RELEASED, Loss.ANOTHER_CASE, Loss.NOT_YET})


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the funnel: a step that was passed, or a loss (then `step` is empty)."""

    way: Way
    step: Step | None = None
    loss: str = ""

    def holds(self, at: Place) -> bool:
        return at.step >= self.step if self.step is not None else at.loss == self.loss


@dataclass(frozen=True, slots=True)
class Behind:
    """One follow-up, or a case that has none: how far it has got and why no further. Never an answer."""

    case_id: UUID
    number: str
    centre: str
    closed_on: date | None
    invited_at: datetime | None
    channel: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class BehindPage:
    """`after` leads to the rows that follow; None on the last page."""

    rows: tuple[Behind, ...]
    after: int | None


def behind(*, user: User, choice: Choice, figure: Figure, after: int | None, now: datetime) -> BehindPage:
    """The newest first, a page at a time; costs no more for a later page."""
    if figure.loss in UNASKED:
        page = _cases(with_why_unasked(cases_without_followup(user, choice), now=now).filter(why=figure.loss), after)
        return page if after is not None else replace(page, rows=(*_drawn(user, choice, figure, now=now), *page.rows))
    found: list[tuple[int, Place]] = []
    for key, at in _placed(followups(user, choice), figure.way, after):
        if figure.holds(at):
            found.append((key, at))
            if len(found) > PAGE:
                break
    shown = dict(found[:PAGE])
    rows = Conversation.objects.filter(pk__in=shown).select_related("case__centre").order_by("-pk")
    return BehindPage(
        rows=tuple(_row(row, shown[row.pk]) for row in rows),
        after=found[PAGE - 1][0] if len(found) > PAGE else None,
    )


def _placed(rows: QuerySet[Conversation], way: Way, after: int | None) -> Iterator[tuple[int, Place]]:
    if after is not None:
        rows = rows.filter(pk__lt=after)
    facts = with_facts(rows, way).order_by("-pk").values_list("pk", *COLUMNS)
    for key, *columns in facts.iterator(chunk_size=2000):
        yield key, place(Facts(*columns), way)


def _drawn(user: User, choice: Choice, figure: Figure, *, now: datetime) -> Iterator[Behind]:
    """Clients drawn beside one who was asked: few, so they all stand on the first page."""
    rows = with_why_unasked(drawn_without_followup(user, choice), case="case__", now=now).filter(why=figure.loss)
    for row in rows.select_related("case__centre").order_by("-case", "pk"):
        yield _unasked(row.case, figure.loss)


def _cases(rows: QuerySet[Case], after: int | None) -> BehindPage:
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows.select_related("centre").order_by("-pk")[: PAGE + 1])
    return BehindPage(
        rows=tuple(
            _unasked(row, row.why)  # type: ignore[attr-defined]  # annotated
            for row in found[:PAGE]
        ),
        after=found[PAGE - 1].pk if len(found) > PAGE else None,
    )


def _unasked(case: Case, loss: str) -> Behind:
    return Behind(case.public_id, case.number, case.centre.name, case.day_closed, None, "", "", loss_words(loss))


def _row(row: Conversation, at: Place) -> Behind:
    return Behind(
        case_id=row.case.public_id,
        number=row.case.number,
        centre=row.case.centre.name,
        closed_on=row.case.closed_on,
        invited_at=row.invited_at,
        channel=str(Channel(row.channel).label),
        state=str(ConversationState(row.state).label),
        why=loss_words(at.loss) if at.loss else str(ANSWERED),
    )
