"""The first page tells everybody where they stand."""

import pytest
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_role_for_which_nothing_is_open_yet_is_named(client):
    client.force_login(factories.user(Role.OBSERVER, at=factories.centre()))

    page = client.get(reverse("home")).content.decode()

    assert "您的角色：庭审旁听员" in page
    assert "您的账号还没有角色" not in page
