"""Claim, commit, send, record; and what becomes of an unclear outcome."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from itertools import chain, repeat
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from qa_service.audit.actors import Actor
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import ContactPlan
from qa_service.cases.services import correct_phone
from qa_service.common.tokens import digest
from qa_service.organisations.models import CalendarYear
from surveys import services
from surveys.enums import (
    AlertKind,
    Channel,
    ConversationState,
    Direction,
    MessageKind,
    MessageState,
    OptOutSource,
    StaffReason,
)
from surveys.models import Alert, Answer, Conversation, Message, MessageEvent, OptOut
from surveys.services.delivering.outcomes import record_taken
from surveys.services.outgoing.claims import claim, hand_over
from surveys.sms.base import Capabilities, Receipt, SmsError, Verdict
from surveys.sms.memory import Memory
from tests.at_once import just_before
from tests.factories import NOW
from tests.surveys.faces import rows
from tests.surveys.factories import asked, case_to_ask, claimed, handed_over, invited, questionnaires, reply

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=11)
MUCH_LATER = NOW + timedelta(minutes=22)


def the_message() -> Message:
    return Message.objects.get(direction=Direction.OUT)


def test_a_claimed_text_is_claimed_by_nobody_else() -> None:
    invited()

    first, second = claimed(), claimed()

    assert first is not None
    assert second is None
    assert (first.state, first.attempts) == (MessageState.SENDING, 1)


def test_a_claim_takes_one_text_of_many() -> None:
    for _ in range(5):
        invited()

    first = claimed()

    assert first is not None
    assert list(Message.objects.filter(state=MessageState.SENDING)) == [first]


def test_a_text_is_not_sent_before_its_time(gateway: Memory) -> None:
    night = NOW.replace(hour=14)  # 22:00 in Shanghai
    invited(night)

    assert services.deliver_next(now=night) is None
    assert services.deliver_next(now=night + timedelta(hours=11)) is not None
    assert len(gateway.outbox) == 1


def test_a_text_delayed_into_the_night_waits_for_the_morning(gateway: Memory) -> None:
    invited()

    held = services.deliver_next(now=NOW.replace(hour=14))

    assert held is not None
    assert held.state == MessageState.QUEUED
    assert the_message().not_before == NOW.replace(hour=1) + timedelta(days=1)
    assert gateway.outbox == []


def test_too_many_at_once_is_sent_again_later(gateway: Memory) -> None:
    invited()
    gateway.faults = [SmsError(Verdict.OK_TO_RETRY, "20429")]

    services.deliver_next(now=NOW)
    services.deliver_next(now=NOW + timedelta(minutes=5))

    assert (the_message().state, the_message().attempts, len(gateway.outbox)) == (MessageState.ACCEPTED, 2, 1)


def test_a_refused_number_goes_to_the_telephone_list(gateway: Memory) -> None:
    conversation = invited()
    gateway.faults = [SmsError(Verdict.PERMANENT, "21614")]

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert the_message().state == MessageState.FAILED
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.NUMBER_REFUSED)


def test_a_number_that_opted_out_at_the_provider_is_never_texted_again(gateway: Memory) -> None:
    conversation = invited()
    gateway.faults = [SmsError(Verdict.SUPPRESS, "21610")]

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (conversation.state, OptOut.objects.get().source) == (ConversationState.STOPPED, OptOutSource.PROVIDER)


def test_wrong_credentials_halt_the_sweep_and_lose_nothing(gateway: Memory) -> None:
    invited()
    gateway.faults = [SmsError(Verdict.HALT, "20003")]

    delivery = services.deliver_next(now=NOW)

    assert delivery is not None
    assert (delivery.halted, the_message().state) == (True, MessageState.QUEUED)


def test_a_lost_answer_is_never_sent_blindly_and_is_adopted_when_found(gateway: Memory) -> None:
    invited()
    gateway.faults, gateway.taken_in_spite = [SmsError(Verdict.UNKNOWN, "20500")], True

    services.deliver_next(now=NOW)
    assert services.deliver_next(now=LATER) is None
    reconciled = services.reconcile_unknown(now=LATER)

    assert reconciled.adopted == 1
    assert (the_message().state, len(gateway.outbox)) == (MessageState.SENT, 1)


def test_what_was_not_found_twice_is_sent_once_more_then_handed_to_a_person(gateway: Memory) -> None:
    invited()
    gateway.faults = [SmsError(Verdict.UNKNOWN), SmsError(Verdict.UNKNOWN)]
    moments = [NOW + timedelta(minutes=11 * step) for step in range(8)]

    states = []
    for moment in moments:
        services.deliver_next(now=moment)
        services.reconcile_unknown(now=moment)
        states.append(the_message().state)

    assert states == ["unknown", "queued", "unknown", "needs_human", *["needs_human"] * 4]
    assert Conversation.objects.get().channel == Channel.TELEPHONE


def test_a_restored_backup_sends_no_text_that_has_gone_out_since(gateway: Memory) -> None:
    invited()
    invited()
    sent_since, not_sent = Message.objects.order_by("pk")
    as_backed_up = Message.objects.filter(pk=sent_since.pk).values("state", "attempts", "sid", "lease_until").get()
    services.deliver_next(now=NOW)
    Message.objects.filter(pk=sent_since.pk).update(**as_backed_up, sent_at=None, rank=0, settled_at=None)

    call_command("after_restore", stdout=StringIO())
    for moment in (LATER, MUCH_LATER):
        services.reconcile_unknown(now=moment)
        while services.deliver_next(now=moment):
            pass

    assert [sms.reference for sms in gateway.outbox] == [sent_since.reference, not_sent.reference]


def test_a_careful_text_is_never_sent_again_by_itself(gateway: Memory) -> None:
    invited(plan={"needs_safety_check": True})
    gateway.faults = [SmsError(Verdict.UNKNOWN)]

    services.deliver_next(now=NOW)
    services.reconcile_unknown(now=LATER)
    services.reconcile_unknown(now=MUCH_LATER)

    assert the_message().state == MessageState.NEEDS_HUMAN


def test_a_claim_that_ran_out_is_unknown_not_queued() -> None:
    invited()
    handed_over()

    reconciled = services.reconcile_unknown(now=LATER)

    assert (reconciled.overdue, the_message().state) == (1, MessageState.UNKNOWN)


def test_a_claim_that_ran_out_before_the_provider_heard_of_it_goes_back(gateway: Memory) -> None:
    invited()
    claimed()

    reconciled = services.reconcile_unknown(now=LATER)
    services.deliver_next(now=LATER)

    assert (reconciled.unsent, reconciled.looked) == (1, 0)
    assert (the_message().state, len(gateway.outbox)) == (MessageState.ACCEPTED, 1)


def test_a_worker_that_wakes_after_its_claim_ran_out_may_send_nothing() -> None:
    invited()
    asleep = claimed()
    assert asleep is not None
    services.reconcile_unknown(now=LATER)
    before_another = hand_over([asleep], now=LATER)
    another = claimed(LATER)
    assert another is not None

    assert (before_another, hand_over([asleep], now=LATER)) == (frozenset(), frozenset())
    assert hand_over([another], now=LATER) == {another.pk}


def test_a_receipt_that_comes_after_all_is_believed_and_nothing_is_sent_again(gateway: Memory) -> None:
    """Two looks found nothing, so the text waits to be sent again; then the first worker wakes with its receipt."""
    invited()
    slow = handed_over()
    for moment in (LATER, MUCH_LATER):
        services.reconcile_unknown(now=moment)
    waiting = the_message().state

    record_taken(message=slow, receipt=Receipt(sid="SM1"), now=MUCH_LATER)

    assert (waiting, the_message().state, the_message().sid) == (MessageState.QUEUED, MessageState.ACCEPTED, "SM1")
    assert services.deliver_next(now=MUCH_LATER) is None


def test_a_text_that_breaks_its_worker_is_taken_alone_and_at_last_by_a_person(gateway: Memory) -> None:
    broken = invited()
    for _ in range(3):
        invited()
    dies_of_it = Message.objects.get(conversation=broken)

    for moment in (NOW + timedelta(minutes=11 * step) for step in range(8)):
        services.reconcile_unknown(now=moment)
        for _sweep in range(2):
            with transaction.atomic():
                if dies_of_it in claim(gateway=gateway.name, most=8, now=moment).messages:
                    continue
                transaction.set_rollback(True)
            services.deliver(most=8, now=moment)

    assert len(gateway.outbox) == 3
    stuck = Message.objects.filter(conversation=broken).values_list("state", "error_code").get()
    assert stuck == (MessageState.NEEDS_HUMAN, "stuck")
    broken.refresh_from_db()
    assert broken.channel == Channel.TELEPHONE


def test_a_worker_that_slept_gives_its_claim_up(gateway: Memory) -> None:
    invited()
    ticks = chain([0.0], repeat(1000.0))

    services.deliver_next(now=NOW, monotonic=lambda: next(ticks))

    assert (the_message().state, gateway.outbox) == (MessageState.QUEUED, [])


def test_a_late_record_of_an_earlier_claim_changes_nothing() -> None:
    invited()
    first = claimed()
    assert first is not None
    Message.objects.update(state=MessageState.QUEUED)
    claimed()

    record_taken(message=first, receipt=Receipt(sid="SM1"), now=NOW)

    assert (the_message().state, the_message().sid) == (MessageState.SENDING, None)


def test_a_plan_changed_after_planning_is_heeded_at_sending(gateway: Memory) -> None:
    conversation = invited()
    ContactPlan.objects.update(sms_allowed=False, reason="safety")

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (the_message().state, gateway.outbox) == (MessageState.SUPPRESSED, [])
    assert conversation.channel == Channel.TELEPHONE


def test_a_stop_for_one_centre_holds_back_the_texts_of_that_centre(gateway: Memory) -> None:
    conversation = invited()
    OptOut.objects.create(
        phone_index=conversation.phone_index, centre=conversation.case.centre, source=OptOutSource.STAFF, at=NOW
    )

    services.deliver_next(now=NOW)

    assert (the_message().state, the_message().error_code, gateway.outbox) == ("suppressed", "opted_out", [])


def test_a_confirmation_that_ran_out_after_planning_is_heeded_at_sending(gateway: Memory) -> None:
    conversation = invited()
    ContactPlan.objects.update(expires_on=NOW.date() - timedelta(days=1))

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (the_message().state, gateway.outbox) == (MessageState.SUPPRESSED, [])
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.PLAN_EXPIRED)


def test_a_text_that_waits_goes_to_no_number_that_was_corrected_since(gateway: Memory) -> None:
    conversation = invited()
    assert conversation.recipient is not None
    correct_phone(
        client=conversation.recipient, phone="13900002222", owner=NumberOwner.CLIENT, told_by_client=True,
        actor=Actor.system("test"), now=NOW,
    )  # fmt: skip

    services.deliver_next(now=NOW)

    conversation.refresh_from_db()
    assert (the_message().state, gateway.outbox) == (MessageState.SUPPRESSED, [])
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.NUMBER_CHANGED)


@pytest.mark.parametrize(("days", "channel"), [(0, Channel.SMS_TWO_WAY), (-1, Channel.TELEPHONE)])
def test_the_last_day_of_a_confirmation_counts_whole(days: int, channel: Channel) -> None:
    """At 23:30 in the centre's zone it is still that day, though the next has begun elsewhere."""
    late = NOW.replace(hour=15, minute=30)
    conversation = invited(late, plan={"expires_on": NOW.date() + timedelta(days=days)})

    assert conversation.channel == channel


