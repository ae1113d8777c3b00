"""One follow-up a person in 30 days, however many cases, centres and sweeps."""

from datetime import timedelta

import pytest

from qa_service.organisations.queries import calendar
from surveys import recovery, services
from surveys.enums import MessageState
from surveys.models import Conversation
from surveys.queries import due_invitations
from surveys.queries.due import APART
from surveys.services.gateways import gateway_in_use
from surveys.services.invitations import AskedLately, Frame, invite
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, case_to_ask, invited, questionnaires

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _published():
    questionnaires()


def test_a_person_with_three_cases_is_asked_about_one():
    first = case_to_ask()
    for _number in range(2):
        factories.case(first.centre, client=first.client)

    services.invite_due(now=NOW)
    services.invite_due(now=NOW)

    assert Conversation.objects.count() == 1


def test_after_thirty_days_the_person_is_asked_about_the_next():
    first = case_to_ask()
    factories.case(first.centre, client=first.client)
    services.invite_due(now=NOW)

    asked = []
    for days in (29, 30):
        services.invite_due(now=NOW + timedelta(days=days))
        asked.append(Conversation.objects.count())

    assert asked == [1, 2]


def test_the_same_number_at_another_centre_is_the_same_person():
    first = case_to_ask()
    second = case_to_ask()
    second.client.phone, second.client.phone_index = first.client.phone, first.client.phone_index
    second.client.save()

    services.invite_due(now=NOW)

    assert Conversation.objects.count() == 1


def test_two_sweeps_that_each_found_another_case_ask_once():
    """Both had read the list of those due before either had begun."""
    first = case_to_ask()
    factories.case(first.centre, client=first.client)
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=NOW)
    one, other = list(due_invitations(now=NOW))

    invite(case=one, client=one.client, frame=frame)
    with pytest.raises(AskedLately):
        invite(case=other, client=other.client, frame=frame)

    assert Conversation.objects.count() == 1


def test_two_people_who_turn_out_to_share_a_telephone_are_not_both_texted_within_thirty_days():
    """Planned on two numbers; one was corrected to the other before its text left, in another centre."""
    morning, noon = NOW, NOW + timedelta(hours=2)
    early = invited(morning)
    late = case_to_ask()
    services.invite_due(now=noon)
    waiting = Conversation.objects.get(case=late)
    early.recipient.phone, early.recipient.phone_index = late.client.phone, late.client.phone_index
    early.recipient.save()
    Conversation.objects.filter(pk=early.pk).update(phone_index=late.client.phone_index)

    while services.deliver_next(now=noon):
        pass

    waiting.refresh_from_db()
    text = waiting.messages.get()
    assert (text.state, text.not_before) == (MessageState.QUEUED, morning + APART)
    assert waiting.invited_at == morning + APART
    assert (waiting.closes_at - waiting.invited_at).days == 21
    # It goes when its day has come, and is reminded of from then on.
    services.deliver_next(now=morning + APART + timedelta(hours=1))
    waiting.refresh_from_db()
    assert waiting.messages.get().state == MessageState.ACCEPTED
    assert waiting.remind_at.date() == (morning + APART + timedelta(days=2)).date()


def test_asking_again_about_a_matter_does_not_wait_for_the_follow_up_that_raised_it():
    first = asked(NOW)
    case = first.case
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=NOW + timedelta(days=5))

    again = invite(case=case, client=case.client, frame=frame, wave=recovery.wave(matter=1, turn=1))
    while services.deliver_next(now=NOW + timedelta(days=5)):
        pass

    assert again.messages.get().state == MessageState.ACCEPTED
