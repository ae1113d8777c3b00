"""Whatever a program does wrong below /api/, it is told in one shape: problem+json with a code, a title, a status."""

import json
import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from rest_framework import serializers

from qa_service.accounts.enums import STAFF_ROLES
from qa_service.common.retelling import fields_in_words
from tests import factories
from tests.authorisation.matrix import doors

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"
# The two doors of the API that are pages or describe it.
IMPORTS = "/api/v1/centres/{code}/cases/import"
PAGES = {"api-docs", "api-schema"}
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def program() -> Client:
    """Signed in with every role there is."""
    caller = Client(raise_request_exception=False)
    person = factories.user(*STAFF_ROLES, at=factories.centre())
    caller.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return caller


def told(answer) -> tuple[int, str, bool]:
    body = answer.json() if answer.headers.get("Content-Type", "").startswith(PROBLEM) else {}
    whole = {"type", "code", "title", "status"} <= body.keys() and body["status"] == answer.status_code
    return answer.status_code, answer.headers.get("Content-Type", ""), whole


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v1/cases/nothing", "/api/v9/cases"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_where_nothing_is(program, path, method):
    for caller in (program, Client()):
        assert told(caller.generic(method, path)) == (404, PROBLEM, True)


def test_a_page_that_is_not_there_stays_a_page(client):
    assert client.get("/nothing").headers["Content-Type"].startswith("text/html")


def addresses() -> list[str]:
    """Every door of the API, at things that do not exist."""
    found = []
    for door in doors():
        if door.name.startswith("api-") and door.name not in PAGES:
            nothing = {
                name: NOBODY if "public" in name or name.endswith("_id") or name == "whom" else "x"
                for name in door.converters
            }
            found.append(_address(door.name, nothing))
    return found


def _address(name: str, given: dict[str, str]) -> str:
    try:
        return reverse(name, kwargs=given)
    except NoReverseMatch:
        return reverse(
            name, kwargs={key: 1 if key in ("grant_id", "number", "version") else value for key, value in given.items()}
        )


def test_a_method_that_a_door_does_not_know(program):
    """Asked of all doors at once: a new one is held to it too."""
    met = {address: told(program.generic("TRACE", address)) for address in addresses()}

    # A lawyer's doors are closed to staff before the method is looked at.
    as_wanted = {(405, PROBLEM, True), (403, PROBLEM, True)}
    assert {address: answer for address, answer in met.items() if answer not in as_wanted} == {}
    assert met[reverse("api-alerts")] == (405, PROBLEM, True)


