"""What is under way holds back the data of the person whom it is about, and of nobody in their stead."""

from datetime import timedelta

import pytest

from qa_service.cases.models import Case, Client, CoClient
from qa_service.common.keeping import ERASED
from qa_service.organisations.enums import OrganisationKind
from qa_service.privacy.services import erase_person
from surveys.enums import AlertState, ConversationState, MessageState
from surveys.models import Alert, Complaint, Conversation, Message
from surveys.retention.holds import STILL_ASKED
from tests import factories
from tests.factories import NOW
from tests.qa_service.privacy.asking_person import TODAY
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db


def joined(case: Case) -> Client:
    """A further person whom the case helped."""
    person = factories.client(case.centre)
    CoClient.objects.create(case=case, client=person, added_at=NOW)
    return person


def over(conversation: Conversation) -> Conversation:
    """Nothing of the follow-up itself is under way any more."""
    Message.objects.update(state=MessageState.DELIVERED, lease_until=None)
    Conversation.objects.update(state=ConversationState.FINISHED)
    return Conversation.objects.select_related("recipient", "case__client").get(pk=conversation.pk)


def is_erased(client: Client | None, *, day=TODAY) -> bool:
    assert client is not None
    erase_person(client=client, day=day, now=NOW)
    return Client.objects.get(pk=client.pk).name == ERASED


def test_a_matter_holds_back_the_one_of_several_clients_who_raised_it():
    conversation = over(asking.asked())
    case, person = conversation.case, conversation.recipient
    # The export names another; whoever raised the matter was added by staff.
    main = factories.client(case.centre)
    Case.objects.filter(pk=case.pk).update(client=main)
    CoClient.objects.create(case=case, client=person, added_at=NOW)
    alert = Alert.objects.create(case=case, conversation=conversation, kind="danger", raised_at=NOW)

    assert is_erased(main)
    assert not is_erased(person)

    Alert.objects.filter(pk=alert.pk).update(state=AlertState.CLOSED, closed_at=NOW)
    assert is_erased(person)


def test_a_complaint_holds_back_whoever_complained_until_it_is_over():
    bureau = factories.organisation(OrganisationKind.BUREAU)
    case = factories.case(factories.centre(bureau))
    person = joined(case)
    complaint = Complaint.objects.create(
        bureau=bureau, centre=case.centre, case=case, client=person, year=2026, number=1, label="1",
        complainant_name=person.name, facts="等了半年", received_by="visit", ground="standard", respondent="lawyer",
        received_on=TODAY,
    )  # fmt: skip

    assert is_erased(case.client)
    assert not is_erased(person)

    Complaint.objects.filter(pk=complaint.pk).update(state="withdrawn")
    assert is_erased(person)


def test_a_text_of_unclear_outcome_holds_back_its_person_for_as_long_as_the_carrier_is_asked():
    conversation = over(asking.asked())
    Message.objects.update(state=MessageState.UNKNOWN, lease_until=None)

    assert not is_erased(conversation.recipient, day=TODAY + STILL_ASKED)
    assert is_erased(conversation.recipient, day=TODAY + STILL_ASKED + timedelta(days=1))


def test_a_case_under_way_holds_back_everybody_whom_it_helps():
    case = factories.open_case(factories.centre())
    person, gone = joined(case), joined(case)
    CoClient.objects.filter(client=gone).update(taken_off_at=NOW)

    assert (is_erased(case.client), is_erased(person), is_erased(gone)) == (False, False, True)
