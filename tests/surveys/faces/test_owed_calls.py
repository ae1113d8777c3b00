"""A client who waits for a person's call does not vanish from the list because days pass."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.common.errors import InvalidInput
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from surveys import services
from surveys.enums import Channel, ConversationState, PhoneOutcome, StaffReason
from surveys.models import Conversation
from surveys.services.answering.interviews import MOST_CALLS
from tests import factories
from tests.surveys.faces.rows import asked
from tests.surveys.factories import reply

pytestmark = pytest.mark.django_db

# The last day is 11 December, 19 January the last on which an answer is taken.
OVER = datetime(2026, 12, 13, 2, tzinfo=UTC)
TAKEN_NO_MORE = datetime(2027, 1, 25, 2, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(factories.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def caller() -> User:
    return factories.user(Role.FOLLOW_UP, at=factories.centre())


def waiting(caller: User, **fields: Any) -> Conversation:
    centre = Organisation.objects.get(kind=OrganisationKind.CENTRE)
    person = factories.client(centre, plan={"sms_allowed": False})
    defaults = {"channel": Channel.TELEPHONE, "staff_reason": StaffReason.SILENT}
    return asked(factories.case(centre, client=person), **(defaults | fields))[0]


def listed(caller: User) -> str:
    browser = Browser()
    browser.force_login(caller)
    return browser.get(reverse("surveys:telephone-list")).content.decode()


def call(caller: User, row: Conversation, outcome: PhoneOutcome, *, now: datetime, **given: Any) -> None:
    services.record_call(user=caller, conversation=row, outcome=outcome, now=now, **given)


def state_after_sweep(row: Conversation, *, now: datetime) -> str:
    services.expire(now=now)
    row.refresh_from_db()
    return row.state


OWED = [
    {"staff_reason": StaffReason.DANGER, "urgent": True},
    {"staff_reason": StaffReason.TALK, "urgent": True},
    {"staff_reason": StaffReason.DANGER_DENIED},
    {"staff_reason": StaffReason.UNCLEAR},
    {"call_back_at": factories.NOW + 3 * DAY},
]


@pytest.mark.parametrize("why", OWED)
def test_who_waits_for_a_person_stays_on_the_list_marked_late_until_the_outcome_is_recorded(
    caller: User, today: time_machine.Traveller, why: dict[str, Any]
) -> None:
    row = waiting(caller, **why)

    today.move_to(OVER)
    assert state_after_sweep(row, now=OVER) == ConversationState.AWAITING
    page = listed(caller)
    assert row.case.number in page
    assert page.count(">超期</span>") == 1

    call(caller, row, PhoneOutcome.NOT_VERIFIED, now=OVER)
    assert state_after_sweep(row, now=OVER) == ConversationState.EXPIRED


def test_who_was_only_silent_leaves_the_list_on_the_last_day(caller: User) -> None:
    assert state_after_sweep(waiting(caller), now=OVER) == ConversationState.EXPIRED


def test_a_call_that_nobody_answered_does_not_end_the_wait_of_who_spoke_of_danger(caller: User) -> None:
    row = waiting(caller, staff_reason=StaffReason.DANGER, urgent=True)

    call(caller, row, PhoneOutcome.NO_ANSWER, now=OVER)

    assert state_after_sweep(row, now=OVER) == ConversationState.AWAITING
    for hour in range(MOST_CALLS - 1):
        call(caller, row, PhoneOutcome.NO_ANSWER, now=OVER + timedelta(hours=hour))
    assert state_after_sweep(row, now=OVER + DAY) == ConversationState.AWAITING
    assert row.channel == Channel.VISIT  # called often enough: somebody goes there


def test_a_call_from_before_the_words_came_does_not_answer_them(caller: User) -> None:
    row = waiting(caller)
    call(caller, row, PhoneOutcome.NOT_VERIFIED, now=factories.NOW)

    reply(row, "他又打我了", now=factories.NOW + DAY)

    assert state_after_sweep(row, now=OVER) == ConversationState.AWAITING


def test_long_after_the_last_day_the_call_is_still_taken_and_recorded_though_no_answers_are(
    caller: User, today: time_machine.Traveller
) -> None:
    row = waiting(caller, staff_reason=StaffReason.TALK, urgent=True)
    services.expire(now=OVER)
    today.move_to(TAKEN_NO_MORE)
    browser = Browser()
    browser.force_login(caller)

    browser.post(reverse("surveys:interview-take", args=[row.public_id]))
    page = browser.get(reverse("surveys:interview", args=[row.public_id])).content.decode()
    done = browser.post(
        reverse("surveys:interview-record", args=[row.public_id]),
        {"outcome": "reached", "answerer": "client", "mode": "telephone", "identity": "birth_year", "value-q1": "5"},
    )

    assert 'name="outcome"' in page
    assert "value-q1" not in page
    assert "不能再约下次通话" in page
    assert 'value="call_back"' not in page
    assert done.status_code == 302
    assert row.contacts.get().outcome == PhoneOutcome.REACHED
    assert not hasattr(Conversation.objects.get(pk=row.pk), "response")
    assert state_after_sweep(row, now=TAKEN_NO_MORE) == ConversationState.EXPIRED


def test_while_answers_are_taken_whoever_was_reached_is_recorded_with_them(caller: User) -> None:
    row = waiting(caller, staff_reason=StaffReason.TALK, urgent=True)

    with pytest.raises(InvalidInput):
        call(caller, row, PhoneOutcome.REACHED, now=OVER)


def test_past_the_last_day_no_call_is_promised_anew(caller: User) -> None:
    row = waiting(caller, staff_reason=StaffReason.TALK, urgent=True)

    with pytest.raises(InvalidInput) as refused:
        call(caller, row, PhoneOutcome.CALL_BACK, call_back_at=TAKEN_NO_MORE + DAY, now=TAKEN_NO_MORE)

    assert "最后一天已过" in str(refused.value.message)
