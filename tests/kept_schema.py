"""The migrated schema of SQLite, kept between runs under var/: migrating takes longer than most runs of a few tests.

A change to a migration, to what migrations are written with or to a library makes another. The first of a fresh
checkout is made anew, so that whoever checks everything checks the migrations too.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

_ROOMS = ("qa_service", "surveys", "reviews", "scoring")
# What migrations import besides Django.
_TOOLS = (
    "qa_service/common/create_models.py",
    "qa_service/common/row_guards.py",
    "qa_service/common/encryption.py",
    "requirements/dev.lock",
)


def kept_schema() -> Path:
    """Where the schema of the present migrations lies, or will lie."""
    root = Path(settings.BASE_DIR)
    migrations = sorted(path for room in _ROOMS for path in (root / room).rglob("migrations/*.py"))
    sources = [*migrations, *(root / tool for tool in _TOOLS)]
    seen = hashlib.sha256()
    for path in sources:
        seen.update(f"{path.relative_to(root)}\n".encode())
        seen.update(path.read_bytes())
    return root / "var" / "test-schema" / f"{seen.hexdigest()[:16]}.sqlite3"


@contextmanager
def one_process_at_a_time(database: str) -> Iterator[None]:
    """Of the processes of one checkout and database the first migrates, and the others wait for what it made."""
    place = kept_schema().parent
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def in_memory(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "sqlite" and connection.is_in_memory_db()


def laid(connection: BaseDatabaseWrapper) -> bool:
    """Fill the empty test database from the kept schema; False where none fits."""
    path = kept_schema()
    if not path.exists():
        return False
    connection.close()
    name = connection.creation._get_test_db_name()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = name
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as kept:
        kept.backup(connection.connection)
    return True


def keep(connection: BaseDatabaseWrapper) -> None:
    """Written beside and renamed: a run that is broken off leaves none that is half."""
    path = kept_schema()
    unfinished = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.connection.backup(copy)
    unfinished.replace(path)


def lend(path: Path) -> None:
    """Begin an installation of its own with the kept schema, where one is kept; else it migrates by itself."""
    if kept_schema().exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept_schema(), path)
