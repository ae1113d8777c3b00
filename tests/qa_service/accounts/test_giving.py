"""Who may give what to whom: looked at as a pair of role and place, through the page and the rule."""

import re
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from knox.models import AuthToken

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.scope import GIVEN_BY, Held, may_give
from qa_service.audit.models import Entry
from qa_service.organisations.models import Membership
from tests import factories

pytestmark = pytest.mark.django_db

CITY, CENTRE, STATION, SIBLING = "0001", "00010001", "000100010001", "00010002"


def test_a_role_is_given_by_a_giving_role_at_the_node_or_above():
    """Every granter, role and node: the granter holds the role at the centre."""
    wrong = [
        (holds, gives, at)
        for holds, gives, at in product(Role, Role, (CITY, CENTRE, STATION, SIBLING))
        if may_give([Held(holds, CENTRE)], role=gives, paths=[at])
        is not (at in (CENTRE, STATION) and gives in GIVEN_BY.get(holds, ()))
    ]

    assert wrong == []


def test_only_these_roles_give_and_none_gives_more_than_it_should():
    assert {(giver, role) for giver, roles in GIVEN_BY.items() for role in roles if giver != Role.OPERATOR} == {
        (Role.SUPERVISOR, Role.MANAGER),
        (Role.MANAGER, Role.REVIEWER),
        (Role.MANAGER, Role.OBSERVER),
        (Role.MANAGER, Role.FOLLOW_UP),
        (Role.MANAGER, Role.LAWYER),
        (Role.MANAGER, Role.FIRM),
    }


def test_a_role_of_nowhere_is_given_by_nobody():
    assert not may_give([Held(Role.OPERATOR, CITY)], role=Role.LAWYER, paths=[])


@pytest.fixture
def county():
    city = factories.organisation("bureau")
    return {"city": city, "a": factories.centre(city, code="a"), "b": factories.centre(city, code="b")}


def open_account(client, **form):
    person = {"username": "x7", "display_name": "某", "password": "a-very-good-pass"}
    return client.post(reverse("accounts:new-person"), person | form)


def give(client, person, **form):
    return client.post(reverse("accounts:give-role", args=[person.public_id]), form)


def test_two_hats_at_two_centres_do_not_add_up(client, county):
    giver = factories.user(Role.MANAGER, at=county["a"])
    Grant.objects.create(user=giver, role=Role.OPERATOR, organisation=county["b"])
    client.force_login(giver)

    crossed = open_account(client, role=Role.OPERATOR, organisation=county["a"].pk)
    straight = open_account(client, role=Role.OPERATOR, organisation=county["b"].pk)

    assert (crossed.status_code, straight.status_code) == (422, 302)
    assert [grant.organisation for grant in Grant.objects.filter(user__username="x7")] == [county["b"]]


def test_no_account_is_opened_for_a_lawyer_whom_only_another_centre_knows(client, county):
    elsewhere = factories.lawyer(factories.firm(county["b"]))
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    answer = open_account(client, role=Role.LAWYER, licence_number=elsewhere.licence_number)
    beside = open_account(
        client, role=Role.REVIEWER, organisation=county["a"].pk, licence_number=elsewhere.licence_number
    )

    assert (answer.status_code, beside.status_code) == (422, 422)
    assert not User.objects.filter(username="x7").exists()


def test_a_lawyer_of_two_centres_gets_the_role_from_whoever_is_above_both(client, county):
    shared = factories.lawyer(factories.firm(county["a"]))
    Membership.objects.create(lawyer=shared, firm=factories.firm(county["b"]), starts_on="2026-01-01")
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))
    alone = open_account(client, role=Role.LAWYER, licence_number=shared.licence_number)
    client.force_login(factories.user(Role.OPERATOR, at=county["city"]))
    above = open_account(client, role=Role.LAWYER, licence_number=shared.licence_number)

    assert (alone.status_code, above.status_code) == (422, 302)
    assert User.objects.get(username="x7").lawyer == shared


