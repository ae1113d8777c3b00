"""The first page tells everybody where they stand."""

import pytest
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_observer_is_led_to_their_hearings(client):
    client.force_login(factories.user(Role.OBSERVER, at=factories.centre()))

    page = client.get(reverse("home")).content.decode()

    assert reverse("reviews:my-hearings") in page
    assert "您的账号还没有角色" not in page