def test_an_expired_confirmation_is_a_reason_on_the_telephone_list() -> None:
    conversation = invited(plan={"expires_on": NOW.date() - timedelta(days=1)})

    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.PLAN_EXPIRED)


def test_without_a_gateway_everybody_is_telephoned(settings) -> None:
    settings.SMS_GATEWAY = ""
    conversation = invited()

    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.NO_GATEWAY)
    assert services.deliver_next(now=NOW) is None


def test_a_centre_that_has_not_switched_texts_on_texts_nobody(gateway: Memory) -> None:
    assert invited(settings={"sms_enabled": False}).channel == Channel.TELEPHONE


def test_a_carrier_without_replies_gets_a_link_and_the_reminder_repeats_it(gateway: Memory) -> None:
    gateway.capabilities = Capabilities(
        two_way=False, links=True, free_text=True, templates=True, receipts=True, domestic=True
    )
    conversation = asked()

    services.remind(now=NOW + timedelta(days=3))
    services.deliver_next(now=NOW + timedelta(days=3))

    first, second = (sms.body.split("https://")[1].split(" ")[0] for sms in gateway.outbox)
    assert conversation.channel == Channel.SMS_LINK
    assert first == second
    assert first.startswith("qa.example.org/s/")


@pytest.mark.parametrize(
    ("validity", "at", "leaves"), [(False, time(18, 59), True), (False, time(19, 0), False), (True, time(19, 0), True)]
)
def test_what_cannot_be_given_a_last_hour_is_not_handed_over_in_the_last_one(
    gateway: Memory, validity: bool, at: time, leaves: bool
) -> None:
    gateway.capabilities = replace(gateway.capabilities, validity=validity)
    invited()
    evening = datetime.combine(NOW.date(), at, tzinfo=ZoneInfo("Asia/Shanghai"))

    services.deliver_next(now=evening)

    assert len(gateway.outbox) == leaves
    if not leaves:
        opening = datetime.combine(NOW.date() + timedelta(days=1), time(9), tzinfo=ZoneInfo("Asia/Shanghai"))
        assert Message.objects.get().not_before == opening