def test_a_lawyer_has_one_account_and_the_second_is_refused_in_words(client, county):
    lawyer = factories.lawyer(factories.firm(county["a"]))
    factories.user(Role.LAWYER, of=lawyer)
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    answer = open_account(client, role=Role.LAWYER, licence_number=lawyer.licence_number)

    assert answer.status_code == 422
    assert 'href="#id_licence_number"' in answer.content.decode()


def test_a_reviewer_who_practises_is_made_a_lawyer_too_and_not_by_another_s_number(client, county):
    firm = factories.firm(county["a"])
    lawyer, other = factories.lawyer(firm), factories.lawyer(firm)
    reviewer = factories.user(Role.REVIEWER, at=county["a"])
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    without = give(client, reviewer, role=Role.LAWYER)
    given = give(client, reviewer, role=Role.LAWYER, licence_number=lawyer.licence_number)
    second = give(
        client, reviewer, role=Role.OBSERVER, organisation=county["a"].pk, licence_number=other.licence_number
    )

    assert (without.status_code, given.status_code, second.status_code) == (422, 302, 422)
    reviewer.refresh_from_db()
    assert reviewer.lawyer == lawyer
    assert set(reviewer.grants.values_list("role", flat=True)) == {Role.REVIEWER, Role.LAWYER}


def test_the_head_of_a_firm_is_named_and_taken_away_by_the_firm_s_centre(client, county):
    firm, foreign = factories.firm(county["a"]), factories.firm(county["b"])
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    refused = open_account(client, role=Role.FIRM, firm=foreign.pk)
    opened = open_account(client, role=Role.FIRM, firm=firm.pk)
    head = User.objects.get(username="x7")
    grant = head.grants.get()
    taken = client.post(reverse("accounts:take-role", args=[head.public_id, grant.pk]))

    assert (refused.status_code, opened.status_code, taken.status_code) == (422, 302, 302)
    assert (grant.role, grant.firm, head.grants.count()) == (Role.FIRM, firm, 0)


def test_the_lawyer_s_role_is_taken_away_by_their_centre_and_no_other(client, county):
    person = factories.user(Role.LAWYER, of=factories.lawyer(factories.firm(county["a"])))
    take = reverse("accounts:take-role", args=[person.public_id, person.grants.get().pk])

    client.force_login(factories.user(Role.MANAGER, at=county["b"]))
    elsewhere = client.post(take)
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))
    here = client.post(take)

    assert (elsewhere.status_code, here.status_code, person.grants.count()) == (404, 302, 0)


def test_the_lawyer_s_role_is_held_once(county):
    person = factories.user(Role.LAWYER, of=factories.lawyer())

    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(user=person, role=Role.LAWYER)


def test_a_forgotten_password_is_replaced_by_whoever_is_above_all_that_the_person_holds(client, county):
    reviewer = factories.user(Role.REVIEWER, at=county["a"])
    supervisor = factories.user(Role.SUPERVISOR, at=county["city"], organisation=county["a"])
    AuthToken.objects.create(reviewer)
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    def replace(person):
        return client.post(
            reverse("accounts:first-password", args=[person.public_id]), {"password": "another-good-pass"}
        )

    assert (replace(reviewer).status_code, replace(supervisor).status_code) == (302, 422)
    reviewer.refresh_from_db()
    assert reviewer.check_password("another-good-pass")
    assert reviewer.password_is_temporary
    assert not AuthToken.objects.filter(user=reviewer).exists()
    assert Entry.objects.get(action="accounts.password_changed").subject_id == str(reviewer.pk)


def test_nobody_gives_themselves_a_password_this_way(client, county):
    manager = factories.user(Role.MANAGER, at=county["a"])
    client.force_login(manager)

    answer = client.post(
        reverse("accounts:first-password", args=[manager.public_id]), {"password": "another-good-pass"}
    )

    assert answer.status_code == 422


