"""The description of the API is served and valid, without a warning."""

import io
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from openapi_spec_validator import OpenAPIV30SpecValidator

from qa_service.accounts.enums import Role
from tests import factories


def test_the_description_is_valid_and_says_everything():
    written = io.StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)

    assert written.getvalue().startswith("openapi: 3.")


@pytest.fixture
def described(client):
    """As a program is served it, whoever asks."""
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/api/v1/schema/?format=json", headers={"accept-language": "zh-hans"}).json()


@pytest.mark.django_db
def test_somebody_else_s_reader_finds_no_fault_with_it(described):
    faults = OpenAPIV30SpecValidator(described).iter_errors()

    assert [(list(fault.absolute_path), fault.message) for fault in faults] == []


@pytest.mark.django_db
def test_it_speaks_one_language(described):
    """English, as its endpoints are described; a Chinese word may be quoted."""
    chinese = re.compile("[\u4e00-\u9fff]+")

    assert [text for text in _texts(described) if len("".join(chinese.findall(text))) > 4] == []


def _texts(part) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _texts(inner)


@pytest.mark.django_db
def test_a_parameter_left_empty_is_one_not_given(described, client):
    """What a form or a generated client sends for a filter that was not filled in."""
    centre = factories.centre()
    client.force_login(factories.user(Role.MANAGER, at=centre), backend="django.contrib.auth.backends.ModelBackend")
    refused = []
    for path, methods in described["paths"].items():
        optional = [
            given["name"]
            for given in methods.get("get", {}).get("parameters", ())
            if given["in"] == "query" and not given.get("required")
        ]
        if not optional or "{" in path or path.endswith("/schema/"):
            continue
        plain = client.get(path).status_code
        empty = client.get(path, dict.fromkeys(optional, "")).status_code
        if plain != empty:
            refused.append((path, plain, empty))

    assert refused == []


@pytest.mark.django_db
def test_the_description_and_its_readable_form_are_served(client):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/api/v1/schema/").status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200
    assert client.options("/api/v1/docs/").status_code < 500


@pytest.mark.django_db
def test_everybody_is_served_the_whole_description_in_both_forms(client):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")
    whole = SchemaGenerator().get_schema(request=None, public=True)

    first, second = (client.get("/api/v1/schema/?format=json") for _reader in range(2))

    assert first.json() == second.json()
    assert set(first.json()["paths"]) == set(whole["paths"])
    assert client.get("/api/v1/schema/").content.startswith(b"openapi: 3.")


@pytest.mark.django_db
def test_a_version_asked_for_with_a_line_break_goes_into_no_header(client):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")

    answer = client.get("/api/v1/schema/", {"version": "a\r\nb"})

    assert answer.status_code == 200
    assert "(v1)" in answer.headers["Content-Disposition"]
