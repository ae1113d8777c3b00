"""Columns written by a statement composed once are those that the ORM writes, and no others."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from qa_service.common.updating import update
from surveys.models import Message
from tests.factories import NOW
from tests.surveys.factories import invited

pytestmark = pytest.mark.django_db


def queued() -> Message:
    invited()
    return Message.objects.get()


def test_the_named_columns_are_written_in_one_statement_and_no_others() -> None:
    text = queued()
    before = text.body
    text.body, text.sid, text.not_before, text.gateway = "满意 👍", "SM1", NOW + timedelta(days=1), "elsewhere"

    with CaptureQueriesContext(connection) as asked:
        update(text, fields=("body", "sid", "not_before"))

    kept = Message.objects.get()
    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["UPDATE"]
    assert (kept.body, kept.sid, kept.not_before) == ("满意 👍", "SM1", NOW + timedelta(days=1))
    assert (kept.gateway != "elsewhere", before != kept.body) == (True, True)


def test_a_foreign_key_is_named_as_the_field() -> None:
    text = queued()
    text.conversation = None

    update(text, fields=("conversation",))

    assert Message.objects.get().conversation is None


def test_a_row_that_is_gone_is_an_error_and_never_passed_over() -> None:
    text = queued()
    Message.objects.filter(pk=text.pk).delete()

    with pytest.raises(DatabaseError, match="not there any more"):
        update(text, fields=("sid",))


def test_a_name_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match=r"surveys\.Message"):
        update(queued(), fields=("events",))
