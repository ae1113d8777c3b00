"""Guessing passwords: one name from many addresses, one address over many names, and whom that must not shut out."""

import pytest
import time_machine
from axes.models import AccessAttempt, AccessLog
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db
STRANGERS = 5


@pytest.fixture(autouse=True)
def braked(settings):
    settings.AXES_ENABLED = True
    settings.AXES_FAILURE_LIMIT = 2
    settings.SIGN_IN_NAME_LIMIT = STRANGERS
    settings.SIGN_IN_ADDRESS_LIMIT = STRANGERS
    cache.clear()


def try_on_page(name, password="wrong", *, address="198.51.100.1", client=None, **headers):
    given = {"username": name, "password": password}
    return (client or Client()).post(reverse("accounts:sign-in"), given, REMOTE_ADDR=address, **headers)


def try_as_program(name, password="wrong", *, address="198.51.100.1"):
    given = {"username": name, "password": password}
    return Client().post(reverse("api-sign-in"), given, content_type="application/json", REMOTE_ADDR=address)


def besiege(name, door=try_on_page):
    """As many strangers as a name may have, each from an address of its own."""
    return [door(name, address=f"203.0.113.{number}").status_code for number in range(1, STRANGERS + 1)]


def minutes_pass(minutes):
    earlier = timezone.timedelta(minutes=minutes)
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=attempt.attempt_time - earlier)


@pytest.mark.parametrize("door", [try_on_page, try_as_program])
def test_one_name_tried_from_many_addresses_is_slowed_to_one_try_a_minute(door):
    person = factories.user()
    besiege(person.username, door)

    refused = door(person.username, factories.PASSWORD, address="203.0.113.200")
    minutes_pass(1)
    wrong = door(person.username, address="203.0.113.201")
    again = door(person.username, address="203.0.113.202")

    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert wrong.status_code != 429
    assert again.status_code == 429


def test_a_name_nobody_bears_is_slowed_alike():
    besiege("nobody")

    assert try_on_page("nobody", address="203.0.113.200").status_code == 429


def test_strangers_do_not_shut_out_the_owner_where_they_signed_in_lately():
    person = factories.user(Role.REVIEWER, at=factories.centre())
    try_on_page(person.username, factories.PASSWORD, address="192.0.2.7")
    besiege(person.username)

    at_the_office = try_on_page(person.username, factories.PASSWORD, address="192.0.2.7")

    assert at_the_office.status_code == 302


def test_strangers_do_not_shut_out_the_owner_s_own_browser_wherever_it_is():
    person, browser = factories.user(Role.REVIEWER, at=factories.centre()), Client()
    try_on_page(person.username, factories.PASSWORD, address="192.0.2.7", client=browser)
    browser.post(reverse("accounts:sign-out"))
    besiege(person.username)

    on_the_road = try_on_page(person.username, factories.PASSWORD, address="192.0.2.99", client=browser)

    assert on_the_road.status_code == 302


def test_where_an_address_guessed_too_much_the_owner_s_own_browser_still_gets_in():
    person, browser = factories.user(Role.REVIEWER, at=factories.centre()), Client()
    try_on_page(person.username, factories.PASSWORD, address="192.0.2.7", client=browser)
    browser.post(reverse("accounts:sign-out"))
    for number in range(STRANGERS):
        try_on_page(f"guess{number}", address="192.0.2.99")

    theirs = try_on_page(person.username, factories.PASSWORD, address="192.0.2.99", client=browser)
    anybody_s = try_on_page(factories.user().username, factories.PASSWORD, address="192.0.2.99")

    assert (theirs.status_code, anybody_s.status_code) == (302, 429)


