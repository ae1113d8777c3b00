"""What a person of the centre does: call, write down the outcome, key the interview in. Two never hold one person."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.cases.models import Client
from qa_service.cases.services import confirm_plan, hold_person
from qa_service.common.errors import InvalidInput
from qa_service.common.inserting import insert
from surveys.branching import MAY_CALL, SheetQuestion, first_unanswered, shown
from surveys.enums import (
    AlertKind,
    Answerer,
    Channel,
    ConversationState,
    Identity,
    Mode,
    OptOutSource,
    PhoneOutcome,
    StaffReason,
)
from surveys.matters import weightier
from surveys.models import Contact, Conversation, Response
from surveys.models.conversations import HANDED
from surveys.queries.forms import answers_of, response_of
from surveys.queries.interview import telling_questions
from surveys.queries.persons import same_person, with_people
from surveys.queries.sheets import sheet_asked
from surveys.services.answering.acting import see_to_form
from surveys.services.answering.answers import (
    AnswerInput,
    InvalidAnswer,
    act_on_answers,
    act_on_what_was_heard,
    act_on_words,
    add_answers,
    checked,
    refuse_unknown,
)
from surveys.services.answering.beside import lay_beside
from surveys.services.answering.making_room import make_room
from surveys.services.answering.web_form import close_response
from surveys.services.contact.calling import NotNow, call_barrier, refuse_promise_not_kept, refuse_when_guardian_only
from surveys.services.contact.numbers import NewNumber, take_number
from surveys.services.contact.opt_outs import opt_out
from surveys.services.contact.people import number_to_ring
from surveys.services.contact.stopping import let_rest
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.refusals import (
    HeldBySomeone,
    refuse_when_answered,
    refuse_when_called_enough,
    refuse_when_held,
    refuse_when_over,
    takes_answers,
)
from surveys.services.inviting.rungs import fall, restand
from surveys.timing import is_to_come

HOLD = timedelta(minutes=30)
MODE_CHANNELS = {
    Mode.TELEPHONE: Channel.TELEPHONE,
    Mode.VISIT: Channel.VISIT,
    Mode.PAPER: Channel.PAPER,
    Mode.LETTER: Channel.LETTER,
}
# Ticked by the client alone, then keyed in.
SHEET_MODES = (Mode.PAPER, Mode.LETTER)
# After these nobody calls again.
FINAL_OUTCOMES = {
    PhoneOutcome.REFUSED: ConversationState.STOPPED,
    PhoneOutcome.DECEASED: ConversationState.UNREACHABLE,
}
MOST_CALLS = 5
# Who answers for somebody else twice will do so again, and begins to wonder who keeps ringing.
MOST_WRONG = 2


@transaction.atomic
def begin_interview(*, user: User, conversation: Conversation, now: datetime) -> Conversation:
    """Hold the person for half an hour, on the rung that the contact plan leaves open now.

    :raises HeldBySomeone: a colleague holds this conversation, or another one with the same person.
    :raises AlreadyAnswered: there is nothing left to ask; :raises ConversationOver: it is closed.
    """
    _refuse_when_person_held(conversation, user, now=now)
    row = locked(conversation)
    refuse_when_answered(row)
    refuse_when_held(row, user, now=now)
    refuse_when_called_enough(row, now=now)
    row.held_by = user
    row.held_until = now + HOLD
    restand(row, now=now)
    row.save(update_fields=[*HANDED, "held_by", "held_until"])
    return row


def reveal_for_call(*, user: User, conversation: Conversation, now: datetime) -> str:
    """The number to ring: the guardian's where the guardian alone is spoken with. The look is recorded.

    :raises NotNow: the person may not be telephoned, or not at this hour; nothing is shown.
    :raises HeldBySomeone: the caller does not hold the person.
    """
    client = conversation.recipient
    held = conversation.held_by_id == user.pk and (conversation.held_until or now) > now
    if client is None or conversation.left_to_bureau or not held:
        raise HeldBySomeone(_("Take the person first."), who="")
    barrier = call_barrier(conversation, now=now)
    if barrier:
        raise NotNow(barrier)
    return number_to_ring(client, user=user, reason=_("Telephone follow-up"), now=now)


@transaction.atomic
def release_interview(*, user: User, conversation: Conversation, now: datetime) -> None:
    """Let go; letting go of what one does not hold changes nothing."""
    Conversation.objects.filter(pk=conversation.pk, held_by=user).update(held_by=None, held_until=None, updated_at=now)


@transaction.atomic
def record_call(
    *,
    user: User,
    conversation: Conversation,
    outcome: PhoneOutcome,
    note: str = "",
    call_back_at: datetime | None = None,
    number: NewNumber | None = None,
    heard: Collection[AlertKind] = (),
    of_centre: bool = False,
    held: bool = False,
    now: datetime,
) -> Contact:
    """One attempt that did not end in an interview. A new number lets the person be rung anew.

    What they spoke of (`heard`) opens its matter whatever became of the call; who is in danger is rung at any hour.
    `of_centre`: they said that it was somebody of the centre, so money, danger and what they complain of are the
    bureau's.

    Past the day until which answers are taken, a person who was reached is written down without any. `held`: who writes
    it down must have taken the person before.

    :raises AlreadyAnswered: the answer is stored; a call after it is none of this follow-up's.
    :raises HeldBySomeone: a colleague holds it; :raises ConversationOver: it is closed.
    :raises InvalidInput: a promised call without its time or outside the safe hours, a number that is none, or an
        outcome that is an interview's.
    """
    hold_recipient(conversation, needed=number is not None or outcome == PhoneOutcome.DECEASED)
    row = locked(conversation)
    refuse_when_answered(row)
    refuse_when_held(row, user, now=now)
    refuse_when_called_enough(row, now=now)
    if held and row.held_by_id != user.pk:
        raise HeldBySomeone(_("Take the person first."), who="")
    _refuse_unfit_outcome(row, outcome, call_back_at=call_back_at, now=now)
    promised = call_back_at if outcome == PhoneOutcome.CALL_BACK else None
    contact = _contact(
        row, user=user, channel=Channel.TELEPHONE, outcome=outcome, note=note, call_back_at=promised, at=now
    )
    if number is not None:
        take_number(row, number, told_by_client=False, user=user, now=now)
    row.call_back_at = contact.call_back_at
    row.urgent = row.urgent or AlertKind.DANGER in heard
    _stand_after(row, outcome, new_number=number is not None, now=now)
    row.held_by, row.held_until, row.updated_at = None, None, now
    row.save(update_fields=[*HANDED, "call_attempts", "call_back_at", "held_by", "held_until", "updated_at"])
    if outcome == PhoneOutcome.REFUSED and row.phone_index:
        opt_out(phone_index=row.phone_index, source=OptOutSource.STAFF, now=now)
    act_on_what_was_heard(conversation=row, heard=heard, of_centre=of_centre, note=note, actor=user.actor, now=now)
    if outcome == PhoneOutcome.DECEASED:
        let_rest(conversation=row, user=user, now=now)
    record_asking(conversation=row, actor=user.actor, action="surveys.called", details={"outcome": outcome}, at=now)
    return contact


def _refuse_unfit_outcome(
    row: Conversation, outcome: PhoneOutcome, *, call_back_at: datetime | None, now: datetime
) -> None:
    if outcome == PhoneOutcome.REACHED and takes_answers(row, now=now):
        raise InvalidInput(_("A finished interview is stored with its answers."), field="outcome")
    if outcome != PhoneOutcome.CALL_BACK:
        return
    if call_back_at is None or not is_to_come(call_back_at, now=now):
        raise InvalidInput(_("Say when to call again: a time still to come, this year or next."), field="call_back_at")
    refuse_promise_not_kept(row, call_back_at, now=now)


def _stand_after(row: Conversation, outcome: PhoneOutcome, *, new_number: bool, now: datetime) -> None:
    """Where the person stands after this call: done with, rung anew, or on the next rung. The caller saves."""
    row.call_attempts = 0 if new_number else row.call_attempts + 1
    row.state = FINAL_OUTCOMES.get(outcome, row.state)
    tired = (row.call_attempts >= MOST_CALLS and outcome != PhoneOutcome.CALL_BACK) or _answered_by_others(row, outcome)
    if row.is_open and not new_number and (tired or outcome == PhoneOutcome.INVALID):
        fall(row, why=outcome, now=now)
    if outcome == PhoneOutcome.NOT_THE_PERSON and not new_number:
        row.staff_reason = StaffReason.WRONG_NUMBER


def _answered_by_others(row: Conversation, outcome: PhoneOutcome) -> bool:
    """Whether somebody else has this number, by the calls since it was learnt; the last of them is written already."""
    if outcome != PhoneOutcome.NOT_THE_PERSON:
        return False
    since = row.contacts.order_by("-at", "-pk").values_list("outcome", flat=True)[: row.call_attempts]
    return list(since).count(outcome) >= MOST_WRONG


@transaction.atomic
def record_interview(
    *,
    user: User,
    conversation: Conversation,
    answers: Mapping[str, AnswerInput],
    answerer: Answerer,
    mode: Mode = Mode.TELEPHONE,
    note: str = "",
    identity: Identity = Identity.NONE,
    number: NewNumber | None = None,
    plan_confirmed: bool = False,
    heard: Collection[AlertKind] = (),
    of_centre: bool = False,
    now: datetime,
) -> Response:
    """Key in one interview, visit, letter or paper form: everything or nothing.

    Answers to questions that the others do not open are left out. What the client said before, by text or on a form
    left half done, stands: where this says otherwise it is kept beside, and what it tells of trouble is heard. What
    somebody else answers is never the client's: all of it is kept beside, and theirs is finished as far as it went;
    and where it came first, it makes room for theirs.
    `identity` is the fact by which the person was known; `plan_confirmed`: the contact plan was gone through as well.

    :raises AlreadyAnswered: answered by another way meanwhile.
    :raises HeldBySomeone: a colleague holds it.
    :raises ConversationOver: the client wants no contact, or the last day is over.
    :raises InvalidAnswer: `field` is the question that has no answer, or a wrong one.
    :raises InvalidInput: somebody answered who may not, or the new number is none.
    """
    hold_recipient(conversation, needed=number is not None or plan_confirmed)
    row = locked(conversation)
    refuse_when_answered(row, by=answerer)
    refuse_when_held(row, user, now=now)
    refuse_when_over(row, now=now)
    refuse_when_guardian_only(row, answerer)
    said = make_room(row, response_of(row), actor=user.actor, now=now)
    keyed = _keyed(row, said, answers, answerer=answerer, mode=mode)
    see_to_form(row)
    response = _response(row, said, keyed, user=user, answerer=answerer, mode=mode, now=now)
    _contact(
        row,
        user=user,
        channel=MODE_CHANNELS.get(mode, Channel.TELEPHONE),
        outcome=PhoneOutcome.REACHED,
        note=note,
        answerer=answerer,
        identity=identity,
        at=now,
    )
    if number is not None:
        take_number(row, number, told_by_client=answerer == Answerer.CLIENT, user=user, now=now)
    if plan_confirmed and row.recipient is not None:
        confirm_plan(client=row.recipient, user=user, now=now)
    close_response(conversation=row, response=response, now=now)
    act_on_answers(conversation=row, values=keyed.heeded, actor=user.actor, now=now)
    act_on_words(conversation=row, words=keyed.words, values=keyed.heeded, read=True, actor=user.actor, now=now)
    act_on_what_was_heard(conversation=row, heard=heard, of_centre=of_centre, note=note, actor=user.actor, now=now)
    add_answers(response=response, columns=keyed.new, mode=mode, now=now)
    if keyed.beside:
        _lay_beside(row, keyed, mode=mode, answerer=answerer, user=user, now=now)
    details = {"mode": mode, "answerer": answerer}
    record_asking(conversation=row, actor=user.actor, action="surveys.interviewed", details=details, at=now)
    return response


def count_sheet(
    row: Conversation,
    answers: Mapping[str, AnswerInput],
    *,
    answerer: Answerer,
    mode: Mode,
    user: User,
    now: datetime,
) -> Response:
    """The answers of a sheet as the client's own, where the centre is told that those are there already.

    The caller holds the conversation and has acted on what the sheet says.
    """
    said = make_room(row, response_of(row), actor=user.actor, now=now)
    keyed = _keyed(row, said, answers, answerer=answerer, mode=mode)
    response = _response(row, said, keyed, user=user, answerer=answerer, mode=mode, now=now)
    close_response(conversation=row, response=response, now=now)
    add_answers(response=response, columns=keyed.new, mode=mode, now=now)
    return response


@dataclass(frozen=True, slots=True)
class _Keyed:
    """What one interview came to: what to write by question's id, the values to act on, the words to hear, and what is
    laid beside the answers that stand; nothing where the same person says the same. `begun`: somebody had answered
    something."""

    begun: bool
    new: dict[int, dict[str, Any]]
    heeded: Mapping[str, str]
    words: tuple[str, ...]
    beside: dict[str, tuple[str, str]]


def _keyed(
    row: Conversation, said: Response | None, answers: Mapping[str, AnswerInput], *, answerer: Answerer, mode: Mode
) -> _Keyed:
    """Lay what was keyed in beside what the client said themself before, which stands.

    :raises InvalidAnswer: `field` is the question that has no answer, or a wrong one.
    """
    before = {code: AnswerInput(value=kept.value, text=kept.text) for code, kept in answers_of(said).items()}
    questions = sheet_asked(row).questions
    refuse_unknown(questions, answers)
    stands = _told(questions, {**answers, **before}, mode=mode)
    # What an interviewer had to ask follows from what was said to them.
    spoken = {code: answer for code, answer in answers.items() if answer.value or answer.text}
    # What is sealed was asked again, or what they need not ask would tell them what was answered to it.
    sealed = telling_questions(row, {code: answer.value for code, answer in before.items()})
    open_before = {code: answer for code, answer in before.items() if code not in sealed}
    told = _told(questions, {**answers, **open_before, **spoken}, mode=mode) if before else stands
    missing = first_unanswered([item for item in told.path if item.choices], told.values)
    # What was left open on a sheet stays without an answer; an interviewer would have asked.
    by_another = bool(before) and said is not None and said.answerer != answerer
    on_a_sheet = mode in SHEET_MODES and bool(spoken if by_another else told.columns)
    if missing is not None and not on_a_sheet:
        raise InvalidAnswer(_("This question still has no answer."), field=missing.code, code="missing")
    otherwise = by_another or _says_otherwise(before, spoken, sealed=sealed)
    own = {item.code: spoken[item.code] for item in told.path if item.code in spoken} if otherwise else {}
    open_still = [item for item in stands.path if item.code in answers and item.code not in before]
    new = {} if by_another else {item.id: stands.columns[item.code] for item in open_still}
    heeded = weightier(stands.chosen, told.chosen)
    return _Keyed(
        begun=bool(before),
        new=new,
        heeded=_without_their_wish(heeded, before) if by_another and answerer == Answerer.OTHER else heeded,
        words=tuple(dict.fromkeys(columns["text"] for each in (stands, told) for columns in each.columns.values())),
        beside={code: (answer.value, answer.text) for code, answer in own.items()},
    )


def _without_their_wish(heeded: Mapping[str, str], before: Mapping[str, AnswerInput]) -> dict[str, str]:
    """Whether the client may be rung is the client's to say, or theirs who may answer for them."""
    own = {MAY_CALL: before[MAY_CALL].value} if MAY_CALL in before else {}
    return {code: value for code, value in heeded.items() if code != MAY_CALL} | own


