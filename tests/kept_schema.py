"""The migrated schema of SQLite, kept between runs under var/: migrating takes longer than most runs of a few tests.

A change to a migration, to what migrations are written with or to a library makes another. PostgreSQL's is made anew
each time, as is the first of a fresh checkout, so that whoever checks everything checks the migrations too.
"""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

_ROOMS = ("qa_service", "surveys", "reviews", "scoring")
# What migrations import besides Django.
_TOOLS = ("qa_service/common/row_guards.py", "qa_service/common/encryption.py", "requirements/dev.lock")


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
    """Written beside and renamed: other processes of the same run do the same."""
    path = kept_schema()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.connection.backup(copy)
    unfinished.replace(path)
