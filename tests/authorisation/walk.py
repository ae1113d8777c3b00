"""Walks past the doors in the name of one person after another."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from logging import LogRecord, getLogger
from typing import Any, Protocol
from unittest.mock import patch

from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.backends.django import Template
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import get_resolver

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from tests.authorisation.matrix import ABSENT, Door, outcome
from tests.authorisation.people import RELATIONS, Country

ANONYMOUS = "anonymous"
People = dict[tuple[str, str], Client]


class Known(ClientHandler):
    """Asks in the name of one person, as whoever signed in is known from their session; of nobody for None.

    Twenty thousand questions that each read the session, the person and their roles anew take half as long again; what
    a session is worth has tests of its own.
    """

    def __init__(self, person: User | None) -> None:
        super().__init__(enforce_csrf_checks=False)
        self.person = person
        # Whether pages are put together for them while `sparing` is on, and refusals told to the log.
        self.looked_at = True
        # Held by each copy of the person from here on.
        assert person is None or person.roles

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        if self.person is not None:
            request._cached_user = copy(self.person)
        request.looked_at = self.looked_at
        return super().get_response(request)

    def knock(self, method: str, url: str) -> HttpResponseBase:
        """As the test client does, without what that notes of templates, faults and cookies, which is half of it."""
        if self._middleware_chain is None:
            self.load_middleware()
        request = RequestFactory().generic(method, url)
        request._dont_enforce_csrf_checks = True
        return self.get_response(request)


def known(person: User | None) -> Client:
    client = Client(raise_request_exception=False)
    client.handler = Known(person)
    return client


def clients(country: Country) -> People:
    return {(ANONYMOUS, "own"): known(None)} | {key: known(person) for key, person in country.people.items()}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who stands before which door."""

    door: Door
    role: str
    relation: str


class Looker(Protocol):
    """Looks at what somebody is shown who follows a link."""

    def wants(self, visit: Visit) -> bool: ...

    def look(self, visit: Visit, page: str, location: str) -> None: ...


class Walk:
    """Everybody knocks with an empty hand, once by each method; whatever that does is undone."""

    def __init__(self, people: People, lookers: Sequence[Looker] = ()) -> None:
        self.people, self.lookers = people, lookers
        self.standing = transaction.savepoint()

    def row(self, door: Door, method: str, url: str) -> dict[str, str]:
        """What each role meets at one door: six letters in the order of RELATIONS, `-` where nobody stands."""
        return {
            role: (
                self.met(Visit(door, role, "own"), method, url)
                if role == ANONYMOUS
                else " ".join(self.met(Visit(door, role, relation), method, url) for relation in RELATIONS)
            )
            for role in dict.fromkeys(str(role) for role, _relation in self.people)
        }

    def met(self, visit: Visit, method: str, url: str) -> str:
        """The page is put together for who stands nearest, for the supervisor above, who has several centres to choose
        from, and for those at whose pages somebody looks; of the others only who is let in is asked.
        """
        client = self.people.get((visit.role, visit.relation))
        if client is None:
            return ABSENT
        lookers = [looker for looker in self.lookers if method == "GET" and looker.wants(visit)]
        near = visit.relation == "own" or (visit.relation == "parent" and visit.role == Role.SUPERVISOR)
        client.handler.looked_at = near or bool(lookers)
        return self.probe(client, method, url, visit, lookers)

    def probe(
        self, client: Client, method: str, url: str, visit: Visit | None = None, lookers: Sequence[Looker] = ()
    ) -> str:
        cache.clear()  # a throttle would answer in the door's place
        with self._undone():
            answer = client.handler.knock(method, url)
            location = answer.headers.get("Location", "")
            if visit and lookers:
                page = shown(answer)
                for looker in lookers:
                    looker.look(visit, page, location)
        return outcome(answer.status_code, location)

    @contextmanager
    def _undone(self) -> Iterator[None]:
        """Most knocks ask the database for nothing, or only read: there is nothing to take back."""
        written = False

        def watch(execute: Callable[..., Any], sql: Any, *given: Any) -> Any:
            nonlocal written
            written = written or not str(sql).startswith("SELECT")
            try:
                return execute(sql, *given)
            except DatabaseError:  # PostgreSQL hears no more until it is led back
                written = True
                raise

        with connection.execute_wrapper(watch):
            yield
        if written or transaction.get_rollback():
            transaction.savepoint_rollback(self.standing)
            transaction.set_rollback(False)


def shown(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


@contextmanager
def sparing() -> Iterator[None]:
    """Leaves out what nobody looks at: pages, as `_fewer_pages` says, looking up one address a hundred times, and the
    line in the log for each who is refused.
    """

    def looked_at(record: LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "looked_at", True)

    resolver, log = get_resolver(), getLogger("django.request")
    with _fewer_pages(), patch.object(resolver, "resolve", lru_cache(resolver.resolve)):
        log.addFilter(looked_at)
        try:
            yield
        finally:
            log.removeFilter(looked_at)


def _fewer_pages() -> AbstractContextManager[Any]:
    """None for whom nobody looks at; for the others but once what the wrong role is told, for it is always the same."""
    whole, told = Template.render, set()

    def render(template: Template, context: Any = None, request: HttpRequest | None = None) -> str:
        if request is None or not hasattr(request, "looked_at"):
            return whole(template, context, request)
        refused = template.template.name == "403.html"
        if not request.looked_at or (refused and request.user.pk in told):
            return ""
        if refused:
            told.add(request.user.pk)
        return whole(template, context, request)

    return patch.object(Template, "render", render)
