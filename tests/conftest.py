"""Few fixtures: what a test needs it makes with the factories."""

import gc
import os
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from _pytest.runner import pytest_runtest_protocol as run_one_test
from django.contrib.contenttypes.management import create_contenttypes
from django.db import connection
from django.db.models.signals import post_migrate
from django.template.base import Template
from django.test import TestCase
from django.test.utils import _TestState, instrumented_test_render
from pytest_django import DjangoDbBlocker

from qa_service.documents.fonts import FontFolders, configured_folders, prepare_fonts
from tests import scenes
from tests.forgetting import forget
from tests.kept_schema import in_memory, keep, laid, one_process_at_a_time
from tests.prepared import keep_prepared
from tests.template_database import copied, offer, withdraw

pytest_plugins = ["tests.needs", "tests.stage"]
# What loading makes stays: to look for garbage among it takes a sixth of the time that each process loads.
gc.disable()
# What is right is right on a busy machine too: no example fails for being slow.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")
# Triggers against deleting, by name, that the suite lifts on SQLite.
LIFTED: dict[str, str] = {}
WRITTEN_BY_MIGRATING = {"django_content_type", "auth_permission"}


def pytest_xdist_auto_num_workers() -> int | None:
    """One more than there are processors: some tests wait for a program to start, and each worker costs a start.

    Where the environment names a number, xdist takes that.
    """
    return None if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """A tenth of the suite's processor time goes into looking for garbage, mostly in what imports made to stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """In the process that only deals tests out too, which collects none."""
    gc.enable()


def _called(function: Callable[..., bool], *given: Any) -> bool:
    return function(*given)


# CPython keeps frames in pieces of 16 KiB and gives a piece back as soon as its first frame ends: where a loop deep in
# a page happens to stand at the end of one, each call asks the system for memory. Within one wide frame there is room
# for all, which spares the suite a tenth of its processor time.
_called.__code__ = _called.__code__.replace(co_stacksize=2**17)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return _called(run_one_test, item, nextitem)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """What was asked before on a connection PostgreSQL neither parses nor plans anew.

    It spares the suite a fifth of its processor time. The server checks the type of each value then, as it does not
    where values are written into the statement; benchmarks go without, as the service does.
    """
    if connection.vendor == "postgresql":
        connection.settings_dict["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 1}


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Take the schema that another process or an earlier run made, where one fits, or migrate and share it."""
    kept = in_memory(connection)
    take, share = (laid, keep) if kept else (copied, offer)
    real = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with one_process_at_a_time(connection.vendor):
            found = take(connection)
            if not found:
                request.getfixturevalue("django_db_setup")  # pytest-django's, which also takes it down
                share(connection)
        _clean_up_by_deleting()
    if connection.vendor == "postgresql":
        keep_prepared()
    connection.execute_wrappers.append(scenes.watch)
    yield
    if kept:
        return
    with django_db_blocker.unblock():
        if found:
            connection.creation.destroy_test_db(str(real), verbosity=0)
        else:
            withdraw(connection)


def _clean_up_by_deleting() -> None:
    """Let a test that commits be cleaned up after by deleting the few rows it wrote.

    Django would truncate a hundred tables, which takes PostgreSQL seconds, and write all permissions anew. Deleting
    needs the triggers against it lifted: on SQLite for good, on PostgreSQL by the statements that delete.
    """
    post_migrate.disconnect(create_contenttypes)
    post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    empty = connection.ops.sql_flush

    def delete(style: Any, tables: list[str], **options: Any) -> list[str]:
        written = [table for table in tables if table not in WRITTEN_BY_MIGRATING]
        if connection.vendor == "sqlite":
            return empty(style, written, **options)
        rows = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in written]
        # Asked for in one go: most are empty, and to ask for each takes ten times as long as to find that.
        return ["; ".join(("SET session_replication_role = replica", *rows, "SET session_replication_role = DEFAULT"))]

    connection.ops.sql_flush = delete  # type: ignore[assignment, method-assign]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
            LIFTED.update(dict(cursor.fetchall()))
            for name in LIFTED:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


@pytest.fixture(scope="session", autouse=True)
def _pages_tell_nobody_what_they_are_made_from(django_test_environment: None) -> None:
    """For `response.context` Django copies what each part of a page is given, a fifteenth of what pages cost here."""
    Template._render = _TestState.saved_data.template_render


@pytest.fixture
def context_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test that asks for `response.context`."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture
def kept_for_ever(db: None) -> None:
    """Put the triggers against deleting back, until this test is over."""
    with connection.cursor() as cursor:
        for sql in LIFTED.values():
            cursor.execute(sql)


@pytest.fixture(autouse=True)
def nothing_kept_of_another_test(request: pytest.FixtureRequest) -> Iterator[None]:
    forget()
    database = request.node.get_closest_marker("django_db")
    undone = database is not None and not database.kwargs.get("transaction")
    if "stage" in request.fixturenames:
        scenes.begin_on_stage()
    else:
        scenes.begin(empty=undone and not issubclass(request.cls or object, TestCase))
    yield
    scenes.begin(empty=False)


@pytest.fixture(scope="session")
def fonts() -> FontFolders:
    """The core faces, cut once a checkout and kept under var/, which is not versioned."""
    prepare_fonts()
    return configured_folders()
