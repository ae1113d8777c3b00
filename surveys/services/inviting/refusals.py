"""When nobody may be taken or keyed in: a colleague has the person, they answered, or the follow-up is closed."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.common.errors import Conflict
from surveys.enums import OPEN_STATES, Answerer, Channel, ConversationState, Direction, Mode
from surveys.models import Conversation, Response
from surveys.queries.forms import response_of


class HeldBySomeone(Conflict):
    """A colleague has this person on the line; `details["who"]` is their name."""

    code = "held_by_someone"


class AlreadyAnswered(Conflict):
    code = "already_answered"


class ConversationOver(Conflict):
    code = "conversation_over"


BY_HAND = {Channel.VISIT: Mode.VISIT, Channel.LETTER: Mode.LETTER, Channel.PAPER: Mode.PAPER}


def full_answer(conversation: Conversation) -> Response | None:
    """The answer after which nothing more is asked. A mark sent by text leaves the other questions open, and what
    somebody else answered for the client leaves all.

    To the centre whoever is left to the bureau has answered, whatever they said.
    """
    if conversation.left_to_bureau:
        return response_of(conversation) or _as_if_answered(conversation)
    return _answer_to_all(conversation)


def unanswered(conversation: Conversation) -> bool:
    """Whether in truth something is still to be answered by somebody who did not stop us: the bureau reads it."""
    return _answer_to_all(conversation) is None and conversation.state != ConversationState.STOPPED


@dataclass(frozen=True, slots=True)
class Open:
    """How a client whom the centre asks no more may still answer by themselves. `in_part`: something was answered."""

    in_part: bool
    by_key: bool
    by_text: bool


def ways_left(conversation: Conversation, *, now: datetime) -> Open:
    """By the link or code that they have, or, where nothing was answered, by a text to the one that they got."""
    in_part = response_of(conversation) is not None
    key = conversation.link_digest or conversation.code_digest
    takes = takes_answers(conversation, now=now)
    texted = takes and not (in_part or key) and conversation.messages.filter(direction=Direction.OUT).exists()
    return Open(in_part=in_part, by_key=bool(takes and key), by_text=texted)


def _answer_to_all(conversation: Conversation) -> Response | None:
    said = response_of(conversation)
    if said is None or said.is_by_another or not (said.receipt or (said.finished_at and said.mode != Mode.SMS)):
        return None
    return said


def _as_if_answered(conversation: Conversation) -> Response:
    """By the way in which we last heard of them; never stored."""
    by_text = conversation.messages.filter(direction=Direction.IN).exists()
    mode = Mode.SMS if by_text else BY_HAND.get(Channel(conversation.channel), Mode.TELEPHONE)
    return Response(conversation_id=conversation.pk, mode=mode, updated_at=conversation.updated_at)


def refuse_when_answered(row: Conversation, *, by: Answerer = Answerer.CLIENT) -> None:
    """What somebody else answered stands in the way of nobody but of somebody else.

    :raises AlreadyAnswered: and on which day of the centre, by which way.
    """
    first = response_of(row)
    said = full_answer(row) or (first if first is not None and first.is_by_another and by == Answerer.OTHER else None)
    if said is None:
        return
    zone = ZoneInfo(row.case.centre.settings.time_zone)
    told = {
        "day": f"{(said.finished_at or said.updated_at).astimezone(zone):%Y-%m-%d}",
        "mode": said.get_mode_display(),
    }
    raise AlreadyAnswered(_("This was answered already, on %(day)s (%(mode)s).") % told)


def refuse_when_held(row: Conversation, user: User, *, now: datetime) -> None:
    if row.held_by_id not in (None, user.pk) and row.held_until is not None and row.held_until > now:
        who = str(row.held_by)
        raise HeldBySomeone(_("%(who)s is speaking with this person.") % {"who": who}, who=who)


def takes_answers(row: Conversation, *, now: datetime) -> bool:
    """A sheet may still come back from whom nobody could reach, and the rest be asked of who sent a mark by text."""
    late = (ConversationState.EXPIRED, ConversationState.UNREACHABLE, ConversationState.FINISHED)
    return row.state in (*OPEN_STATES, *late) and now < row.late_until


def takes_calls(row: Conversation, *, now: datetime) -> bool:
    """A client may be owed a call for longer than answers are taken."""
    return row.is_open or takes_answers(row, now=now)


def refuse_when_called_enough(row: Conversation, *, now: datetime) -> None:
    """:raises ConversationOver: and what ended it."""
    if not takes_calls(row, now=now):
        raise _over(row)


def refuse_when_over(row: Conversation, *, now: datetime) -> None:
    """:raises ConversationOver: and what ended it."""
    if not takes_answers(row, now=now):
        raise _over(row)


def _over(row: Conversation) -> ConversationOver:
    if row.is_open:
        return ConversationOver(_("This follow-up takes no more answers."))
    return ConversationOver(_("This follow-up is closed (%(state)s).") % {"state": row.get_state_display()})
