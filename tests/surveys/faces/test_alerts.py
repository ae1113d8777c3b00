"""What clients raised, as the staff see it."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.notifications.models import Notification
from qa_service.organisations.enums import OrganisationKind
from surveys.enums import AlertKind
from surveys.models import Alert, Escalation
from surveys.services import escalate, fill_clocks
from tests import factories
from tests.surveys.faces.rows import SATISFIED, answer, asked, begin, go_through
from tests.surveys.factories import invited, reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

UNHAPPY = [
    ("q1", "1"),
    *SATISFIED[1:5],
    ("q6", "yes"),
    ("q6who", "lawyer"),
    ("q7", "no"),
    ("q8", "service"),
    ("q9", "delay"),
    ("q10", "yes"),
]


@pytest.fixture
def today():
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def bureau():
    return factories.organisation(OrganisationKind.BUREAU)


@pytest.fixture
def centre(bureau):
    return factories.centre(bureau)


def unhappy(centre) -> dict[str, Alert]:
    """A client who was asked for money and is displeased; the alerts by kind."""
    conversation, key = asked(factories.case(centre))
    browser = begin(key)
    go_through(browser, key, UNHAPPY)
    answer(browser, key, "q11", "", text="等了半年")
    return {alert.kind: alert for alert in Alert.objects.filter(conversation=conversation)}


def signed_in(*roles: Role, at) -> Browser:
    browser = Browser()
    browser.force_login(factories.user(*roles, at=at))
    return browser


def address(name: str, alert: Alert) -> str:
    return reverse(f"surveys:{name}", args=[alert.public_id])


def shown(browser: Browser) -> set[str]:
    seen = browser.get(reverse("surveys:alerts")).content.decode()
    known = {str(alert.public_id): alert.kind for alert in Alert.objects.all()}
    return {known[found] for found in re.findall(r"/surveys/alerts/([0-9a-f-]{36})/", seen)}


def test_a_sealed_matter_is_seen_by_those_above_alone(bureau, centre):
    unhappy(centre)

    seen = [
        shown(signed_in(Role.FOLLOW_UP, at=centre)),
        shown(signed_in(Role.MANAGER, at=centre)),
        shown(signed_in(Role.SUPERVISOR, at=bureau)),
        shown(signed_in(Role.MANAGER, at=factories.centre(bureau))),
    ]

    both = {AlertKind.MONEY, AlertKind.RECOVERY}
    assert seen == [{AlertKind.RECOVERY}, both, both, set()]


def test_a_sealed_matter_cannot_be_opened_by_its_address(centre):
    sealed = unhappy(centre)[AlertKind.MONEY]
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    statuses = {
        browser.get(address("alert", sealed)).status_code,
        browser.post(address("alert-number", sealed)).status_code,
        browser.post(address("alert-move", sealed), {"to": "acknowledged"}).status_code,
    }

    assert statuses == {404}


def test_the_money_answer_is_read_only_with_the_sealed_matter(centre):
    alerts = unhappy(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    everyday = browser.get(address("alert", alerts[AlertKind.RECOVERY])).content.decode()
    sealed = browser.get(address("alert", alerts[AlertKind.MONEY])).content.decode()

    assert ["要过钱" in everyday, "要过钱" in sealed, "等了半年" in everyday] == [False, True, True]


def test_a_matter_is_taken_on_by_name_and_then_closed(centre):
    alert = unhappy(centre)[AlertKind.MONEY]
    browser = signed_in(Role.MANAGER, at=centre)

    too_early = browser.post(address("alert-move", alert), {"to": "closed"})
    browser.post(address("alert-move", alert), {"to": "acknowledged"})
    again = browser.post(address("alert-move", alert), {"to": "acknowledged"})
    browser.post(address("alert-move", alert), {"to": "closed"})

    alert.refresh_from_db()
    assert (too_early.status_code, again.status_code, alert.state) == (409, 409, "closed")
    assert alert.acknowledged_at == factories.NOW
    acts = Entry.objects.filter(action__startswith="surveys.alert_").exclude(action="surveys.alert_raised")
    assert sorted(acts.values_list("action", flat=True)) == ["surveys.alert_acknowledged", "surveys.alert_closed"]


def test_who_asked_not_to_be_called_is_not_called(centre):
    conversation, key = asked(factories.case(centre))
    go_through(begin(key), key, [*UNHAPPY[:-1], ("q10", "no"), ("q11", "")])
    alert = Alert.objects.get(conversation=conversation, kind=AlertKind.RECOVERY)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    response = browser.post(address("alert-number", alert), follow=True)

    seen = response.content.decode()
    assert conversation.recipient.phone not in seen
    assert "不要回电" in seen
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 0


def test_a_look_at_the_number_is_recorded(centre):
    alert = unhappy(centre)[AlertKind.RECOVERY]

    seen = signed_in(Role.FOLLOW_UP, at=centre).post(address("alert-number", alert)).content.decode()

    assert alert.conversation.recipient.phone in seen
    assert Entry.objects.filter(action="cases.phone_revealed").count() == 1


@pytest.mark.parametrize("rows", [1, 4])
def test_the_list_costs_the_same_for_one_and_for_several(centre, django_assert_max_num_queries, rows):
    for _number in range(rows):
        unhappy(centre)
    browser = signed_in(Role.MANAGER, at=centre)

    with django_assert_max_num_queries(6):
        browser.get(reverse("surveys:alerts"))


def test_danger_comes_first_and_its_words_are_read(centre):
    unhappy(centre)
    conversation = invited(at=centre, plan={"sms_allowed": True})
    reply(conversation, "他威胁我，不敢回家")
    danger = Alert.objects.get(kind=AlertKind.DANGER)
    browser = signed_in(Role.FOLLOW_UP, at=centre)

    page = browser.get(reverse("surveys:alerts")).content.decode()
    first = re.findall(r"/surveys/alerts/([0-9a-f-]{36})/", page)[0]

    assert first == str(danger.public_id)
    assert "他威胁我，不敢回家" in browser.get(address("alert", danger)).content.decode()


def test_who_is_in_danger_is_spoken_with_by_the_next_working_day_whatever_the_centre_set(bureau):
    slow = factories.centre(bureau, settings={"recovery_acknowledge_days": 3, "recovery_contact_days": 9})
    reply(invited(at=slow, plan={"sms_allowed": True}), "他威胁我，不敢回家")
    danger = Alert.objects.get(kind=AlertKind.DANGER)
    browser = signed_in(Role.FOLLOW_UP, at=slow)

    monday = date(2026, 11, 23)
    assert (danger.acknowledge_by, danger.contact_by, danger.settle_by) == (monday, monday, None)
    assert "2026-11-23" in browser.get(address("alert", danger)).content.decode()


def test_danger_taken_on_and_not_spoken_with_by_its_day_is_late_and_told_above(bureau, centre):
    supervisor = factories.user(Role.SUPERVISOR, at=bureau)
    manager = factories.user(Role.MANAGER, at=centre)
    reply(invited(at=centre, plan={"sms_allowed": True}), "他威胁我，不敢回家")
    danger = Alert.objects.get(kind=AlertKind.DANGER)
    browser = signed_in(Role.FOLLOW_UP, at=centre)
    browser.post(address("alert-move", danger), {"to": "acknowledged"})

    late = factories.NOW + timedelta(days=11)
    with time_machine.travel(late, tick=False):
        escalate(now=late)
        browser = signed_in(Role.FOLLOW_UP, at=centre)
        assert danger.case.number in browser.get(reverse("surveys:alerts"), {"show": "late"}).content.decode()
        told = set(Escalation.objects.values_list("clock", "level"))
        browser.post(address("alert-move", danger), {"to": "closed"})
        closed = browser.get(reverse("surveys:alerts"), {"show": "late"}).content.decode()

    assert told == {("contact", "manager"), ("contact", "bureau")}
    assert set(Notification.objects.values_list("user", flat=True)) >= {manager.pk, supervisor.pk}
    assert danger.case.number not in closed


def test_danger_of_before_that_has_no_day_to_be_spoken_by_gets_one(centre):
    reply(invited(at=centre, plan={"sms_allowed": True}), "他威胁我，不敢回家")
    Alert.objects.update(contact_by=None)

    assert (fill_clocks(), fill_clocks()) == (1, 0)
    assert Alert.objects.get(kind=AlertKind.DANGER).contact_by == date(2026, 11, 23)
