"""One new row without composing its statement anew.

Django composes the INSERT of a model for every object, which takes five times as long as a database takes to run it.
Where a text, an answer or an act is written while somebody waits, the statement is composed once a process.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.transaction import mark_for_rollback_on_error

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Statement:
    """`row`: the placeholders of one row."""

    head: str
    row: str
    key: str
    fields: tuple["models.Field[Any, Any]", ...]

    def values(self, row: models.Model, connection: Any) -> list[Any]:
        return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]


def insert(row: Row) -> Row:
    """Write a new object of a model whose key the database gives; as `save(force_insert=True)`, but no signal is sent.

    :raises django.db.IntegrityError: as from `save()`; in a transaction, it must be undone up to a savepoint.
    :raises TypeError: the model has a parent table, a key of its own, or a column that wants SQL around its value.
    """
    # Not the proxy: it is asked for each column, and looks the connection up each time.
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _statement(type(row), connection.vendor)
    with mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"{statement.head}{statement.row} RETURNING {statement.key}", statement.values(row, connection))
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    row._state.db = connection.alias
    return row


def upsert(rows: Sequence[models.Model], *, unique: tuple[str, ...], changing: tuple[str, ...]) -> None:
    """Write rows of one model by one statement; of one that is there by `unique`, `changing` are written over.

    As `bulk_create(update_conflicts=True)`, but in no batches, and the objects learn no key: for as many as one person
    fills in, since a statement takes some 30,000 values.

    :raises django.db.IntegrityError, TypeError: as from `insert`.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _statement(type(rows[0]), connection.vendor)
    written = ", ".join([statement.row] * len(rows))
    values = [value for row in rows for value in statement.values(row, connection)]
    with mark_for_rollback_on_error(connection.alias), connection.cursor() as cursor:
        cursor.execute(f"{statement.head}{written}{_on_conflict(type(rows[0]), unique, changing)}", values)


@lru_cache
def _statement(model: type[models.Model], _vendor: str) -> Statement:
    meta = model._meta
    fields = tuple(field for field in meta.local_concrete_fields if not field.primary_key)
    plain = isinstance(meta.pk, models.AutoField) and not any(hasattr(field, "get_placeholder") for field in fields)
    if not plain or meta.parents:
        raise TypeError(f"{meta.label} is not written by one plain statement")
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    return Statement(
        head=f"INSERT INTO {quote(meta.db_table)} ({columns}) VALUES ",  # noqa: S608 - names of our own columns
        row=f"({', '.join(['%s'] * len(fields))})",
        key=quote(str(meta.pk.column)),
        fields=fields,
    )


@lru_cache
def _on_conflict(model: type[models.Model], unique: tuple[str, ...], changing: tuple[str, ...]) -> str:
    """SQLite and PostgreSQL say it alike."""
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    known, written = (
        [quote(str(model._meta.get_field(name).column)) for name in names]  # type: ignore[union-attr]
        for names in (unique, changing)
    )
    over = ", ".join(f"{column} = EXCLUDED.{column}" for column in written)
    return f" ON CONFLICT ({', '.join(known)}) DO UPDATE SET {over}"
