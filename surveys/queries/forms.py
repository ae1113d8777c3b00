"""The form as a client or an interviewer sees it at this moment. Reading it changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.conf import settings as django_settings
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import Expression, RawSQL
from django.utils.translation import gettext as _

from qa_service.cases.enums import ContactReason
from qa_service.cases.models import ContactPlan
from qa_service.common.errors import NotFound
from qa_service.common.tokens import LINK_LENGTH, SHORT_CODE_LENGTH, digest
from qa_service.organisations.models import CentreSettings
from surveys.branching import SheetQuestion, first_unanswered, shown, told_totals
from surveys.enums import (
    OPEN_STATES,
    AlertKind,
    Audience,
    ConversationState,
    Mode,
    OptOutSource,
    QuestionKind,
    StaffReason,
)
from surveys.languages import NEEDED
from surveys.models import ClosingCard, Conversation, OptOut, Response
from surveys.models.questionnaires import in_language
from surveys.queries.later import told_later
from surveys.queries.sheets import sheet_asked


class LinkUnknown(NotFound):
    """No such link or code, or its time is over: told the same, so that nothing is learnt by guessing."""

    code = "link_unknown"


class LinkNotYet(LinkUnknown):
    """The code of a card that was given out before its first day; `details["works_from"]` and `["phone"]`."""

    code = "link_not_yet"


class FormState(StrEnum):
    START = "start"
    QUESTION = "question"
    FINISHED = "finished"
    CLOSED = "closed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Silence:
    """`wished`: somebody pressed "do not contact me"; a rating by text stands then, and nothing more is asked.

    `died`: so it was entered; whoever finds the card is asked nothing, and what was under way ended with that entry.
    `disowned`: whoever had the telephone said, by text or on the form, that it is not the client's.
    """

    wished: bool
    died: bool
    disowned: bool


@dataclass(frozen=True, slots=True)
class FormChoice:
    value: str
    text_zh: str
    text_en: str
    text_further: Mapping[str, str]

    @property
    def text(self) -> str:
        return in_language(chinese=self.text_zh, english=self.text_en, further=self.text_further)


@dataclass(frozen=True, slots=True)
class FormQuestion:
    """One question of the path that the answers so far open; `number` of `total` as `branching.told_totals` has it."""

    code: str
    kind: QuestionKind
    text_zh: str
    text_en: str
    hint_zh: str
    hint_en: str
    choices: tuple[FormChoice, ...]
    number: int
    total: int
    last: bool
    previous: str | None
    text_further: Mapping[str, str]
    hint_further: Mapping[str, str]

    @property
    def text(self) -> str:
        return in_language(chinese=self.text_zh, english=self.text_en, further=self.text_further)

    @property
    def hint(self) -> str:
        return in_language(chinese=self.hint_zh, english=self.hint_en, further=self.hint_further)


@dataclass(frozen=True, slots=True)
class FormAnswer:
    value: str
    text: str
    at: datetime | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return "FormAnswer(…)"


@dataclass(frozen=True, slots=True)
class Form:
    """`centre_name` is for after Start only. `current` is the first question without an answer, None when through."""

    conversation_id: int
    state: FormState
    language: str
    centre_name: str
    office_phone: str
    receipt: str
    questions: tuple[FormQuestion, ...]
    current: str | None
    answers: Mapping[str, FormAnswer]
    # In which it can be read, Chinese first.
    languages: tuple[str, ...] = NEEDED
    # What was answered by text and stands, whatever is chosen here.
    stands: Mapping[str, str] = field(default_factory=dict)
    # Asked while the case runs: nothing is finished yet, and the page does not say that anything runs.
    under_way: bool = False


def conversation_by_key(key: str, *, audience: Audience = Audience.CLIENT, lock: bool = False) -> Conversation:
    """The conversation of a link's token or a short code. A client's key opens no page of an organ, nor the reverse.

    `lock`: its response is read afterwards, by a statement of its own. The one that waits for the lock goes on seeing
    what stood beside the row before it waited.

    :raises LinkUnknown: there is none.
    :raises LinkNotYet: a card's code before its first day.
    """
    column, hashed = kept_as(key)
    beside = ("questionnaire", "case__centre__settings", "case__firm")
    conversations = Conversation.objects.filter(audience=audience).select_related(*beside)
    conversations = conversations.select_for_update(of=("self",)) if lock else conversations.select_related("response")
    found = conversations.filter(Q(**{column: hashed})).first()
    if found is None and column == "code_digest" and audience == Audience.CLIENT:
        found = _of_card(conversations, hashed)
    if found is None:
        raise LinkUnknown(_("This link is not known or no longer valid."))
    return found


def kept_as(key: str) -> tuple[str, str]:
    """In which column it stands as what; :raises LinkUnknown: it is no key at all."""
    if len(key) not in (LINK_LENGTH, SHORT_CODE_LENGTH) or not key.isascii() or not key.isalnum():
        raise LinkUnknown(_("This link is not known or no longer valid."))
    if len(key) == LINK_LENGTH:
        return "link_digest", digest(key)
    return "code_digest", digest(key.upper())


def _of_card(conversations: QuerySet[Conversation], hashed: str) -> Conversation | None:
    card = ClosingCard.objects.select_related("case__centre__settings").filter(code_digest=hashed).first()
    if card is None:
        return None
    found = conversations.filter(card.asks).first()
    if found is None:
        settings = card.case.centre.settings
        raise LinkNotYet(
            _("This code works later."),
            works_from=card.works_from,
            zone=settings.time_zone,
            phone=settings.office_phone,
            closed=_entered_as_dead(card.recipient_id),
        )
    return found


def help_phone() -> str:
    """The number for those whose code tells nothing: the operator's, else the office's where there is one office.

    With several, naming one would be a guess; the sheet or text that bore the code names the right one.
    """
    if django_settings.PUBLIC_HELP_PHONE:
        return str(django_settings.PUBLIC_HELP_PHONE)
    numbers = CentreSettings.objects.exclude(office_phone="").values_list("office_phone", flat=True).distinct()[:2]
    found = list(numbers)
    return found[0] if len(found) == 1 else ""


def form(*, key: str, now: datetime) -> Form:
    """:raises LinkUnknown: unknown, or its last day is over."""
    return form_of(conversation_by_key(key), mode=Mode.WEB, key=key, now=now)


def form_of(conversation: Conversation, *, mode: Mode, key: str = "", now: datetime) -> Form:
    response = response_of(conversation)
    if response is not None and response.is_by_another:
        response = None  # nothing of it is theirs to see
    first = answers_of(response)
    later = {code: FormAnswer(value, text) for code, (value, text) in told_later(response).items()}
    answers = first | later
    values = {code: answer.value for code, answer in answers.items()}
    sheet = sheet_asked(conversation)
    path = shown(sheet.questions, mode=mode, answers=values)
    current = first_unanswered(path, values)
    settings = conversation.case.centre.settings
    return Form(
        conversation_id=conversation.pk,
        state=state_of(conversation, response_of(conversation), mode=mode, key=key, now=now),
        language=response.language if response else conversation.language,
        centre_name=conversation.case.centre.name,
        office_phone=settings.office_phone,
        receipt=response.receipt if response else "",
        questions=form_questions(path, totals=told_totals(sheet.questions, mode=mode, answers=values)),
        current=current.code if current else None,
        answers=MappingProxyType(answers),
        languages=(*NEEDED, *sheet.languages),
        stands={code: kept.value for code, kept in first.items() if said_by(response, kept) == Mode.SMS},
        under_way=conversation.mid_case_plan_id is not None,
    )


def form_questions(path: tuple[SheetQuestion, ...], *, totals: Sequence[int]) -> tuple[FormQuestion, ...]:
    """`totals`: of how many questions each is told to be one."""
    return tuple(_question(item, place, path, total=totals[place]) for place, item in enumerate(path))


def response_of(conversation: Conversation) -> Response | None:
    try:
        return conversation.response
    except Response.DoesNotExist:
        return None


def answers_of(response: Response | None) -> dict[str, FormAnswer]:
    if response is None:
        return {}
    rows = response.answers.select_related("question", "choice")
    return {
        answer.question.code: FormAnswer(
            value=answer.choice.value if answer.choice else "", text=answer.text, at=answer.answered_at
        )
        for answer in rows
    }


def said_by(response: Response | None, kept: FormAnswer) -> Mode | None:
    """By which way the client gave an answer themself, of a response that nobody else has keyed anything into."""
    if response is None or kept.at is None or response.entered_by_id is not None:
        return None
    return own_way(response, kept.at)


def own_way(response: Response, at: datetime) -> Mode:
    """By text or on the form; what followed a mark by text came by the link that thanked for it."""
    return Mode.SMS if response.mode == Mode.SMS and at == response.started_at else Mode.WEB


def state_of(
    conversation: Conversation,
    response: Response | None,
    *,
    mode: Mode,
    key: str = "",
    silence: Silence | None = None,
    now: datetime,
) -> FormState:
    """Where the form stands. A rating by text leaves the further questions open to who follows the link.

    `silence`: where it was read already.
    """
    if conversation.state == ConversationState.STOPPED or (
        (silence is None or silence.disowned) and went_astray(conversation, key)
    ):
        return FormState.STOPPED
    by_another = response is not None and response.is_by_another
    rated_by_text = response is not None and response.finished_at is not None and not by_another
    if response is not None and rated_by_text and (response.mode != Mode.SMS or response.receipt):
        return FormState.FINISHED
    asks_on_the_web = mode == Mode.WEB and not conversation.is_open
    if silence is None and (rated_by_text or asks_on_the_web):
        silence = _silence_of(conversation)
    if rated_by_text and silence is not None and silence.wished:
        return FormState.STOPPED
    rests = asks_on_the_web and silence is not None and silence.died
    takes = (*OPEN_STATES, ConversationState.EXPIRED, ConversationState.FINISHED, ConversationState.UNREACHABLE)
    if rests or now >= conversation.late_until or conversation.state not in takes:
        return FormState.CLOSED
    if mode == Mode.WEB and (conversation.first_opened_at is None or by_another):
        return FormState.START
    return FormState.QUESTION


def silences() -> dict[str, Expression]:
    """The same as columns beside a conversation. Written out: to compose them for each answer of a form takes longer
    than the database takes to run them.
    """
    wished = RawSQL(
        "EXISTS(SELECT 1 FROM surveys_optout said WHERE said.phone_index = surveys_conversation.phone_index"
        " AND said.source = %s AND said.lifted_at IS NULL)",
        (OptOutSource.WEB.value,),
        output_field=BooleanField(),
    )
    died = RawSQL(
        "EXISTS(SELECT 1 FROM cases_contactplan plan WHERE plan.client_id = surveys_conversation.recipient_id"
        " AND plan.reason = %s)",
        (ContactReason.DECEASED.value,),
        output_field=BooleanField(),
    )
    disowned = RawSQL(
        "EXISTS(SELECT 1 FROM surveys_alert raised WHERE raised.conversation_id = surveys_conversation.id"
        " AND raised.kind = %s)",
        (AlertKind.WRONG_NUMBER.value,),
        output_field=BooleanField(),
    )
    return {"wished": wished, "died": died, "disowned": disowned}


def _silence_of(conversation: Conversation) -> Silence:
    row: Any = Conversation.objects.filter(pk=conversation.pk).only("pk").annotate(**silences()).get()
    return Silence(row.wished, row.died, row.disowned)


def _entered_as_dead(client_id: int) -> bool:
    return ContactPlan.objects.filter(client=client_id, reason=ContactReason.DECEASED).exists()


def is_link(key: str) -> bool:
    """A link went to a telephone; a code may stand on a sheet or a card, which say nothing of a number."""
    return len(key) == LINK_LENGTH


def went_astray(conversation: Conversation, key: str) -> bool:
    """Whether who has the telephone that this link went to said it is not the client's: they are not to answer.

    That somebody else took a call says nothing of who reads the texts.
    """
    return is_link(key) and is_anothers(conversation, said=(OptOutSource.WEB, OptOutSource.WORD))


def is_anothers(conversation: Conversation, *, said: Collection[OptOutSource]) -> bool:
    """Whether who has the telephone said in one of these ways that it is not the client's, whatever they said since.

    They are opted out from then on; a number that staff put in its place is not. "打错了" by text may also be a client
    who mistyped a mark, so it closes the link and no more.
    """
    if conversation.staff_reason == StaffReason.NONE:
        return False
    out = OptOut.objects.filter(phone_index=conversation.phone_index, source__in=said, lifted_at=None)
    return said_not_theirs(conversation) and out.exists()


def said_not_theirs(conversation: Conversation) -> bool:
    """Whether whoever had the telephone said, by text or on the form, that it is not the client's."""
    return conversation.alerts.filter(kind=AlertKind.WRONG_NUMBER).exists()


def _question(item: SheetQuestion, place: int, path: tuple[SheetQuestion, ...], *, total: int) -> FormQuestion:
    return FormQuestion(
        code=item.code,
        kind=QuestionKind(item.kind),
        text_zh=item.text_zh,
        text_en=item.text_en,
        hint_zh=item.hint_zh,
        hint_en=item.hint_en,
        choices=tuple(
            FormChoice(choice.value, choice.text_zh, choice.text_en, choice.text_further) for choice in item.choices
        ),
        number=place + 1,
        total=total,
        last=place == len(path) - 1,
        previous=path[place - 1].code if place else None,
        text_further=item.text_further,
        hint_further=item.hint_further,
    )
