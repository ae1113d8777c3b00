"""Counting without compiling."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


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
