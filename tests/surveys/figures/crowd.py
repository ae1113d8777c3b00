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
from surveys.services.questionnaires.publishing import publish_defaults
from tests import factories
from tests.factories import NOW

CHUNK = 2000
TOWNSHIPS = ("城关镇", "石板滩镇", "柳林乡", "白沙乡", "云岭瑶族乡")
GROUPS = (ClientGroup.MIGRANT_WORKER, ClientGroup.OLDER_PERSON, ClientGroup.DISABLED_PERSON, ClientGroup.OTHER)


@dataclass(frozen=True)
class Course:
    """How a follow-up went, so many in a hundred."""

    weight: int
    channel: str
    text: MessageState | None = None
    mode: Mode | None = None
    outcome: PhoneOutcome | None = None
    state: str = ConversationState.FINISHED


SMS, LINK, RING = Channel.SMS_TWO_WAY, Channel.SMS_LINK, Channel.TELEPHONE
EXPIRED, STOPPED = ConversationState.EXPIRED, ConversationState.STOPPED
COURSES = (
    Course(18, SMS, MessageState.DELIVERED, Mode.SMS),
    Course(12, LINK, MessageState.DELIVERED, Mode.WEB),
    Course(18, RING, None, Mode.TELEPHONE, PhoneOutcome.REACHED),
    Course(4, Channel.VISIT, None, Mode.VISIT, PhoneOutcome.REACHED),
    Course(3, Channel.PAPER, None, Mode.PAPER, PhoneOutcome.REACHED),
    Course(20, SMS, MessageState.DELIVERED, state=EXPIRED),
    Course(5, SMS, MessageState.SENT, state=EXPIRED),
    Course(4, SMS, MessageState.UNDELIVERED, state=EXPIRED),
    Course(6, RING, outcome=PhoneOutcome.NO_ANSWER, state=EXPIRED),
    Course(5, RING, outcome=PhoneOutcome.REFUSED, state=STOPPED),
    Course(5, RING, outcome=PhoneOutcome.INVALID, state=ConversationState.UNREACHABLE),
)
# The same, of those who answered alone.
ANSWERED = tuple(course for course in COURSES if course.mode)


@dataclass(frozen=True)
class Crowd:
    centre: Organisation
    size: int


def crowd(
    centre: Organisation,
    size: int,
    *,
    seed: int = 7,
    closed_on: date = date(2026, 11, 1),
    courses: tuple[Course, ...] = COURSES,
) -> Crowd:
    """`size` cases of one centre, each followed up and answered or lost as the courses say."""
    publish_defaults(now=NOW)
    chance = random.Random(seed)
    firm = factories.firm(centre)
    lawyer = factories.lawyer(firm)
    number = itertools.count(Case.objects.count() + 1)
    for begun in range(0, size, CHUNK):
        part = min(size - begun, CHUNK)
        _chunk(_cases(centre, firm, lawyer, part, chance, number, closed_on), courses, chance)
    return Crowd(centre, size)


def _cases(
    centre: Organisation, firm: Any, lawyer: Any, size: int, chance: random.Random, number: Iterator[int], day: date
) -> list[Case]:
    people = Client.objects.bulk_create(_person(centre, next(number), chance) for _each in range(size))
    ContactPlan.objects.bulk_create(_plan(person, chance) for person in people)
    return Case.objects.bulk_create(_case(centre, firm, lawyer, person, chance, day) for person in people)


def _chunk(cases: list[Case], possible: tuple[Course, ...], chance: random.Random) -> None:
    questionnaire = Questionnaire.objects.get(key="client-closing", version=2)
    courses = chance.choices(possible, [course.weight for course in possible], k=len(cases))
    went = list(zip(cases, courses, strict=True))
    talks = Conversation.objects.bulk_create(_conversation(case, questionnaire, course) for case, course in went)
    going = list(zip(talks, courses, strict=True))
    Message.objects.bulk_create(_message(talk, course.text) for talk, course in going if course.text)
    caller = factories.user(at=cases[0].centre)
    Contact.objects.bulk_create(
        Contact(conversation=talk, channel=course.channel, at=NOW, outcome=course.outcome, by=caller)
        for talk, course in going
        if course.outcome
    )
    _answers([(talk, course.mode) for talk, course in going if course.mode], chance)


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


def _conversation(case: Case, questionnaire: Questionnaire, course: Course) -> Conversation:
    return Conversation(
        case=case,
        recipient=case.client,
        wave="closing",
        questionnaire=questionnaire,
        state=course.state,
        channel=course.channel,
        phone_index=case.client.phone_index,
        invited_at=NOW,
        closes_at=NOW + timedelta(days=21),
        late_until=NOW + timedelta(days=60),
        first_opened_at=NOW if course.mode == Mode.WEB else None,
        finished_at=NOW if course.mode else None,
        created_at=NOW,
        updated_at=NOW,
    )


def _message(talk: Conversation, state: MessageState) -> Message:
    return Message(
        conversation=talk, direction=Direction.OUT, kind=MessageKind.INVITATION, gateway="memory", phone="", body="",
        phone_index=talk.phone_index, state=state, not_before=NOW, created_at=NOW,
    )  # fmt: skip


def _answers(heard: Sequence[tuple[Conversation, Mode]], chance: random.Random) -> None:
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
