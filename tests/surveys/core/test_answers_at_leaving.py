"""What goes back to who wrote is looked at once more as it leaves: nothing goes to whom no text may go by then.

What they wrote counts all the same, and what has to be read reaches a person.
"""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from qa_service.common.encryption import blind_index
from qa_service.organisations.models import CentreSettings
from surveys import services
from surveys.enums import AlertKind, Channel, ConversationState, MessageState, PhoneOutcome, Refusal, StaffReason
from surveys.models import Alert, Answer, Conversation, Message, OptOut
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, reply

pytestmark = pytest.mark.django_db

# 22:00 where the centre is: nobody is asked then.
NIGHT = NOW + timedelta(hours=12)
NOT_ALLOWED = (MessageState.SUPPRESSED, Refusal.ANSWER_NOT_ALLOWED)


def for_safety() -> None:
    ContactPlan.objects.update(sms_allowed=False, reason=ContactReason.SAFETY)


def no_consent() -> None:
    ContactPlan.objects.update(sms_allowed=False, reason=ContactReason.NOT_CONSENTED)


def run_out() -> None:
    ContactPlan.objects.update(expires_on=date(2026, 1, 1))


def switched_off() -> None:
    CentreSettings.objects.update(sms_enabled=False)


def of_no_country() -> None:
    CentreSettings.objects.update(text_countries="44")


def another_number() -> None:
    Client.objects.update(phone_index=blind_index("+8613899999999"))


def entered_as_deceased_elsewhere() -> None:
    here = Client.objects.get()
    there = factories.client(factories.centre(), name=here.name, phone=here.phone)
    ContactPlan.objects.filter(client=there).update(sms_allowed=False, reason=ContactReason.DECEASED)


CLOSING = [for_safety, no_consent, run_out, switched_off, of_no_country, another_number, entered_as_deceased_elsewhere]


def went_back() -> tuple[str, str]:
    text = Message.objects.get(in_reply_to__isnull=False)
    return text.state, text.error_code


@pytest.mark.parametrize("meanwhile", CLOSING)
def test_no_thanks_leave_for_whom_no_text_may_go_by_then_and_the_rating_counts(
    gateway: Memory, meanwhile: Callable[[], None]
) -> None:
    conversation = asked()
    sent = len(gateway.outbox)

    reply(conversation, "4")
    meanwhile()
    services.deliver_next(now=NOW)

    assert (went_back(), len(gateway.outbox) - sent) == (NOT_ALLOWED, 0)
    assert Answer.objects.get().choice.value == "4"


def test_words_that_are_not_asked_about_by_text_any_more_are_asked_about_by_a_person() -> None:
    conversation = asked()
    for_safety()

    reply(conversation, "啥意思？")
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert went_back() == NOT_ALLOWED
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.UNCLEAR)


def test_words_are_read_where_no_way_at_all_is_open_any_more() -> None:
    conversation = asked()
    ways = {"sms_allowed": False, "phone_allowed": False, "visit_allowed": False, "letter_allowed": False}
    ContactPlan.objects.update(reason=ContactReason.NOT_CONSENTED, **ways)

    reply(conversation, "律师没来")
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (went_back(), conversation.state) == (NOT_ALLOWED, ConversationState.UNREACHABLE)
    assert Alert.objects.get().kind == AlertKind.WROTE


def test_a_person_who_has_the_matter_already_keeps_it_as_it_is() -> None:
    conversation = asked()
    for_safety()

    reply(conversation, "啥意思？")
    reply(conversation, "他打我")
    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (went_back(), conversation.staff_reason) == (
        (MessageState.SUPPRESSED, Refusal.IN_DANGER),
        StaffReason.DANGER,
    )


def test_nobody_is_promised_a_call_by_text_where_none_may_go_and_the_complaint_is_raised() -> None:
    conversation = asked()
    for_safety()

    reply(conversation, "我要投诉")
    services.deliver_next(now=NOW)

    assert (went_back(), Alert.objects.get().kind) == (NOT_ALLOWED, AlertKind.COMPLAINT)


def test_a_stop_is_obeyed_though_its_confirmation_may_not_go() -> None:
    conversation = asked()
    for_safety()

    reply(conversation, "退订")
    services.deliver_next(now=NOW)

    assert (went_back(), OptOut.objects.count()) == (NOT_ALLOWED, 1)


@pytest.mark.parametrize(
    ("hours", "became"),
    [
        # Who wrote just now is awake: the centre's own hours hold nothing back.
        ((None, None), (MessageState.ACCEPTED, "")),
        ((time(9), None), (MessageState.ACCEPTED, "")),
        ((time(9), time(22, 10)), (MessageState.ACCEPTED, "")),
        ((time(9), time(22)), (MessageState.SUPPRESSED, Refusal.ANSWER_UNSAFE)),
        ((time(22, 1), None), (MessageState.SUPPRESSED, Refusal.ANSWER_UNSAFE)),
    ],
)
def test_at_night_an_answer_leaves_unless_the_hour_is_not_safe_for_the_person(
    gateway: Memory, hours: tuple[time | None, time | None], became: tuple[str, str]
) -> None:
    conversation = asked()
    ContactPlan.objects.update(safe_from=hours[0], safe_until=hours[1])

    reply(conversation, "5", now=NIGHT)
    services.deliver_next(now=NIGHT)

    assert went_back() == became


def test_an_answer_is_not_to_arrive_once_the_safe_hours_are_over(gateway: Memory) -> None:
    conversation = asked()
    ContactPlan.objects.update(safe_from=time(9), safe_until=time(22, 10))

    reply(conversation, "5", now=NIGHT)
    services.deliver_next(now=NIGHT)

    assert gateway.outbox[-1].valid_for == 600


@pytest.mark.parametrize("body", ["你们是谁", "律师没来", "我要投诉", "5"])
def test_the_telephone_of_who_has_died_gets_no_text_and_what_is_written_on_it_is_read(
    gateway: Memory, body: str
) -> None:
    conversation = asked()
    Conversation.objects.update(channel=Channel.TELEPHONE)
    conversation.refresh_from_db()
    caller = factories.user(Role.FOLLOW_UP, at=conversation.case.centre)
    services.record_call(user=caller, conversation=conversation, outcome=PhoneOutcome.DECEASED, now=NOW)
    sent = len(gateway.outbox)

    reply(conversation, body)
    services.deliver_next(now=NOW)

    assert (went_back(), len(gateway.outbox) - sent) == (NOT_ALLOWED, 0)
    assert Alert.objects.filter(kind__in=[AlertKind.WROTE, AlertKind.COMPLAINT]).count() == 1
