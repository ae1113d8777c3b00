"""What the database refuses to hold of files, results and objections, whoever writes it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from reviews.enums import Finding
from reviews.models import Assignment, FileEvent, FilePaper
from reviews.services.acceptance import DefectEntry, return_file
from reviews.services.objections import lodge_objection
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.reviews.factories import account_of, assignment, manager, released

pytestmark = pytest.mark.django_db


def refused(name: str, write: Callable[[], Any]) -> bool:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()
    return True


def copied(row: models.Model, **fields: Any) -> Callable[[], None]:
    """Another row like it but for these; what is frozen may still be written beside."""

    def write() -> None:
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        values.pop(row._meta.pk.attname)
        if "public_id" in values:
            values["public_id"] = type(row)._meta.get_field("public_id").get_default()
        type(row)._base_manager.create(**(values | fields))

    return write


def test_a_file_goes_back_by_a_day_and_a_paper_has_both_its_pages_or_none() -> None:
    case = accepting.checked()
    return_file(
        defects=[DefectEntry(kind="missing", paper="cover")], due_on=None, told_how="电话", **accepting.by(case)
    )
    event = FileEvent.objects.get(act="returned")
    paper = {"acceptance": event.acceptance, "code": "x", "finding": Finding.PRESENT}

    assert refused("file_event_returned_with_a_day", copied(event, number=99, due_on=None))
    for pages in ({"last_page": 5}, {"first_page": 5}):
        assert refused("file_paper_pages_in_order", lambda pages=pages: FilePaper.objects.create(**(paper | pages)))


@pytest.mark.parametrize("state", ["submitted", "declined", "withdrawn", "returned", "anything"])
def test_a_reader_who_is_not_at_it_any_more_went_at_a_moment_and_in_a_way_that_is_known(state: str) -> None:
    row = assignment()

    assert refused("assignment_closed_on_a_day", lambda: Assignment.objects.filter(pk=row.pk).update(state=state))


@pytest.mark.parametrize("word", ["state", "grade", "grade_cap", "veto_state", "method"])
def test_a_result_says_only_words_that_are_known(word: str) -> None:
    result = released(factories.case(factories.centre()))
    another = {"version": 9, "superseded_at": NOW, word: "x"}
    if word == "state":
        another |= {"released_at": None, "objection_until": None, "told_lawyer": None}

    assert refused("case_review_words_known", copied(result, **another))


def test_an_objection_is_decided_at_a_moment_and_its_items_in_words_that_are_known() -> None:
    result = released(factories.case(factories.centre()))
    handler, boss = account_of(result.case.lawyer), manager(result.case.centre)
    objection = lodge_objection(result=result, items=["A2"], statement="见第3页", user=handler, now=NOW)
    rows, items = type(objection).objects.filter(pk=objection.pk), objection.items.all()
    decided = {"state": "decided", "decided_by": boss, "answer": "成立"}

    assert refused("objection_decided_with_an_answer", lambda: rows.update(**decided))
    for words in ({"decision": "x"}, {"anchor": "x"}):
        assert refused("objected_item_words_known", lambda words=words: items.update(**words))
