"""The matrix: every URL and method, every role in every relation, read from the URL configuration."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from tests.authorisation.people import RELATIONS

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
TABLE = Path(__file__).with_name("table.yaml")
NOBODY = UUID(int=0)
SIGN_IN, FORBIDDEN, HIDDEN, NO_SUCH_METHOD, ALLOWED = "S", "F", "H", "M", "A"
# Let in, and told that an empty hand is not enough, or that the thing does not stand where this is done.
WANTING = "W"
LET_IN = frozenset((ALLOWED, WANTING))
ABSENT = "-"
UNAVAILABLE = "U"


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
    """One letter for what the person met. A 500 is a failure, whoever knocks."""
    if status == 503:  # said, not broken: no worker runs beside the suite
        return UNAVAILABLE
    if status >= 500:
        return str(status)
    if status == 401 or (status in {301, 302, 303} and location.startswith(reverse("accounts:sign-in"))):
        return SIGN_IN
    letters = {403: FORBIDDEN, 404: HIDDEN, 405: NO_SUCH_METHOD, 400: WANTING, 409: WANTING, 415: WANTING, 422: WANTING}
    return letters.get(status, ALLOWED)


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