def test_one_person_with_two_cases_is_asked_once_in_thirty_days() -> None:
    questionnaires()
    first = case_to_ask()
    second = case_to_ask(at=first.centre, client=first.client)

    services.invite_due(now=NOW)
    services.invite_due(now=NOW + timedelta(days=29))
    before = Conversation.objects.count()
    services.invite_due(now=NOW + timedelta(days=31))

    assert (before, Conversation.objects.count()) == (1, 2)
    assert Conversation.objects.filter(case=second).exists()


def test_nobody_is_asked_before_the_delay_or_the_release() -> None:
    questionnaires()
    case_to_ask(closed_on=NOW.date(), settings={"first_contact_delay_days": 3})
    case_to_ask(survey_released_at=None)

    services.invite_due(now=NOW)

    assert Conversation.objects.count() == 0


def test_silence_is_reminded_twice_then_telephoned() -> None:
    conversation = asked()
    for day in (3, 8, 11):
        services.remind(now=NOW + timedelta(days=day))
        services.remind(now=NOW + timedelta(days=day))
        services.deliver_next(now=NOW + timedelta(days=day))

    conversation.refresh_from_db()
    kinds = list(Message.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == [MessageKind.INVITATION, MessageKind.REMINDER, MessageKind.REMINDER]
    assert (conversation.channel, conversation.staff_reason) == (Channel.TELEPHONE, StaffReason.SILENT)


def test_who_answers_while_the_sweep_is_on_its_way_to_them_is_not_reminded() -> None:
    conversation = asked()
    day = NOW + timedelta(days=3)

    with just_before('SELECT "surveys_conversation"."id", ', lambda: reply(conversation, "5", now=day)):
        reminded = services.remind(now=day)

    conversation.refresh_from_db()
    assert (reminded.by_text, conversation.reminders) == (0, 0)
    assert not Message.objects.filter(kind=MessageKind.REMINDER).exists()


def test_an_unanswered_survey_closes_on_day_21_and_takes_a_late_answer() -> None:
    conversation = asked()
    services.expire(now=NOW + timedelta(days=21))
    conversation.refresh_from_db()
    still_open = conversation.is_open

    services.expire(now=NOW + timedelta(days=22))
    reply(conversation, "4", now=NOW + timedelta(days=40))

    conversation.refresh_from_db()
    assert still_open
    assert (conversation.state, conversation.response.late) == (ConversationState.FINISHED, True)


def test_a_survey_closes_at_midnight_where_the_centre_is() -> None:
    """Ürümqi's midnight is two hours after that of the service's own zone."""
    conversation = asked(settings={"time_zone": "Asia/Urumqi"})
    midnight = datetime(2026, 12, 11, 18, tzinfo=UTC)

    early = services.expire(now=midnight - timedelta(seconds=1))

    assert (conversation.closes_at, early, services.expire(now=midnight)) == (midnight, 0, 1)


def test_danger_written_long_after_the_last_day_still_reaches_a_person() -> None:
    conversation = asked()
    services.expire(now=NOW + timedelta(days=22))
    reply(conversation, "5", now=NOW + timedelta(days=90))
    taken = Answer.objects.exists()
    reply(conversation, "他又打我了", now=NOW + timedelta(days=91))

    assert not taken
    assert Alert.objects.get().kind == AlertKind.DANGER


STATUSES = ["queued", "sent", "delivered"]


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0, 1, 2], [2, 2, 2], [0, 2]])
def test_reports_in_any_order_end_in_the_furthest_state(order: list[int]) -> None:
    asked()
    sid = the_message().sid or ""

    for position in order:
        services.record_status(gateway="memory", sid=sid, status=STATUSES[position], now=NOW)

    assert the_message().state == MessageState.DELIVERED
    assert MessageEvent.objects.count() == len(set(order))


