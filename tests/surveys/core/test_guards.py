"""Guards that stand behind one another, each tried where the other cannot help."""

from datetime import timedelta

import pytest

from qa_service.audit.models import Entry
from surveys import services
from surveys.enums import Channel, Direction, MessageKind, MessageState, OptOutSource
from surveys.models import Answer, Conversation, Message, OptOut
from surveys.services.delivering.outcomes import record_failure
from surveys.sms.base import SmsError, Verdict
from tests.factories import NOW
from tests.surveys.factories import asked, case_to_ask, claimed, handed_over, invited, reply

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=11)


def the_message() -> Message:
    return Message.objects.get(direction=Direction.OUT)


def test_a_stop_that_came_while_a_text_was_claimed_is_seen_at_the_instant_of_sending(gateway):
    """A claimed text is not held back by the stop; given up and queued again, only the last look keeps it."""
    conversation = invited()
    waiting = handed_over()
    services.opt_out(phone_index=conversation.phone_index, source=OptOutSource.STAFF, stop_conversations=False, now=NOW)
    record_failure(message=waiting, failure=SmsError(Verdict.OK_TO_RETRY, "slept"), now=NOW)
    assert the_message().state == MessageState.QUEUED

    services.deliver_next(now=LATER)

    assert (the_message().state, the_message().error_code) == (MessageState.SUPPRESSED, "opted_out")
    assert gateway.outbox == []


def test_a_text_that_waited_when_the_stop_came_never_goes_though_the_stop_is_lifted(gateway):
    """After START the last look lets texts pass; what was held back by the stop stays so."""
    conversation = invited()
    services.opt_out(phone_index=conversation.phone_index, source=OptOutSource.WORD, stop_conversations=False, now=NOW)

    services.opt_in(phone_index=conversation.phone_index, now=NOW)

    assert services.deliver_next(now=LATER) is None
    assert (the_message().state, gateway.outbox) == (MessageState.SUPPRESSED, [])


def test_the_text_of_another_invitation_is_not_taken_for_the_lost_one(gateway):
    """Same number, same words, no reference in the list: it is another row's already."""
    first = asked()
    second_case = case_to_ask(at=first.case.centre, client=first.recipient)
    later = NOW + timedelta(days=31)
    services.invite_due(now=later)
    second = Message.objects.get(conversation__case=second_case)
    assert second.body == Message.objects.get(conversation=first).body
    gateway.faults = [SmsError(Verdict.UNKNOWN)]
    services.deliver_next(now=later)

    reconciled = services.reconcile_unknown(now=later + timedelta(minutes=11))

    second.refresh_from_db()
    assert (reconciled.adopted, second.state, second.sid) == (0, MessageState.UNKNOWN, None)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_failure_of_an_older_attempt_says_nothing_of_the_one_under_way(verdict):
    invited()
    first = handed_over()
    Message.objects.update(state=MessageState.QUEUED)
    claimed()

    record_failure(message=first, failure=SmsError(verdict, "old"), now=NOW)

    message, conversation = the_message(), Conversation.objects.get()
    assert (message.state, message.attempts, message.error_code) == (MessageState.SENDING, 2, "")
    assert (conversation.channel, conversation.is_open) == (Channel.SMS_TWO_WAY, True)


def test_an_answer_that_was_held_back_for_an_hour_goes_no_more(gateway):
    """Taken out and put back again and again it is never long due, but it answers what was said an hour ago."""
    reply(asked(), "5")
    for minutes in range(0, 75, 15):
        gateway.faults = [SmsError(Verdict.OK_TO_RETRY, "busy", retry_after=900)]
        services.deliver_next(now=NOW + timedelta(minutes=minutes))

    gateway.faults = []
    services.deliver_next(now=NOW + timedelta(minutes=75))

    thanks = Message.objects.get(in_reply_to__isnull=False)
    assert (thanks.state, thanks.error_code) == (MessageState.SUPPRESSED, "stale")
    assert len(gateway.outbox) == 1


def test_an_answer_that_was_claimed_when_the_stop_came_is_not_sent_and_the_stop_is_confirmed(gateway):
    conversation = asked()
    reply(conversation, "啥意思？")
    claimed()
    reply(conversation, "退订")
    services.reconcile_unknown(now=LATER)  # the worker died: its text waits again

    for _each in range(3):
        services.deliver_next(now=LATER)

    sent = dict(Message.objects.filter(in_reply_to__isnull=False).values_list("kind", "state"))
    assert sent == {
        MessageKind.CLARIFICATION: MessageState.SUPPRESSED,
        MessageKind.STOPPED: MessageState.ACCEPTED,
    }


@pytest.mark.parametrize("source", [OptOutSource.STAFF, OptOutSource.WEB])
def test_the_word_start_lifts_nothing_that_was_not_said_by_text(source):
    conversation = asked()
    services.opt_out(phone_index=conversation.phone_index, source=source, now=NOW)

    reply(conversation, "START", opt_out_type="START")

    assert OptOut.objects.get().lifted_at is None


def test_each_stop_stands_in_the_record_also_after_a_start():
    conversation = asked()

    for body, kind in (("退订", ""), ("START", "START"), ("退订", ""), ("退订", "")):
        reply(conversation, body, opt_out_type=kind)

    noted = Entry.objects.filter(action__in=("surveys.opted_out", "surveys.opted_in")).order_by("pk")
    assert list(noted.values_list("action", flat=True)) == [
        "surveys.opted_out", "surveys.opted_in", "surveys.opted_out",
    ]  # fmt: skip


def test_an_answer_is_late_to_the_last_moment_and_not_taken_after_it():
    first, second = asked(), asked()

    reply(first, "4", now=first.late_until - timedelta(seconds=1))
    reply(second, "4", now=second.late_until)

    assert list(Answer.objects.values_list("response__conversation", flat=True)) == [first.pk]