@dataclass(frozen=True, slots=True)
class _Told:
    """Answers as one telling: the questions that they open, and what to store and what was chosen of each."""

    path: tuple[SheetQuestion, ...]
    columns: dict[str, dict[str, Any]]
    values: dict[str, str]

    @property
    def chosen(self) -> dict[str, str]:
        return {item.code: self.values[item.code] for item in self.path if item.code in self.values}


def _told(questions: tuple[SheetQuestion, ...], answers: Mapping[str, AnswerInput], *, mode: Mode) -> _Told:
    """:raises InvalidAnswer: a value that is not one of its question's."""
    values = {code: answer.value for code, answer in answers.items()}
    path = shown(questions, mode=mode, answers=values)
    columns = {item.code: checked(item, answers[item.code]) for item in path if item.code in answers}
    return _Told(path=path, columns=columns, values=values)


def _says_otherwise(
    before: Mapping[str, AnswerInput], keyed: Mapping[str, AnswerInput], *, sealed: Collection[str]
) -> bool:
    """Whether anything that was said before is told otherwise now.

    A sealed question answered twice counts whatever was said: else that something is kept would tell the interviewer.
    """
    return any(code in sealed or _plain(before[code]) != _plain(keyed[code]) for code in before.keys() & keyed.keys())


def _plain(answer: AnswerInput) -> tuple[str, str]:
    """A page sends line breaks in its own way."""
    return answer.value, " ".join(answer.text.split())