def test_the_first_final_state_stands_and_the_other_is_kept() -> None:
    asked()
    sid = the_message().sid or ""

    services.record_status(gateway="memory", sid=sid, status="delivered", now=NOW)
    services.record_status(gateway="memory", sid=sid, status="failed", error_code="30008", now=NOW)

    assert the_message().state == MessageState.DELIVERED
    assert MessageEvent.objects.get(status="failed").contradicts


def test_a_report_with_our_reference_adopts_a_text_we_lost_sight_of() -> None:
    invited()
    claimed()
    reference = the_message().reference or ""

    services.record_status(gateway="memory", sid="SMx", status="sent", reference=reference, now=NOW)
    services.reconcile_unknown(now=LATER)

    assert (the_message().state, the_message().sid) == (MessageState.SENT, "SMx")


def test_a_text_that_did_not_arrive_is_asked_by_telephone() -> None:
    conversation = asked()

    services.record_status(gateway="memory", sid=the_message().sid or "", status="undelivered", now=NOW)

    conversation.refresh_from_db()
    assert conversation.channel == Channel.TELEPHONE


def test_an_unknown_word_of_the_provider_is_kept_and_changes_nothing() -> None:
    asked()

    services.record_status(gateway="memory", sid=the_message().sid or "", status="pondering", now=NOW)

    assert (the_message().state, MessageEvent.objects.count()) == (MessageState.ACCEPTED, 1)


