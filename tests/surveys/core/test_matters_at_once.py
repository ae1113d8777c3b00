"""Two of the staff who act on one unhappy client's matter at the same moment."""

from collections.abc import Iterator

import pytest
import time_machine

from surveys import services
from surveys.enums import AlertKind, AlertState, ConsentWay, Ground, PhoneOutcome, RecoveryAct, RecoveryState
from surveys.models import Alert, Complaint, Conversation, Recovery
from surveys.services.inviting.refusals import AlreadyAnswered
from surveys.services.matters.alerts import move_alert
from surveys.services.matters.passing_on import pass_to_bureau
from tests import factories
from tests.at_once import meanwhile, one_while_the_other_is_at_it
from tests.factories import NOW
from tests.surveys.faces.test_left_to_bureau import accuse, wants_to_talk
from tests.surveys.recovering import Office, answered, office, step, unhappy, until

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place() -> Iterator[Office]:
    with time_machine.travel(NOW, tick=False):
        yield office()


def test_a_step_taken_while_somebody_takes_the_matter_on_leaves_it_taken_on(place: Office) -> None:
    alert = unhappy(place)

    raised = one_while_the_other_is_at_it(
        lambda: step(place.staff, alert, RecoveryAct.TAKE), lambda: step(place.manager, alert, RecoveryAct.REACH)
    )

    alert.refresh_from_db()
    assert (raised, Recovery.objects.get().state) == ([], RecoveryState.CONTACTED)
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, place.staff)


def test_a_complaint_entered_while_somebody_takes_a_step_waits_for_it(place: Office) -> None:
    alert = unhappy(place)
    until(place.staff, alert, RecoveryAct.REACH)
    consent = services.Consent(on=NOW.date(), by=ConsentWay.TELEPHONE, ground=Ground.NOT_TOLD, facts="一直没有消息。")

    def becomes_a_complaint() -> None:
        services.convert_to_complaint(user=place.staff, alert=alert, consent=consent, now=NOW)

    with meanwhile(becomes_a_complaint, before='UPDATE "surveys_alert"', waits=True):
        step(place.manager, alert, RecoveryAct.VERIFY)

    assert Recovery.objects.get().state == RecoveryState.CLOSED
    assert (Alert.objects.get().state, Complaint.objects.get().source) == (AlertState.CLOSED, alert)


def test_a_matter_closed_while_another_of_the_client_goes_above_goes_along_and_stays_closed(place: Office) -> None:
    conversation = answered(factories.case(place.centre), money="yes")
    money, unhappy_one = (Alert.objects.get(kind=kind) for kind in (AlertKind.MONEY, AlertKind.RECOVERY))
    move_alert(user=place.manager, alert=money, to=AlertState.ACKNOWLEDGED, now=NOW)

    raised = one_while_the_other_is_at_it(
        lambda: move_alert(user=place.manager, alert=money, to=AlertState.CLOSED, now=NOW),
        lambda: pass_to_bureau(user=place.manager, alert=unhappy_one, now=NOW),
    )

    rows = Alert.objects.filter(conversation=conversation).order_by("pk")
    assert raised == []
    assert {row.kind: (row.for_bureau, row.state == AlertState.CLOSED) for row in rows} == {
        AlertKind.MONEY: (True, True),
        AlertKind.RECOVERY: (True, False),
    }


def test_a_call_noted_while_the_client_accuses_the_centre_finds_that_they_have_answered(place: Office) -> None:
    conversation = wants_to_talk(place)

    raised = one_while_the_other_is_at_it(
        lambda: accuse(Conversation.objects.select_for_update(of=("self",)).get(pk=conversation.pk)),
        lambda: services.record_call(
            user=place.staff,
            conversation=Conversation.objects.get(pk=conversation.pk),
            outcome=PhoneOutcome.NO_ANSWER,
            now=NOW,
        ),
    )

    assert [type(error) for error in raised] == [AlreadyAnswered]
