"""What scoring may read of answers: by case, with everything needed to weigh or to leave out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from surveys import opinion
from surveys.enums import Answerer, Audience, Mode
from surveys.models import Answer, Conversation, Response
from surveys.models.conversations import first_wave


@dataclass(frozen=True, slots=True)
class ClientAnswers:
    """One finished response of a client. q1 is 1 to 5; q2…q7 the chosen value; None: not asked, or would rather not.

    q8 tells what a dissatisfied client was unhappy with: "service", "result" or "both".
    """

    case_id: int
    client_id: int
    response_id: int
    questionnaire: str
    version: int
    answered_at: datetime
    mode: Mode
    answerer: Answerer
    late: bool
    q1: int | None
    q2: str | None
    q3: str | None
    q4: str | None
    q5: str | None
    q6: str | None
    q7: str | None
    q8: str | None


@dataclass(frozen=True, slots=True)
class OrganOpinion:
    """One finished opinion of a court or other organ: five items, 1 to 5, None where not known."""

    case_id: int
    response_id: int
    questionnaire: str
    version: int
    answered_at: datetime
    mode: Mode
    q1: int | None
    q2: int | None
    q3: int | None
    q4: int | None
    q5: int | None


CLIENT_CODES = ("q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8")
LEFT_OUT = frozenset({"unknown"})
OF_CLIENTS, OF_ORGANS = first_wave("conversation__"), Q(conversation__audience=Audience.ORGAN)


def client_answers(case_ids: Iterable[int]) -> list[ClientAnswers]:
    """Finished responses of clients to these cases, oldest first; two queries.

    What a client said when asked again after a recovery is none of them: it never replaces the rating.
    """
    found = []
    for response, values in _finished(case_ids, OF_CLIENTS, CLIENT_CODES):
        rest = {code: values.get(code) for code in CLIENT_CODES[1:]}
        found.append(
            ClientAnswers(
                case_id=response.conversation.case_id,
                client_id=response.conversation.recipient_id or 0,
                response_id=response.pk,
                questionnaire=response.conversation.questionnaire.key,
                version=response.conversation.questionnaire.version,
                answered_at=response.finished_at or response.started_at,
                mode=Mode(response.mode),
                answerer=Answerer(response.answerer),
                late=response.late,
                q1=_number(values.get("q1")),
                **rest,
            )
        )
    return found


def client_answered(case: str = "case") -> Exists:
    """A condition on rows: a client of their case answered, or who speaks for one. `case` is the path to it.

    Of `client_answers` those that somebody else gave are none.
    """
    return _answered(OF_CLIENTS & ~Q(answerer=Answerer.OTHER), case)


def organ_answered(case: str = "case") -> Exists:
    """A condition on rows: `organ_opinions` has one on their case. `case` is the path to it."""
    return _answered(OF_ORGANS, case)


def _answered(asked: Q, case: str) -> Exists:
    return Exists(Response.objects.filter(asked, conversation__case=OuterRef(case), finished_at__isnull=False))


def clients_heard(case_ids: Iterable[int]) -> dict[int, frozenset[int]]:
    """Whose own answers are there, by case; one query. Cases that nobody answered are left out."""
    rows = (
        Response.objects.filter(conversation__case__in=list(case_ids), finished_at__isnull=False)
        .filter(conversation__audience=Audience.CLIENT, conversation__recipient__isnull=False)
        .exclude(answerer=Answerer.OTHER)
        .values_list("conversation__case", "conversation__recipient")
    )
    found: dict[int, set[int]] = defaultdict(set)
    for case_id, client_id in rows:
        found[case_id].add(client_id or 0)
    return {case_id: frozenset(people) for case_id, people in found.items()}


def organ_opinions(case_ids: Iterable[int]) -> list[OrganOpinion]:
    """Finished opinions on these cases, oldest first; two queries."""
    return [
        OrganOpinion(
            case_id=response.conversation.case_id,
            response_id=response.pk,
            questionnaire=response.conversation.questionnaire.key,
            version=response.conversation.questionnaire.version,
            answered_at=response.finished_at or response.started_at,
            mode=Mode(response.mode),
            **{item: _number(values.get(item)) for item in opinion.ITEMS},
        )
        for response, values in _finished(case_ids, OF_ORGANS, opinion.ITEMS)
    ]


def asked_organs(case_ids: Iterable[int]) -> frozenset[int]:
    """Of these cases, those about which a letter to an organ left, or an answer came without one; one query."""
    reached = Q(sent_out_at__isnull=False) | Q(first_opened_at__isnull=False) | Q(finished_at__isnull=False)
    asked = Conversation.objects.with_organs().filter(reached, case__in=list(case_ids))
    return frozenset(asked.values_list("case_id", flat=True))


def _finished(case_ids: Iterable[int], asked: Q, codes: tuple[str, ...]) -> list[tuple[Response, dict[str, str]]]:
    responses = list(
        Response.objects.filter(asked, conversation__case__in=list(case_ids), finished_at__isnull=False)
        .select_related("conversation__questionnaire")
        .order_by("finished_at", "pk")
    )
    values: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Answer.objects.filter(response__in=responses, question__code__in=codes, choice__isnull=False)
    for response_id, code, value in rows.values_list("response_id", "question__code", "choice__value"):
        if value not in LEFT_OUT:
            values[response_id][code] = value
    return [(response, values[response.pk]) for response in responses]


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isdigit() else None
