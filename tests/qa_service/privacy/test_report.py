"""The report of a night: counts by day, rule and centre, what is held back and why, to whom it belongs."""

from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.privacy.models import HeldBack
from surveys.models import Alert, Conversation
from tests import factories
from tests.qa_service.privacy.kept import CLOSED, a_night, midnight
from tests.surveys import factories as asking

pytestmark = pytest.mark.django_db
NIGHT = midnight(CLOSED + timedelta(days=1096))


def browser(person):
    signed_in = Browser(headers={"accept-language": "en"})
    signed_in.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return signed_in


def test_staff_read_what_was_erased_and_what_waits_at_their_centre_alone():
    conversation = asking.invited()
    Conversation.objects.update(state="finished")
    Alert.objects.create(case=conversation.case, conversation=conversation, kind="danger", raised_at=asking.NOW)
    ours, theirs = conversation.case.centre, factories.centre()
    factories.case(ours)
    factories.case(theirs)
    a_night(NIGHT)

    here = browser(factories.user(Role.FOLLOW_UP, at=ours))
    page = here.get(reverse("privacy:erased")).content.decode()
    assert "A matter that the client raised is not closed." in page
    assert "Its time was over" in page
    assert (ours.name in page, theirs.name in page) == (True, False)
    listed = [row for row in here.get(reverse("api-erased")).json()["results"] if row["rule"] == "cases.people"]
    assert listed == [{"day": "2029-11-10", "centre": ours.code, "rule": "cases.people", "cause": "term", "count": 2}]
    held = [row for row in here.get(reverse("api-held-back")).json() if row["rule"] == "cases.people"]
    assert held == [
        {"day": "2029-11-10", "centre": ours.code, "rule": "cases.people", "hold": "surveys.matter", "count": 2}
    ]


def test_what_another_centre_holds_back_is_nowhere_to_be_read():
    ours, theirs = factories.centre(), factories.centre()
    a_night(NIGHT)
    HeldBack.objects.create(
        day=NIGHT.date(), zone="Asia/Shanghai", centre=theirs, rule="cases.people", hold="surveys.matter", count=3
    )
    here, there = (browser(factories.user(Role.FOLLOW_UP, at=at)) for at in (ours, theirs))

    def read(reader):
        page, rows = reader.get(reverse("privacy:erased")).content.decode(), reader.get(reverse("api-held-back")).json()
        return "A matter that the client raised is not closed." in page, len(rows)

    assert (read(there), read(here)) == ((True, 1), (False, 0))


def test_before_the_first_night_the_page_says_so():
    page = browser(factories.user(Role.OPERATOR, at=factories.centre())).get(reverse("privacy:erased"))

    assert "No night has been gone through yet." in page.content.decode()
