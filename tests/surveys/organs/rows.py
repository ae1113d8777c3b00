"""Units in the address book, cases before them, and answers, made through the services that make them in life."""

from datetime import date, datetime
from typing import Any

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import OrganKind, OrganWay
from surveys.models import Conversation, LetterBatch, Organ
from surveys.services.answering.answers import AnswerInput
from tests import factories
from tests.factories import NOW
from tests.scenes import scene
from tests.surveys.published import published

COURT = "临江县人民法院"
GOOD = {"q1": "5", "q2": "4", "q3": "5", "q4": "5", "q5": "3"}
POOR = {"q1": "2", "q2": "1", "q3": "2", "q4": "unknown", "q5": "3"}


@scene
def asking_centre(**settings: Any) -> Organisation:
    """A centre that asks organs on the day of closing."""
    published(now=NOW)
    return factories.centre(settings={"organs_from": date(2026, 1, 1), "organ_delay_days": 0} | settings)


def keeper(at: Organisation) -> User:
    return factories.user(Role.MANAGER, at=at)


@scene
def organ(at: Organisation, **entry: Any) -> Organ:
    defaults: dict[str, Any] = {"name": COURT, "kind": OrganKind.COURT}
    if entry.get("way") == OrganWay.EMAIL:
        defaults |= {"email": "court@example.org", "agreed_on": date(2026, 1, 5)}
    given = services.OrganInput(**(defaults | entry))
    return services.add_organ(user=keeper(at), centre=at, entry=given, now=NOW)


@scene
def asked(at: Organisation | None = None, now: datetime = NOW, **fields: Any) -> Conversation:
    """One case about which the court was asked: by letter, which waits to be printed."""
    at = at or asking_centre()
    if not Organ.objects.filter(centre=at).exists():
        organ(at)
    case = factories.case(at, **fields)
    services.ask_organs(now=now)
    return Conversation.objects.with_organs().get(case=case)


def about(case: Case) -> Conversation:
    return Conversation.objects.with_organs().get(case=case)


@scene
def sent(conversation: Conversation, now: datetime = NOW) -> LetterBatch:
    """The letter was printed and left today."""
    user = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    batch = services.make_batch(user=user, organ=Organ.objects.get(pk=conversation.organ_id), now=now)
    services.send_batch(user=user, public_id=batch.public_id, day=now.date(), now=now)
    conversation.refresh_from_db()
    return batch


def given(answers: dict[str, str], remark: str = "") -> dict[str, AnswerInput]:
    found = {code: AnswerInput(value=value) for code, value in answers.items()}
    return found | ({"q6": AnswerInput(text=remark)} if remark else {})


@scene
def keyed_in(
    conversation: Conversation, answers: dict[str, str] = GOOD, *, remark: str = "", now: datetime = NOW, **fields: Any
) -> Any:
    defaults: dict[str, Any] = {"signed_by": "民一庭（章）", "received_on": now.date()}
    return services.record_opinion(
        user=factories.user(Role.FOLLOW_UP, at=conversation.case.centre),
        conversation=conversation,
        answers=given(answers, remark),
        now=now,
        **(defaults | fields),
    )
