"""Rows of one query without composing its statement anew: the sibling of `inserting` and `updating`.

Composing a query over several tables takes several times as long as a database takes to answer it. What is asked every
few seconds of everybody's work is composed once a process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement, and by its column what makes of the database's values ours."""

    sql: str
    converters: dict[int, tuple[list[Callable[..., Any]], Any]]


def composed(rows: QuerySet[Any, Any]) -> Reading:
    """Keep it by the vendor of the database, whose words it is in.

    :param rows: columns alone (`values_list`), any value standing for each that `read` is given.
    """
    compiler = rows.query.get_compiler(connection=connections[DEFAULT_DB_ALIAS])
    sql, _values = compiler.as_sql()
    return Reading(sql, compiler.get_converters([expression for expression, _sql, _alias in compiler.select or ()]))


def read(reading: Reading, values: Sequence[int | str | UUID]) -> list[tuple[Any, ...]]:
    """:param values: for each placeholder, in the order of the statement."""
    connection = connections[DEFAULT_DB_ALIAS]
    native = connection.features.has_native_uuid_field
    given = [value.hex if isinstance(value, UUID) and not native else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(reading.sql, given)
        rows = [list(row) for row in cursor.fetchall()]
    for place, (converters, expression) in reading.converters.items():
        for row in rows:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
    return [tuple(row) for row in rows]