@pytest.mark.parametrize(("days", "gets_in"), [(29, True), (31, False)])
def test_an_address_is_the_owner_s_for_thirty_days(days, gets_in):
    person = factories.user(Role.REVIEWER, at=factories.centre())
    try_on_page(person.username, factories.PASSWORD, address="192.0.2.7")
    AccessLog.objects.update(attempt_time=timezone.now() - timezone.timedelta(days=days))
    besiege(person.username)

    answer = try_on_page(person.username, factories.PASSWORD, address="192.0.2.7")

    assert (answer.status_code == 302) is gets_in


@pytest.mark.parametrize(("days", "gets_in"), [(179, True), (181, False)])
def test_a_browser_is_the_owner_s_for_half_a_year(days, gets_in):
    person, browser = factories.user(Role.REVIEWER, at=factories.centre()), Client()
    with time_machine.travel(timezone.now() - timezone.timedelta(days=days), tick=False):
        try_on_page(person.username, factories.PASSWORD, address="192.0.2.7", client=browser)
    for cookie in browser.cookies.values():
        cookie["expires"], cookie["max-age"] = "", ""  # what a thief's browser would do
    browser.cookies.pop("sessionid")
    besiege(person.username)

    answer = try_on_page(person.username, factories.PASSWORD, address="192.0.2.99", client=browser)

    assert (answer.status_code == 302) is gets_in


def test_a_browser_is_known_for_its_owner_only_and_its_cookie_names_nobody():
    owner, other, browser = factories.user(), factories.user(), Client()
    try_on_page(owner.username, factories.PASSWORD, address="192.0.2.7", client=browser)
    browser.post(reverse("accounts:sign-out"))
    besiege(other.username)

    refused = try_on_page(other.username, factories.PASSWORD, address="192.0.2.99", client=browser)

    assert refused.status_code == 429
    assert not any(owner.username in f"{name}{cookie.value}" for name, cookie in browser.cookies.items())


def test_a_stolen_cookie_gives_no_more_tries_than_a_name_has():
    person, browser = factories.user(), Client()
    try_on_page(person.username, factories.PASSWORD, address="192.0.2.7", client=browser)
    browser.post(reverse("accounts:sign-out"))

    for number in range(STRANGERS):
        try_on_page(person.username, address=f"203.0.113.{number}", client=browser)

    assert try_on_page(person.username, address="203.0.113.99", client=browser).status_code == 429


@pytest.mark.parametrize("door", [try_on_page, try_as_program])
def test_one_address_over_many_names_is_slowed_whatever_the_name(door):
    person = factories.user()
    for number in range(STRANGERS):
        door(f"guess{number}")

    assert door(person.username, factories.PASSWORD).status_code == 429
    assert door(person.username, factories.PASSWORD, address="192.0.2.1").status_code in {200, 302}


def test_a_whole_network_of_new_addresses_counts_as_one():
    for number in range(STRANGERS):
        try_on_page(f"guess{number}", address=f"2001:db8:1:2::{number + 1}")

    assert try_on_page("guess", address="2001:db8:1:2:ffff::1").status_code == 429
    assert try_on_page("guess", address="2001:db8:1:3::1").status_code == 200


def test_an_address_that_the_visitor_writes_himself_helps_nothing():
    person = factories.user()
    for number in range(2):
        try_on_page(person.username, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    assert try_on_page(person.username, HTTP_X_FORWARDED_FOR="203.0.113.77").status_code == 429


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings):
    settings.TRUSTED_PROXIES = 1
    person = factories.user()
    for number in range(2):
        try_on_page(person.username, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.5")

    stranger = try_on_page(person.username, factories.PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.5")
    owner = try_on_page(person.username, factories.PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.6")

    assert (stranger.status_code, owner.status_code) == (429, 302)


def test_guessing_the_old_password_in_an_open_session_is_braked(client):
    person = factories.user()
    client.force_login(person)
    given = {"old_password": "wrong", "new_password1": "a-very-good-pass", "new_password2": "a-very-good-pass"}

    answers = [client.post(reverse("accounts:password"), given).status_code for _ in range(3)]

    assert answers == [200, 200, 429]
