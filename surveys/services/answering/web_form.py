"""The client's own form. Only these acts change anything; following the link does not."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.audit.services import Act, record_many
from qa_service.common.errors import Conflict
from qa_service.common.inserting import insert
from qa_service.common.tokens import CLEAR
from qa_service.common.updating import update
from surveys.branching import MONEY, SEALED, SheetQuestion, first_unanswered, shown
from surveys.enums import (
    TEXT_CHANNELS,
    AlertKind,
    Answerer,
    Channel,
    ConversationState,
    Mode,
    OptOutSource,
    QuestionKind,
    StaffReason,
)
from surveys.matters import MONEY_VALUES, WHO_MAY_TELL, Heard, asks_who, is_of_own_people, matters_in_words, weightier
from surveys.models import Conversation, Response
from surveys.models.conversations import HANDED
from surveys.queries.forms import FormState, Silence, conversation_by_key, is_link, response_of, state_of
from surveys.queries.sheets import sheet_asked
from surveys.queries.underway import Underway, underway
from surveys.services.answering.answers import (
    RESPONDENT,
    AnswerInput,
    InvalidAnswer,
    act_on_answers,
    answered,
    checked,
    heard_in,
    matters_of,
    money_told,
    raise_alert,
    write_answer,
)
from surveys.services.answering.beside import lay_own_beside
from surveys.services.answering.making_room import make_room
from surveys.services.contact.disowning import DISOWNED, disown
from surveys.services.contact.opt_outs import opt_out
from surveys.services.inviting.rungs import hand_over

RECEIPT_LENGTH = 8
# What a person of the centre who keys the rest in says of a response that was begun by another way.
KEYED_IN = ("mode", "answerer", "entered_by")
# What the end of a form writes to its conversation.
CLOSED = ("state", "finished_at", "remind_at", "call_back_at", "held_by", "held_until", "matters_due_at", "taken_back")

# After these the link has nothing more to tell.
OVER = (FormState.FINISHED, FormState.CLOSED, FormState.STOPPED)


class FormOver(Conflict):
    """Finished, stopped or closed: nothing more is taken. `code` says which."""


@transaction.atomic
def start_web_response(*, key: str, language: str, now: datetime) -> Conversation:
    """The Start button. Pressed again it changes nothing but the language.

    :raises LinkUnknown: no such key.
    :raises FormOver: it no longer takes answers.
    """
    conversation = conversation_by_key(key, lock=True)
    response = response_of(conversation)
    refuse_when_form_over(conversation, response, key=key, now=now)
    anew = response is not None and response.is_by_another
    response = make_room(conversation, response, actor=RESPONDENT, now=now)
    if response is None:
        response = _begin(conversation, language=language, now=now)
    elif response.language != language:
        response.language = language
        response.save(update_fields=["language"])
    if conversation.first_opened_at is None or anew:
        conversation.first_opened_at = conversation.first_opened_at or now
        if conversation.state != ConversationState.FINISHED or anew:
            conversation.state, conversation.finished_at = ConversationState.STARTED, None
        conversation.updated_at = now
        conversation.save(update_fields=["first_opened_at", "state", "finished_at", "updated_at"])
    return conversation


@transaction.atomic
def record_answer(*, key: str, question: str, value: str = "", text: str = "", now: datetime) -> str | None:
    """Keep one answer; the code of the question to go to, or None where it was the last and the form is finished.

    After the last question of the path that is one which was passed over.

    :raises LinkUnknown: no such key.
    :raises FormOver: it no longer takes answers, or was never started.
    :raises InvalidAnswer: not an answer to this question, or the question is not on the path.
    """
    begun = underway(key=key)
    conversation, response, values = begun.conversation, begun.response, begun.values
    refuse_when_form_over(conversation, response, key=key, silence=begun.silence, now=now)
    if response is None or conversation.first_opened_at is None or response.is_by_another:
        raise FormOver(_("Please press Start first."), code="not_started")
    questions = sheet_asked(conversation).questions
    path = shown(questions, mode=Mode.WEB, answers=begun.told)
    asked = next((item for item in path if item.code == question), None)
    if asked is None:
        raise InvalidAnswer(_("This question is not asked here."), field=question, code="not_asked")
    acts = _kept(begun, response, asked, AnswerInput(value=value, text=text), now=now)
    after = shown(questions, mode=Mode.WEB, answers=begun.told)
    place = next((index for index, item in enumerate(after) if item.code == question), len(after))
    following = next(iter(after[place + 1 :]), None) or first_unanswered(after, begun.told)
    if following is not None:
        record_many(actor=RESPONDENT, acts=acts, at=now)
        # Whoever waited for the lock sees by it that what they read is not all.
        conversation.updated_at = now
        update(conversation, fields=("updated_at", "matters_due_at", "taken_back"))
        return following.code
    # Answers to questions that a change of mind took off the path are withdrawn with it; what was told otherwise after
    # an answer by text takes nothing away.
    standing = shown(questions, mode=Mode.WEB, answers=values) if begun.later else after
    withdrawn = values.keys() - {item.code for item in standing}
    if withdrawn:
        if MONEY in withdrawn:
            _note_money(begun, {}, now=now)
        _heed_before_it_goes(begun, withdrawn, now=now)
        response.answers.exclude(question_id__in=[item.id for item in standing]).delete()
    acts.append(Act("surveys.form_finished", response._meta.label, str(response.pk), {"mode": Mode.WEB}))
    record_many(actor=RESPONDENT, acts=acts, at=now)
    heeded = weightier(values, begun.told)
    # Where the press has written enough, what follows from the form is left to the sweep.
    if withdrawn or conversation.matters_due_at or matters_of(conversation, heeded):
        conversation.matters_due_at = now
    close_response(conversation=conversation, response=response, now=now)
    if conversation.matters_due_at is None:
        act_on_answers(conversation=conversation, values=heeded, actor=RESPONDENT, now=now)
    return None


def _kept(begun: Underway, response: Response, asked: SheetQuestion, given: AnswerInput, *, now: datetime) -> list[Act]:
    """Write one answer; returns what goes on record. `begun.values` has it afterwards."""
    columns, again = checked(asked, given), asked.code in begun.values
    # What was answered by text stands: the original rating is never overwritten (domain.md 1.6).
    if response.mode == Mode.SMS and ((again and asked.by_text) or _asked_for_later_alone(begun, asked)):
        return _told_otherwise(begun, response, asked, given.value, columns["text"], now=now)
    if again and asked.takes_text:
        _heed_before_it_goes(begun, {asked.code}, now=now)
    write_answer(response=response, question=asked, columns=columns, again=again, mode=Mode.WEB, now=now)
    if matters_in_words([columns["text"]], read=asked.kind == QuestionKind.CALL_BACK):
        # Not only at the end, as with money: whoever is in danger may have to put the telephone away.
        begun.conversation.matters_due_at = now
    if asked.code in SEALED:
        _note_money(begun, {**begun.values, asked.code: given.value}, now=now)
    begun.values[asked.code] = given.value
    return [answered(response=response, question=asked, mode=Mode.WEB)]


def _asked_for_later_alone(begun: Underway, asked: SheetQuestion) -> bool:
    """Opened by what was told later: beside the mark that stands it would be an answer to nothing."""
    if not begun.later or asked.code in begun.values:
        return False
    opened = shown(sheet_asked(begun.conversation).questions, mode=Mode.WEB, answers=begun.values)
    return asked not in opened


def _told_otherwise(
    begun: Underway, response: Response, asked: SheetQuestion, value: str, text: str, *, now: datetime
) -> list[Act]:
    """Beside what was answered by text. An unhappy mark is seen to at once, as one by text would be."""
    if not begun.later and begun.values.get(asked.code) == value:
        return []
    former = begun.later.get(asked.code)
    if former == (value, text):
        return []
    if former is not None and begun.conversation.matters_due_at is not None:
        _take_back(
            begun, heard_in(conversation=begun.conversation, words=[former[1]], values=begun.told, read=True), now=now
        )
    again = bool(begun.later)
    begun.later[asked.code] = (value, text)
    lay_own_beside(conversation=begun.conversation, told=begun.later, again=again, now=now)
    if matters_of(begun.conversation, weightier({}, begun.told)) or matters_in_words([text], read=True):
        begun.conversation.matters_due_at = now
    return [Act("surveys.answered", response._meta.label, str(response.pk), {"question": asked.code, "mode": Mode.WEB})]


def _note_money(begun: Underway, told: Mapping[str, str], *, now: datetime) -> None:
    """Not only at the end: a form left here would tell nobody for three weeks. The caller writes the conversation.

    `told`: the answers as they are now; `begun.values` has them as they were.
    """
    conversation, former = begun.conversation, begun.values
    taken_back = told.get(MONEY) not in MONEY_VALUES and former.get(MONEY) in MONEY_VALUES
    if conversation.matters_due_at and (taken_back or (is_of_own_people(former) and not is_of_own_people(told))):
        # Taken back before anybody has seen to it: it was said.
        _take_back(begun, money_told(former), now=now)
    if told.get(MONEY) in MONEY_VALUES:
        due = now + WHO_MAY_TELL if asks_who(sheet_asked(conversation).questions, told) else now
        conversation.matters_due_at = min(conversation.matters_due_at or due, due)


def _heed_before_it_goes(begun: Underway, questions: Iterable[str], *, now: datetime) -> None:
    """Words that are changed before anybody has seen to them were said: somebody may look over a shoulder."""
    if begun.conversation.matters_due_at is not None:
        words = [begun.words[code] for code in questions if code in begun.words]
        heard = heard_in(conversation=begun.conversation, words=words, values=begun.values, read=True)
        _take_back(begun, heard, now=now)


def _take_back(begun: Underway, heard: Heard, *, now: datetime) -> None:
    """Left to the sweep with the rest, since it is kept nowhere else. The caller writes the conversation."""
    if heard:
        begun.conversation.taken_back = [*(begun.conversation.taken_back or ()), heard.kept(at=now)]
        begun.conversation.matters_due_at = now


def close_response(*, conversation: Conversation, response: Response, now: datetime) -> Response:
    """Shared by every way that ends with all questions asked. A response that is new is written here.

    The caller acts on what was answered.
    """
    response.finished_at = response.finished_at or now
    response.late = response.late or conversation.is_late(now)
    response.receipt = "".join(secrets.choice(CLEAR) for _position in range(RECEIPT_LENGTH))
    response.updated_at = now
    if response.pk is None:
        insert(response)
    else:
        response.save(update_fields=[*KEYED_IN, "finished_at", "late", "receipt", "updated_at"])
    conversation.state = ConversationState.FINISHED
    conversation.finished_at = conversation.finished_at or now
    conversation.remind_at = None
    conversation.call_back_at = None
    conversation.held_by = None
    conversation.held_until = None
    conversation.updated_at = now
    conversation.save(update_fields=[*CLOSED, "updated_at"])
    return response


@transaction.atomic
def stop_contact(*, key: str, now: datetime) -> None:
    """The button "not me / no more contact". Pressed again it changes nothing.

    :raises LinkUnknown: no such key.
    """
    conversation = conversation_by_key(key, lock=True)
    opt_out(phone_index=conversation.phone_index, source=OptOutSource.WEB, now=now)
    if conversation.is_open:
        conversation.state = ConversationState.STOPPED
        conversation.remind_at = None
    # Whoever waited for the lock with an answer sees by it that what they read is not all.
    conversation.updated_at = now
    conversation.save(update_fields=["state", "remind_at", "updated_at"])


@transaction.atomic
def say_not_me(*, key: str, now: datetime) -> None:
    """The button "this is not for me": the text reached somebody else. They get no more, and the link is theirs no
    longer, nor is a mark sent from there the client's; the person is still to be asked, by staff who learn the right
    number. Pressed again it changes nothing.

    With a code of a sheet or a card, which says nothing of a number, it stops all contact.

    :raises LinkUnknown: no such key.
    """
    if not is_link(key):
        stop_contact(key=key, now=now)
        return
    conversation = conversation_by_key(key, lock=True)
    response = response_of(conversation)
    if state_of(conversation, response, mode=Mode.WEB, key=key, now=now) in OVER:
        return
    disown(conversation, response, actor=RESPONDENT, now=now)
    opt_out(phone_index=conversation.phone_index, source=OptOutSource.WEB, stop_conversations=False, now=now)
    if Channel(conversation.channel) in TEXT_CHANNELS and conversation.is_open:
        hand_over(conversation, reason=StaffReason.WRONG_NUMBER, now=now)
    conversation.staff_reason, conversation.updated_at = StaffReason.WRONG_NUMBER, now
    conversation.save(update_fields={*HANDED, *DISOWNED, "updated_at"})
    raise_alert(conversation=conversation, kind=AlertKind.WRONG_NUMBER, actor=RESPONDENT, now=now)


def _begin(conversation: Conversation, *, language: str, now: datetime) -> Response:
    return Response.objects.create(
        conversation=conversation,
        mode=Mode.WEB,
        answerer=Answerer.CLIENT,
        language=language,
        started_at=now,
        created_at=now,
        updated_at=now,
    )


def refuse_when_form_over(
    conversation: Conversation,
    response: Response | None,
    *,
    key: str = "",
    silence: Silence | None = None,
    now: datetime,
) -> None:
    state = state_of(conversation, response, mode=Mode.WEB, key=key, silence=silence, now=now)
    if state not in (FormState.START, FormState.QUESTION):
        raise FormOver(_("This form no longer takes answers."), code=state.value)
