"""Rows of which some cannot be read: what is encrypted may be damaged, and one such row must not hide the others."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from cryptography.fernet import InvalidToken
from django.db.models import Exists, Model, OuterRef, QuerySet

from surveys.enums import Sweep
from surveys.models import SetAside

Row = TypeVar("Row", bound=Model)


def is_set_aside(sweep: Sweep, *, now: datetime) -> Exists:
    """A condition on rows: the sweep failed at them, and their next try has not come."""
    return Exists(SetAside.objects.filter(sweep=sweep, row=OuterRef("pk"), again_at__gt=now))


@dataclass(frozen=True, slots=True)
class Read(Generic[Row]):
    """`unreadable`: the keys of the others."""

    rows: list[Row]
    unreadable: tuple[int, ...] = ()


def read_each(rows: QuerySet[Row], *, limit: int) -> Read[Row]:
    """The first so many, in one query. Only where one of them cannot be read is each read by itself."""
    try:
        return Read(list(rows[:limit]))
    except InvalidToken:
        pass
    found: list[Row] = []
    unreadable: list[int] = []
    for key in list(rows.values_list("pk", flat=True)[:limit]):
        try:
            found += rows.filter(pk=key)
        except InvalidToken:
            unreadable.append(key)
    return Read(found, tuple(unreadable))
