"""The character NUL is refused at every door by the same words; PostgreSQL would refuse it by an error of ours."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(client):
    node = factories.centre(code="a")
    person = factories.user(Role.MANAGER, Role.FOLLOW_UP, Role.REVIEWER, at=node)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return node


@pytest.mark.parametrize(
    "url",
    [
        "/v/%00",
        "/api/v1/verification/%00",
        "/api/v1/standings?centre=%00",
        "/api/v1/cases?number=a%00b",
        "/cases/?lawyer=%00",
        "/scoring/report?centre=%00",
        "/?%00=1",
        "/accounts/sign-in?next=%00",
    ],
)
def test_in_an_address(client, centre, url):
    assert client.get(url).status_code == 400


def test_in_a_form(client, centre):
    assert client.post(reverse("surveys:telephone-find"), {"text": "\0"}).status_code == 400
    answer = client.post(
        reverse("accounts:sign-in"), "username=a%00&password=b", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 400
    assert "NUL" in answer.content.decode()


def test_in_a_form_with_a_file(client, centre):
    upload = SimpleUploadedFile("a.csv", b"\0\0")

    assert client.post(reverse("cases:import"), {"centre": "\0", "file": upload}).status_code == 400


def test_in_a_file_it_is_for_the_reader_of_files_to_say(client, centre):
    upload = SimpleUploadedFile("a.csv", b"\0\0")

    assert client.post(reverse("cases:import"), {"centre": "a", "file": upload}).status_code in {415, 422}


@pytest.mark.parametrize("body", [b'{"client_name": "a\\u0000"}', b'{"client_name": "a\0"}', b'{"a": "\\\\\\u0000"}'])
def test_in_json(client, centre, body):
    answer = client.put("/api/v1/centres/a/cases/1", body, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["code"] == "nul_character"


def test_the_six_characters_that_spell_it_are_a_text_like_any_other(client, centre):
    answer = client.put("/api/v1/centres/a/cases/1", rb'{"cause": "\\u0000"}', content_type="application/json")

    assert "nul_character" not in answer.content.decode()


def test_a_number_in_a_path(client, centre):
    answer = client.put("/api/v1/centres/%00/cases/1", {}, content_type="application/json")

    assert answer.status_code == 400


def test_in_a_cookie_it_is_no_cookie(client, centre):
    client.cookies["sessionid"] = "aaaaaaaaaaaa\0"

    assert client.get("/").status_code == 302


def test_the_words_follow_the_reader_s_language(client):
    chinese = client.get("/v/%00", headers={"Accept-Language": "zh-CN"}).content.decode()
    english = client.get("/v/%00", headers={"Accept-Language": "en"}).content.decode()

    assert "请删除" in chinese
    assert "Remove it" in english


@pytest.mark.parametrize("url", ["/s/%00", "/s/abc%00def", "/s/%ff", "/s/a/b/c/d", "/s/unknown12345?x=%00"])
def test_a_malformed_address_of_the_form_reads_as_an_unknown_link(url):
    from django.test import Client

    def seen(address):
        answer = Client(headers={"accept-language": "zh-hans"}).get(address)
        shown = re.sub(r'name="(?:next|csrfmiddlewaretoken|token)" value="[^"]*"', "", answer.content.decode())
        return answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"], shown

    assert seen(url) == seen("/s/unknown12345")
    assert seen(url)[0] == 404


def test_an_answer_of_a_client_with_the_character_is_taken_without_it():
    from tests.surveys.faces.rows import answer, asked, begin

    _conversation, key = asked()

    assert answer(begin(key), key, "q1", "4\0").status_code == 422