def test_a_bad_rating_in_a_form_left_unfinished_is_followed_up_when_it_closes() -> None:
    conversation, key = rows.asked()
    with time_machine.travel(NOW):
        rows.go_through(rows.begin(key), key, [("q1", "1"), ("q2", "never")])

    services.expire(now=conversation.closes_at)

    conversation.refresh_from_db()
    assert conversation.state == ConversationState.FINISHED
    assert Alert.objects.get().kind == AlertKind.RECOVERY


def test_the_reminder_repeats_the_code_and_not_the_office_s_number(gateway: Memory) -> None:
    gateway.capabilities = Capabilities(
        two_way=False, links=False, free_text=False, templates=True, receipts=True, domestic=True
    )
    conversation = asked(settings={"office_phone": "021-68882345"})
    services.remind(now=NOW + timedelta(days=3))

    first, second = Message.objects.order_by("pk").values_list("body", flat=True)
    code = first.rsplit("报编号", 1)[1].rstrip("。")
    assert digest(code) == conversation.code_digest
    assert second.endswith(f"拨打021-68882345，报编号{code}。")


def test_without_the_year_s_calendar_a_text_waits_and_is_not_taken_for_sent(gateway: Memory) -> None:
    invited()
    CalendarYear.objects.all().delete()

    services.deliver_next(now=NOW)

    message = the_message()
    assert (message.state, len(gateway.outbox)) == (MessageState.QUEUED, 0)
    assert message.not_before > NOW


def test_who_was_asked_for_money_and_wants_no_call_is_not_called() -> None:
    conversation, key = rows.asked()
    answers = [*rows.SATISFIED[:5], ("q6", "yes"), ("q6who", "lawyer"), ("q7", "yes"), ("q10", "no"), ("q11", "")]
    with time_machine.travel(NOW):
        rows.go_through(rows.begin(key), key, answers)

    assert Alert.objects.get(conversation=conversation).may_call is False
