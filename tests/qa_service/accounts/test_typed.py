"""What was typed while a session ended is not lost, and nobody else can send it."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.typed import CARRIED_AT_MOST, Typed
from qa_service.common.addresses import page_at
from tests import factories
from tests.authorisation.matrix import doors
from tests.authorisation.walk import known, sparing
from tests.qa_service.accounts.test_idle import later, person  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/sign-in"
PAGE = "/accounts/preferences"
EMAIL = "typed@example.org"
OURS = "http://testserver"


def fields(page: str, action: str) -> dict[str, str]:
    (form,) = [part for part in page.split("<form")[1:] if f'action="{action}"' in part.partition(">")[0]]
    shown = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.partition("</form>")[0])
    return {name: html.unescape(value) for name, value in shown}


@pytest.fixture
def browser():
    """It sends what a browser sends: the token, and where the form came from."""
    return Client(enforce_csrf_checks=True, headers={"origin": OURS, "referer": OURS + PAGE})


def enter(browser, person, **more):  # noqa: F811
    door = fields(browser.get(SIGN_IN).content.decode(), SIGN_IN)
    return browser.post(SIGN_IN, door | {"username": person.username, "password": factories.PASSWORD} | more)


def typed_into(browser) -> dict[str, str]:
    """The preferences as the open page sends them."""
    return _token(browser) | {"email": EMAIL}


def _token(browser) -> dict[str, str]:
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(PAGE).content.decode())[:1]
    return {"csrfmiddlewaretoken": token}


def signs_in_at(browser, door, person):  # noqa: F811
    credentials = {"username": person.username, "password": factories.PASSWORD}
    return browser.post(SIGN_IN, fields(door.content.decode(), SIGN_IN) | credentials)


def sends_again(browser, page):
    return browser.post(PAGE, fields(page.content.decode(), PAGE))


@pytest.mark.parametrize("how", ["unused", "signed out in another window"])
def test_what_was_typed_is_sent_after_signing_in_again(browser, person, later, how):  # noqa: F811
    enter(browser, person)
    form = typed_into(browser)
    if how == "unused":
        later(31)
    else:
        del browser.cookies[project.SESSION_COOKIE_NAME]

    door = browser.post(PAGE, form)
    offered = signs_in_at(browser, door, person)
    person.refresh_from_db()
    before = person.email
    answer = sends_again(browser, offered)
    person.refresh_from_db()

    assert (door.status_code, "保留在本页" in door.content.decode()) == (401, True)
    assert EMAIL not in door.content.decode()
    assert "no-store" in door.headers["Cache-Control"]
    assert "no-store" in offered.headers["Cache-Control"]
    assert (before, person.email, answer.url) == ("", EMAIL, PAGE)


def test_a_wrong_password_on_the_way_loses_nothing(browser, person, later):  # noqa: F811
    enter(browser, person)
    form = typed_into(browser)
    later(31)

    door = browser.post(PAGE, form)
    wrong = browser.post(
        SIGN_IN, fields(door.content.decode(), SIGN_IN) | {"username": person.username, "password": "wrong"}
    )
    sends_again(browser, signs_in_at(browser, wrong, person))

    person.refresh_from_db()
    assert person.email == EMAIL


def test_what_signing_in_showed_can_be_loaded_again(browser, person, later):  # noqa: F811
    enter(browser, person)
    form = typed_into(browser)
    later(31)

    door = browser.post(PAGE, form)
    signs_in_at(browser, door, person)
    (token,) = [browser.cookies["csrftoken"].value]
    again = browser.post(SIGN_IN, fields(door.content.decode(), SIGN_IN) | {"csrfmiddlewaretoken": token})

    assert fields(again.content.decode(), PAGE)["email"] == EMAIL


def test_nobody_sends_what_was_typed_in_the_session_of_another(browser, person, later):  # noqa: F811
    enter(browser, person)
    form = typed_into(browser)
    later(31)

    door = browser.post(PAGE, form)
    answer = signs_in_at(browser, door, other := factories.user(Role.MANAGER, at=factories.centre(code="b")))

    assert (answer.status_code, answer.url) == (302, PAGE)
    assert EMAIL not in browser.get(PAGE).content.decode()
    other.refresh_from_db()
    assert other.email == ""


def test_a_page_older_than_the_last_sign_in_keeps_its_words(browser, person):  # noqa: F811
    enter(browser, person)
    form = typed_into(browser)
    del browser.cookies[project.SESSION_COOKIE_NAME]
    enter(browser, person)  # in another window: the token of the first counts no more

    refused = browser.post(PAGE, form)
    sends_again(browser, refused)

    person.refresh_from_db()
    assert (refused.status_code, person.email) == (403, EMAIL)


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"origin": "null"}])
def test_no_other_site_has_its_words_sent_by_somebody_signing_in(person, later, headers):  # noqa: F811
    browser = Client(enforce_csrf_checks=True, headers=headers)
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    del browser.cookies[project.SESSION_COOKIE_NAME]
    browser.get(SIGN_IN)

    answer = browser.post(PAGE, {"email": EMAIL})

    assert answer.status_code == 403
    assert "typed" not in fields(answer.content.decode() + f'<form action="{SIGN_IN}"></form>', SIGN_IN)
    assert EMAIL not in answer.content.decode()


def test_a_password_is_never_carried(browser, person, later):  # noqa: F811
    enter(browser, person)
    form = _token(browser) | {"old_password": "a", "new_password1": "b", "new_password2": "b"}
    later(31)

    door = browser.post("/accounts/password", form)

    assert (door.status_code, "没有保存" in door.content.decode()) == (401, True)
    assert "typed" not in fields(door.content.decode(), SIGN_IN)


def test_what_is_too_long_or_too_old_is_not_carried():
    now = timezone.now()
    long = Typed.of(address="/a", page="/a", fields={"a": ["x" * CARRIED_AT_MOST]}, person=1, now=now)
    kept = Typed.of(address="/a", page="/b", fields={"a": ["x", "y"]}, person=1, now=now)

    assert long is None
    assert kept is not None
    assert Typed.opened(kept.sealed(), person=1, now=now) == kept
    assert Typed.opened(kept.sealed(), person=2, now=now) is None
    assert Typed.opened(kept.sealed(), person=1, now=now + timedelta(hours=13)) is None
    assert Typed.opened("nonsense", person=1, now=now) is None


def test_after_signing_in_one_stands_on_a_page(client, person):  # noqa: F811
    given = {"username": person.username, "password": factories.PASSWORD, "next": "/notifications/read"}

    assert client.post(SIGN_IN, given).url == "/"


def _addresses():
    for door in doors():
        if door.name.startswith("api-") or "webhook" in door.name:
            continue
        for value in ("00000000-0000-0000-0000-000000000000", "1", "a"):
            try:
                yield reverse(door.name, kwargs=dict.fromkeys(door.converters, value))
                break
            except NoReverseMatch:
                continue


def test_every_address_leads_to_a_page():
    """Asked of every one of them: what `page_at` reads from a view is what the view does.

    Whether there is a page is all that is asked, so none is put together.
    """
    everybody = known(factories.user(*set(Role) - {Role.LAWYER, Role.FIRM}, at=factories.centre())).handler
    everybody.looked_at = False
    wrong = []

    with sparing():
        takes_forms_alone = {path: everybody.knock("GET", path).status_code == 405 for path in _addresses()}
        for path, posted_only in takes_forms_alone.items():
            led = page_at(path)
            if posted_only == (led == path) or takes_forms_alone.get(led, True):
                wrong.append((path, led))

    assert wrong == []
    assert sum(takes_forms_alone.values()) > 50


def test_an_address_that_only_takes_forms_shows_the_way(client, person):  # noqa: F811
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get("/surveys/release/now")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert 'href="/surveys/release/"' in answer.content.decode()
    assert "此网址没有页面" in answer.content.decode()


def test_a_client_meets_the_form_s_own_plain_page(client):
    answer = client.get("/s/preferences")

    assert (answer.status_code, "此地址" in answer.content.decode() or "h1" in answer.content.decode()) == (405, True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
