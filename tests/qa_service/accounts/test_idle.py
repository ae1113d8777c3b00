"""Sessions end: after half an hour unused, after twelve hours in any case; whoever works is not signed out."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return factories.user(Role.MANAGER, at=factories.centre())


@pytest.fixture
def later(monkeypatch):
    """Move the clock on by so many minutes."""
    start, passed = timezone.now(), [0.0]
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=passed[0]))

    def move(minutes: float) -> None:
        passed[0] += minutes

    return move


def enter(client, person) -> None:
    client.post(reverse("accounts:sign-in"), {"username": person.username, "password": factories.PASSWORD})
    assert client.get(reverse("accounts:people")).status_code == 200


@pytest.mark.usefixtures("context_kept")
def test_half_an_hour_unused_ends_a_session_and_signing_in_leads_back(client, person, later):
    enter(client, person)
    page, session = reverse("accounts:people") + "?page=1", client.session.session_key
    later(30)

    sent_away = client.get(page)
    door = client.get(sent_away.url)
    credentials = {"username": person.username, "password": factories.PASSWORD}
    back = client.post(sent_away.url, credentials | {"next": door.context["next"]})

    assert "已自动退出登录" in door.content.decode()
    assert not Session.objects.filter(session_key=session).exists()
    assert (back.status_code, back.url) == (302, page)
    assert client.get(page).status_code == 200


def test_whoever_does_something_every_29_minutes_stays_until_twelve_hours_are_over(client, person, later):
    enter(client, person)
    stayed = 0
    while client.get(reverse("accounts:people")).status_code == 200:
        later(29)
        stayed += 29
        assert stayed < 24 * 60

    assert 12 * 60 <= stayed < 12 * 60 + 29


def test_the_time_is_the_operator_s_to_set(client, person, later, settings):
    settings.SESSION_IDLE_MINUTES = 5
    enter(client, person)
    later(5)

    assert client.get(reverse("accounts:people")).status_code == 302


@pytest.mark.usefixtures("context_kept")
def test_what_is_posted_too_late_changes_nothing_and_says_so(client, person, later):
    enter(client, person)
    page = reverse("accounts:preferences")
    later(31)

    answer = client.post(page, {"email": "new@example.org"}, headers={"referer": f"http://testserver{page}?a=1"})

    person.refresh_from_db()
    assert person.email != "new@example.org"
    assert answer.context["next"] == f"{page}?a=1"
    assert "已自动退出登录" in answer.content.decode()


@pytest.mark.usefixtures("context_kept")
def test_the_way_back_never_leads_to_another_host_nor_to_what_only_takes_a_form(client, person, later):
    enter(client, person)
    later(31)

    elsewhere = client.post(
        reverse("accounts:preferences"), headers={"referer": "https://evil.example/accounts/people"}
    )
    form = client.post(reverse("read-notifications"), headers={"referer": "http://testserver/notifications/read"})

    assert (elsewhere.context["next"], form.context["next"]) == (reverse("accounts:preferences"), reverse("home"))


def test_a_page_that_fetches_by_itself_keeps_no_session_alive(client, person, later):
    enter(client, person)
    for _ in range(3):
        later(11)
        answer = client.get(reverse("accounts:people"), headers={"hx-request": "true"})

    assert answer.headers["HX-Redirect"].startswith(reverse("accounts:sign-in"))


def test_a_saving_page_learns_of_it_in_a_program_s_words(client, person, later):
    enter(client, person)
    later(31)

    answer = client.get(reverse("api-me"))

    assert answer.status_code == 401
    assert answer.json()["code"] == "session_ended"


def test_what_a_page_saves_by_itself_is_use_of_the_session(client, person, later):
    enter(client, person)
    for _ in range(4):
        later(20)
        assert client.get(reverse("api-me")).status_code == 200

    assert client.get(reverse("accounts:people")).status_code == 200


def test_a_program_s_token_is_not_ended_by_rest(person, later):
    program = APIClient()
    given = program.post(reverse("api-sign-in"), {"username": person.username, "password": factories.PASSWORD}).json()
    program.credentials(HTTP_AUTHORIZATION=f"Token {given['token']}")
    later(24 * 60)

    assert program.get(reverse("api-me")).status_code == 200


def test_a_client_s_form_neither_ends_a_session_nor_looks_for_one(client, person, later):
    enter(client, person)
    session = client.session.session_key
    later(31)

    before = client.get("/s/unknown")
    client.cookies.clear()

    assert before.status_code == client.get("/s/unknown").status_code
    assert Session.objects.filter(session_key=session).exists()


def test_reading_writes_the_session_once_a_minute_at_most(client, person, later):
    enter(client, person)

    def writes() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("api-me"))
        return sum(query["sql"].startswith("UPDATE") for query in seen)

    later(0.5)
    assert writes() == 0
    later(1)
    assert writes() == 1
    assert writes() == 0
