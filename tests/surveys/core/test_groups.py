"""Several texts claimed, handed over and sent at once: what a group does that one text alone does not."""

import threading
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections

from surveys import services, tasks
from surveys.models import Message, OptOut
from surveys.services.delivering.outcomes import record_all_taken
from surveys.services.outgoing.claims import claim, hand_over
from surveys.sms.base import Receipt, SmsError, Verdict
from surveys.sms.memory import Memory
from tests import factories
from tests.factories import NOW
from tests.fakes.scripted import Scripted
from tests.fakes.twilio import Fake, problem
from tests.surveys.factories import case_to_ask, invited, questionnaires

LATER = NOW + timedelta(minutes=11)


def abroad(count: int) -> None:
    """So many invitations to telephones abroad, in the outbox."""
    questionnaires()
    at = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    for number in range(count):
        case_to_ask(at=at, client=factories.client(at, phone=f"+8525123{number:04d}"))
    services.invite_due(now=NOW)


def states() -> list[str]:
    return sorted(Message.objects.values_list("state", flat=True))


@pytest.mark.django_db
def test_a_group_is_sent_whole_and_each_text_knows_its_own_number(provider: Fake) -> None:
    abroad(20)

    services.deliver(most=20, now=NOW)

    known = set(Message.objects.values_list("phone_index", "sid"))
    assert {sid for _index, sid in known} == {kept.sid for kept in provider.messages}
    for message in Message.objects.all():
        assert next(kept for kept in provider.messages if kept.sid == message.sid).to == message.phone


@pytest.mark.django_db
def test_one_text_of_a_group_that_fails_holds_up_no_other(provider: Fake) -> None:
    abroad(6)
    provider.next_creates = [
        Scripted(status=400, body=problem(400, 21614)), Scripted(status=429, body=problem(429, 20429)),
        Scripted(status=500, body=problem(500, 20500), takes=True),
    ]  # fmt: skip

    services.deliver(most=6, now=NOW)

    assert states() == ["accepted", "accepted", "accepted", "failed", "queued", "unknown"]


@pytest.mark.django_db
def test_when_the_provider_refuses_us_the_rest_of_the_group_is_not_even_tried(gateway: Memory) -> None:
    for _ in range(6):
        invited()
    gateway.faults = [None, SmsError(Verdict.HALT, "20003")]

    services.deliver(most=6, now=NOW)

    assert (states(), len(gateway.outbox)) == (["accepted", *["queued"] * 5], 1)
    tried = sorted(Message.objects.values_list("tries", "error_code"))
    assert tried == [*[(0, "")] * 4, (1, ""), (1, "20003")]


@pytest.mark.django_db
def test_a_whole_group_is_looked_at_in_as_many_statements_as_a_pair(
    gateway: Memory, django_assert_max_num_queries: Any
) -> None:
    for _ in range(13):
        invited()

    services.deliver(most=1, now=NOW)  # makes the sender's row
    with django_assert_max_num_queries(30) as of_two:
        services.deliver(most=2, now=NOW)
    with django_assert_max_num_queries(30) as of_ten:
        services.deliver(most=10, now=NOW)

    assert (len(gateway.outbox), len(of_ten)) == (13, len(of_two))


@pytest.mark.django_db
def test_of_a_group_only_those_are_sent_whose_claim_is_still_ours(gateway: Memory) -> None:
    for _ in range(3):
        invited()
    mine = claim(gateway="memory", most=3, now=NOW).messages
    Message.objects.filter(pk=mine[1].pk).update(attempts=2)

    assert hand_over(mine, now=NOW) == {mine[0].pk, mine[2].pk}


@pytest.mark.django_db
def test_a_number_that_the_provider_gives_twice_costs_one_text_its_receipt_and_no_other(gateway: Memory) -> None:
    for _ in range(3):
        invited()
    mine = claim(gateway="memory", most=3, now=NOW).messages
    hand_over(mine, now=NOW)

    record_all_taken(
        [(message, Receipt(sid="same" if place else "other")) for place, message in enumerate(mine)], now=NOW
    )

    assert states() == ["accepted", "accepted", "sending"]


@pytest.mark.django_db
def test_a_stop_before_the_group_leaves_keeps_its_own_text_back(gateway: Memory) -> None:
    conversations = [invited() for _ in range(3)]
    OptOut.objects.create(phone_index=conversations[1].phone_index, source="staff", at=NOW)

    services.deliver(most=3, now=NOW)

    assert states() == ["accepted", "accepted", "suppressed"]


@pytest.mark.django_db
def test_a_worker_that_died_between_claim_and_hand_over_delays_its_group_and_doubles_nothing(gateway: Memory) -> None:
    for _ in range(8):
        invited()
    dying = claim(gateway="memory", most=8, now=NOW).messages
    hand_over(dying[:3], now=NOW)

    services.deliver(most=8, now=NOW)
    reconciled = services.reconcile_unknown(now=LATER)
    for _ in range(8):
        services.deliver(most=8, now=LATER)

    assert (reconciled.overdue, reconciled.unsent, len(gateway.outbox)) == (3, 5, 5)
    assert states() == [*["accepted"] * 5, *["unknown"] * 3]


@pytest.mark.django_db
def test_the_sweep_sends_all_that_waits(gateway: Memory) -> None:
    for _ in range(20):
        invited()
    Message.objects.update(not_before=NOW - timedelta(days=1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("surveys.tasks.timezone.now", lambda: NOW)
        tasks.deliver()

    assert len(gateway.outbox) == 20


# --- while the provider takes its time --------------------------------------------------------------------------------


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_while_the_provider_takes_its_time_no_connection_to_the_database_is_held(provider: Fake, settings: Any) -> None:
    settings.SMS_TIMEOUT_SECONDS = 5
    abroad(4)
    provider.next_creates = [Scripted(status=201, takes=True, waits=2.0)] * 4
    worker = threading.Thread(target=delivered_elsewhere)
    before = connections_open()

    worker.start()
    while provider.asked_to_create < 4:
        time.sleep(0.01)
    time.sleep(0.2)  # a connection that is closed is gone a moment later
    seen = []
    for _look in range(10):
        seen.append(connections_open())
        time.sleep(0.1)
    worker.join()

    assert seen == [before] * 10
    assert states() == ["unknown"] * 4


def delivered_elsewhere() -> None:
    services.deliver(most=4, now=NOW)
    connections.close_all()


def connections_open() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_each_text_once_and_no_faster_than_the_rate(provider: Fake, settings: Any) -> None:
    """The clock stands still, so that only what the bucket holds may leave, however many ask."""
    settings.SMS_SEGMENTS_PER_SECOND, settings.SMS_SEGMENT_BURST = Decimal(1), 12
    abroad(30)
    Message.objects.update(segments=1)

    workers = [threading.Thread(target=swept_elsewhere) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (len(provider.messages), set(provider.creates().values())) == (12, {1})


def swept_elsewhere() -> None:
    while services.deliver(most=3, now=NOW).deliveries:
        pass
    connections.close_all()
