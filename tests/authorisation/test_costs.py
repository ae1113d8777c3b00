"""A list or home costs the database the same for a few rows as for three times as many, for all who may see it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from tests.authorisation.matrix import clients, doors
from tests.authorisation.people import Country, build_country
from tests.authorisation.things import build_things
from tests.factories import NOW

READERS = (Role.MANAGER, Role.SUPERVISOR, Role.OPERATOR, Role.REVIEWER, Role.FOLLOW_UP, Role.LAWYER, Role.FIRM)
TURNS = 3
Key = tuple[str, str]


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def statements(client: Client, url: str) -> list[str] | None:
    """What a page asked of the database; None where the reader does not come in."""
    cache.clear()
    reset_queries()  # the log holds 9,000 and would forget
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(url)
        assert answer.streaming or answer.content is not None
    return [query["sql"] for query in asked.captured_queries] if answer.status_code == 200 else None


def costs(country: Country, only: set[Key] | None = None) -> dict[Key, list[str]]:
    people = clients(country)
    found = {
        (door.name, role): statements(people[role, "parent" if role == Role.SUPERVISOR else "own"], reverse(door.name))
        for door in doors()
        if not door.converters
        for role in READERS
        if only is None or (door.name, role) in only
    }
    return {key: asked for key, asked in found.items() if asked is not None}


@pytest.mark.django_db
@pytest.mark.usefixtures("_clock", "fonts")
def test_every_list_and_home_costs_the_same_for_a_few_rows_and_for_many(settings) -> None:
    settings.DEMO = False
    country = build_country()
    build_things(country)
    seen = set(costs(country))  # and what one request keeps for the next is warm now
    of_few = costs(country, seen)
    for turn in range(1, TURNS):
        build_things(country, turn=turn)
    of_many = costs(country, seen)

    assert len(seen) > 150
    assert {key: (len(of_few[key]), len(of_many[key])) for key in seen if len(of_many[key]) > len(of_few[key])} == {}
