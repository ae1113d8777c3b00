"""Pages of a long list, by key: the last page costs what the first does, and nothing is counted.

For pages; those of the API are in `qa_service.common.paging`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
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


def page_after(rows: QuerySet[Row], *, day: str, after: str, size: int) -> KeyPage[Row]:
    """Rows with a public id, the newest `day` first, that come after the one named.

    That one need not be among them any more: what has been superseded still has its day and its number.

    :raises PlaceUnknown: no such row was ever listed.
    """
    found = rows.order_by(f"-{day}", "-pk")
    if after:
        on, pk = _place(rows.model, day, after)
        # The bound on the day alone is what an index is entered by.
        found = found.filter(Q(**{f"{day}__lt": on}) | Q(**{day: on}, pk__lt=pk), **{f"{day}__lte": on})
    some = list(found[: size + 1])
    more = len(some) > size
    return KeyPage(some[:size], after, str(some[size - 1].public_id) if more else "")  # type: ignore[attr-defined]


def _place(model: type[Model], day: str, after: str) -> tuple[object, object]:
    try:
        place = model._default_manager.filter(public_id=UUID(after)).values_list(day, "pk").first()
    except ValueError:
        place = None
    if place is None:
        raise PlaceUnknown(_("No list gave out this address. Begin again on the first page."), field="after")
    on, pk = place
    return on, pk
