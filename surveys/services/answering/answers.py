"""Writing what was answered, and what follows from an answer, whichever way it came."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qa_service.audit.actors import Actor
from qa_service.audit.services import Act, record
from qa_service.cases.enums import FlagKind
from qa_service.cases.services import evidence_changed, raise_risk_flag
from qa_service.common.errors import InvalidInput
from qa_service.common.inserting import insert
from qa_service.organisations.enums import FirmKind
from surveys import recovery
from surveys.branching import CONCERN, MAY_CALL, SheetQuestion
from surveys.conversation import Whose, staff_matter, tells_of_own_people, whose_danger
from surveys.enums import AlertKind, AlertState, Audience, Concern, Mode, QuestionKind, StaffReason
from surveys.matters import (
    SPOKEN_OF,
    Heard,
    is_of_own_people,
    matters_in,
    matters_in_words,
    may_call_by,
    who_sees_to_danger,
)
from surveys.models import Alert, Answer, Conversation, Response
from surveys.models.conversations import is_left_to_bureau
from surveys.opinion import is_low, known_marks
from surveys.queries.interview import telling_questions
from surveys.services.matters.clocks import clock_of
from surveys.services.matters.notices import TOLD_AT_ONCE, tell_of_alert
from surveys.services.matters.passing_on import BY_WORDS, route_by_words, take_along
from surveys.services.matters.recoveries import open_recovery

# Whoever answers by the link or by text.
RESPONDENT = Actor.system("respondent")
LONGEST_TEXT = 500


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


def refuse_unknown(questions: Iterable[SheetQuestion], answers: Iterable[str]) -> None:
    """What is said to a question that the sheet does not have would be lost without a word.

    :raises InvalidAnswer: `field` is that question's code.
    """
    known = {question.code for question in questions}
    for code in answers:
        if code not in known:
            raise InvalidAnswer(_("These questions have no such code."), field=code, code="unknown_question")


def write_answer(
    *, response: Response, question: SheetQuestion, columns: Mapping[str, Any], again: bool, mode: Mode, now: datetime
) -> None:
    """One statement. `again`: there is an answer to it, as the caller read under the lock of the conversation."""
    columns = {**columns, "mode": _apart(response, mode)}
    if again:
        response.answers.filter(question_id=question.id).update(**columns, answered_at=now)
    else:
        insert(Answer(response=response, question_id=question.id, answered_at=now, **columns))


def add_answers(*, response: Response, columns: Mapping[int, Mapping[str, Any]], mode: Mode, now: datetime) -> None:
    """Answers to questions, by id, that have none yet: one statement for all."""
    apart = _apart(response, mode)
    Answer.objects.bulk_create(
        Answer(response=response, question_id=question_id, answered_at=now, mode=apart, **own)
        for question_id, own in columns.items()
    )


def _apart(response: Response, mode: Mode) -> str:
    """The way of an answer as it is kept: only where it is not that of its response."""
    return "" if mode == response.mode else mode


def note_answer(*, response: Response, question: SheetQuestion, now: datetime) -> None:
    act = answered(response=response, question=question, mode=Mode(response.mode))
    record(actor=RESPONDENT, action=act.action, subject=response, details=act.details, at=now)


def answered(*, response: Response, question: SheetQuestion, mode: Mode) -> Act:
    """A client answered: which question and by which way, never what."""
    details = {"question": question.code, "mode": mode}
    return Act("surveys.answered", response._meta.label, str(response.pk), details)


def act_on_answers(*, conversation: Conversation, values: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """What the answers given so far ask of the centre. Run again with the same answers it changes nothing.

    Asked again after a recovery, a client judges the centre's answer: whoever signs reads it, and the case's own
    rating and what follows from it stay as they are.
    """
    if conversation.audience == Audience.ORGAN:
        act_on_opinion(conversation=conversation, values=values, actor=actor, now=now)
        return
    found = matters_of(conversation, values)
    under_way = conversation.mid_case_plan_id is not None
    may_call, openly = may_call_by(values), may_call_openly(conversation, values)
    for kind in found:
        if kind is AlertKind.MONEY:
            raise_money(conversation=conversation, values=values, may_call=may_call, actor=actor, now=now)
            continue
        if kind is AlertKind.RECOVERY and not under_way:
            # While the case runs it can still be put right, and says nothing about the finished work.
            raise_risk_flag(case_id=conversation.case_id, kind=FlagKind.BAD_RATING, actor=actor, now=now)
        alert = raise_alert(conversation=conversation, kind=kind, may_call=openly, actor=actor, now=now)
        if kind is AlertKind.RECOVERY:
            concern = Concern.UNKNOWN if under_way else _concern(values.get(CONCERN, ""))
            open_recovery(alert=alert, concern=concern, now=now)
    if not (under_way or recovery.is_second(conversation.wave)):
        evidence_changed(conversation.case_id)


def raise_money(
    *,
    conversation: Conversation,
    values: Mapping[str, str],
    may_call: bool | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """The sealed matter of the money question."""
    act_on_heard(conversation=conversation, heard=money_told(values, may_call=may_call), actor=actor, now=now)


def money_told(values: Mapping[str, str], *, may_call: bool | None = None) -> Heard:
    """With the bureau from the start where somebody of the centre asked."""
    return Heard((AlertKind.MONEY,), above=is_of_own_people(values), may_call=may_call, anew=False)


def act_on_words(
    *,
    conversation: Conversation,
    words: Iterable[str],
    values: Mapping[str, str],
    read: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """What a client wrote in a form is heard as a text of theirs would be: danger and money before all else.

    `read`: whoever keyed it in has read it, and whoever signs reads what is said when asked again. What a unit writes
    is its opinion. Who asked in `values` not to be called is rung about danger alone.
    """
    if conversation.audience != Audience.ORGAN:
        found = heard_in(conversation=conversation, words=words, values=values, read=read)
        if AlertKind.WROTE in found.kinds and _is_read_anyhow(conversation):
            found = replace(found, kinds=tuple(kind for kind in found.kinds if kind is not AlertKind.WROTE))
        act_on_heard(conversation=conversation, heard=found, actor=actor, now=now)


def heard_in(
    *, conversation: Conversation, words: Iterable[str], values: Mapping[str, str], read: bool = False
) -> Heard:
    """What the words of a client ask of the centre; see `act_on_words`. No query."""
    said = list(words)
    kinds = matters_in_words(said, read=read or recovery.is_second(conversation.wave))
    return Heard(
        kinds=kinds,
        above=any(tells_of_own_people(each) for each in said),
        may_call=may_call_by(values),
        openly=may_call_openly(conversation, values) if kinds else None,
        own=is_of_own_people(values),
        whose=whose_in(kinds, said),
    )


def whose_in(kinds: Collection[AlertKind], said: Iterable[str]) -> tuple[Whose, ...]:
    """From whom the danger comes, where the words are heard to speak of one."""
    return tuple(sorted(set().union(*map(whose_danger, said)))) if AlertKind.DANGER in kinds else ()


def act_on_heard(*, conversation: Conversation, heard: Heard, actor: Actor, now: datetime) -> None:
    """Open it as of the moment at which it was said. The caller holds the conversation."""
    if AlertKind.DANGER in heard.kinds:
        known = heard.above and is_left_to_bureau(conversation)
        for above in who_sees_to_danger(heard, known=known):
            raise_alert(
                conversation=conversation, kind=AlertKind.DANGER, anew=heard.anew, above=above, actor=actor, now=now
            )
    for kind in heard.kinds:
        if kind is AlertKind.DANGER:
            continue
        may_call = heard.may_call if kind is AlertKind.MONEY else heard.openly
        raise_alert(
            conversation=conversation,
            kind=kind,
            may_call=may_call,
            anew=heard.anew,
            above=heard.above,
            actor=actor,
            now=now,
        )
    if heard.above:
        route_by_words(conversation, actor=actor, now=now)


def may_call_openly(conversation: Conversation, values: Mapping[str, str]) -> bool | None:
    """The same as far as everybody may know: None too where only something sealed had it asked."""
    told = may_call_by(values)
    if told is None or MAY_CALL in telling_questions(conversation, values):
        return None
    return told


def act_on_what_was_heard(
    *,
    conversation: Conversation,
    heard: Collection[AlertKind],
    of_centre: bool = False,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    """What a person told staff on the telephone or at the door; the note says in which words.

    `of_centre`: they say that it was somebody of the centre, so money, complaints and danger are the bureau's, but a
    danger that the note says comes from somebody else. A note that speaks of money is read by those alone who see to
    that matter: without one nobody would read it.
    """
    spoken_of = {*heard, AlertKind.MONEY} if staff_matter(note) is StaffReason.MONEY else heard
    kinds = tuple(kind for kind in SPOKEN_OF if kind in spoken_of)
    above = of_centre or tells_of_own_people(note)
    told = Heard(kinds, above=above, own=of_centre, whose=whose_in(kinds, [note]))
    act_on_heard(conversation=conversation, heard=told, actor=actor, now=now)


def _is_read_anyhow(conversation: Conversation) -> bool:
    """An open matter of the same client shows all that they said to whoever sees to it."""
    return conversation.alerts.filter(sealed=False).exclude(state=AlertState.CLOSED).exists()


def matters_of(conversation: Conversation, values: Mapping[str, str]) -> tuple[AlertKind, ...]:
    """What the answers of this client so far ask of the centre; nothing where they judge its answer to a matter."""
    if recovery.is_second(conversation.wave):
        return ()
    return matters_in(values, under_way=conversation.mid_case_plan_id is not None)


def act_on_opinion(*, conversation: Conversation, values: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """A low opinion puts the file before the sample; any opinion is evidence."""
    if is_low(known_marks(values)):
        raise_risk_flag(case_id=conversation.case_id, kind=FlagKind.ORGAN_LOW, actor=actor, now=now)
    evidence_changed(conversation.case_id)


def _concern(value: str) -> Concern:
    return Concern(value) if value in Concern.values else Concern.UNKNOWN


ALERTS = {
    StaffReason.DANGER: AlertKind.DANGER,
    StaffReason.DANGER_DENIED: AlertKind.DENIED,
    StaffReason.MONEY: AlertKind.MONEY,
    StaffReason.WRONG_NUMBER: AlertKind.WRONG_NUMBER,
    StaffReason.COMPLAINT: AlertKind.COMPLAINT,
}


def raise_alert(
    *,
    conversation: Conversation,
    kind: AlertKind,
    may_call: bool | None = None,
    anew: bool = False,
    above: bool = False,
    actor: Actor,
    now: datetime,
) -> Alert:
    """One open alert a conversation and kind; of danger one of the centre's, and one of the bureau's. Money is sealed;
    about the centre's own staff it goes to the bureau.

    `anew`: said at this moment, so a matter that was closed before says nothing of it. Else what was seen to once is
    done with. `above`: said of the centre's own people, whoever dealt with the case. The caller holds the conversation.
    """
    # What the centre closed without knowing that it was about itself is the bureau's to look into.
    above = above and (kind in BY_WORDS or kind is AlertKind.DANGER)
    before = Alert.objects.filter(conversation=conversation, kind=kind)
    if kind is AlertKind.DANGER:
        before = before.filter(for_bureau=above)
    alert = before.order_by("raised_at", "pk").last()
    if alert is None or (
        alert.state == AlertState.CLOSED and ((anew and alert.raised_at < now) or (above and not alert.for_bureau))
    ):
        return _raised(conversation, kind, may_call=may_call, above=above, actor=actor, now=now)
    if may_call is not None and alert.may_call != may_call:
        alert.may_call = may_call
        alert.save(update_fields=["may_call"])
    return alert


def _raised(
    conversation: Conversation, kind: AlertKind, *, may_call: bool | None, above: bool, actor: Actor, now: datetime
) -> Alert:
    for_bureau = above or _is_the_bureaus(conversation, kind)
    sealed = for_bureau or kind is AlertKind.MONEY
    alert = Alert.objects.create(
        conversation=conversation,
        kind=kind,
        case_id=conversation.case_id,
        sealed=sealed,
        for_bureau=for_bureau,
        raised_at=now,
        may_call=may_call,
        **clock_of(kind, case=conversation.case, now=now),
    )
    details = {} if sealed else {"kind": kind}
    record(actor=actor, action="surveys.alert_raised", subject=alert, details=details, at=now)
    if kind is AlertKind.MONEY:
        raise_risk_flag(case_id=conversation.case_id, kind=FlagKind.MONEY_ALERT, actor=actor, now=now)
    if for_bureau:
        take_along(alert, now=now)
    if for_bureau or kind in TOLD_AT_ONCE:
        tell_of_alert(alert, now=now)
    return alert


def _is_the_bureaus(conversation: Conversation, kind: AlertKind) -> bool:
    """Whether it is money and the centre's own staff dealt with the case, or the bureau has a matter of this client:
    then nobody of the centre is to have a reason to ring them, but that they are in danger from somebody else.
    """
    own = kind is AlertKind.MONEY and conversation.case.firm.kind == FirmKind.CENTRE_STAFF
    return own or (kind is not AlertKind.DANGER and is_left_to_bureau(conversation))
