"""The matrix: every URL and method, every role in every relation, read from the URL configuration."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import copy, deepcopy
from dataclasses import dataclass
from functools import lru_cache
from logging import ERROR, NOTSET, getLogger
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

import yaml
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.backends.django import Template
from django.test import Client
from django.test.client import ClientHandler
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from tests.authorisation.people import RELATIONS, Country

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE = Path(__file__).with_name("table.yaml")
NOBODY = UUID(int=0)
SIGN_IN, FORBIDDEN, HIDDEN, NO_SUCH_METHOD, ALLOWED = "S", "F", "H", "M", "A"
# Let in, and told that an empty hand is not enough, or that the thing does not stand where this is done.
WANTING = "W"
LET_IN = frozenset((ALLOWED, WANTING))
ABSENT = "-"
UNAVAILABLE = "U"
REFUSALS = {"403.html", "404.html", "refused.html"}


@dataclass(frozen=True)
class Door:
    """One URL of the service by its full name."""

    name: str
    converters: tuple[str, ...]


def doors() -> Iterator[Door]:
    yield from _walk(get_resolver().url_patterns, ())


def _walk(patterns: list[Any], namespaces: tuple[str, ...]) -> Iterator[Door]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield Door(":".join((*namespaces, pattern.name or str(pattern.pattern))), tuple(pattern.pattern.converters))


def outcome(status: int, location: str) -> str:
    """One letter for what the person met."""
    if status == 401 or (status in {301, 302, 303} and location.startswith(reverse("accounts:sign-in"))):
        return SIGN_IN
    letters = {403: FORBIDDEN, 404: HIDDEN, 405: NO_SUCH_METHOD, 400: WANTING, 409: WANTING, 415: WANTING, 422: WANTING}
    return letters.get(status, ALLOWED)


def probe(client: Client, method: str, url: str) -> str:
    """Knock once with an empty hand and undo whatever happened. A 500 is a failure, whoever knocks."""
    kept = deepcopy(client.cookies)
    cache.clear()  # a throttle would answer in the door's place
    with transaction.atomic():
        answer = client.generic(method, url, data="", content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = kept
    if answer.status_code == 503:  # said, not broken: no worker runs beside the suite
        return UNAVAILABLE
    if answer.status_code >= 500:
        return str(answer.status_code)
    return outcome(answer.status_code, answer.headers.get("Location", ""))


class Known(ClientHandler):
    """Asks in the name of one person, as whoever signed in is known from their session.

    Twenty thousand questions that each read the session, the person and their roles anew take half as long again; what
    a session is worth has tests of its own.
    """

    def __init__(self, person: User) -> None:
        super().__init__(enforce_csrf_checks=False)
        self.person = person
        # Whether pages are put together for them while `sparing` is on.
        self.sees_pages = True
        # Held by each copy of the person from here on.
        assert person.roles

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        request._cached_user = copy(self.person)
        request.sees_pages = self.sees_pages
        return super().get_response(request)


def clients(country: Country) -> dict[tuple[str, str], Client]:
    ready = {("anonymous", "own"): Client(raise_request_exception=False)}
    return ready | {key: known(person) for key, person in country.people.items()}


def known(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.handler = Known(person)
    return client


def row(people: dict[tuple[str, str], Client], method: str, url: str) -> dict[str, str]:
    """What each role meets at one door: six letters in the order of RELATIONS, `-` where nobody stands."""
    roles = dict.fromkeys(role for role, _relation in people)
    return {
        str(role): (
            probe(people[role, "own"], method, url)
            if role == "anonymous"
            else " ".join(met(people.get((role, relation)), role, relation, method, url) for relation in RELATIONS)
        )
        for role in roles
    }


def met(client: Client | None, role: str, relation: str, method: str, url: str) -> str:
    """The page is put together for who stands nearest, and for the supervisor above, who has several centres to choose
    from; of the others only who is let in is asked.
    """
    if client is None:
        return ABSENT
    client.handler.sees_pages = relation == "own" or (relation == "parent" and role == Role.SUPERVISOR)
    return probe(client, method, url)


@contextmanager
def sparing() -> Iterator[None]:
    """Leaves out what nobody looks at: pages, as `_fewer_pages` says, looking up one address a hundred times, and the
    line in the log for each who is refused.
    """
    resolver, log = get_resolver(), getLogger("django.request")
    with _fewer_pages(), patch.object(resolver, "resolve", lru_cache(resolver.resolve)):
        log.setLevel(ERROR)
        yield
        log.setLevel(NOTSET)


def _fewer_pages() -> AbstractContextManager[Any]:
    """Of those whom `met` names no page, and for the others that which refuses once each, for it is the same at ten
    thousand doors.
    """
    whole, refused = Template.render, set()

    def render(template: Template, context: Any = None, request: HttpRequest | None = None) -> str:
        if request is None or not hasattr(request, "sees_pages"):
            return whole(template, context, request)
        told = (template.template.name, request.user.pk)
        if not request.sees_pages or told in refused:
            return ""
        if template.template.name in REFUSALS:
            refused.add(told)
        return whole(template, context, request)

    return patch.object(Template, "render", render)


def address(door: Door, things: dict[str, dict[str, Any]]) -> str:
    """The door's URL with the things of centre A.

    :raises KeyError: no thing is known for a door that needs one.
    """
    if not door.converters:
        return reverse(door.name)
    try:
        return reverse(door.name, kwargs=things[door.name])
    except NoReverseMatch as wrong:
        raise KeyError(door.name) from wrong


def table() -> dict[str, dict[str, dict[str, str]]]:
    loaded: dict[str, dict[str, dict[str, str]]] = yaml.load(TABLE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return loaded


def not_refused(role: str, relation: str, listed: Mapping[str, Mapping[str, Mapping[str, str]]]) -> set[str]:
    """The doors that look further than at the role: one page alone tells the others that they are not for them."""
    place = RELATIONS.index(relation)
    cells = {name: rows["GET"][str(role)].split() for name, rows in listed.items() if "GET" in rows}
    return {name for name, met in cells.items() if met[place if len(met) > 1 else 0] not in {FORBIDDEN, NO_SUCH_METHOD}}


def let_in(role: str, relation: str, listed: Mapping[str, Mapping[str, Mapping[str, str]]]) -> set[str]:
    """The doors that answer this person, by the matrix; what the others answer is the same for everybody."""
    place = RELATIONS.index(relation)
    return {name for name, rows in listed.items() if "GET" in rows and rows["GET"][str(role)].split()[place] in LET_IN}
