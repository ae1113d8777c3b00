"""Pages of a long list, by key: the last page costs what the first does, and nothing is counted.

For pages; those of the API are in `qa_service.common.paging`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import F, Model, OrderBy, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.common.errors import InvalidInput

Row = TypeVar("Row", bound=Model)


class PlaceUnknown(InvalidInput):
    code = "place_unknown"


@dataclass(frozen=True, slots=True)
class KeyPage(Generic[Row]):
    """`after`: the public id after which it begins, empty on the first; `last`: after which the next one does."""

    rows: Sequence[Row]
    after: str
    last: str


def page_after(rows: QuerySet[Row], *, day: str, after: str, size: int, oldest_first: bool = False) -> KeyPage[Row]:
    """Rows with a public id, the newest `day` first, that come after the one named.

    Where a day may be empty, as of what is not over yet, those without it come first. That one need not be among the
    rows any more: what has been superseded still has its day and its number.

    :param oldest_first: of a queue, in which the longest waiting comes first; none of its days is empty.
    :raises PlaceUnknown: no such row was ever listed.
    """
    found = rows.order_by(day, "pk") if oldest_first else rows.order_by(_newest_first(rows.model, day), "-pk")
    if after:
        found = found.filter(_beyond(day, *_place(rows.model, day, after), way="gt" if oldest_first else "lt"))
    some = list(found[: size + 1])
    more = len(some) > size
    return KeyPage(some[:size], after, str(some[size - 1].public_id) if more else "")  # type: ignore[attr-defined]


def _newest_first(model: type[Model], day: str) -> OrderBy:
    # Said only where it matters: SQLite walks no index for a statement about the place of what is empty.
    return F(day).desc(nulls_first=True) if model._meta.get_field(day).null else F(day).desc()


def _beyond(day: str, on: object, pk: object, *, way: str) -> Q:
    later = Q(**{day: on, f"pk__{way}": pk})
    if on is None:
        return later | Q(**{f"{day}__isnull": False})
    # The bound on the day alone is what an index is entered by.
    return Q(**{f"{day}__{way}e": on}) & (Q(**{f"{day}__{way}": on}) | later)


def _place(model: type[Model], day: str, after: str) -> tuple[object, object]:
    try:
        place = model._base_manager.filter(public_id=UUID(after)).values_list(day, "pk").first()
    except ValueError:
        place = None
    if place is None:
        raise PlaceUnknown(_("No list gave out this address. Begin again on the first page."), field="after")
    on, pk = place
    return on, pk
