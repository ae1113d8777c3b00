"""The opinion of a court or other organ: saved as often as it likes, sent once, or keyed in from its sheet."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.audit.services import record
from qa_service.common.days import required_day
from qa_service.common.errors import InvalidInput
from surveys.branching import SheetQuestion, shown
from surveys.enums import Answerer, Audience, Channel, ConversationState, ErrandOutcome, Mode
from surveys.models import Contact, Conversation, Response, SecondEntry, SignedOpinion
from surveys.queries.forms import conversation_by_key, response_of
from surveys.queries.sheets import sheet_asked
from surveys.services.answering.answers import RESPONDENT, AnswerInput, act_on_answers, add_answers, checked
from surveys.services.answering.interviews import locked, record_interview
from surveys.services.answering.second_entries import keep_second_entry
from surveys.services.answering.web_form import close_response, refuse_when_form_over
from surveys.services.contact.trail import record_asking
from surveys.services.inviting.refusals import ConversationOver
from surveys.services.organs.organ_reminders import go_on_paper

LONGEST_SIGNATURE = 60
# What may become of asking, short of an answer.
NO_ANSWER = (ErrandOutcome.REFUSED, ErrandOutcome.RETURNED)


class OpinionIncomplete(InvalidInput):
    """It cannot be sent yet: `missing` are the codes of the items without an answer. What was given is not kept."""

    code = "opinion_incomplete"

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(_("Some items have no answer yet."), field=missing[0])
        self.missing = missing


@transaction.atomic
def save_opinion(
    *, key: str, answers: Mapping[str, AnswerInput], signed_by: str = "", language: str, send: bool, now: datetime
) -> Response:
    """Keep what the form holds, in the place of what was kept before; `send` makes it the unit's opinion.

    :raises LinkUnknown: no organ's key.
    :raises FormOver: sent before, closed, or declined.
    :raises InvalidAnswer: a value that is not its question's, or a text that is too long.
    :raises OpinionIncomplete: to be sent, and an item has no answer.
    """
    conversation = conversation_by_key(key, audience=Audience.ORGAN, lock=True)
    response = response_of(conversation)
    refuse_when_form_over(conversation, response, now=now)
    path, values = _path(conversation, answers)
    columns = {item.id: checked(item, answers[item.code]) for item in path if _given(answers.get(item.code))}
    missing = tuple(item.code for item in path if item.choices and item.code not in values)
    if send and missing:
        raise OpinionIncomplete(missing)
    response = _begun(conversation, response, language=language, now=now)
    response.answers.all().delete()
    add_answers(response=response, columns=columns, mode=Mode.WEB, now=now)
    _sign(response, signed_by=signed_by)
    if send:
        details = {"mode": response.mode}
        record(actor=RESPONDENT, action="surveys.opinion_sent", subject=response, details=details, at=now)
        close_response(conversation=conversation, response=response, now=now)
        act_on_answers(conversation=conversation, values=values, actor=RESPONDENT, now=now)
    return response


def _path(
    conversation: Conversation, answers: Mapping[str, AnswerInput]
) -> tuple[tuple[SheetQuestion, ...], dict[str, str]]:
    """The questions that these answers open, and what was chosen of them."""
    values = {code: answer.value for code, answer in answers.items() if answer.value}
    path = shown(sheet_asked(conversation).questions, mode=Mode.WEB, answers=values)
    return path, {item.code: values[item.code] for item in path if item.code in values}


def _given(answer: AnswerInput | None) -> bool:
    return answer is not None and bool(answer.value or answer.text.strip())


def _begun(conversation: Conversation, response: Response | None, *, language: str, now: datetime) -> Response:
    if conversation.first_opened_at is None:
        conversation.first_opened_at = now
    if conversation.state == ConversationState.AWAITING:
        conversation.state = ConversationState.STARTED
    conversation.updated_at = now
    conversation.save(update_fields=["first_opened_at", "state", "updated_at"])
    if response is None:
        return Response.objects.create(
            conversation=conversation,
            mode=Mode.WEB,
            answerer=Answerer.ORGAN,
            language=language,
            started_at=now,
            created_at=now,
            updated_at=now,
        )
    response.language, response.updated_at = language, now
    response.save(update_fields=["language", "updated_at"])
    return response


def _sign(response: Response, *, signed_by: str, received_on: date | None = None) -> None:
    name = " ".join(signed_by.replace("\x00", "").split())
    if len(name) > LONGEST_SIGNATURE:
        raise InvalidInput(
            _("Please shorten this to %(limit)s characters.") % {"limit": LONGEST_SIGNATURE}, field="signed_by"
        )
    SignedOpinion.objects.update_or_create(response=response, defaults={"signed_by": name, "received_on": received_on})


@transaction.atomic
def record_opinion(
    *,
    user: User,
    conversation: Conversation,
    answers: Mapping[str, AnswerInput],
    signed_by: str,
    received_on: date | None,
    note: str = "",
    now: datetime,
) -> Response:
    """Key in a sheet that came back: everything or nothing. An item left open on it stays without an answer.

    :raises AlreadyAnswered: the unit has answered by another way, or a colleague was faster.
    :raises ConversationOver: the last day is over, or the unit declined.
    :raises InvalidAnswer: `field` is the question whose value is wrong; a sheet without one tick is none.
    :raises InvalidInput: nobody signed, no day, or one outside the time.
    """
    received = _received(conversation, received_on, signed_by=signed_by, now=now)
    row = locked(conversation)
    _clear_draft(row)
    response = record_interview(
        user=user,
        conversation=row,
        answers=answers,
        answerer=Answerer.ORGAN,
        mode=Mode.PAPER,
        note=note,
        now=now,
    )
    _sign(response, signed_by=signed_by, received_on=received)
    if response.late and received < conversation.closes_at.astimezone(_zone(conversation)).date():
        # In time at the centre: how long it lay there is not the unit's doing.
        response.late = False
        response.save(update_fields=["late"])
    return response


def _clear_draft(row: Conversation) -> None:
    """What a unit saved on its form and did not send: its sheet takes the place. Undone where that is refused."""
    draft = response_of(row)
    if draft is not None and draft.finished_at is None:
        draft.answers.all().delete()


def _received(conversation: Conversation, day: date | None, *, signed_by: str, now: datetime) -> date:
    zone = _zone(conversation)
    received = required_day(
        day,
        first=conversation.invited_at.astimezone(zone).date(),
        last=now.astimezone(zone).date(),
        field="received_on",
        missing=_("Enter the day on which the sheet came in."),
        outside=_("The day lies between the day on which the unit was asked and today."),
    )
    if not signed_by.strip():
        raise InvalidInput(_("Enter who signed for the unit, or its seal."), field="signed_by")
    return received


def _zone(conversation: Conversation) -> ZoneInfo:
    return ZoneInfo(conversation.case.centre.settings.time_zone)


@transaction.atomic
def keep_second_opinion(
    *,
    user: User,
    conversation: Conversation,
    answers: Mapping[str, AnswerInput],
    signed_by: str,
    received_on: date | None,
    note: str = "",
    now: datetime,
) -> SecondEntry:
    """Keep a further sheet of an opinion that stands, with who signed it. The first stays what is weighed.

    :raises NothingToStandBeside: no opinion is stored yet; record it as the first.
    :raises InvalidAnswer: `field` is the question whose value is wrong; a sheet without one tick is none.
    :raises InvalidInput: nobody signed, no day, or one outside the time.
    """
    day = _received(conversation, received_on, signed_by=signed_by, now=now)
    if not any(_given(answer) for answer in answers.values()):
        raise InvalidInput(_("Nothing is ticked on this sheet."))
    beside = _("Signed by %(name)s, came in on %(day)s.") % {"name": signed_by.strip(), "day": day.isoformat()}
    return keep_second_entry(
        user=user,
        conversation=conversation,
        answers=answers,
        answerer=Answerer.ORGAN,
        mode=Mode.PAPER,
        note=f"{beside} {note}".strip(),
        now=now,
    )


@transaction.atomic
def end_asking(
    *, user: User, conversation: Conversation, outcome: ErrandOutcome, note: str = "", now: datetime
) -> Contact:
    """The unit does not wish to answer, or what was sent came back. An e-mail that came back is sent as a letter.

    :raises ConversationOver: it is answered or closed.
    :raises InvalidInput: no such outcome.
    """
    if outcome not in NO_ANSWER:
        raise InvalidInput(_("This outcome is not possible here. Please choose another."), field="outcome")
    row = locked(conversation)
    if not row.is_open:
        raise ConversationOver(_("This follow-up is closed (%(state)s).") % {"state": row.get_state_display()})
    contact = Contact.objects.create(
        conversation=row, channel=row.channel, at=now, outcome=outcome, by=user, note=note.strip()[:1000]
    )
    details = {"outcome": outcome, "channel": row.channel}
    record_asking(conversation=row, actor=user.actor, action="surveys.errand_recorded", details=details, at=now)
    if outcome == ErrandOutcome.RETURNED and row.channel == Channel.EMAIL:
        go_on_paper(row, step=row.reminders, why=outcome, now=now)
        return contact
    declined = outcome == ErrandOutcome.REFUSED
    row.state = ConversationState.STOPPED if declined else ConversationState.UNREACHABLE
    row.remind_at, row.updated_at = None, now
    row.save(update_fields=["state", "remind_at", "updated_at"])
    return contact
