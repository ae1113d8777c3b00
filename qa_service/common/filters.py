"""What filters of the API's lists share."""

from typing import TypeVar

from django.db.models import Model, QuerySet

RowT = TypeVar("RowT", bound=Model)


def among(rows: QuerySet[RowT], waiting: QuerySet[RowT], *, wanted: bool) -> QuerySet[RowT]:
    """Those of the rows that wait for something, or, where the program asks for the others, those that do not."""
    keys = waiting.order_by().values("pk")
    return rows.filter(pk__in=keys) if wanted else rows.exclude(pk__in=keys)
