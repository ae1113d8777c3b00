"""PostgreSQL's migrated schema within one run: the first process migrates, the others copy what it made.

It is made anew for each run, so that whoever checks everything checks the migrations too.
"""

import os

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper


def _template() -> str:
    """The name that all processes of this run agree on, and no other run."""
    return f"test_template_{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"


def offer(connection: BaseDatabaseWrapper) -> None:
    """Copy the database just migrated, for the others; a database that somebody uses cannot be copied."""
    connection.close()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{_template()}" TEMPLATE "{connection.settings_dict["NAME"]}"')


def withdraw(connection: BaseDatabaseWrapper) -> None:
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{_template()}"')


def copied(connection: BaseDatabaseWrapper) -> bool:
    """Make this process's test database from the one on offer; False where there is none."""
    own = connection.creation._get_test_db_name()
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_template()])
        if cursor.fetchone() is None:
            return False
        cursor.execute(f'DROP DATABASE IF EXISTS "{own}"')
        cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{_template()}"')
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = connection.settings_dict["NAME"] = own
    return True
