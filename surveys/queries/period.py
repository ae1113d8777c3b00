"""What the follow-up of a period came to, for reports: the same figures to whoever reads them; and its ratings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncQuarter

from qa_service.common.periods import Period
from qa_service.common.plainly import uncompiled
from qa_service.common.shares import Share
from surveys.figures.funnel import Step, Way, funnel, reach, tally
from surveys.models import Answer, Conversation
from surveys.models.conversations import first_wave
from surveys.queries.figures.funnel import OWN, grouped


@dataclass(frozen=True, slots=True)
class Rating:
    """An answer to the first question, 1 to 5, and whose: never for the eyes of a lawyer or a firm."""

    client_id: int
    case_id: int
    lawyer_id: int
    firm_id: int
    mark: int


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Follow-ups of clients whose case closed in the period: due, tried, answered; and reach, answers and refusal.

    `cases` among those closed have one that is due.

    `asked`: a text left us, a person called, visited or wrote, or an answer came.
    """

    eligible: int
    asked: int
    answered: int
    reached: Share
    response: Share
    refusal: Share
    cases: int


def follow_up_of_period(*, centre_path: str, period: Period) -> FollowUp:
    """Of the subtree; two queries. An answer that somebody else gave for the client counts as none.

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
        cases=rows.values("case").distinct().count(),
    )


def quarters_rated(*, besides: QuerySet[Any], at_least: int) -> list[tuple[int, date]]:
    """Centres, and the first days of quarters, in which clients answered about so many cases; one query.

    :param besides: rows with a `case`: answers about those are left out.
    """
    groups = _answered(besides).values("case__centre", quarter=TruncQuarter("case__closed_on"))
    groups = groups.annotate(cases=Count("case", distinct=True)).filter(cases__gte=at_least)
    return list(groups.order_by("case__centre", "quarter").values_list("case__centre", "quarter"))


def ratings_of_quarter(*, centre_id: int, quarter: Period, besides: QuerySet[Any]) -> list[Rating]:
    """Of cases of the centre that closed in the quarter, the earliest first; one query. `besides`: as above."""
    answered = _answered(besides).filter(
        case__centre=centre_id, case__closed_on__gte=quarter.start, case__closed_on__lt=quarter.end
    )
    first = Answer.objects.filter(
        response__conversation__in=answered, question__code="q1", choice__value__in=("1", "2", "3", "4", "5")
    )
    found = first.order_by("response__finished_at", "response").values_list(
        "response__conversation__recipient",
        "response__conversation__case",
        "response__conversation__case__lawyer",
        "response__conversation__case__firm",
        "choice__value",
    )
    return [
        Rating(client_id or 0, case_id, lawyer_id, firm_id, int(value))
        for client_id, case_id, lawyer_id, firm_id, value in found
    ]


def _answered(besides: QuerySet[Any]) -> QuerySet[Conversation]:
    """A case under way is in no quarter."""
    closed = Conversation.objects.filter(first_wave(), OWN, case__closed_on__isnull=False)
    return closed.exclude(Exists(besides.filter(case=OuterRef("case"))))
