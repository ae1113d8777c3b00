"""Every list of the API says which parameter it does not understand, instead of answering as if it had."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django_filters import BooleanFilter
from rest_framework.generics import ListAPIView
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.common.filters import YesNo
from tests import factories

pytestmark = pytest.mark.django_db


def patterns(node: Any, path: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in node.url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here, entry


VIEWS = {
    path: entry.callback.view_class
    for path, entry in patterns(get_resolver())
    if isinstance(getattr(entry.callback, "view_class", None), type)
    and issubclass(entry.callback.view_class, ListAPIView)
}
LISTS = list(VIEWS)
FILTERS = {path: view.filterset_class for path, view in VIEWS.items() if getattr(view, "filterset_class", None)}


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
        ("page_size=201", "page_size"),
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


def test_whoever_asks_for_too_many_rows_is_told_how_many_there_may_be(everybody: APIClient) -> None:
    answer = everybody.get("/api/v1/cases", {"page_size": "9999999"})

    assert answer.json()["errors"] == {"page_size": ["Give a whole number from 1 to 200."]}
    assert everybody.get("/api/v1/cases", {"page_size": "0200"}).status_code == 200


def test_no_filter_takes_a_strange_word_for_yes_or_no(everybody: APIClient) -> None:
    asked = [
        (path, name)
        for path, filters in FILTERS.items()
        for name, each in filters.base_filters.items()
        if isinstance(each, BooleanFilter | YesNo)
    ]

    for path, name in asked:
        refused = everybody.get(path, {name: "maybe"})
        assert (refused.status_code, list(refused.json().get("errors", ()))) == (400, [name]), path
        assert everybody.get(path, {name: "true"}).status_code == 200, path
    assert len(asked) >= 6


@pytest.mark.parametrize(
    ("path", "filters"),
    [
        ("/api/v1/cases", {"case_type": "wooden", "closed_from": "yesterday", "filed": "perhaps"}),
        ("/api/v1/review-results", {"state": "wooden"}),
        ("/api/v1/scores", {"grade": "wooden"}),
        ("/api/v1/surveys/alerts", {"kind": "wooden", "show": "wooden"}),
        ("/api/v1/standings", {"kind": "wooden", "case_type": "wooden", "of_type": "civil"}),
    ],
)
def test_a_filter_with_a_wrong_value_is_refused_by_name(
    everybody: APIClient, path: str, filters: dict[str, str]
) -> None:
    for name, value in filters.items():
        answer = everybody.get(path, {name: value})

        assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
