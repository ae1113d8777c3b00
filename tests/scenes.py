"""What many tests begin with is built once a process, and laid again by its rows for whoever begins alike.

A scene is a function that writes what a test needs and returns some of it. Where a test has written nothing yet, or
nothing but scenes, a scene called for the third time with the same words is not built through the services again: the
rows it left are put back, with their keys, and what it returned is copied. Whatever cannot be told for sure is built.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import UserSettingsHolder, settings
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")
Rows = dict[str, list[str]]
# Written by migrating and by nothing else.
FIXED = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "EXPLAIN", "SET ")
WORTH_KEEPING_AT = 2


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Rows
    returned: Any


class _Unlike(Exception):  # noqa: N818 - named for the fact
    """Nobody can say whether two calls are given the same."""


class _Present:
    """Which scenes, and nothing else, stand in the database; None where something else may."""

    scenes: tuple[Any, ...] | None = None


_KEPT: dict[tuple[Any, ...], _Kept] = {}
_BUILT: Counter[tuple[Any, ...]] = Counter()
_NEVER: set[tuple[Any, ...]] = set()


def begin(*, empty: bool) -> None:
    """A test begins; `empty`: in a database where nothing stands."""
    _Present.scenes = () if empty else None


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Sees what is written besides scenes."""
    if _Present.scenes is not None and not (isinstance(sql, str) and sql.startswith(READING)):
        _Present.scenes = None
    return execute(sql, params, many, context)


def scene(build: Callable[P, R]) -> Callable[P, R]:
    @wraps(build)
    def begun(*given: P.args, **named: P.kwargs) -> R:
        key = _key(build, given, named)
        if key is None or key in _NEVER:
            return build(*given, **named)
        kept = _KEPT.get(key)
        if kept is not None:
            try:
                with transaction.atomic():
                    _lay(kept.rows, over=_rows_of(key[:-1]))
            except DatabaseError:  # a guard lets no such row in as it stands at the end of its life
                _NEVER.add(key)
                return build(*given, **named)
            _Present.scenes = key
            returned: R = deepcopy(kept.returned)
            return returned
        made = build(*given, **named)
        _BUILT[key] += 1
        if _BUILT[key] >= WORTH_KEEPING_AT and (len(key) == 1 or key[:-1] in _KEPT):
            _KEPT[key] = _Kept(_standing(), deepcopy(made))
        _Present.scenes = key
        return made

    return begun


def _rows_of(scenes: tuple[Any, ...]) -> Rows:
    return _KEPT[scenes].rows if scenes else {}


def _key(build: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The scenes there are and this one; None where it cannot be one of them."""
    if _Present.scenes is None or not connection.in_atomic_block or isinstance(settings._wrapped, UserSettingsHolder):
        return None
    try:
        words = tuple(map(_word, given)), tuple((name, _word(value)) for name, value in sorted(named.items()))
    except _Unlike:
        return None
    clock = timezone.now().replace(minute=0, second=0, microsecond=0)
    return (*_Present.scenes, (build.__module__, build.__qualname__, words, clock, get_language()))


def _word(value: Any) -> Any:
    """By which two things given are the same. A row is what all its columns say."""
    if value is None or isinstance(value, str | int | bool | date | timedelta | Decimal | Enum):
        return value
    if isinstance(value, dict):
        return tuple((_word(name), _word(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__, *map(_word, value)
    if isinstance(value, models.Model):
        return value._meta.label, *(str(value.__dict__.get(field.attname)) for field in value._meta.concrete_fields)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value).__name__, *(_word(getattr(value, field.name)) for field in fields(value))
    raise _Unlike


@cache
def _tables() -> dict[str, str]:
    """Every table with its columns as they are written; those whose rows are looked at as they come in stand first.

    What is refused there depends on the row above, which is not there yet then.
    """
    with connection.cursor() as cursor:
        names = sorted(set(connection.introspection.table_names(cursor)) - FIXED)
        columns: dict[str, list[str]] = {}
        for name in names:
            cursor.execute(f"SELECT * FROM {name} LIMIT 0")
            columns[name] = [column[0] for column in cursor.description]
        looked_at: set[str] = set()
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%INSERT ON%'")
            looked_at = {name for (name,) in cursor.fetchall()}
    quoted = connection.ops.quote_name
    ordered = sorted(names, key=lambda name: name not in looked_at)
    return {name: ", ".join(map(quoted, columns[name])) for name in ordered}


@contextmanager
def _raw() -> Iterator[Any]:
    """The driver's own, which nobody watches."""
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    try:
        yield cursor
    finally:
        cursor.close()


def _standing() -> Rows:
    """All rows there are, each as one line that can be put back."""
    look = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in _tables())
    with _raw() as cursor:
        cursor.execute(look)
        found = {name for (name,) in cursor.fetchall()}
        return {name: _lines(cursor, name, columns) for name, columns in _tables().items() if name in found}


def _lines(cursor: Any, table: str, columns: str) -> list[str]:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
            return [bytes(line).decode() for line in copy]
    written = " || ',' || ".join(f"quote({column})" for column in columns.split(", "))
    cursor.execute(f"SELECT {written} FROM {table} ORDER BY rowid")
    return [line for (line,) in cursor.fetchall()]


def standing_in(tables: Iterable[str]) -> Rows:
    """All rows of these tables alone."""
    with _raw() as cursor:
        return {name: _lines(cursor, name, _tables()[name]) for name in tables}


def lay(rows: Rows) -> None:
    """Put them back, with their keys, where nothing stands in their tables. Called inside a transaction."""
    _Present.scenes = None
    _lay(rows, over={})


def _lay(rows: Rows, *, over: Rows) -> None:
    """Put rows back where the rows of `over` stand."""
    changed = {name: lines for name, lines in rows.items() if over.get(name) != lines}
    with _raw() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        for name in _tables():
            if name in changed:
                if name in over:
                    cursor.execute(f"DELETE FROM {name}")
                _put(cursor, name, changed[name])
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _put(cursor: Any, table: str, lines: list[str]) -> None:
    columns = _tables()[table]
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines))
        return
    values = ", ".join(f"({line})" for line in lines)
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values}")
