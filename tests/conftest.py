"""Few fixtures: what a test needs it makes with the factories."""

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from qa_service.documents.fonts import FontFolders, configured_folders, prepare_fonts
from surveys.queries.sheets import published_sheet

pytest_plugins = ["tests.needs"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Lift one trigger on SQLite: it empties tables by DELETE after a transactional test, which the record refuses."""
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS audit_entry_no_delete")


@pytest.fixture(autouse=True)
def nothing_kept_of_another_test() -> None:
    """A published questionnaire never changes, but the next test has others under the same keys."""
    published_sheet.cache_clear()


@pytest.fixture(scope="session")
def fonts() -> FontFolders:
    """The core faces, cut once a checkout and kept under var/, which is not versioned."""
    prepare_fonts()
    return configured_folders()
