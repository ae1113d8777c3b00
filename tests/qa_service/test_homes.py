"""The first page tells everybody where they stand."""

import re

import pytest
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests import factories
from tests.scoring.factories import scheme

pytestmark = pytest.mark.django_db


def test_an_observer_is_led_to_their_hearings(client):
    client.force_login(factories.user(Role.OBSERVER, at=factories.centre()))

    page = client.get(reverse("home")).content.decode()

    assert reverse("reviews:my-hearings") in page
    assert "您的账号还没有角色" not in page


@pytest.mark.parametrize("role", list(Role))
def test_the_menu_names_no_place_that_is_shut_to_whoever_reads_it(client, role):
    centre = factories.centre()
    scheme()
    of = {"heads": factories.firm(centre)} if role == Role.FIRM else {"at": centre}
    client.force_login(factories.user(role, **of))
    head = client.get(reverse("home")).content.decode().partition("<main")[0]
    doors = set(re.findall(r'<a class="nav-link" href="([^"]+)"', head))

    assert doors
    assert {door: client.get(door).status_code for door in doors} == dict.fromkeys(doors, 200)
