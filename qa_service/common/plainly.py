"""Counting without compiling."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import connection, transaction

# Rows fetched at a time.
CHUNK = 2000


@contextmanager
def uncompiled() -> Iterator[None]:
    """PostgreSQL thinks a subquery a row so dear that it compiles the statement: seconds spent to save milliseconds.

    Measured with 40,000 follow-ups: 3.2 s compiled, 1.0 s as it stands. Other databases do nothing of the kind.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        yield


def counted(statement: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement that counts over others, which the ORM cannot say; for texts of ours alone."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for rows in iter(partial(cursor.fetchmany, CHUNK), []):
            yield from rows
