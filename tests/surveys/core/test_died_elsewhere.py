"""Whoever has died is texted by no centre, and no centre learns by it that another knew them."""

from datetime import timedelta
from typing import Any

import pytest

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.cases.enums import ContactReason
from qa_service.cases.models import Client, ContactPlan
from surveys import services
from surveys.enums import Channel, MessageState, PhoneOutcome, StaffReason
from surveys.models import Conversation, Message
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
    assert (here.channel, here.staff_reason) == (Channel.TELEPHONE, StaffReason.NO_TEXT_ALLOWED)
    assert kept_here(here) == before


def test_whose_turn_comes_later_is_put_on_the_telephone_list() -> None:
    questionnaires()
    entered_as_deceased(known_elsewhere())

    here = waiting_text()

    assert (here.channel, Message.objects.filter(conversation=here).exists()) == (Channel.TELEPHONE, False)


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

    assert ways_to_ask([case], now=NOW)[case.pk].channel == Channel.TELEPHONE