def _lay_beside(row: Conversation, keyed: _Keyed, *, mode: Mode, answerer: Answerer, user: User, now: datetime) -> None:
    entry = lay_beside(conversation=row, said=keyed.beside, mode=mode, answerer=answerer, user=user, now=now)
    # By itself: beside the interview in the record of the case it would tell who handled it that the client thinks
    # otherwise now.
    record(actor=user.actor, action="surveys.second_entry_kept", subject=entry, details={"mode": mode}, at=now)


def _refuse_when_person_held(conversation: Conversation, user: User, *, now: datetime) -> None:
    """One person, one caller: other conversations with them, or on their number, count too."""
    client = conversation.recipient
    if client is None:
        return
    # Two of the staff who take two conversations of one person at once: the second waits here and is refused below.
    rows = Client.objects.select_for_update().filter(same_person(client)).order_by("pk")
    list(rows.values_list("pk", flat=True))
    theirs = with_people([client.pk], client.numbers | {conversation.phone_index} - {""})
    held = Conversation.objects.filter(theirs, held_until__gt=now).exclude(pk=conversation.pk).exclude(held_by=user)
    other = held.exclude(held_by=None).select_related("held_by").first()
    if other is not None:
        refuse_when_held(other, user, now=now)


def hold_recipient(conversation: Conversation, *, needed: bool) -> None:
    """Whoever is written to below, with their plan, is held before their conversations."""
    if needed and conversation.recipient is not None:
        hold_person(conversation.recipient)


