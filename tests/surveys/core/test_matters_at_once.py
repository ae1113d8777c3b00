"""Two of the staff who act on one unhappy client's matter at the same moment."""

from collections.abc import Iterator

import pytest
import time_machine

from surveys import services
from surveys.enums import AlertState, ConsentWay, Ground, RecoveryAct, RecoveryState
from surveys.models import Alert, Complaint, Recovery
from tests.at_once import meanwhile, one_while_the_other_is_at_it
from tests.factories import NOW
from tests.surveys.recovering import Office, office, step, unhappy, until

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
