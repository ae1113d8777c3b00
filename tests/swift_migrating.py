"""Migrations worked out in half the time. What they then do to the database is Django's own."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import models
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils.functional import cached_property


@cache
def _worked_out(kind: type) -> frozenset[str]:
    """What an object keeps once it was asked for it."""
    return frozenset(name for name in dir(kind) if isinstance(getattr(kind, name, None), cached_property))


@contextmanager
def swift_migrating() -> Iterator[None]:
    """Each step of a migration makes a quarter of all models anew, and for each takes all its fields apart.

    A field that no model has yet is copied instead, as Django itself copies the fields of an abstract model.
    """
    taken_apart = models.Field.clone

    def copied(field: Any) -> Any:
        if hasattr(field, "model"):
            return taken_apart(field)
        made = copy.deepcopy(field)
        for part in filter(None, (made, made.remote_field)):
            kind: Any = type(part)
            for name in _worked_out(kind) & part.__dict__.keys():
                del part.__dict__[name]
        # Among the fields of its model it stands where one just made would.
        if field.auto_created:
            made.creation_counter = models.Field.auto_creation_counter
            models.Field.auto_creation_counter -= 1
        else:
            made.creation_counter = models.Field.creation_counter
            models.Field.creation_counter += 1
        return made

    models.Field.clone = copied  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        models.Field.clone = taken_apart  # type: ignore[method-assign]


def take_back(executor: MigrationExecutor, rooms: list[str]) -> None:
    """As `executor.migrate` to before the first migration of each, which makes all models anew along the whole way
    there as well as for each step back.
    """
    forwards = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    before, state = {}, executor._create_project_state()
    for migration, _backwards in forwards:
        before[migration] = state
        state = migration.mutate_state(state)
    backwards: list[tuple[Migration, bool]] = executor.migration_plan([(room, None) for room in rooms])
    for migration, _backwards in backwards:
        known = before.pop(migration)
        assert known.apps  # models are made once, and by each operation only those that it touches
        executor.unapply_migration(known, migration)
