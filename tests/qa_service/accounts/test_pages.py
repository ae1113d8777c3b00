"""Signing in, settings and people."""

import pytest
from axes.utils import reset
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from tests import factories

pytestmark = pytest.mark.django_db


def test_signing_in_leads_home_and_signing_out_leads_to_the_door(client):
    person = factories.user(Role.MANAGER, at=factories.centre())

    entered = client.post(reverse("accounts:sign-in"), {"username": person.username, "password": factories.PASSWORD})
    home = client.get(reverse("home"))
    left = client.post(reverse("accounts:sign-out"))

    assert (entered.status_code, entered.url) == (302, reverse("home"))
    assert home.status_code == 200
    assert left.url == reverse("accounts:sign-in")


def test_five_wrong_passwords_pause_signing_in_even_with_the_right_one(client, settings):
    settings.AXES_ENABLED = True
    person = factories.user()
    for _ in range(5):
        client.post(reverse("accounts:sign-in"), {"username": person.username, "password": "wrong"})

    answer = client.post(reverse("accounts:sign-in"), {"username": person.username, "password": factories.PASSWORD})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) == 900
    reset()


def test_an_unknown_name_and_a_wrong_password_read_alike(client):
    person = factories.user()

    wrong = client.post(reverse("accounts:sign-in"), {"username": person.username, "password": "wrong"})
    unknown = client.post(reverse("accounts:sign-in"), {"username": "nobody", "password": "wrong"})

    def plain(response, name):
        text = response.content.decode().replace(name, "")
        return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]

    assert plain(wrong, person.username) == plain(unknown, "nobody")


def test_the_language_is_switched_by_post_and_stays(client):
    english = client.post(reverse("accounts:language"), {"language": "en", "next": reverse("accounts:sign-in")})
    page = client.get(english.url)

    assert '<html lang="en">' in page.content.decode()
    assert client.get(reverse("accounts:language")).status_code == 405


@pytest.mark.parametrize("page", ["x", "//evil.example/", "javascript:alert(1)", ""])
def test_the_language_is_switched_whatever_page_is_named(client, page):
    answer = client.post(reverse("accounts:language"), {"language": "en", "next": page})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))


def test_the_language_switch_never_leads_to_another_host(client):
    answer = client.post(reverse("accounts:language"), {"language": "en", "next": "https://evil.example/"})

    assert answer.url == reverse("home")


def test_a_manager_opens_an_account_in_their_own_centre(client):
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre))

    answer = client.post(
        reverse("accounts:new-person"),
        {
            "username": "reviewer7",
            "display_name": "评查员",
            "password": "a-very-good-pass",
            "role": Role.REVIEWER,
            "organisation": centre.pk,
        },
    )

    assert answer.status_code == 302
    assert Grant.objects.get(user__username="reviewer7").organisation == centre


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-hans", "只能使用英文字母、数字、连字符“-”和下划线“_”，不能有空格。"),
        ("en", "Use only the letters A to Z, digits, hyphens and underscores, without spaces."),
    ],
)
@pytest.mark.usefixtures("context_kept")
def test_a_user_name_that_cannot_be_one_is_refused_in_plain_words(client, language, sentence):
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre))
    client.cookies["django_language"] = language
    form = {"username": "评查员 七", "display_name": "评查员", "password": "a-very-good-pass", "role": Role.REVIEWER}

    page = client.post(reverse("accounts:new-person"), form)
    by_program = client.post(
        reverse("api-people"), form, content_type="application/json", headers={"Accept-Language": language}
    )

    assert page.context["form"].errors["username"] == [sentence]
    assert by_program.json()["errors"]["username"] == [sentence]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SUPERVISOR, Role.OPERATOR])
def test_a_manager_cannot_give_a_role_above_their_own(client, role):
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre))
    form = {"username": "x7", "display_name": "某", "password": "a-very-good-pass", "organisation": centre.pk}

    answer = client.post(reverse("accounts:new-person"), form | {"role": role})

    assert answer.status_code == 422
    assert not User.objects.filter(username="x7").exists()


def test_a_manager_cannot_give_a_role_elsewhere(client):
    here, there = factories.centre(), factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=here))
    form = {"username": "x7", "display_name": "某", "password": "a-very-good-pass", "role": Role.REVIEWER}

    answer = client.post(reverse("accounts:new-person"), form | {"organisation": there.pk})

    assert answer.status_code == 422


