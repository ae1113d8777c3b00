"""What each answer of a client asks of the centre, row by row of the rules; and why a person has to be telephoned."""

from datetime import timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import Client, ContactPlan, RiskFlag
from qa_service.organisations.enums import FirmKind
from surveys import services
from surveys.enums import AlertKind, AlertState, Answerer, Direction, Mode, RecoveryState, StaffReason
from surveys.models import Alert, Conversation, Message, Recovery
from surveys.services.answering.answers import AnswerInput
from surveys.services.delivering.outcomes import MOST_TRIES
from surveys.sms.base import SmsError, Verdict
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, invited, reply

pytestmark = pytest.mark.django_db
CONTENT = {"q1": "5", "q2": "always", "q3": "yes", "q4": "always", "q5": "yes", "q6": "no", "q7": "yes"}
CONTENT |= {"q6who": "lawyer", "q8": "service", "q9": "delay", "q10": "yes"}
MINUTE = timedelta(minutes=1)
RECOVERY, MONEY, EXPLAIN = AlertKind.RECOVERY, AlertKind.MONEY, AlertKind.EXPLAIN
BAD, SEALED = FlagKind.BAD_RATING, FlagKind.MONEY_ALERT


def interviewed(*, kind: FirmKind = FirmKind.LAW_FIRM, **answers: str) -> Conversation:
    """A client telephoned, who answered as a content one does but for `answers`."""
    at = factories.centre(settings={"sms_enabled": False, "first_contact_delay_days": 0})
    conversation = invited(at=at, firm=factories.firm(at, kind=kind))
    services.record_interview(
        user=factories.user(Role.FOLLOW_UP, at=at),
        conversation=conversation,
        answers={code: AnswerInput(value=value) for code, value in (CONTENT | answers).items()},
        answerer=Answerer.CLIENT,
        now=NOW,
    )
    return conversation


@pytest.mark.parametrize(
    ("answers", "matters", "flags"),
    [
        ({}, set(), set()),
        ({"q1": "4"}, set(), set()),
        ({"q1": "3"}, set(), set()),
        ({"q1": "2"}, {RECOVERY}, {BAD}),
        ({"q1": "1"}, {RECOVERY}, {BAD}),
        ({"q1": "unknown"}, set(), set()),
        ({"q6": "yes"}, {MONEY}, {SEALED}),
        ({"q6": "staff"}, {MONEY}, {SEALED}),
        ({"q6": "unknown"}, set(), set()),
        ({"q7": "no"}, {EXPLAIN}, set()),
        ({"q7": "partly"}, set(), set()),
        ({"q7": "unknown"}, set(), set()),
        ({"q1": "unknown", "q7": "no"}, {EXPLAIN}, set()),
        ({"q6": "yes", "q7": "no"}, {MONEY, EXPLAIN}, {SEALED}),
        # An unhappy client is spoken with anyhow: one matter, in which the outcome is explained too.
        ({"q1": "1", "q7": "no"}, {RECOVERY}, {BAD}),
        ({"q1": "1", "q6": "yes", "q7": "no"}, {RECOVERY, MONEY}, {BAD, SEALED}),
        # What the others do not open was not asked, whatever was keyed in.
        ({"q2": "never", "q3": "no", "q4": "never", "q5": "no"}, set(), set()),
    ],
)
def test_an_answer_opens_the_matters_of_its_rule_and_no_other(answers, matters, flags):
    conversation = interviewed(**answers)

    assert set(Alert.objects.values_list("kind", flat=True)) == matters
    assert set(RiskFlag.objects.filter(case=conversation.case).values_list("kind", flat=True)) == flags
    assert [alert.sealed for alert in Alert.objects.filter(kind=MONEY)] == [True] * (MONEY in matters)


@pytest.mark.parametrize("beside", [False, True])
def test_words_of_danger_and_money_that_staff_key_in_are_heard_whatever_was_chosen(beside):
    conversation = interviewed() if beside else invited(settings={"sms_enabled": False})
    keyed = {code: AnswerInput(value=value) for code, value in CONTENT.items()}
    keyed["q11"] = AnswerInput(text="他又打我。律师收了我2000块")
    record = services.keep_second_entry if beside else services.record_interview
    record(
        user=factories.user(Role.FOLLOW_UP, at=conversation.case.centre),
        conversation=conversation,
        answers=keyed,
        answerer=Answerer.CLIENT,
        mode=Mode.PAPER,
        now=NOW,
    )

    assert set(Alert.objects.values_list("kind", flat=True)) == {AlertKind.DANGER, MONEY}


@pytest.mark.parametrize(("may_call", "state"), [("yes", RecoveryState.OPEN), ("no", RecoveryState.CLOSED)])
def test_who_is_unhappy_and_wants_no_call_is_let_be(may_call, state):
    interviewed(q1="1", q10=may_call)

    assert Recovery.objects.get().state == state


@pytest.mark.parametrize(
    ("kind", "who", "for_bureau"),
    [
        (FirmKind.LAW_FIRM, "lawyer", False),
        (FirmKind.CENTRE_STAFF, "lawyer", True),
        (FirmKind.LAW_FIRM, "centre", True),
        (FirmKind.LAW_FIRM, "other", False),
        (FirmKind.LAW_FIRM, "unknown", False),
    ],
)
def test_money_asked_for_by_the_centres_own_staff_bypasses_its_director(kind, who, for_bureau):
    conversation = interviewed(kind=kind, q6="yes", q6who=who)
    director = factories.user(Role.MANAGER, at=conversation.case.centre)

    assert Alert.objects.get().for_bureau is for_bureau
    assert Alert.objects.visible_to(director).exists() is not for_bureau


