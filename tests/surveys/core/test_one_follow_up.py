"""One follow-up a person in 30 days, however many cases, centres and sweeps."""

from datetime import timedelta

import pytest

from qa_service.organisations.queries import calendar
from surveys import services
from surveys.models import Conversation
from surveys.queries import due_invitations
from surveys.services.gateways import gateway_in_use
from surveys.services.invitations import AskedLately, Frame, invite
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import case_to_ask, questionnaires

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

    invite(case=one, frame=frame)
    with pytest.raises(AskedLately):
        invite(case=other, frame=frame)

    assert Conversation.objects.count() == 1
