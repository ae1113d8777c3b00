"""Every migration of ours can be taken back; a guard that a remade table lost on the way would stop it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from qa_service.health import stopped_midway

Names = list[tuple[str, str]]


def our_apps() -> list[str]:
    rooms = [app for app in apps.get_app_configs() if Path(app.path).is_relative_to(settings.BASE_DIR)]
    return [app.label for app in rooms if ".venv" not in app.path and (Path(app.path) / "migrations").is_dir()]


@contextmanager
def a_copy_of_the_schema(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """PostgreSQL takes a schema back with the test; SQLite's is copied, as it is changed outside a transaction."""
    if connection.vendor == "postgresql":
        yield connection
        return
    path = folder / "copy.sqlite3"
    with sqlite3.connect(path) as copy:
        copy.executescript("".join(connection.connection.iterdump()))
    opened = connections.create_connection(connection.alias).__class__(
        connection.settings_dict | {"NAME": str(path)}, alias=connection.alias
    )
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.usefixtures("kept_for_ever")
def test_every_migration_can_be_taken_back(tmp_path: Path) -> None:
    rooms = our_apps()

    with a_copy_of_the_schema(tmp_path) as copy:
        MigrationExecutor(copy).migrate([(room, None) for room in rooms])
        left = [name for name in copy.introspection.table_names() if name.split("_")[0] in rooms]

    assert {"accounts", "reviews", "scoring", "surveys"} <= set(rooms)
    assert left == []


@pytest.mark.django_db
def test_a_process_killed_at_its_first_start_leaves_nothing_that_is_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    none: dict[str, Any] = {"NAME": ":memory:", "OPTIONS": {}}
    connections["empty"] = empty = DatabaseWrapper(connection.settings_dict | none, alias="empty")

    def killed(_recorder: MigrationRecorder, app: str, _name: str) -> None:
        raise KeyboardInterrupt(app)

    monkeypatch.setattr(MigrationRecorder, "record_applied", killed)
    with pytest.raises(KeyboardInterrupt, match="organisations"):
        MigrationExecutor(empty).migrate([("organisations", "0001_tables")])
    left = empty.introspection.table_names()
    empty.close()
    del connections["empty"]

    assert left == ["django_migrations"]


def test_a_database_is_taken_as_done_where_the_replaced_migrations_ended_and_nowhere_before() -> None:
    """Between any two of them, and nowhere between two of today's, it has stopped midway."""
    loader = MigrationLoader(None)
    replaced_by_one: dict[str, list[Names]] = {}
    for room, name in sorted(loader.replacements):
        replaced_by_one.setdefault(room, []).append(list(loader.replacements[room, name].replaces))

    def stopped(applied: Names) -> bool:
        loader.applied_migrations = {(room, name): Migration(name, room) for room, name in applied}
        return stopped_midway(loader)

    assert len(replaced_by_one) == 9
    for replaced in replaced_by_one.values():
        chain = sorted(chain_of(replaced))
        assert len(set(chain)) == len(chain)
        assert [end for end in range(len(chain) + 1) if not stopped(chain[:end])] == [0, len(chain)]
        assert not any(stopped(chain_of(replaced[:end])) for end in range(len(replaced) + 1))


def chain_of(replaced: list[Names]) -> Names:
    return [name for names in replaced for name in names]
