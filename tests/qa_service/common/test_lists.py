"""Every list of the API says which parameter it does not understand, instead of answering as if it had."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from tests import factories

pytestmark = pytest.mark.django_db


def patterns(node: Any, path: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in node.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here, entry


LISTS = [
    path
    for path, entry in patterns(get_resolver())
    if isinstance(getattr(entry.callback, "view_class", None), type)
    and issubclass(entry.callback.view_class, ListAPIView)
]


@pytest.fixture
def everybody() -> APIClient:
    """One person with every role."""
    centre = factories.centre()
    lawyer, firm = factories.lawyer(), factories.firm(centre)
    client = APIClient(headers={"accept-language": "en"})
    client.force_authenticate(factories.user(*Role, at=centre, of=lawyer, heads=firm))
    return client


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("page=x", "page"),
        ("page_size=many", "page_size"),
        ("page_size=0", "page_size"),
        ("cursor=%F0%9F%98%80", "cursor"),
        ("colour=red", "colour"),
    ],
)
def test_a_parameter_that_is_not_understood_is_refused_by_name(
    everybody: APIClient, path: str, asked: str, named: str
) -> None:
    answer = everybody.get(f"{path}?{asked}")

    assert (answer.status_code, answer["Content-Type"], list(answer.json()["errors"])) == (
        400,
        "application/problem+json",
        [named],
    )


def test_a_well_formed_cursor_that_no_list_gave_out_is_refused_by_name(everybody: APIClient) -> None:
    nonsense = b64encode(b"p=nonsense").decode()

    answer = everybody.get("/api/v1/cases", {"cursor": nonsense})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asked_rightly_answers(everybody: APIClient, path: str) -> None:
    assert everybody.get(f"{path}?page_size=3").status_code == 200
    assert len(LISTS) > 12


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/api/v1/cases", {"case_type": "wooden", "closed_from": "yesterday", "filed": "perhaps"}),
        ("/api/v1/review-results", {"state": "wooden"}),
        ("/api/v1/scores", {"grade": "wooden"}),
        ("/api/v1/surveys/alerts", {"kind": "wooden", "show": "wooden"}),
        ("/api/v1/standings", {"kind": "wooden"}),
    ],
)
def test_a_filter_with_a_wrong_value_is_refused_by_name(
    everybody: APIClient, path: str, filters: dict[str, str]
) -> None:
    for name, value in filters.items():
        answer = everybody.get(path, {name: value})

        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
