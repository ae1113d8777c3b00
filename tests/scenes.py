"""What many tests begin with is built once a process, and laid again by its rows for whoever begins alike.

A scene is a function that writes what a test needs and returns some of it. Where a test has written nothing yet, or
nothing but scenes, a scene called again after the same scenes and with the same words is not built through the services
again: what it returned is copied, and its rows are put into the database, with their keys, as soon as somebody asks the
database something. Whatever cannot be told for sure is built.
"""

import io
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from django.conf import UserSettingsHolder, settings
from django.db import DatabaseError, connection, models
from django.utils import timezone
from django.utils.translation import get_language

from surveys.sms import memory

P = ParamSpec("P")
R = TypeVar("R")
Rows = Mapping[str, list[str]]
# Written by migrating and by nothing else.
FIXED = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "EXPLAIN", "SET ")
WRITING = re.compile(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"')
# To keep what stands after each of hundreds would take longer than to build them.
LONGEST = 50


@dataclass(slots=True, eq=False)
class _Standing:
    """What stands after certain scenes and nothing else, with the scenes that followed in one test or another.

    `rows` are all there are; `returned` is what the last scene returned, as bytes, for whoever is given it again.
    """

    rows: Rows
    depth: int = 0
    returned: bytes = b""
    laid_before: bool = False
    never: bool = False
    then: dict[Any, "_Standing"] = field(default_factory=dict)


_NOTHING = _Standing({})


class _Present:
    """`at`: what stands, None where something else may. `laid`: what of that the database holds already.

    `written`: into which tables something was written; `marks`: what stood at each savepoint.
    """

    at: _Standing | None = None
    laid = _NOTHING
    stage: _Standing | None = None
    stage_is_set = True
    building = 0
    written: set[str] = set()
    marks: dict[str, _Standing | None] = {}


class _Unlike(Exception):  # noqa: N818 - named for the fact
    """Nobody can say whether two calls are given the same."""


def begin(*, empty: bool) -> None:
    """A test begins; `empty`: in a database where nothing stands."""
    _begin_at(_NOTHING if empty else None)


def set_stage() -> None:
    """What follows is written for all tests of a class."""
    begin(empty=True)
    _Present.stage, _Present.stage_is_set = None, False


def begin_on_stage() -> None:
    """A test of such a class begins."""
    if not _Present.stage_is_set:
        _Present.stage, _Present.stage_is_set = _Present.at, True
    _begin_at(_Present.stage)


def _begin_at(standing: _Standing | None) -> None:
    _Present.at, _Present.laid, _Present.marks = standing, standing or _NOTHING, {}


def watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    """Has the rows there for whoever asks, and sees what is written besides scenes."""
    settle()
    words = sql if isinstance(sql, str) else ""
    if words.startswith("SAVEPOINT"):
        _Present.marks[words.split()[-1]] = _Present.at
    elif words.startswith("ROLLBACK TO"):
        _Present.at = _Present.marks.get(words.split()[-1])
        _Present.laid = _Present.at or _NOTHING
    elif not words.startswith(READING):
        _Present.at = None
        if _Present.building:
            named = WRITING.match(words)
            _Present.written.update([named[1]] if named else _tables())
    return execute(sql, params, many, context)


def scene(build: Callable[P, R]) -> Callable[P, R]:
    @wraps(build)
    def begun(*given: P.args, **named: P.kwargs) -> R:
        before = _Present.at
        words = None if before is None or before.depth >= LONGEST else _words(given, named)
        if before is None or words is None:
            return build(*given, **named)
        key = (build, *words)
        rows = [*_rows_in([given, sorted(named.items())])]
        after = before.then.get(key)
        if after is not None and _laid(after):
            _Present.at = after
            return cast("R", _Copied(after.returned, rows).load())
        settle()
        outside, _Present.written = _Present.written, set()
        _Present.building += 1
        try:
            returned = build(*given, **named)
            # Whoever is given a row and changes it would have to change it when laid again.
            if after is None and _words(given, named) == words:
                _Present.at = before.then[key] = _kept(before, rows, returned)
        finally:
            _Present.written |= outside
            _Present.building -= 1
        return returned

    return begun


def _laid(after: _Standing) -> bool:
    """Whether its rows are in the database, or can be put there as soon as somebody asks."""
    if not after.laid_before and not after.never:
        settle()
        try:
            _lay(after)
        except DatabaseError:  # a guard lets no such row in as it stands at the end of its life
            after.never = True
        after.laid_before = True
    return not after.never


def settle() -> None:
    """Put the rows into the database that stand there by now, whether or not somebody asks."""
    if _Present.at is not None and _Present.at is not _Present.laid:
        _lay(_Present.at)


def _kept(before: _Standing, given: list[models.Model], returned: Any) -> _Standing:
    settle()
    kept = io.BytesIO()
    _Copying(kept, given).dump(returned)
    _Present.laid = _Standing(_rows(before.rows, _Present.written), before.depth + 1, kept.getvalue())
    return _Present.laid


class _Copying(pickle.Pickler):
    """A row that a scene was given and returns is the very one, as when it was built; all else is a copy."""

    def __init__(self, to: io.BytesIO, given: list[models.Model]) -> None:
        super().__init__(to, pickle.HIGHEST_PROTOCOL)
        self._given = {id(row): number for number, row in enumerate(given)}

    def persistent_id(self, each: Any) -> int | None:
        return self._given.get(id(each))


class _Copied(pickle.Unpickler):
    def __init__(self, kept: bytes, given: list[models.Model]) -> None:
        super().__init__(io.BytesIO(kept))
        self._given = given

    def persistent_load(self, number: int) -> models.Model:
        return self._given[number]


def _rows_in(value: Any) -> Iterator[models.Model]:
    inner: list[Any] = []
    if isinstance(value, models.Model):
        yield value
    elif isinstance(value, dict):
        inner = [*value.values()]
    elif isinstance(value, list | tuple):
        inner = [*value]
    elif is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, field.name) for field in fields(value)]
    for each in inner:
        yield from _rows_in(each)


