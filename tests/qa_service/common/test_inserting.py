"""A row written by a statement composed once is the row that the ORM writes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from qa_service.audit.models import Entry
from qa_service.cases.models import EvidenceChange
from qa_service.common.inserting import insert, upsert
from reviews.models import Item, Mark, Review
from surveys.models import Message
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import assignment
from tests.surveys.factories import invited

pytestmark = pytest.mark.django_db

BY_ITEM = {"unique": ("review", "item"), "changing": ("page", "updated_at")}


def text(conversation, **given) -> Message:
    fields = {"direction": "in", "kind": "reply", "gateway": "memory", "state": "received", "phone": "+8613800000001"}
    said = {"body": "满意 👍", "phone_index": "0" * 64, "not_before": NOW, "created_at": NOW}
    return Message(conversation=conversation, **(fields | said | given))


def stored(row):
    found = type(row).objects.get(pk=row.pk)
    own = {"id", "public_id", "sid"}
    return {
        field.attname: getattr(found, field.attname) for field in row._meta.concrete_fields if field.name not in own
    }


def test_a_row_reads_back_as_one_that_the_orm_wrote():
    conversation = invited()
    ours, theirs = text(conversation, sid="SM1"), text(conversation, sid="SM2")

    assert insert(ours) is ours
    theirs.save()

    assert stored(ours) == stored(theirs)
    assert (ours._state.adding, ours.body) == (False, "满意 👍")


def test_json_is_kept_as_json():
    entry = insert(Entry(at=NOW, actor_id="system:x", actor_label="x", action="a.b", details={"n": [1, "二"]}))

    assert Entry.objects.get(pk=entry.pk).details == {"n": [1, "二"]}


def test_it_is_one_statement():
    conversation = invited()

    with CaptureQueriesContext(connection) as asked:
        insert(text(conversation, sid="SM1"))

    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["INSERT"]


def test_what_the_database_refuses_is_undone_to_the_savepoint_and_no_further():
    conversation = invited()
    insert(text(conversation, sid="SM1"))

    with pytest.raises(IntegrityError), transaction.atomic():
        insert(text(conversation, sid="SM1"))

    assert Message.objects.filter(sid="SM1").count() == 1


def test_without_a_savepoint_the_transaction_asks_nothing_more_after_a_refusal():
    conversation = invited()
    insert(text(conversation, sid="SM1"))

    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(text(conversation, sid="SM1"))
        with pytest.raises(transaction.TransactionManagementError):
            Message.objects.count()
        transaction.set_rollback(True)


def test_a_model_whose_key_is_another_row_s_is_refused():
    case = factories.case(factories.centre())

    with pytest.raises(TypeError, match="EvidenceChange"):
        insert(EvidenceChange(case=case, version=1))


def test_many_rows_are_one_statement_and_those_that_were_there_are_written_over():
    review = Review.objects.get(assignment=assignment())
    items = list(Item.objects.filter(checklist=review.assignment.checklist))
    upsert([Mark(review=review, item=items[0], page="1", comment="旧", updated_at=NOW)], **BY_ITEM)
    rows = [Mark(review=review, item=item, page="2", comment="新", updated_at=NOW) for item in items]

    with CaptureQueriesContext(connection) as asked:
        upsert(rows, **BY_ITEM)
        upsert([], **BY_ITEM)

    assert [query["sql"].split()[0] for query in asked.captured_queries] == ["INSERT"]
    assert set(review.marks.values_list("item", "page", "comment")) == {
        (item.pk, "2", "旧" if item == items[0] else "新") for item in items
    }
