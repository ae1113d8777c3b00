"""Writing many made-up rows at once: COPY on PostgreSQL, plain inserts elsewhere. For generated data alone.

Nothing here checks a row but the database itself: its constraints and foreign keys hold as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, JSONField, Model

from qa_service.common.encryption import EncryptedTextField

# SQLite takes so many values in one statement.
_VALUES: Final = 30_000
# Each piece that is handed over waits for the network once.
_LINES: Final = 500
# What COPY's text form reads as something else.
_SPECIAL: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(slots=True)
class Table:
    """One table to be filled. `same`: what every row has, by attribute; the model's defaults stand for the rest.

    `varying`: the columns by attribute (`centre_id`) that each row gives, in its order. Values are as the database
    takes them: ciphertext where the model decrypts, JSON as text.
    """

    model: type[Model]
    varying: Sequence[str]
    same: dict[str, Any] = field(default_factory=dict)
    written: int = 0

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        if connection.vendor == "postgresql":
            self._copy(rows)
        else:
            self._insert(rows)

    def _copy(self, rows: Iterable[Sequence[Any]]) -> None:
        constant = self._constant()
        last = (_written(value).replace("%", "%%") for value in constant.values())
        line = "\t".join([*("%s" for _name in self.varying), *last]) + "\n"
        with connection.cursor() as cursor, cursor.copy(f"COPY {self._columns(constant)} FROM STDIN") as copy:
            stream = iter(rows)
            while lines := [line % tuple(map(_written, row)) for row in islice(stream, _LINES)]:
                copy.write("".join(lines))
                self.written += len(lines)

    def _insert(self, rows: Iterable[Sequence[Any]]) -> None:
        constant = self._constant()
        fields = {each.attname: each for each in self.model._meta.concrete_fields}
        given = [fields[name] for name in self.varying]
        marks = ", ".join(["%s"] * (len(self.varying) + len(constant)))
        stream, last = iter(rows), tuple(constant.values())
        with connection.cursor() as cursor:
            while batch := list(islice(stream, _VALUES // (len(self.varying) + len(constant)))):
                cursor.executemany(
                    f"INSERT INTO {self._columns(constant)} VALUES ({marks})",  # noqa: S608 - names of our own columns
                    [(*map(_prepared, given, row), *last) for row in batch],
                )
                self.written += len(batch)

    def _constant(self) -> dict[str, Any]:
        """By column, as the database takes it."""
        example = self.model(**self.same)
        return {
            each.attname: _taken(each, getattr(example, each.attname))
            for each in self.model._meta.concrete_fields
            if each.attname not in self.varying and not (each.primary_key and each.attname == "id")
        }

    def _columns(self, constant: Iterable[str]) -> str:
        by_attribute = {each.attname: str(each.column) for each in self.model._meta.concrete_fields}
        names = ", ".join(connection.ops.quote_name(by_attribute[name]) for name in (*self.varying, *constant))
        return f"{connection.ops.quote_name(self.model._meta.db_table)} ({names})"


def count_on(models: Iterable[type[Model]]) -> None:
    """Let the database number the next row of each after those that brought their own numbers."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _taken(its: Field[Any, Any], value: Any) -> Any:
    return json.dumps(value) if isinstance(its, JSONField) else its.get_db_prep_save(value, connection)


def _written(value: Any) -> str:
    """As COPY's text form has it."""
    if value is None:
        return "\\N"
    if value is True or value is False:
        return "t" if value else "f"
    if not isinstance(value, str):
        return str(value)
    # To look for one takes a hundredth of the time of translating, and hardly any text has one.
    return value.translate(_SPECIAL) if any(sign in value for sign in "\\\t\n\r") else value


def _prepared(its: Field[Any, Any], value: Any) -> Any:
    """As SQLite takes it, whose adapters know neither identifiers nor decimals."""
    return value if isinstance(its, EncryptedTextField | JSONField) else its.get_db_prep_save(value, connection)