def test_a_password_that_somebody_else_chose_leads_to_choosing_one_s_own(client, county):
    person = factories.user(Role.REVIEWER, at=county["a"], password_is_temporary=True)
    credentials = {"username": person.username, "password": factories.PASSWORD}

    program = client.post(reverse("api-sign-in"), credentials, content_type="application/json")
    entered = client.post(reverse("accounts:sign-in"), credentials)
    changed = client.post(
        reverse("accounts:password"),
        {"old_password": factories.PASSWORD, "new_password1": "my-own-long-pass", "new_password2": "my-own-long-pass"},
    )

    assert (program.status_code, program.json()["code"]) == (403, "password_is_temporary")
    assert entered.url == reverse("accounts:password")
    assert changed.status_code == 302
    person.refresh_from_db()
    assert not person.password_is_temporary
    assert client.get(reverse("home")).status_code == 200


def test_a_new_password_ends_every_token(client, county):
    person = factories.user(Role.MANAGER, at=county["a"])
    _issued, token = AuthToken.objects.create(person)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(
        reverse("accounts:password"),
        {"old_password": factories.PASSWORD, "new_password1": "my-own-long-pass", "new_password2": "my-own-long-pass"},
    )
    client.logout()

    assert client.get(reverse("api-me"), headers={"Authorization": f"Token {token}"}).status_code == 401
    assert Entry.objects.filter(action="accounts.password_changed", subject_id=str(person.pk)).count() == 1


def test_a_token_ends_by_itself(county):
    issued, _token = AuthToken.objects.create(factories.user())

    assert round((issued.expiry - issued.created).total_seconds() / 86_400) == 90


def test_preferences_are_recorded_by_field_and_never_by_value(client):
    person = factories.user()
    client.force_login(person)

    client.post(reverse("accounts:preferences"), {"email": "who@example.org"})
    client.post(reverse("accounts:preferences"), {"email": "who@example.org"})

    person.refresh_from_db()
    assert (person.email, person.shortcuts_enabled) == ("who@example.org", False)
    assert [entry.details for entry in Entry.objects.filter(action="accounts.preferences_changed")] == [
        {"fields": ["shortcuts_enabled", "email"]}
    ]


def test_a_person_s_page_shows_what_may_be_given_and_taken(client, county):
    reviewer = factories.user(Role.REVIEWER, at=county["a"])
    client.force_login(factories.user(Role.MANAGER, at=county["a"]))

    page = client.get(reverse("accounts:person", args=[reviewer.public_id])).content.decode()

    assert reverse("accounts:give-role", args=[reviewer.public_id]) in page
    assert reverse("accounts:first-password", args=[reviewer.public_id]) in page
    # None is given by a press alone: the first of them reaches furthest.
    assert re.search(r'<select name="role"[^>]*>\s*<option value="" selected>', page)


def test_programs_that_try_too_many_passwords_are_paused_in_their_own_words(client, settings):
    from axes.utils import reset

    settings.AXES_ENABLED = True
    wrong = {"username": "nobody", "password": "wrong"}
    for _ in range(5):
        answer = client.post(reverse("api-sign-in"), wrong, content_type="application/json")
    reset()

    assert (answer.status_code, answer["Content-Type"]) == (429, "application/problem+json")
    assert (answer.json()["code"], answer["Retry-After"]) == ("sign_in_paused", "900")


def test_nothing_is_done_with_a_password_that_somebody_else_chose(client, county):
    person = factories.user(Role.MANAGER, at=county["a"], password_is_temporary=True)
    client.post(reverse("accounts:sign-in"), {"username": person.username, "password": factories.PASSWORD})
    own = reverse("accounts:password")

    page, act = client.get(reverse("cases:list")), client.post(reverse("accounts:preferences"), {"email": ""})
    program = client.get("/api/v1/cases")
    saved = client.get(reverse("home"), headers={"HX-Request": "true"})
    given = {"old_password": factories.PASSWORD, "new_password1": "one-of-my-own", "new_password2": "one-of-my-own"}
    chosen = client.post(own, given)

    assert [(answer.status_code, answer.url) for answer in (page, act)] == [(302, own), (302, own)]
    assert (program.status_code, program.json()["code"]) == (403, "password_is_temporary")
    assert saved["HX-Redirect"] == own
    assert (chosen.status_code, client.get(reverse("cases:list")).status_code) == (302, 200)