def locked(conversation: Conversation) -> Conversation:
    """With its response as it stands now, and what the centre is told when asked: either read beside the row would be
    that of before the wait for the lock.

    Of which case it is never changes: what the caller has read of that serves on.
    """
    Conversation.objects.select_for_update().values_list("pk").get(pk=conversation.pk)
    row = Conversation.objects.as_told().select_related("recipient__contact_plan", "response").get(pk=conversation.pk)
    row.case = conversation.case
    return row


def _response(
    row: Conversation,
    response: Response | None,
    keyed: "_Keyed",
    *,
    user: User,
    answerer: Answerer,
    mode: Mode,
    now: datetime,
) -> Response:
    """The one response of the conversation: of the way by which its first answer came, and of who gave that. Closing it
    saves it.
    """
    if response is None:
        return Response(
            conversation=row,
            mode=mode,
            answerer=answerer,
            language=row.language,
            started_at=now,
            entered_by=user,
            created_at=now,
            updated_at=now,
        )
    if not keyed.begun:
        response.mode = mode
        response.answerer = answerer
    response.entered_by = user
    return response


def _contact(
    row: Conversation, *, user: User, channel: Channel, outcome: PhoneOutcome, note: str, at: datetime, **known: Any
) -> Contact:
    return insert(
        Contact(conversation=row, channel=channel, at=at, outcome=outcome, by=user, note=note.strip()[:1000], **known)
    )
