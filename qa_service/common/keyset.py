"""Pages of a long list, by key: the last page costs what the first does, and nothing is counted.

For pages; those of the API are in `qa_service.common.paging`.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import connections
from django.db.models import F, Model, OrderBy, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
NOTHING = Q(pk__in=())


class PlaceUnknown(InvalidInput):
    code = "place_unknown"


@dataclass(frozen=True, slots=True)
class KeyPage(Generic[Row]):
    """`after`: the row after which it begins, empty on the first; `last`: after which the next one does."""

    rows: Sequence[Row]
    after: str
    last: str


def page_after(rows: QuerySet[Row], *, day: str, after: str, size: int, oldest_first: bool = False) -> KeyPage[Row]:
    """Rows with a public id, the newest `day` first, that come after the one named.

    Where a day may be empty, as of what is not over yet, those without it come first.

    :param oldest_first: of a queue, in which the longest waiting comes first; none of its days is empty.
    :raises PlaceUnknown: no such row was ever listed.
    """
    ordered = rows.order_by(day, "pk") if oldest_first else rows.order_by(_newest_first(rows.model, day), "-pk")
    return page_in_order(ordered, after=after, size=size)


def page_in_order(rows: QuerySet[Row], *, after: str, size: int, by: str = "public_id") -> KeyPage[Row]:
    """Rows in the order that they stand in, whose last key is their number, that come after the one named.

    That one need not be among the rows any more: what has been superseded still has its day and its number.

    :param rows: ordered by columns, or by expressions over columns of the model and of what it points to.
    :param by: the column that names a row in addresses.
    :raises PlaceUnknown: no such row was ever listed.
    """
    keys = list(_keys(rows))
    found = rows
    if after:
        spoken = {key.name: key.expression for key in keys if key.expression is not None}
        found = rows.alias(**spoken).filter(_past(keys, _place(rows.model, keys, spoken, by, after)))
    some = list(found[: size + 1])
    return KeyPage(some[:size], after, str(attrgetter(by)(some[size - 1])) if len(some) > size else "")


def _newest_first(model: type[Model], day: str) -> OrderBy:
    # Said only where it matters: SQLite walks no index for a statement about the place of what is empty.
    return F(day).desc(nulls_first=True) if model._meta.get_field(day).null else F(day).desc()


@dataclass(frozen=True, slots=True)
class _Key:
    """One of the keys of an order. `expression` is None of a column."""

    name: str
    down: bool
    empty: bool
    empty_first: bool
    expression: Any = None

    def beyond(self, value: object) -> Q:
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if self.empty_first else NOTHING
        further = Q(**{f"{self.name}__{'lt' if self.down else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if self.empty and not self.empty_first else further

    def same(self, value: object) -> Q:
        return Q(**{f"{self.name}__isnull": True} if value is None else {self.name: value})

    def bound(self, value: object) -> Q:
        """What an index on the first key is entered by; nothing where it cannot be said without an "or"."""
        if value is None or (self.empty and not self.empty_first):
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.down else 'gte'}": value})


def _keys(rows: QuerySet[Any]) -> Iterator[_Key]:
    """In which place empty ones stand is the database's custom where the order does not say it."""
    first_rising = connections[rows.db].features.order_by_nulls_first
    for at, each in enumerate(rows.query.order_by):
        order = _order(each)
        stated = bool(order.nulls_first or order.nulls_last)
        empty_first = bool(order.nulls_first) if stated else first_rising != order.descending
        if isinstance(order.expression, F):
            name = str(order.expression.name)  # type: ignore[attr-defined]  # the stubs leave it out
            yield _Key(name, order.descending, stated or _may_be_empty(rows, name), empty_first)
        else:
            yield _Key(f"key_{at}", order.descending, stated, empty_first, order.expression)


def _order(each: Any) -> OrderBy:
    if isinstance(each, str):
        return OrderBy(F(each.removeprefix("-")), descending=each.startswith("-"))
    return each if isinstance(each, OrderBy) else OrderBy(each)


def _may_be_empty(rows: QuerySet[Any], name: str) -> bool:
    steps, column, _targets, _rest = rows.query.names_to_path(name.split("__"), rows.model._meta)
    return column.null or any(step.join_field.null for step in steps)


def _past(keys: Sequence[_Key], place: Sequence[object]) -> Q:
    """Further in the last key, or further in the one before it and anywhere in the last, and so on."""
    steps = list(zip(keys, place, strict=True))
    later = reduce(lambda within, step: step[0].beyond(step[1]) | step[0].same(step[1]) & within, steps[::-1], NOTHING)
    return keys[0].bound(place[0]) & later


def _place(model: type[Model], keys: Sequence[_Key], spoken: dict[str, Any], by: str, after: str) -> Sequence[object]:
    column: Any = model._meta.get_field(by)
    place: Sequence[object] | None = None
    with suppress(ValidationError):
        named = model._base_manager.filter(**{by: column.to_python(after)}).annotate(**spoken)
        place = named.values_list(*(key.name for key in keys)).first()
    if place is None:
        raise PlaceUnknown(_("No list gave out this address. Begin again on the first page."), field="after")
    return place
