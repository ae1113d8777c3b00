"""No form is taken without its page's token: whoever follows a link, or is lured to one, does nothing."""

from itertools import product
from uuid import UUID

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from qa_service.accounts.enums import Role
from tests import factories
from tests.authorisation.matrix import Door, doors

pytestmark = pytest.mark.django_db

# Signed by whoever sends them; see the tests of the webhooks.
SIGNED = {f"surveys:{name}" for name in ("twilio-inbound", "twilio-status", "aliyun-report", "aliyun-reply")}
# What a client or a lawyer lodges or stops.
LODGED = ("surveys:form-stop", "reviews:object", "reviews:answer-veto", "scoring:appeal", "scoring:acknowledge")
SAMPLES = (UUID(int=1), 1, "a")


def address(door: Door) -> str:
    """With any names in it: the token is asked for before anything is looked up."""
    for given in product(SAMPLES, repeat=len(door.converters)):
        try:
            return reverse(door.name, kwargs=dict(zip(door.converters, given, strict=True)))
        except NoReverseMatch:
            continue
    raise NoReverseMatch(door.name)


def test_every_page_refuses_a_post_without_its_token(caplog):
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(factories.user(Role.MANAGER, at=factories.centre()))
    pages = [door for door in doors() if not door.name.startswith("api-")]
    open_doors = set()

    for door in pages:
        caplog.clear()
        answer = browser.post(address(door))
        logged = any(record.name == "django.security.csrf" for record in caplog.records)
        # The forms of clients and units look at their own token, and say what to do in plain words.
        if answer.status_code != 403 or not (logged or "请再按一次" in answer.content.decode()):
            open_doors.add(door.name)

    assert open_doors == SIGNED
    assert len(pages) > 200


@pytest.mark.parametrize("name", LODGED)
def test_following_a_link_lodges_and_stops_nothing(name):
    browser = Client()
    browser.force_login(factories.user(Role.LAWYER, Role.MANAGER, at=factories.centre()))
    (door,) = (door for door in doors() if door.name == name)

    assert browser.get(address(door)).status_code == 405
