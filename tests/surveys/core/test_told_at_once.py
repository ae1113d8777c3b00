"""Danger and money wait for no missed day: whoever may see the matter hears of it at once, and nobody else."""

import pytest

from qa_service.accounts.enums import Role
from qa_service.notifications.models import Notification
from qa_service.organisations.enums import FirmKind
from surveys.enums import AlertKind, AlertState
from surveys.models import Alert
from surveys.services.matters.alerts import move_alert
from tests import factories
from tests.factories import NOW
from tests.surveys.factories import asked, reply
from tests.surveys.recovering import Office, office

pytestmark = pytest.mark.django_db
DANGER, MONEY = "他威胁我，不敢回家", "律师向我要钱了"


@pytest.fixture
def place() -> Office:
    return office()


def told() -> set[int]:
    return set(Notification.objects.values_list("user", flat=True))


def test_danger_is_told_at_once_to_everybody_who_may_see_it_and_once(place):
    conversation = asked(at=place.centre)
    factories.user(Role.MANAGER, at=factories.centre())
    # Whoever handled the case, whatever other hat they wear.
    factories.user(Role.LAWYER, Role.FOLLOW_UP, at=place.centre, of=conversation.case.lawyer)

    reply(conversation, DANGER)
    reply(conversation, DANGER)

    assert told() == {place.staff.pk, place.manager.pk, place.supervisor.pk}
    assert Notification.objects.count() == 3
    row = Notification.objects.get(user=place.staff)
    alert = Alert.objects.get(kind=AlertKind.DANGER)
    assert row.url == f"/surveys/alerts/{alert.public_id}/"
    assert row.text == "An urgent matter waits. Open it here to read what it is."


@pytest.mark.parametrize(
    ("kind", "who"),
    [(FirmKind.LAW_FIRM, ("manager", "supervisor")), (FirmKind.CENTRE_STAFF, ("supervisor",))],
)
def test_money_is_told_to_its_sealed_circle_alone(place, kind, who):
    firm = factories.firm(place.centre, kind=kind)
    conversation = asked(at=place.centre, firm=firm)
    factories.user(Role.LAWYER, of=conversation.case.lawyer)
    factories.user(Role.FIRM, heads=firm)

    reply(conversation, MONEY)

    assert Alert.objects.get().kind == AlertKind.MONEY
    assert told() == {getattr(place, name).pk for name in who}


def test_what_somebody_has_taken_on_calls_nobody_else(place):
    reply(asked(at=place.centre), DANGER)

    move_alert(user=place.staff, alert=Alert.objects.get(), to=AlertState.ACKNOWLEDGED, now=NOW)

    assert not Notification.objects.filter(read_at=None).exists()