def _words(given: tuple[Any, ...], named: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """With which a scene is called; None where it cannot be one, as where settings or the gateway are set otherwise."""
    as_ever = replace(memory.gateway(), outbox=[]) == memory.Memory()
    if not as_ever or not connection.in_atomic_block or isinstance(settings._wrapped, UserSettingsHolder):
        return None
    try:
        said = _word([*given]), _word(dict(sorted(named.items())))
    except _Unlike:
        return None
    return (*said, timezone.now().replace(minute=0, second=0, microsecond=0), get_language())


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
    with _raw() as cursor:
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


def _rows(above: Rows, written: set[str]) -> Rows:
    """All rows there are, each as one line that can be put back; looked at where something was written."""
    with _raw() as cursor:
        lines = {name: _lines(cursor, name, columns) for name, columns in _tables().items() if name in written}
    return {**above, **{name: there for name, there in lines.items() if there != above.get(name, [])}}


def _lines(cursor: Any, table: str, columns: str) -> list[str]:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
            return [bytes(line).decode() for line in copy]
    written = " || ',' || ".join(f"quote({column})" for column in columns.split(", "))
    cursor.execute(f"SELECT {written} FROM {table} ORDER BY rowid")
    return [line for (line,) in cursor.fetchall()]


def standing_in(tables: Iterable[str]) -> Rows:
    """All rows of these tables alone."""
    settle()
    with _raw() as cursor:
        return {name: _lines(cursor, name, _tables()[name]) for name in tables}


def lay(rows: Rows) -> None:
    """Put them back, with their keys, where nothing stands in their tables. Called inside a transaction."""
    settle()
    _Present.at = None
    _put_all(rows, over={})


def _lay(after: _Standing) -> None:
    """Put the rows kept of `after` where those that are laid stand; all of them or none."""
    _put_all(after.rows, over=_Present.laid.rows)
    _Present.laid = after


def _put_all(rows: Rows, *, over: Rows) -> None:
    changed = [name for name in _tables() if rows.get(name) is not over.get(name)]
    _Present.written.update(changed)
    with _raw() as cursor:
        cursor.execute("SAVEPOINT laying")
        try:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = replica")
            for name in changed:
                lines, there = rows.get(name, []), over.get(name, [])
                if lines[: len(there)] != there:
                    cursor.execute(f"DELETE FROM {name}")
                    there = []
                _put(cursor, name, lines[len(there) :])
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        except connection.Database.Error as error:
            cursor.execute("ROLLBACK TO SAVEPOINT laying")
            raise DatabaseError from error
        finally:
            cursor.execute("RELEASE SAVEPOINT laying")


def _put(cursor: Any, table: str, lines: list[str]) -> None:
    if not lines:
        return
    columns = _tables()[table]
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join(lines))
        return
    values = ", ".join(f"({line})" for line in lines)
    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values}")
