"""One follow-up a person in 30 days, however many cases, centres and sweeps."""

from datetime import timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.cases.models import Case, ContactPlan
from qa_service.common.encryption import blind_index
from qa_service.organisations.queries import calendar
from surveys import recovery, services
from surveys.enums import MessageState, Standing
from surveys.models import Conversation
from surveys.queries.due import APART, come_by, due_invitations
from surveys.queries.turns import turns_of_case, waiting_for_turn
from surveys.services.inviting.invitations import AskedLately, Frame, invite
from surveys.services.outgoing.gateways import gateway_in_use
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, case_to_ask, invited, questionnaires, through_guardian

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
    one, other = list(due_invitations(come=come_by(NOW)))

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


def test_people_without_a_telephone_are_not_one_person():
    plan = {"sms_allowed": False, "reason": "number_invalid"}
    for _each in range(2):
        centre = case_to_ask().centre
        factories.case(centre, client=factories.client(centre, plan=plan, phone=""))
        services.invite_due(now=NOW)

    assert Conversation.objects.filter(phone_index="").count() == 2


GUARDIAN = "+8613900000001"


def people_of_one_guardian(which: str) -> tuple[Case, Case]:
    """Two who are reached on one telephone: wards of one guardian, or a ward and the guardian as a client."""
    first, second = case_to_ask(), case_to_ask()
    through_guardian(first.client, GUARDIAN)
    if which == "two wards":
        through_guardian(second.client, GUARDIAN)
    else:
        second.client.phone, second.client.phone_index = GUARDIAN, blind_index(GUARDIAN)
        second.client.save()
    return (second, first) if which == "the guardian first" else (first, second)


@pytest.mark.parametrize("which", ["two wards", "the guardian first", "the guardian second"])
def test_whoever_answers_for_somebody_else_is_one_person_to_ask_at_every_look(which):
    first, second = people_of_one_guardian(which)
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=NOW)

    one = invite(case=first, client=first.client, frame=frame)
    with pytest.raises(AskedLately):
        invite(case=second, client=second.client, frame=frame)

    manager = factories.user(Role.MANAGER, at=second.centre)
    (waits,) = waiting_for_turn(user=manager, now=NOW)
    (turn,) = turns_of_case(second, now=NOW)
    assert (list(due_invitations(come=come_by(NOW))), waits.asked_at) == ([], one.invited_at)
    assert (turn.standing, turn.on) == (Standing.ANOTHER_MATTER, (NOW + APART).date())
    assert [case.pk for case in due_invitations(come=come_by(NOW + APART))] == [second.pk]


def test_of_two_wards_of_one_guardian_a_sweep_takes_one_and_runs_into_no_refusal():
    people_of_one_guardian("two wards")

    swept = services.invite_due(now=NOW)

    assert (swept.already, Conversation.objects.count()) == (0, 1)


def test_a_guardian_who_is_not_spoken_with_alone_is_nobody_s_other_matter():
    """A young person with a telephone of their own, and the parent: two to ask."""
    first, second = people_of_one_guardian("the guardian first")
    ContactPlan.objects.update(guardian_only=False)

    services.invite_due(now=NOW)

    assert {row.case_id for row in Conversation.objects.all()} == {first.pk, second.pk}


@pytest.mark.parametrize("ward", ["asked", "waits"])
def test_a_guardian_named_after_the_text_was_planned_holds_it_back(ward):
    early, late = asked(NOW), case_to_ask()
    services.invite_due(now=NOW + timedelta(hours=2))
    if ward == "asked":
        through_guardian(early.recipient, late.client.phone)
    else:
        through_guardian(late.client, early.recipient.phone)

    while services.deliver_next(now=NOW + timedelta(hours=2)):
        pass

    text = Conversation.objects.get(case=late).messages.get()
    assert (text.state, text.not_before) == (MessageState.QUEUED, early.invited_at + APART)


def test_asking_again_about_a_matter_does_not_wait_for_the_follow_up_that_raised_it():
    first = asked(NOW)
    case = first.case
    frame = Frame(gateway=gateway_in_use(), calendar=calendar(), now=NOW + timedelta(days=5))

    again = invite(case=case, client=case.client, frame=frame, wave=recovery.wave(matter=1, turn=1))
    while services.deliver_next(now=NOW + timedelta(days=5)):
        pass

    assert again.messages.get().state == MessageState.ACCEPTED
