"""A person leaves: their account is closed at once and everywhere, what they did stays, what they held is shown."""

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.services import close_account, give, reopen_account
from qa_service.accounts.services.people import Giving
from qa_service.audit.models import Entry
from qa_service.common.errors import Conflict, InvalidInput, NotPermitted
from reviews.queries.work import left_behind, waiting_for
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return factories.centre()


@pytest.fixture
def manager(centre):
    return factories.user(Role.MANAGER, at=centre)


@pytest.fixture
def reviewer(centre):
    return factories.user(Role.REVIEWER, at=centre)


def signs_in(client, person, password=factories.PASSWORD) -> bool:
    answer = client.post(reverse("accounts:sign-in"), {"username": person.username, "password": password})
    return bool(answer.status_code == 302)


def test_closing_ends_sessions_and_tokens_at_once_and_the_door_stays_shut(client, manager, reviewer):
    program = APIClient()
    given = program.post(reverse("api-sign-in"), {"username": reviewer.username, "password": factories.PASSWORD})
    program.credentials(HTTP_AUTHORIZATION=f"Token {given.json()['token']}")
    signs_in(client, reviewer)
    assert (client.get(reverse("home")).status_code, program.get(reverse("api-me")).status_code) == (200, 200)

    close_account(person=reviewer, closer=manager, now=NOW)

    assert (client.get(reverse("home")).status_code, program.get(reverse("api-me")).status_code) == (302, 401)
    assert not signs_in(client, reviewer)


def test_an_account_opened_again_revives_neither_an_old_session_nor_an_old_token(client, manager, reviewer):
    program = APIClient()
    given = program.post(reverse("api-sign-in"), {"username": reviewer.username, "password": factories.PASSWORD})
    program.credentials(HTTP_AUTHORIZATION=f"Token {given.json()['token']}")
    signs_in(client, reviewer)
    close_account(person=reviewer, closer=manager, now=NOW)

    reopen_account(person=reviewer, password="a-very-new-pass", opener=manager, now=NOW)

    assert (client.get(reverse("home")).status_code, program.get(reverse("api-me")).status_code) == (302, 401)
    reviewer.refresh_from_db()
    assert reviewer.password_is_temporary
    assert signs_in(client, reviewer, "a-very-new-pass")
    assert reviewer.has_role(Role.REVIEWER)


def test_the_record_says_who_closed_and_who_opened_again(manager, reviewer):
    close_account(person=reviewer, closer=manager, now=NOW)
    reopen_account(person=reviewer, password="a-very-new-pass", opener=manager, now=NOW)

    acts = Entry.objects.filter(action__in=["accounts.closed", "accounts.reopened"], subject_id=str(reviewer.pk))
    assert sorted(acts.values_list("action", "actor_id")) == [
        ("accounts.closed", f"user:{manager.pk}"),
        ("accounts.reopened", f"user:{manager.pk}"),
    ]


def test_nobody_closes_themselves_so_the_last_administrator_stays(centre):
    operator = factories.user(Role.OPERATOR, at=centre)

    with pytest.raises(NotPermitted):
        close_account(person=operator, closer=operator, now=NOW)


def test_two_administrators_do_not_close_each_other(centre):
    one, other = factories.user(Role.OPERATOR, at=centre), factories.user(Role.OPERATOR, at=centre)
    close_account(person=one, closer=other, now=NOW)

    with pytest.raises(NotPermitted):
        close_account(person=other, closer=one, now=NOW)

    other.refresh_from_db()
    assert other.is_active


def test_a_manager_closes_neither_the_operator_nor_people_of_another_centre(client, centre, manager):
    operator = factories.user(Role.OPERATOR, at=centre)
    elsewhere = factories.user(Role.REVIEWER, at=factories.centre())
    client.force_login(manager)

    def status(person):
        return client.post(reverse("accounts:close-account", args=[person.public_id])).status_code

    assert (status(operator), status(elsewhere)) == (403, 404)
    operator.refresh_from_db()
    assert operator.is_active


def test_a_closed_account_is_not_closed_again_given_roles_or_a_password(client, centre, manager, reviewer):
    close_account(person=reviewer, closer=manager, now=NOW)
    client.force_login(manager)

    with pytest.raises(Conflict):
        close_account(person=reviewer, closer=manager, now=NOW)
    with pytest.raises(Conflict):
        give(person=reviewer, giving=Giving(role=Role.OBSERVER, organisation=centre), giver=manager, now=NOW)
    refused = client.post(
        reverse("accounts:first-password", args=[reviewer.public_id]), {"password": "a-very-new-pass"}
    )
    assert refused.status_code == 422


def test_an_open_account_is_not_opened_again_and_a_weak_password_opens_none(manager, reviewer):
    with pytest.raises(Conflict):
        reopen_account(person=reviewer, password="a-very-new-pass", opener=manager, now=NOW)
    close_account(person=reviewer, closer=manager, now=NOW)
    with pytest.raises(InvalidInput):
        reopen_account(person=reviewer, password="short", opener=manager, now=NOW)

    reviewer.refresh_from_db()
    assert not reviewer.is_active


def test_the_page_closes_and_opens_again_and_says_which_it_is(client, manager, reviewer):
    client.force_login(manager)
    page = reverse("accounts:person", args=[reviewer.public_id])

    closed = client.post(reverse("accounts:close-account", args=[reviewer.public_id]), follow=True)
    listed = client.get(reverse("accounts:people"))
    weak = client.post(reverse("accounts:reopen-account", args=[reviewer.public_id]), {"password": "short"})
    opened = client.post(reverse("accounts:reopen-account", args=[reviewer.public_id]), {"password": "a-very-new-pass"})

    assert closed.redirect_chain == [(page, 302)]
    assert "该账号已关闭" in closed.content.decode()
    assert "账号已关闭" in listed.content.decode()
    assert (weak.status_code, opened.status_code) == (422, 302)
    assert "该账号已关闭" not in client.get(page).content.decode()


def test_programs_close_and_open_again(client, manager, reviewer):
    client.force_login(manager)

    closed = client.post(reverse("api-close-account", args=[reviewer.public_id]), content_type="application/json")
    again = client.post(reverse("api-close-account", args=[reviewer.public_id]), content_type="application/json")
    address, given = reverse("api-reopen-account", args=[reviewer.public_id]), {"password": "a-very-new-pass"}
    opened = client.post(address, given, content_type="application/json")

    assert (closed.status_code, closed.json()["is_active"]) == (200, False)
    assert (again.status_code, again.json()["code"]) == (409, "account_closed")
    assert (opened.status_code, opened.json()["is_active"]) == (200, True)


def test_the_open_files_of_who_left_wait_on_the_manager_s_home(client):
    row = assignment()
    manager = factories.user(Role.MANAGER, at=row.case.centre)
    assert list(left_behind(manager)) == []

    close_account(person=row.reviewer, closer=manager, now=NOW)

    assert list(left_behind(manager)) == [row]
    (block,) = [block for block in waiting_for(manager, NOW) if block.url.endswith("left=1")]
    client.force_login(manager)
    shown = client.get(block.url).content.decode()
    assert (block.count, block.urgent) == (1, True)
    assert reverse("reviews:reassign", args=[row.public_id]) in shown
    assert "账号已关闭" in shown
