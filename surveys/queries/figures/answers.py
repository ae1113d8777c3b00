"""What clients answered, counted by the database: by question, choice and way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.plainly import uncompiled
from surveys.enums import AlertKind, Answerer
from surveys.figures.funnel import Reach
from surveys.figures.tallies import Answered, Counted, QuestionTally, tallies, told
from surveys.models import Alert, Questionnaire, Response
from surveys.models.conversations import first_wave
from surveys.queries.figures.funnel import reach_of
from surveys.queries.figures.scope import EVERYTHING, Choice, followups
from surveys.queries.sheets import published_sheet

# Who is told how many spoke of money: those who see to sealed matters, of those that they see.
MONEY_READERS = (Role.MANAGER, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class AnswerStatistics:
    """Of one questionnaire; `versions` are those that were answered. `money`: None for whom it is sealed."""

    as_of: datetime
    questionnaire: Questionnaire | None
    versions: tuple[Questionnaire, ...]
    others: tuple[Questionnaire, ...]
    responses: int
    questions: tuple[QuestionTally, ...]
    reach: Reach
    money: int | None


def answer_statistics(*, user: User, choice: Choice = EVERYTHING, key: str = "", now: datetime) -> AnswerStatistics:
    """The questionnaire named, else the one answered most. Five queries, besides each version read once a process."""
    with uncompiled():
        return _statistics(user, choice, key, now)


def _statistics(user: User, choice: Choice, key: str, now: datetime) -> AnswerStatistics:
    rows = finished(user, choice)
    answered = responses_counted(rows)
    asked = Questionnaire.objects.in_bulk({row.questionnaire_id for row in answered})
    chosen = key or _most_answered(answered, asked)
    versions = sorted((each for each in asked.values() if each.key == chosen), key=lambda each: each.version)
    mine = [row for row in answered if asked[row.questionnaire_id].key == chosen]
    sheets = [published_sheet(each.pk) for each in versions]
    ids = [question.id for sheet in sheets for question in told(sheet)]
    return AnswerStatistics(
        as_of=now,
        questionnaire=versions[-1] if versions else None,
        versions=tuple(versions),
        others=_latest(each for each in asked.values() if each.key != chosen),
        responses=sum(row.n for row in mine),
        questions=tuple(tallies(sheets, mine, answers_counted(rows, ids))),
        reach=reach_of(followups(user, choice)),
        money=money_matters(user, choice),
    )


def finished(user: User, choice: Choice) -> QuerySet[Response]:
    """Answered by the client, or by whoever may answer for them."""
    return (
        Response.objects.visible_to(user)
        .filter(first_wave("conversation__"), choice.of("conversation__case__"), finished_at__isnull=False)
        .exclude(answerer=Answerer.OTHER)
    )


def responses_counted(rows: QuerySet[Response]) -> list[Answered]:
    counted = rows.order_by().values_list("conversation__questionnaire", "mode").annotate(n=Count("pk"))
    return [Answered(*row) for row in counted]


def answers_counted(rows: QuerySet[Response], question_ids: list[int]) -> list[Counted]:
    asked = rows.filter(answers__question__in=question_ids, answers__choice__isnull=False)
    came_by = Coalesce(NullIf("answers__mode", Value("")), "mode")
    each = asked.order_by().values_list("answers__question", "answers__choice", came_by, "mode")
    counted = each.annotate(n=Count("answers"))
    return [Counted(*row) for row in counted]


def money_matters(user: User, choice: Choice) -> int | None:
    """How many clients said that money or gifts were asked for: a count, never a share."""
    if not user.has_role(*MONEY_READERS):
        return None
    asked = followups(user, choice).values("pk")
    return Alert.objects.visible_to(user).filter(kind=AlertKind.MONEY, conversation__in=asked).count()


def _latest(versions: Iterable[Questionnaire]) -> tuple[Questionnaire, ...]:
    """One of each key, in the order of their keys."""
    latest = {each.key: each for each in sorted(versions, key=lambda each: each.version)}
    return tuple(latest[key] for key in sorted(latest))


def _most_answered(answered: list[Answered], asked: dict[int, Questionnaire]) -> str:
    by_key: dict[str, int] = {}
    for row in answered:
        name = asked[row.questionnaire_id].key
        by_key[name] = by_key.get(name, 0) + row.n
    return min(by_key, key=lambda name: (-by_key[name], name)) if by_key else ""