def test_a_body_of_another_kind_or_broken(program):
    for body, kind, status in (
        ("<a/>", "application/xml", 415),
        ("a=1", "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ('{"a": ' * 100_000, "application/json", 400),
    ):
        answer = program.generic("POST", "/api/v1/organisations", body, content_type=kind)
        assert told(answer) == (status, PROBLEM, True), kind


def test_a_broken_body_and_an_empty_one_are_told_in_the_language_of_the_caller(program):
    kind, chinese = "application/json", {"Accept-Language": "zh-hans"}
    broken = program.generic("POST", "/api/v1/organisations", '{"a":\n 1,}', content_type=kind, headers=chinese)
    nothing = program.generic("POST", "/api/v1/organisations", "null", content_type=kind, headers=chinese)

    assert broken.json()["title"] == "请求正文不是可读取的 JSON：见第 2 行第 4 列。"
    assert nothing.json()["errors"] == {"non_field_errors": ["未提交任何数据。请发送一个 JSON 对象。"]}


# A list is one in English too.
PYTHON = re.compile(r"codec|\b(?:str|int|float|bool|NoneType|dict|None|True|False)\b")
ORGANISATION = {"kind": "station", "code": "x", "name": "站", "parent": "y"}
ODD = {
    "bytes that are no text": b'{"a": "\xff"}',
    "a list for an object": b"[]",
    "a text for an object": b'"x"',
    "a number for an object": b"3",
    "true for an object": b"true",
    "an object for a choice": json.dumps(ORGANISATION | {"kind": {"a": 1}}).encode(),
    "a list for a choice": json.dumps(ORGANISATION | {"kind": ["a"]}).encode(),
    "a list for a text": json.dumps(ORGANISATION | {"name": ["a"]}).encode(),
}


def sentences(part) -> list[str]:
    """What stands in a problem for people: its title and its errors."""
    if isinstance(part, str):
        return [part]
    if isinstance(part, dict):
        part = [part["title"], part.get("errors", [])] if "title" in part else list(part.values())
    return [text for inner in part for text in sentences(inner)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_no_sentence_speaks_python_whatever_was_sent(program, body, language):
    answer = program.generic(
        "POST", "/api/v1/organisations", body, content_type="application/json", headers={"accept-language": language}
    )

    told_so = sentences(answer.json())
    assert answer.status_code in {400, 422}
    assert [text for text in told_so if PYTHON.search(text)] == []
    assert [text for text in told_so if (re.search("[\u4e00-\u9fff]", text) is None) == (language == "zh-hans")] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("field", "given"), [(serializers.ListField(), "x"), (serializers.DictField(), [1]), (serializers.ListField(), {})]
)
def test_a_value_of_another_kind_is_told_without_the_name_of_its_kind(field, given, language):
    with override(language), pytest.raises(serializers.ValidationError) as refused:
        field.run_validation(given)
    with override(language):
        (text,) = fields_in_words(refused.value.detail)

    assert (PYTHON.search(text), text.startswith(("此处应为", "A list is", "An object is"))) == (None, True)


def test_a_form_whose_parts_cannot_be_told_apart_and_one_of_a_lost_session_are_told_in_chinese(program):
    place = factories.centre()
    person = factories.user(*STAFF_ROLES, at=place)
    program.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = program.cookies
    chinese = {"accept-language": "zh-hans"}

    parts = program.generic(
        "POST", IMPORTS.format(code=place.code), "x", content_type="multipart/form-data", headers=chinese
    )
    lost = strict.post("/api/v1/organisations", {}, content_type="application/json", headers=chinese)

    assert parts.json()["title"] == "无法区分表单的各部分，请按Content-Type的声明发送。"
    assert lost.json()["title"] == "页面与您的登录已失去联系，请重新打开页面；程序请使用自己的令牌。"


def test_a_body_too_large_is_refused_and_is_no_fault_of_ours_in_the_log(client, caplog):
    form = "application/x-www-form-urlencoded"
    page = client.generic("POST", "/accounts/sign-in", "a=" + "x" * 6_000_000, content_type=form)
    problem = client.generic("POST", "/api/v1/organisations", "x" * 6_000_000, content_type="application/json")

    assert (page.status_code, "5 MB" in page.content.decode()) == (413, True)
    assert told(problem) == (413, PROBLEM, True)
    assert {(line.levelname, line.exc_info) for line in caplog.records} == {("WARNING", None)}


def test_an_answer_of_a_kind_we_do_not_give(program):
    assert told(program.get("/api/v1/cases", headers={"Accept": "text/csv"})) == (406, PROBLEM, True)


def test_who_has_not_said_who_they_are():
    assert told(Client().get("/api/v1/cases")) == (401, PROBLEM, True)


def test_a_form_of_the_site_without_its_token(program):
    caller = Client(enforce_csrf_checks=True)
    caller.cookies = program.cookies

    assert told(caller.post("/api/v1/organisations", {}, content_type="application/json")) == (403, PROBLEM, True)


def test_what_is_refused_before_any_view(program, settings):
    settings.ALLOWED_HOSTS = ["testserver"]

    assert told(program.get("/api/v1/cases", headers={"Host": "elsewhere.example"})) == (400, PROBLEM, True)
    assert program.get("/cases/", headers={"Host": "elsewhere.example"}).headers["Content-Type"].startswith("text/html")


def test_a_fault_of_ours(program, monkeypatch):
    """Below the API nothing of it is told but that it was ours."""
    from qa_service.cases.api import views

    monkeypatch.setattr(views, "cases_known_to", lambda _user: 1 / 0)

    assert told(program.get("/api/v1/cases")) == (500, PROBLEM, True)
