"""What the follow-up of a period came to, for reports: the same figures to whoever reads them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from qa_service.common.periods import Period
from qa_service.common.shares import Share
from surveys.figures.funnel import Step, Way, funnel, reach, tally
from surveys.models import Answer, Conversation
from surveys.models.conversations import first_wave
from surveys.queries.figures.funnel import OWN, grouped
from surveys.queries.figures.plainly import uncompiled


@dataclass(frozen=True, slots=True)
class Rating:
    """An answer to the first question, 1 to 5, and whose: never for the eyes of a lawyer or a firm."""

    client_id: int
    case_id: int
    lawyer_id: int
    firm_id: int
    closed_on: date
    mark: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Follow-ups of clients whose case closed in the period: due, tried, answered; and reach, answers and refusal.

    `cases` among those closed have one that is due.

    `asked`: a text left us, a person called, visited or wrote, or an answer came. `ratings`: the earliest first.
    """

    eligible: int
    asked: int
    answered: int
    reached: Share
    response: Share
    refusal: Share
    ratings: tuple[Rating, ...]
    cases: int


def follow_up_of_period(*, centre_path: str, period: Period) -> FollowUp:
    """Of the subtree; three queries. An answer that somebody else gave for the client counts as none.

    Nor does what a client said when asked again after a recovery: it never replaces the rating.
    """
    rows = Conversation.objects.filter(
        first_wave(),
        case__centre__path__startswith=centre_path,
        case__closed_on__gte=period.start,
        case__closed_on__lt=period.end,
    )
    with uncompiled():
        places = tally(grouped(rows, Way.ALL), Way.ALL)
    found = reach(places)
    return FollowUp(
        eligible=found.begun,
        asked=funnel(Way.ALL, places).at(Step.TRIED),
        answered=found.answered,
        reached=found.reached,
        response=found.response,
        refusal=found.refusal,
        ratings=_ratings(rows.filter(OWN)),
        cases=rows.values("case").distinct().count(),
    )


def _ratings(answered: QuerySet[Conversation]) -> tuple[Rating, ...]:
    first = Answer.objects.filter(
        response__conversation__in=answered, question__code="q1", choice__value__in=("1", "2", "3", "4", "5")
    )
    found = first.order_by("response__finished_at", "response").values_list(
        "response__conversation__recipient",
        "response__conversation__case",
        "response__conversation__case__lawyer",
        "response__conversation__case__firm",
        "response__conversation__case__closed_on",
        "choice__value",
    )
    return tuple(
        Rating(client_id or 0, case_id, lawyer_id, firm_id, closed_on, int(value))
        for client_id, case_id, lawyer_id, firm_id, closed_on, value in found
        if closed_on is not None  # the period has seen to it
    )
