"""Writing what was answered, and what follows from an answer, whichever way it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from qa_service.cases.enums import FlagKind
from qa_service.cases.services import evidence_changed, raise_risk_flag
from qa_service.common.errors import InvalidInput
from qa_service.common.workdays import CalendarYearMissing, add_workdays
from qa_service.organisations.enums import FirmKind
from qa_service.organisations.queries import calendar
from surveys.branching import MAY_CALL, MONEY, RATING, SheetQuestion
from surveys.enums import AlertKind, QuestionKind, StaffReason
from surveys.models import Alert, Answer, Conversation, Response

LONGEST_TEXT = 500
BAD_RATINGS = frozenset({"1", "2"})
MONEY_VALUES = frozenset({"yes", "staff"})

# Working days to acknowledge, to reach the client, to settle (domain.md 1.6).
ACKNOWLEDGE, CONTACT, SETTLE = 1, 5, 15


class InvalidAnswer(InvalidInput):
    """The value is not one of the question's; `field` is the question's code."""

    code = "invalid_answer"


@dataclass(frozen=True, slots=True)
class AnswerInput:
    value: str = ""
    text: str = ""

    def __repr__(self) -> str:
        return "AnswerInput(…)"


def checked(question: SheetQuestion, given: AnswerInput) -> dict[str, Any]:
    """The columns of one answer.

    :raises InvalidAnswer: an unknown value, no choice, or a text that is too long.
    """
    text = given.text.strip().replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        raise InvalidAnswer(
            _("Please shorten this to %(limit)s characters.") % {"limit": LONGEST_TEXT},
            field=question.code,
            code="too_long",
        )
    choice = question.choice(given.value)
    if choice is None and (given.value or question.kind != QuestionKind.TEXT):
        raise InvalidAnswer(_("Please choose one of the answers."), field=question.code)
    return {"choice_id": choice.id if choice else None, "text": text if question.takes_text else ""}


def write_answer(*, response: Response, question: SheetQuestion, columns: Mapping[str, Any], now: datetime) -> None:
    Answer.objects.update_or_create(
        response=response, question_id=question.id, defaults={**columns, "answered_at": now}
    )


def act_on_answers(*, conversation: Conversation, values: Mapping[str, str], now: datetime) -> None:
    """What the answers given so far ask of the centre. Run again with the same answers it changes nothing."""
    may_call = {"yes": True, "no": False}.get(values.get(MAY_CALL, ""))
    if values.get(RATING) in BAD_RATINGS:
        raise_risk_flag(case_id=conversation.case_id, kind=FlagKind.BAD_RATING, now=now)
        raise_alert(conversation=conversation, kind=AlertKind.RECOVERY, may_call=may_call, now=now)
    if values.get(MONEY) in MONEY_VALUES:
        raise_alert(conversation=conversation, kind=AlertKind.MONEY, may_call=may_call, now=now)
    evidence_changed(conversation.case_id)


ALERTS = {
    StaffReason.DANGER: AlertKind.DANGER,
    StaffReason.MONEY: AlertKind.MONEY,
    StaffReason.WRONG_NUMBER: AlertKind.WRONG_NUMBER,
}


def raise_alert(*, conversation: Conversation, kind: AlertKind, may_call: bool | None = None, now: datetime) -> Alert:
    """One alert a conversation and kind. Money is sealed; about the centre's own staff it goes to the bureau."""
    sealed = kind is AlertKind.MONEY
    alert, created = Alert.objects.get_or_create(
        conversation=conversation,
        kind=kind,
        defaults={
            "case_id": conversation.case_id,
            "sealed": sealed,
            "for_bureau": sealed and conversation.case.firm.kind == FirmKind.CENTRE_STAFF,
            "raised_at": now,
            "may_call": may_call,
            **_clock(kind, _day_at_the_centre(conversation, now)),
        },
    )
    if not created and may_call is not None and alert.may_call != may_call:
        alert.may_call = may_call
        alert.save(update_fields=["may_call"])
    if created and sealed:
        raise_risk_flag(case_id=conversation.case_id, kind=FlagKind.MONEY_ALERT, now=now)
    return alert


def _day_at_the_centre(conversation: Conversation, now: datetime) -> date:
    return now.astimezone(ZoneInfo(conversation.case.centre.settings.time_zone)).date()


def _clock(kind: AlertKind, today: date) -> dict[str, date | None]:
    days = {"acknowledge_by": ACKNOWLEDGE}
    if kind is AlertKind.RECOVERY:
        days |= {"contact_by": CONTACT, "settle_by": SETTLE}
    known = calendar()
    try:
        return {name: add_workdays(today, count, known) for name, count in days.items()}
    except CalendarYearMissing:
        # The answer is worth more than its clock; the list shows such alerts first.
        return dict.fromkeys(days)
