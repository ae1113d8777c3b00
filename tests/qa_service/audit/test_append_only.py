"""The record cannot be changed, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from qa_service.audit.actors import Actor
from qa_service.audit.models import Entry
from qa_service.audit.queries import history
from qa_service.audit.services import Act, record, record_many
from tests import factories

ACTOR = Actor(id="user:1", label="某人")

pytestmark = pytest.mark.django_db


def test_an_entry_cannot_be_changed():
    record(actor=ACTOR, action="test.done", at=factories.NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.update(action="test.undone")

    assert list(Entry.objects.values_list("action", flat=True)) == ["test.done"]


@pytest.mark.usefixtures("kept_for_ever")
def test_an_entry_cannot_be_deleted():
    record(actor=ACTOR, action="test.done", at=factories.NOW)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.all().delete()

    assert Entry.objects.count() == 1


@pytest.mark.usefixtures("kept_for_ever")
def test_an_entry_cannot_be_written_over():
    record(actor=ACTOR, action="test.done", at=factories.NOW)
    columns = ", ".join(field.column for field in Entry._meta.concrete_fields)
    again = f"INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry"
    statement = (
        f"INSERT {again} ON CONFLICT (id) DO UPDATE SET action = 'test.undone'"
        if connection.vendor == "postgresql"
        else f"REPLACE {again}"
    )

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_history_of_a_thing_is_newest_first():
    centre = factories.centre()
    record(actor=ACTOR, action="first", subject=centre, at=factories.NOW)
    record_many(actor=ACTOR, acts=[Act("second", centre._meta.label, str(centre.pk))], at=factories.NOW.replace(hour=3))

    assert [entry.action for entry in history(centre)] == ["second", "first"]
