"""All that is held of one person: found by number, or by name and case; told rule by rule, as far as one may see it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Field as Column
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.cases.models import Case, Client, ContactPlan
from qa_service.common.encryption import blind_index
from qa_service.common.errors import NotFound
from qa_service.common.keeping import ERASED, Part, Rule, standing, theirs
from qa_service.common.naming import names
from qa_service.privacy.models import HANDLERS
from qa_service.privacy.models.requests import of_own_cases
from qa_service.privacy.rooms import RULES

# Columns by which a machine finds something and that tell a reader nothing.
INNER = ("_index", "_hash", "_digest", "_masked")


class PersonUnknown(NotFound):
    code = "person_unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    """`name` for a program, `label` for a reader; `value` as stored, `said` in words."""

    name: str
    label: Any
    value: Any
    said: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands of the person under one rule, table by table; each row a tuple of cells."""

    rule: Rule
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Dossier:
    client: Client
    sections: tuple[Section, ...]

    def __repr__(self) -> str:
        return f"Dossier({self.client.pk})"


def people_reached(user: User) -> QuerySet[Client]:
    """Clients whose requests the user answers: of their subtrees, but of no case that they handled themselves."""
    reached = Client.objects.filter(within(user, "centre__path", *HANDLERS)).exclude(of_own_cases(user, "pk"))
    return reached.select_related("centre__settings", "contact_plan")


def person_reached(user: User, public_id: UUID) -> Client:
    """:raises PersonUnknown: none, or not this person's to see."""
    found = people_reached(user).filter(public_id=public_id).first()
    if found is None:
        raise PersonUnknown(_("There is no such person here."))
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """A person, and whether the number that was given is the guardian's: then it is no proof of who asks."""

    client: Client
    by_guardian: bool = False

    def __repr__(self) -> str:
        return f"Found({self.client.pk})"


def with_number(user: User, number: str) -> list[Found]:
    """Who has the number (E.164), had it before it was corrected, or whose guardian has it; found by keyed indexes."""
    index = blind_index(number)
    own = Client.objects.filter(Q(phone_index=index) | Q(former_phone_index=index)).values("pk")
    wards = ContactPlan.objects.filter(guardian_index=index).exclude(guardian_index="").values("client")
    # By keys, each read from its own index: an "or" over two tables reads both whole.
    held = people_reached(user).filter(pk__in=own.union(wards), erased_at=None).order_by("centre__path", "pk")
    return [Found(each, by_guardian=index not in (each.phone_index, each.former_phone_index)) for each in held]


def named_in_case(user: User, name: str, case_number: str) -> list[Found]:
    """Who of this name is, or was, a client of the case."""
    cases = Case.with_open.filter(within(user, "centre__path", *HANDLERS), number=case_number.strip())
    people = people_reached(user).filter(Q(cases__in=cases) | Q(co_cases__case__in=cases), erased_at=None).distinct()
    wanted = _bare(name)
    return [Found(client) for client in people.order_by("pk") if _bare(client.name) == wanted]


def held_of(client: Client, *, reader: User) -> Dossier:
    """Every row about the person that still says something, in the order of the rules."""
    zone = ZoneInfo(client.centre.settings.time_zone if hasattr(client.centre, "settings") else settings.TIME_ZONE)
    sections = (
        Section(rule, tuple(row for part in rule.parts for row in _rows(part, client, reader, zone))) for rule in RULES
    )
    return Dossier(client, tuple(section for section in sections if section.rows))


def parts_about_people() -> Iterator[tuple[Rule, Part]]:
    """Every table from whose rows a way leads to a client."""
    for rule in RULES:
        yield from ((rule, part) for part in rule.parts if part.person or part.of_person)


def standing_rows(part: Part, client: Client) -> QuerySet[Any]:
    rows: QuerySet[Any] = part.all().filter(theirs(part, client)).filter(standing(part))
    return rows


def _rows(part: Part, client: Client, reader: User, zone: ZoneInfo) -> Iterator[tuple[Cell, ...]]:
    shown = [(field.name, field.label) for field in part.fields if not field.name.endswith(INNER)]
    columns = [*((path, label) for label, path in part.beside), *shown]
    if not columns or not (part.person or part.of_person):
        return
    rows = part.all().filter(theirs(part, client))
    if part.shown_to is not None:
        rows = rows.filter(part.shown_to(reader))
    for values in rows.order_by("pk").values_list(*(path for path, _label in columns)):
        if part.of_trade and not any(names(str(value), client.name) for value in values[len(part.beside) :]):
            continue
        yield tuple(
            Cell(path.replace("__", "."), label, value, _said(part.model, path, value, zone))
            for (path, label), value in zip(columns, values, strict=True)
            if value not in ("", None, ERASED)
        )


def _said(model: type[Model], path: str, value: Any, zone: ZoneInfo) -> str:
    """In words: a choice by its label, a moment as it was where the centre is."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "; ".join(f"{key}: {each}" for key, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value))
    choices = dict(_column(model, path).flatchoices)
    return str(choices.get(value, value))


def _column(model: type[Model], path: str) -> "Column[Any, Any]":
    *steps, last = path.split("__")
    for step in steps:
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)  # noqa: S101 - paths of parts lead over foreign keys
        model = related
    column = model._meta.get_field(last)
    assert isinstance(column, Column)  # noqa: S101 - and end at a column
    return column


def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
