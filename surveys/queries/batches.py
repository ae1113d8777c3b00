"""Walking a table without holding it: as many rows as there are, few at a time, and none twice."""

from collections.abc import Iterator
from typing import TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)

SIZE = 500


def in_batches(rows: models.QuerySet[Row], *, size: int = SIZE) -> Iterator[Row]:
    """Rows in the order of their keys; those written meanwhile with a higher key are seen too."""
    after = 0
    while found := list(rows.filter(pk__gt=after).order_by("pk")[:size]):
        yield from found
        after = found[-1].pk
