"""Rows whose time runs, and nights that pass over them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.privacy.models import Erased
from qa_service.privacy.services import apply_retention
from surveys import services as surveys
from surveys.enums import Answerer, Mode
from surveys.models import Conversation, Response
from surveys.services.answering.answers import AnswerInput
from tests import factories
from tests.surveys import factories as asking

CLOSED = date(2026, 11, 10)
WORDS = "他说话很凶，我再也不想见到他。"
ANSWERS = {"q1": "4", "q2": "always", "q3": "yes", "q4": "always", "q5": "yes", "q6": "no", "q7": "yes"}


def midnight(day: date, *, hours: int = 0, minutes: int = 1) -> datetime:
    """Shortly after the day begins in Shanghai."""
    return (
        datetime(day.year, day.month, day.day, tzinfo=UTC)
        - timedelta(hours=8)
        + timedelta(hours=hours, minutes=minutes)
    )


def a_night(now: datetime, *, steps: int = 5000) -> Counter[str]:
    """Until nothing is left to do; what was erased, by rule."""
    erased: Counter[str] = Counter()
    for _step in range(steps):
        step = apply_retention(now=now)
        if step is None:
            return erased
        if step.erased:
            erased[step.rule] += step.erased
    raise AssertionError("the night does not end")


def told(**conditions: object) -> list[tuple[date, str, str, int]]:
    """The report: day, rule, cause, count."""
    rows = Erased.objects.filter(**conditions).order_by("day", "rule", "cause")
    return [(row.day, row.rule, row.cause, row.count) for row in rows]


def interviewed(case: Case, *, words: str = WORDS, note: str = "") -> tuple[Response, User]:
    """Keyed in by staff, with the client's own words at the end."""
    clerk = factories.user(Role.FOLLOW_UP, at=case.centre)
    conversation = Conversation.objects.get(case=case)
    answers = {code: AnswerInput(value=value) for code, value in ANSWERS.items()}
    response = surveys.record_interview(
        user=clerk,
        conversation=conversation,
        answers=answers | {"q11": AnswerInput(text=words)},
        answerer=Answerer.CLIENT,
        mode=Mode.TELEPHONE,
        note=note,
        now=asking.NOW,
    )
    return response, clerk