def test_nobody_changes_their_own_roles(client):
    centre = factories.centre()
    manager = factories.user(Role.MANAGER, at=centre)
    client.force_login(manager)

    client.post(
        reverse("accounts:give-role", args=[manager.public_id]), {"role": Role.REVIEWER, "organisation": centre.pk}
    )
    client.post(reverse("accounts:take-role", args=[manager.public_id, manager.grants.get().pk]))

    assert list(manager.grants.values_list("role", flat=True)) == [Role.MANAGER]


def test_the_list_of_people_costs_the_same_for_many(client, django_assert_max_num_queries):
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre))
    for _ in range(20):
        factories.user(Role.REVIEWER, at=centre)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("accounts:people"))

    assert page.content.decode().count('scope="row"') == 21


def test_a_token_speaks_for_its_owner_until_it_is_given_back(client):
    person = factories.user(Role.MANAGER, at=factories.centre(code="c1"))
    credentials = {"username": person.username, "password": factories.PASSWORD}
    given = client.post("/api/v1/sign-in", credentials, content_type="application/json").json()
    header = {"Authorization": f"Token {given['token']}"}

    me = client.get("/api/v1/me", headers=header).json()
    client.post("/api/v1/sign-out", headers=header, content_type="application/json")

    assert me["roles"] == [{"role": "manager", "organisation": "c1"}]
    assert client.get("/api/v1/me", headers=header).status_code == 401


def test_a_wrong_password_is_a_problem_in_the_standard_form(client):
    answer = client.post("/api/v1/sign-in", {"username": "x", "password": "y"}, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"], answer.json()["code"]) == (
        401,
        "application/problem+json",
        "wrong_credentials",
    )


def test_a_manager_is_offered_only_the_roles_they_may_take_away(client):
    city = factories.organisation("bureau")
    centre = factories.centre(city)
    client.force_login(factories.user(Role.MANAGER, at=centre))
    reviewer = factories.user(Role.REVIEWER, at=centre)
    colleague = factories.user(Role.MANAGER, at=centre)

    page = client.get(reverse("accounts:people")).content.decode()

    assert reverse("accounts:take-role", args=[reviewer.public_id, reviewer.grants.get().pk]) in page
    assert reverse("accounts:take-role", args=[colleague.public_id, colleague.grants.get().pk]) not in page


@pytest.mark.parametrize(
    "page", ["accounts:new-person", "accounts:new-centre", "cases:import", "surveys:complaint-new"]
)
def test_a_list_that_nothing_is_chosen_from_yet_says_so_in_words(client, page):
    bureau = factories.organisation("bureau")
    for _centre in range(2):
        factories.centre(bureau)
    person = factories.user(Role.OPERATOR, Role.MANAGER, Role.SUPERVISOR, at=bureau)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    seen = client.get(reverse(page)).content.decode()

    assert "<select" in seen
    assert "-----" not in seen


def test_who_asks_is_known_with_their_roles_by_two_statements_and_without_any_role_is_still_known(client):
    """Of a session of before the upgrade too, whose roles are asked for apart."""
    person, nobody = factories.user(Role.MANAGER, at=factories.centre()), factories.user()
    asked = {}
    for name, who, backend in (
        ("now", person, None),
        ("before", person, "django.contrib.auth.backends.ModelBackend"),
        ("nobody", nobody, None),
    ):
        client.force_login(who, backend=backend)
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/api/v1/me").json()["username"] == who.username
        found = [each["sql"] for each in statements.captured_queries]
        asked[name] = [sql for sql in found if 'FROM "django_session"' in sql or 'FROM "accounts_' in sql]

    assert {name: len(found) for name, found in asked.items()} == {"now": 2, "before": 3, "nobody": 3}


def test_a_wrong_password_is_worked_out_once(client):
    """A second back end that did so again would tell by the time whether somebody is known."""
    person = factories.user()

    client.post(reverse("accounts:sign-in"), {"username": person.username, "password": "wrong"})
    with CaptureQueriesContext(connection) as statements:
        client.post(reverse("accounts:sign-in"), {"username": person.username, "password": "wrong"})

    looked_up = [each["sql"] for each in statements.captured_queries if '"accounts_user"."username" =' in each["sql"]]
    assert len(looked_up) == 1
