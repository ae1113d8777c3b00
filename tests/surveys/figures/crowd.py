"""Many follow-ups at once, written as rows: for figures that need a crowd, and for measuring. Always the same ones."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qa_service.cases.enums import CaseType, ClientGroup, ContactReason, Gender, Stage
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.organisations.models import Organisation
from surveys.enums import Channel, ConversationState, Direction, MessageKind, MessageState, Mode, PhoneOutcome
from surveys.models import Answer, Contact, Conversation, Message, Questionnaire, Response
from surveys.queries.sheets import published_sheet
from surveys.services.questionnaires import publish_defaults
from tests import factories
from tests.factories import NOW

CHUNK = 2000
TOWNSHIPS = ("城关镇", "石板滩镇", "柳林乡", "白沙乡", "云岭瑶族乡")
GROUPS = (ClientGroup.MIGRANT_WORKER, ClientGroup.OLDER_PERSON, ClientGroup.DISABLED_PERSON, ClientGroup.OTHER)
# How a follow-up went, with its weight in a hundred: (channel, what the text came to, mode of the answer).
COURSES: tuple[tuple[int, str, MessageState | None, Mode | None], ...] = (
    (18, Channel.SMS_TWO_WAY, MessageState.DELIVERED, Mode.SMS),
    (12, Channel.SMS_LINK, MessageState.DELIVERED, Mode.WEB),
    (18, Channel.TELEPHONE, None, Mode.TELEPHONE),
    (4, Channel.VISIT, None, Mode.VISIT),
    (3, Channel.PAPER, None, Mode.PAPER),
    (20, Channel.SMS_TWO_WAY, MessageState.DELIVERED, None),
    (5, Channel.SMS_TWO_WAY, MessageState.SENT, None),
    (4, Channel.SMS_TWO_WAY, MessageState.UNDELIVERED, None),
    (16, Channel.TELEPHONE, None, None),
)


@dataclass(frozen=True)
class Crowd:
    centre: Organisation
    size: int


def crowd(centre: Organisation, size: int, *, seed: int = 7, closed_on: date = date(2026, 11, 1)) -> Crowd:
    """`size` cases of one centre, each followed up and answered or lost as `COURSES` says."""
    publish_defaults(now=NOW)
    chance = random.Random(seed)
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    number = itertools.count(Case.objects.count() + 1)
    while size_left := size - Case.objects.filter(centre=centre, lawyer=lawyer).count():
        _chunk(centre, firm, lawyer, min(size_left, CHUNK), chance, number, closed_on)
    return Crowd(centre, size)


def _chunk(
    centre: Organisation, firm: Any, lawyer: Any, size: int, chance: random.Random, number: Iterator[int], day: date
) -> None:
    people = Client.objects.bulk_create(_person(centre, next(number), chance) for _each in range(size))
    ContactPlan.objects.bulk_create(_plan(person, chance) for person in people)
    cases = Case.objects.bulk_create(_case(centre, firm, lawyer, person, chance, day) for person in people)
    questionnaire = Questionnaire.objects.get(key="client-closing")
    courses = chance.choices(COURSES, [course[0] for course in COURSES], k=size)
    talks = Conversation.objects.bulk_create(
        _conversation(case, questionnaire, course) for case, course in zip(cases, courses, strict=True)
    )
    Message.objects.bulk_create(
        _message(talk, course[2]) for talk, course in zip(talks, courses, strict=True) if course[2]
    )
    caller = factories.user(at=centre)
    Contact.objects.bulk_create(_contacts(talks, courses, caller, chance))
    _answers(talks, courses, chance)


def _person(centre: Organisation, number: int, chance: random.Random) -> Client:
    return Client(
        centre=centre,
        name="",
        name_index=f"{number:064d}",
        phone="",
        phone_index=f"{number:064x}",
        phone_masked="****0000",
        gender=chance.choice((Gender.FEMALE, Gender.MALE)),
        birth_year=chance.randint(1936, 2000),
        group=chance.choice(GROUPS),
        township=chance.choice(TOWNSHIPS),
        created_at=NOW,
        updated_at=NOW,
    )


def _plan(person: Client, chance: random.Random) -> ContactPlan:
    reason = chance.choice((ContactReason.NONE, ContactReason.NONE, ContactReason.NOT_CONSENTED, ContactReason.SAFETY))
    return ContactPlan(
        client=person, sms_allowed=reason == ContactReason.NONE, reason=reason, expires_on=date(2030, 1, 1)
    )


def _case(centre: Organisation, firm: Any, lawyer: Any, person: Client, chance: random.Random, day: date) -> Case:
    return Case(
        centre=centre,
        number=f"临法援〔2026〕{person.pk}号",
        case_type=chance.choice((CaseType.CIVIL, CaseType.CIVIL, CaseType.CRIMINAL)),
        stage=Stage.FIRST_INSTANCE,
        client=person,
        lawyer=lawyer,
        firm=firm,
        accepted_on=day - timedelta(days=90),
        closed_on=day,
        first_seen_at=NOW,
        content_hash="0" * 64,
        survey_released_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


def _conversation(case: Case, questionnaire: Questionnaire, course: tuple[Any, ...]) -> Conversation:
    _weight, channel, _text, mode = course
    return Conversation(
        case=case,
        recipient=case.client,
        wave="closing",
        questionnaire=questionnaire,
        state=ConversationState.FINISHED if mode else ConversationState.EXPIRED,
        channel=channel,
        phone_index=case.client.phone_index,
        invited_at=NOW,
        closes_at=NOW + timedelta(days=21),
        late_until=NOW + timedelta(days=60),
        first_opened_at=NOW if mode == Mode.WEB else None,
        finished_at=NOW if mode else None,
        created_at=NOW,
        updated_at=NOW,
    )


def _message(talk: Conversation, state: MessageState) -> Message:
    return Message(
        conversation=talk, direction=Direction.OUT, kind=MessageKind.INVITATION, gateway="memory", phone="", body="",
        phone_index=talk.phone_index, state=state, not_before=NOW, created_at=NOW,
    )  # fmt: skip


def _contacts(
    talks: Sequence[Conversation], courses: Sequence[tuple[Any, ...]], caller: Any, chance: random.Random
) -> Iterator[Contact]:
    for talk, (_weight, channel, text, mode) in zip(talks, courses, strict=True):
        if text is None:
            lost = chance.choice((PhoneOutcome.NO_ANSWER, PhoneOutcome.REFUSED, PhoneOutcome.INVALID))
            outcome = PhoneOutcome.REACHED if mode else lost
            yield Contact(conversation=talk, channel=channel, at=NOW, outcome=outcome, by=caller)


def _answers(talks: Sequence[Conversation], courses: Sequence[tuple[Any, ...]], chance: random.Random) -> None:
    heard = [(talk, course[3]) for talk, course in zip(talks, courses, strict=True) if course[3]]
    responses = Response.objects.bulk_create(
        Response(
            conversation=talk, mode=mode, started_at=NOW, finished_at=NOW, receipt="", created_at=NOW, updated_at=NOW
        )
        for talk, mode in heard
    )
    if not responses:
        return
    sheet = published_sheet(heard[0][0].questionnaire_id)
    Answer.objects.bulk_create(
        (
            Answer(
                response=response,
                question_id=question.id,
                choice_id=_picked(question.choices, response.mode, chance).id,
                answered_at=NOW,
            )
            for response in responses
            for question in (sheet.questions[:1] if response.mode == Mode.SMS else sheet.questions[:7])
        ),
        batch_size=CHUNK,
    )


def _picked(choices: Sequence[Any], mode: str, chance: random.Random) -> Any:
    """On the telephone people are kinder."""
    first = 0.7 if mode == Mode.TELEPHONE else 0.45
    if chance.random() < first:
        return choices[0]
    return chance.choice(choices)
