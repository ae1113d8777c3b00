"""The description of the API is served and valid, without a warning."""

import io

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

from tests import factories


def test_the_description_is_valid_and_says_everything():
    written = io.StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)

    assert written.getvalue().startswith("openapi: 3.")


@pytest.mark.django_db
def test_the_description_and_its_readable_form_are_served(client):
    client.force_login(factories.user(), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/api/v1/schema/").status_code == 200
    assert client.get("/api/v1/docs/").status_code == 200


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