def test_the_matter_of_an_outcome_not_understood_is_everyday_work_and_has_a_day():
    conversation = interviewed(q7="no")
    alert = Alert.objects.get()

    assert (alert.sealed, alert.may_call, alert.acknowledge_by is not None, alert.settle_by) == (
        False, None, True, None,
    )  # fmt: skip
    assert Alert.objects.visible_to(factories.user(Role.FOLLOW_UP, at=conversation.case.centre)).get() == alert
    assert not Alert.objects.visible_to(factories.user(Role.LAWYER, of=conversation.case.lawyer)).exists()


@pytest.mark.parametrize(
    ("body", "matters", "reason"),
    [
        ("我害怕，他打人", {AlertKind.DANGER}, StaffReason.DANGER),
        ("他没有打我", {AlertKind.DENIED}, StaffReason.DANGER_DENIED),
        ("律师收了我的红包", {MONEY}, StaffReason.TALK),
        ("打错了，不是本人", {AlertKind.WRONG_NUMBER}, StaffReason.WRONG_NUMBER),
        ("请给我打电话", set(), StaffReason.TALK),
        ("我要投诉", {AlertKind.COMPLAINT}, StaffReason.COMPLAINT),
        ("1", {RECOVERY}, StaffReason.NONE),
        ("5", set(), StaffReason.NONE),
    ],
)
def test_what_is_written_back_opens_the_matter_of_its_rule(body, matters, reason):
    conversation = asked()

    reply(conversation, body)

    conversation.refresh_from_db()
    assert set(Alert.objects.values_list("kind", flat=True)) == matters
    assert conversation.staff_reason == reason


@pytest.mark.parametrize(
    ("first", "again", "kind"),
    [
        ("他打我", "他又打我", AlertKind.DANGER),
        ("律师收了我的红包", "律师又要了2000块", MONEY),
        ("我要投诉", "我还是要投诉", AlertKind.COMPLAINT),
        ("律师没来", "律师还是没来", AlertKind.WROTE),
    ],
)
def test_what_is_said_anew_after_a_matter_was_closed_opens_another(first, again, kind):
    conversation = asked()
    reply(conversation, "4")
    reply(conversation, first, now=NOW + MINUTE)
    reply(conversation, first, now=NOW + 2 * MINUTE)
    Alert.objects.update(state=AlertState.CLOSED)

    reply(conversation, again, now=NOW + 3 * MINUTE)

    found = Alert.objects.order_by("pk").values_list("kind", "state")
    assert list(found) == [(kind, AlertState.CLOSED), (kind, AlertState.OPEN)]


# --- why a person has to be telephoned: the reason on the list is true ------------------------------------------------


def refused_for_good(gateway: Memory, verdict: Verdict) -> None:
    Message.objects.update(tries=MOST_TRIES.get(verdict, 1) - 1)
    gateway.faults = [SmsError(verdict, "x")]
    services.deliver_next(now=NOW)


@pytest.mark.parametrize(
    ("verdict", "reason"),
    [
        (Verdict.OK_TO_RETRY, StaffReason.PROVIDER_AWAY),
        (Verdict.HALT, StaffReason.PROVIDER_AWAY),
        (Verdict.PERMANENT, StaffReason.NUMBER_REFUSED),
    ],
)
def test_a_provider_that_was_away_is_no_fault_of_the_number(gateway, verdict, reason):
    conversation = invited()

    refused_for_good(gateway, verdict)

    conversation.refresh_from_db()
    assert conversation.staff_reason == reason


def test_a_text_of_unclear_outcome_is_no_silence_of_the_client(gateway):
    conversation = invited(plan={"needs_safety_check": True})
    gateway.faults = [SmsError(Verdict.UNKNOWN)]
    services.deliver_next(now=NOW)

    for minutes in (11, 22):
        services.reconcile_unknown(now=NOW + timedelta(minutes=minutes))

    conversation.refresh_from_db()
    assert conversation.staff_reason == StaffReason.SENDING_UNCLEAR


def _another_gateway(_conversation: Conversation) -> None:
    Message.objects.filter(direction=Direction.OUT).update(gateway="twilio")


def _another_number(conversation: Conversation) -> None:
    Client.objects.filter(pk=conversation.recipient_id).update(phone_index="0" * 64)


def _no_texts(_conversation: Conversation) -> None:
    ContactPlan.objects.update(sms_allowed=False, reason="safety")


@pytest.mark.parametrize(
    ("meanwhile", "reason"),
    [
        (_another_gateway, StaffReason.PROVIDER_AWAY),
        (_another_number, StaffReason.NUMBER_CHANGED),
        (_no_texts, StaffReason.NO_TEXT_ALLOWED),
    ],
)
def test_what_changed_since_the_text_was_written_is_the_reason(gateway, meanwhile, reason):
    conversation = invited()
    meanwhile(conversation)

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (conversation.staff_reason, gateway.outbox) == (reason, [])
