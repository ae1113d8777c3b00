"""What comes back by text: taken once, understood by the pure machine, answered by a row in the outbox."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F

from qa_service.common import phones
from qa_service.common.api import GIVEN_WAY
from qa_service.common.encryption import blind_index
from qa_service.common.inserting import insert
from qa_service.common.updating import update
from surveys import texts
from surveys.conversation import (
    ASKING_ONCE_MORE,
    LONGEST_BODY,
    Outcome,
    Progress,
    hear,
    tells_of_own_people,
)
from surveys.enums import (
    TEXT_CHANNELS,
    AlertKind,
    AlertState,
    Answerer,
    Channel,
    ConversationState,
    Direction,
    MessageKind,
    MessageState,
    Mode,
    OptOutSource,
    StaffReason,
)
from surveys.matters import BAD_RATINGS, Heard
from surveys.models import Answer, Conversation, Message, Response
from surveys.models.conversations import HANDED
from surveys.queries.forms import is_anothers
from surveys.queries.sheets import sheet_asked
from surveys.services.answering.answers import (
    ALERTS,
    RESPONDENT,
    act_on_answers,
    act_on_heard,
    note_answer,
    raise_alert,
    whose_in,
)
from surveys.services.answering.complaint_words import heard_with_complaint
from surveys.services.answering.making_room import make_room
from surveys.services.contact.opt_outs import opt_in, opt_out
from surveys.services.inviting.invitations import fresh_link
from surveys.services.inviting.rungs import hand_over
from surveys.services.outgoing.outbox import enqueue
from surveys.sms import active_gateway

# What a reply writes of its conversation.
WRITTEN = (*HANDED, "clarified", "finished_at", "link_digest", "updated_at")


@dataclass(frozen=True, slots=True)
class Reception:
    """What became of one inbound text: whether it was new, and whether a reply waits in the outbox."""

    new: bool
    replied: bool = False


def receive_text(*, gateway: str, sid: str, sender: str, body: str, opt_out_type: str = "", now: datetime) -> Reception:
    """Take one inbound text; the same `sid` again changes nothing.

    `sender` as the provider gave it. A text from a number that nobody was asked on is kept and, unless it says stop,
    answered by nothing: a stranger learns nothing and two machines never talk.

    Where the database lets somebody else go first and undoes this, it is taken once more: no provider sends it again,
    and it may be a stop.
    """
    take = partial(_receive, gateway=gateway, sid=sid, sender=sender, body=body, opt_out_type=opt_out_type, now=now)
    try:
        return take()
    except OperationalError as error:
        # Inside somebody else's transaction all of that is undone.
        if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") not in GIVEN_WAY:
            raise
        return take()


def _receive(*, gateway: str, sid: str, sender: str, body: str, opt_out_type: str, now: datetime) -> Reception:
    phone, phone_index = _identified(sender)
    try:
        with transaction.atomic():
            conversation = _conversation(phone_index)
            message = insert(
                Message(
                    conversation=conversation,
                    direction=Direction.IN,
                    kind=MessageKind.REPLY,
                    gateway=gateway,
                    sid=sid,
                    phone=phone,
                    phone_index=phone_index,
                    body=body[:LONGEST_BODY].replace("\x00", ""),
                    state=MessageState.RECEIVED,
                    not_before=now,
                    created_at=now,
                )
            )
            if opt_out_type == "START":
                opt_in(phone_index=phone_index, now=now)
            replied = _act(message=message, conversation=conversation, opt_out_type=opt_out_type, now=now)
    except IntegrityError:
        if Message.objects.filter(gateway=gateway, sid=sid).exists():
            return Reception(new=False)
        raise
    return Reception(new=True, replied=replied)


def _identified(sender: str) -> tuple[str, str]:
    """The number in E.164 and its index. Short codes and names of senders are kept as they are and match nobody."""
    try:
        phone = phones.parse(sender)
    except phones.NotATelephoneNumber:
        phone = sender[:40]
    return phone, blind_index(phone)


def _conversation(phone_index: str) -> Conversation | None:
    """The latest one on this number; all of the number are locked until this text is through.

    However old it is: who writes of danger or money after the last day is still heard, by a person. There is one,
    rarely a few: to choose among them here takes half the time of asking for the latest.
    """
    if not phone_index:
        return None
    asked = Conversation.objects.raw(_asking(connection.vendor), [phone_index])
    return max(asked, key=lambda row: (row.invited_at, row.pk), default=None)


@lru_cache
def _asking(_vendor: str) -> str:
    """Composed once a process: composing it for each text takes several times as long as the database takes."""
    asked = Conversation.objects.select_for_update(of=("self",)).annotate(responded=F("response"))
    statement, _values = asked.filter(phone_index="").query.sql_with_params()
    return statement


def _response(conversation: Conversation) -> Response | None:
    """What was read beside the row is of before the wait for its lock: where somebody began meanwhile, read it anew."""
    touched = conversation.first_opened_at or conversation.finished_at or conversation.staff_reason
    known = touched or getattr(conversation, "responded", None)
    return Response.objects.filter(conversation=conversation).first() if known else None


def _act(*, message: Message, conversation: Conversation | None, opt_out_type: str, now: datetime) -> bool:
    if conversation is None:
        outcome = hear(Progress(state=ConversationState.STOPPED), message.body, opt_out_type=opt_out_type)
        if outcome.opt_out:
            opt_out(phone_index=message.phone_index, source=_source(opt_out_type), now=now)
        return False
    response = _response(conversation)
    progress = _progress(conversation, response, now=now)
    outcome = hear(
        progress,
        message.body,
        opt_out_type=opt_out_type,
        can_reply=_replies_allowed(message.phone),
    )
    if outcome.opt_out:
        opt_out(
            phone_index=message.phone_index,
            source=_source(opt_out_type),
            # Of a wrong number the person is still to be asked, by telephone; words that are only read hold up no stop.
            stop_conversations=outcome.staff in (StaffReason.NONE, StaffReason.UNCLEAR) and not outcome.progress.astray,
            now=now,
        )
    alert = _alert_for(outcome, conversation, now=now)
    if outcome.progress.state != progress.state:
        conversation.state = outcome.progress.state
    link = _keep_progress(conversation, outcome, phone=message.phone, now=now)
    if outcome.rating is not None:
        _keep_rating(conversation, response, rating=outcome.rating, now=now)
    if outcome.correction is not None:
        _heed_correction(conversation, rating=outcome.correction, now=now)
    _raise_matters(conversation, (alert, ALERTS.get(outcome.besides)), body=message.body, now=now)
    if outcome.remark:
        _have_read(conversation, now=now)
    if outcome.reply is None:
        return False
    enqueue(
        conversation=conversation,
        kind=outcome.reply,
        # A reply is unique by the text it answers; counting from it keeps (conversation, kind, step) unique too.
        step=message.pk,
        in_reply_to=message,
        phone=message.phone,
        body=texts.compose(
            kind=outcome.reply,
            channel=Channel.SMS_LINK if link else None,
            language=conversation.language,
            link=link,
            own=sheet_asked(conversation).texts,
        ),
        gateway=message.gateway,
        not_before=now,
        now=now,
    )
    return True


def _raise_matters(
    conversation: Conversation, kinds: tuple[AlertKind | None, ...], *, body: str, now: datetime
) -> None:
    found = tuple(kind for kind in kinds if kind is not None)
    if found in ((), (AlertKind.WROTE,)) and heard_with_complaint(conversation, body, now=now):
        return
    heard = Heard(found, above=tells_of_own_people(body), whose=whose_in(found, [body]))
    act_on_heard(conversation=conversation, heard=heard, actor=RESPONDENT, now=now)


def _alert_for(outcome: Outcome, conversation: Conversation, *, now: datetime) -> AlertKind | None:
    """What is over or answered needs no telephoning, so whatever a person has to see there is a matter of its own."""
    kind = ALERTS.get(outcome.staff)
    answered_before = outcome.progress.rated and outcome.rating is None
    stopped = outcome.progress.state == ConversationState.STOPPED
    over = answered_before or stopped or not conversation.is_open or conversation.is_late(now)
    return AlertKind.WROTE if kind is None and over and outcome.staff is not StaffReason.NONE else kind


def _source(opt_out_type: str) -> OptOutSource:
    return OptOutSource.PROVIDER if opt_out_type else OptOutSource.WORD


def _progress(conversation: Conversation, response: Response | None, *, now: datetime) -> Progress:
    question = sheet_asked(conversation).by_text
    state = ConversationState(conversation.state)
    by_another = response is not None and response.is_by_another
    rated = (
        response is not None
        and not by_another
        and (
            response.finished_at is not None
            or (question is not None and response.answers.filter(question_id=question.id).exists())
        )
    )
    progress = Progress(
        # Their own mark is still taken; nothing is asked once more where somebody has been spoken with.
        state=ConversationState.EXPIRED if by_another and state == ConversationState.FINISHED else state,
        clarified=conversation.clarified,
        rated=rated,
        by_text=conversation.channel in TEXT_CHANNELS,
        still_taken=now < conversation.late_until,
        astray=is_anothers(conversation, said=(OptOutSource.WEB,)),
    )
    # The first reply to an invitation is by far the most frequent: nothing that was sent changes what it means.
    if conversation.is_open and progress.by_text and not progress.clarified:
        return progress
    return _with_what_was_sent(progress, conversation)


def _with_what_was_sent(progress: Progress, conversation: Conversation) -> Progress:
    sent = list(
        conversation.messages.filter(direction=Direction.OUT).values_list("kind", "state", "in_reply_to", "created_at")
    )
    return replace(
        progress,
        texted=bool(sent) and conversation.staff_reason != StaffReason.NO_TEXT_ALLOWED,
        told=any(
            kind == MessageKind.STAFF_WILL_CALL or (reply_to is not None and at >= conversation.closes_at)
            for kind, _state, reply_to, at in sent
        ),
        asking=any(kind in ASKING_ONCE_MORE and state == MessageState.QUEUED for kind, state, _to, _at in sent),
        in_danger=conversation.alerts.filter(kind=AlertKind.DANGER).exists(),
    )


def _keep_progress(conversation: Conversation, outcome: Outcome, *, phone: str, now: datetime) -> str:
    """Write where the conversation stands, whose state the caller has set; returns the link to the further questions
    where one is offered.
    """
    conversation.clarified = outcome.progress.clarified
    if outcome.staff is not StaffReason.NONE:
        # Money is a sealed matter: who telephones learns only that the client wants to speak.
        reason = StaffReason.TALK if outcome.staff is StaffReason.MONEY else outcome.staff
        # A remark after the answer takes no weightier reason off the list.
        if reason is not StaffReason.UNCLEAR or not conversation.urgent:
            hand_over(conversation, reason=reason, now=now)
        if outcome.rating is not None:
            open_still = conversation.is_open
            conversation.state = ConversationState.AWAITING if open_still else ConversationState.FINISHED
    if not conversation.is_open:
        conversation.remind_at = None
    link = ""
    if conversation.state == ConversationState.FINISHED:
        conversation.finished_at = conversation.finished_at or now
        if outcome.reply == MessageKind.THANKS and _links_allowed(conversation, phone):
            link = fresh_link(conversation)
    conversation.updated_at = now
    update(conversation, fields=WRITTEN)
    return link


def _replies_allowed(phone: str) -> bool:
    """Carriers that send registered templates alone carry no words of the moment."""
    gateway = active_gateway()
    return gateway is None or gateway.capabilities_for(phone).free_text


def _links_allowed(conversation: Conversation, phone: str) -> bool:
    """A link only to those who have not already got one: two of them would confuse."""
    # Only its capabilities are asked: whether it may be used is looked at again on sending.
    gateway = active_gateway()
    return gateway is not None and not conversation.link_digest and gateway.capabilities_for(phone).links


def _keep_rating(conversation: Conversation, response: Response | None, *, rating: int, now: datetime) -> None:
    """The first rating stands: a later text or a second way never overwrites it."""
    question = sheet_asked(conversation).by_text
    choice = question.choice(str(rating)) if question else None
    if question is None or choice is None:
        return
    response = make_room(conversation, response, actor=RESPONDENT, now=now)
    if response is None:
        response = insert(
            Response(
                conversation=conversation,
                mode=Mode.SMS,
                answerer=Answerer.CLIENT,
                language=conversation.language,
                started_at=now,
                finished_at=now,
                late=conversation.is_late(now),
                created_at=now,
                updated_at=now,
            )
        )
    else:
        # Begun on the form without a mark: by this text the mark was given, and the form does not write over it.
        response.answers.update(mode=Mode.WEB)
        response.mode, response.started_at, response.finished_at = Mode.SMS, now, now
        response.late, response.updated_at = conversation.is_late(now), now
        update(response, fields=("mode", "started_at", "finished_at", "late", "updated_at"))
    insert(Answer(response=response, question_id=question.id, choice_id=choice.id, answered_at=now))
    note_answer(response=response, question=question, now=now)
    act_on_answers(conversation=conversation, values={question.code: choice.value}, actor=RESPONDENT, now=now)


def _heed_correction(conversation: Conversation, *, rating: int, now: datetime) -> None:
    """The first rating stays the answer; what a bad one asks of the centre is done all the same."""
    question = sheet_asked(conversation).by_text
    choice = question.choice(str(rating)) if question else None
    if question is not None and choice is not None and choice.value in BAD_RATINGS:
        act_on_answers(conversation=conversation, values={question.code: choice.value}, actor=RESPONDENT, now=now)


def _have_read(conversation: Conversation, *, now: datetime) -> None:
    """Words beside a rating or instead of one: an unhappy client's matter has them read already."""
    if not conversation.alerts.filter(kind=AlertKind.RECOVERY).exclude(state=AlertState.CLOSED).exists():
        raise_alert(conversation=conversation, kind=AlertKind.WROTE, anew=True, actor=RESPONDENT, now=now)
