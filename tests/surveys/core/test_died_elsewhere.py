"""Whoever has died, is in danger or is not to be called is left alone by every centre, none of which learns why."""

from datetime import timedelta
from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.plans import NEEDS_PRIVACY
from surveys import services
from surveys.enums import Channel, ConversationState, MessageState, PhoneOutcome, StaffReason
from surveys.models import Conversation, Message
from surveys.services.contact.calling import NotNow
from surveys.services.inviting.foresight import ways_to_ask
from tests import factories
from tests.factories import NOW
from tests.surveys.faces.rows import asked
from tests.surveys.factories import case_to_ask, invited, questionnaires

pytestmark = pytest.mark.django_db
SAME: dict[str, Any] = {"name": "赵金凤", "phone": "+8613800000001"}


def known_elsewhere(**person: str) -> Client:
    """A client of another centre."""
    return factories.client(factories.centre(), **(SAME | person))


def entered_as_deceased(client: Client) -> None:
    """By the staff of that centre, who were told so by the family."""
    row = asked(
        factories.case(client.centre, client=client), channel=Channel.TELEPHONE, invited_at=NOW - timedelta(days=40)
    )[0]
    caller = factories.user(Role.FOLLOW_UP, at=client.centre)
    services.record_call(user=caller, conversation=row, outcome=PhoneOutcome.DECEASED, now=NOW)


def closed_there(client: Client, **fields: Any) -> None:
    ContactPlan.objects.filter(client=client).update(sms_allowed=False, **fields)


def waiting_text(**fields: Any) -> Conversation:
    """The same person here, with a text that is about to leave."""
    centre = factories.centre(settings={"sms_enabled": True, "first_contact_delay_days": 0})
    return invited(at=centre, client=factories.client(centre, **SAME), **fields)


def kept_here(row: Conversation) -> Any:
    """All that is written of the person at this centre."""
    plans = list(ContactPlan.objects.filter(client=row.recipient).values())
    return plans, Entry.objects.filter(subject_type=Client._meta.label, subject_id=str(row.recipient_id)).count()


def test_a_text_that_waits_at_another_centre_does_not_leave_and_nothing_is_written_there_of_why() -> None:
    here = waiting_text()
    before = kept_here(here)

    entered_as_deceased(known_elsewhere())
    services.deliver_next(now=NOW)

    here.refresh_from_db()
    assert Message.objects.get(conversation=here).state == MessageState.SUPPRESSED
    assert (here.channel, here.state, here.staff_reason) == (
        Channel.NONE, ConversationState.UNREACHABLE, StaffReason.NO_TEXT_ALLOWED,
    )  # fmt: skip
    assert kept_here(here) == before


@pytest.mark.parametrize("reason", [ContactReason.DECEASED, *sorted(NEEDS_PRIVACY)])
def test_whose_turn_comes_later_is_asked_in_no_way(reason: ContactReason) -> None:
    questionnaires()
    closed_there(known_elsewhere(), reason=reason)

    here = waiting_text()

    assert (here.channel, Message.objects.filter(conversation=here).exists()) == (Channel.NONE, False)


def test_who_is_not_to_be_called_is_called_by_no_other_centre_and_its_staff_learn_no_more_than_that() -> None:
    there, here = known_elsewhere(), waiting_text()
    caller = factories.user(Role.FOLLOW_UP, at=here.case.centre)
    Conversation.objects.update(channel=Channel.TELEPHONE)
    held = services.begin_interview(user=caller, conversation=here, now=NOW)
    before = kept_here(here)

    closed_there(there, phone_allowed=False, reason=ContactReason.NOT_CONSENTED)

    with pytest.raises(NotNow) as refused:
        services.reveal_for_call(user=caller, conversation=held, now=NOW)
    own = factories.client(here.case.centre, plan={"phone_allowed": False})
    barred = asked(factories.case(own.centre, client=own), channel=Channel.TELEPHONE)[0]
    assert str(refused.value.message) == services.call_barrier(barred, now=NOW)
    assert kept_here(here) == before
    # They turned to this centre themselves.
    assert services.call_barrier(held, danger=True, now=NOW) == ""
    services.release_interview(user=caller, conversation=held, now=NOW)
    assert services.begin_interview(user=caller, conversation=held, now=NOW).channel == Channel.VISIT


@pytest.mark.parametrize("other", [{"name": "钱大江"}, {"phone": "+8613800000002"}])
def test_whoever_shares_the_telephone_or_the_name_alone_is_somebody_else(other: dict[str, str]) -> None:
    here = waiting_text()

    entered_as_deceased(known_elsewhere(**other))
    services.deliver_next(now=NOW)

    assert Message.objects.get(conversation=here).state == MessageState.ACCEPTED


def test_an_entry_that_was_put_right_holds_no_text() -> None:
    there = known_elsewhere()
    entered_as_deceased(there)
    ContactPlan.objects.filter(client=there).update(reason=ContactReason.NOT_CONSENTED)

    here = waiting_text()
    services.deliver_next(now=NOW)

    assert Message.objects.get(conversation=here).state == MessageState.ACCEPTED


def test_the_way_that_is_foreseen_is_the_one_that_will_be_taken() -> None:
    entered_as_deceased(known_elsewhere())
    centre = factories.centre(settings={"sms_enabled": True})
    case = case_to_ask(at=centre, client=factories.client(centre, **SAME))

    assert ways_to_ask([case], now=NOW)[case.pk].channel == Channel.NONE
