"""Some columns of one row without composing their statement anew: the sibling of `inserting`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, models
from django.db.transaction import mark_for_rollback_on_error


@dataclass(frozen=True, slots=True)
class Statement:
    sql: str
    fields: tuple["models.Field[Any, Any]", ...]


def update(row: models.Model, *, fields: tuple[str, ...]) -> None:
    """Write these fields of an object that is there already; as `save(update_fields=…)`, but no signal is sent.

    :raises django.db.DatabaseError: the row is not there any more.
    :raises TypeError: the model has a parent table, or a column that wants SQL around its value.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _statement(type(row), fields, connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=False), connection) for field in statement.fields]
    with mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(statement.sql, [*values, row.pk])
        if not cursor.rowcount:
            raise DatabaseError(f"{row._meta.label} was to be written and is not there any more")


@lru_cache
def _statement(model: type[models.Model], names: tuple[str, ...], _vendor: str) -> Statement:
    meta = model._meta
    # By the names of columns a field that is none, or a key of its own, is found at the first call.
    fields = tuple(field for name in names for field in meta.local_concrete_fields if field.name == name)
    if meta.parents or len(fields) != len(names) or any(hasattr(field, "get_placeholder") for field in fields):
        raise TypeError(f"{meta.label} is not written by one plain statement")
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
    return Statement(
        f"UPDATE {quote(meta.db_table)} SET {columns} "  # noqa: S608 - names of our own columns
        f"WHERE {quote(str(meta.pk.column))} = %s",
        fields,
    )
