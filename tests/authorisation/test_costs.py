"""A list or home costs the database the same for a few rows as for three times as many, for all who may see it."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from tests.authorisation.matrix import doors, let_in, table
from tests.authorisation.people import Country, build_country
from tests.authorisation.things import build_things
from tests.authorisation.walk import known
from tests.factories import NOW
from tests.forgetting import forget

READERS = (
    Role.MANAGER, Role.SUPERVISOR, Role.OPERATOR, Role.REVIEWER, Role.OBSERVER, Role.FOLLOW_UP, Role.LAWYER, Role.FIRM,
)  # fmt: skip
TURNS = 3
Key = tuple[str, str]


@pytest.fixture
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def statements(client: Client, url: str) -> int | None:
    """What a page asks of the database where nothing is kept of the last; None where the reader does not come in."""
    forget()
    asked = 0

    def counted(execute: Any, *given: Any) -> Any:
        nonlocal asked
        asked += 1
        return execute(*given)

    # Django's own log of what was asked writes each statement out, which takes longer than to ask it.
    with connection.execute_wrapper(counted):
        answer = client.get(url)
        assert answer.streaming or answer.content is not None
    return asked if answer.status_code == 200 else None


def costs(country: Country, keys: Iterable[Key]) -> dict[Key, int]:
    # Read anew: what was once looked up of the roles somebody holds stays with them.
    people = {str(role): known(User.objects.get(pk=country.people[role, place(role)].pk)) for role in READERS}
    found = {(name, role): statements(people[role], reverse(name)) for name, role in keys}
    return {key: asked for key, asked in found.items() if asked is not None}


def place(role: str) -> str:
    return "parent" if role == Role.SUPERVISOR else "own"


def lists_and_homes() -> list[Key]:
    """With each who may see it, by the matrix."""
    listed = table()
    met = {role: let_in(role, place(role), listed) for role in READERS}
    return [(door.name, role) for door in doors() if not door.converters for role in READERS if door.name in met[role]]


@pytest.mark.django_db
@pytest.mark.usefixtures("_clock", "fonts")
def test_every_list_and_home_costs_the_same_for_a_few_rows_and_for_many(settings) -> None:
    """The very same: one that asked less of many had kept something of the few, behind which a growth could hide."""
    settings.DEMO = False
    country = build_country()
    build_things(country)
    of_few = costs(country, lists_and_homes())
    for turn in range(1, TURNS):
        build_things(country, turn=turn)
    of_many = costs(country, of_few)

    assert len(of_few) > 150
    assert {key: (of_few[key], of_many[key]) for key in of_few if of_many[key] != of_few[key]} == {}
