"""Telling that evidence changed: one statement, and no change is ever lost between two writers and the sweep."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from qa_service.audit.actors import Actor
from qa_service.audit.models import Entry
from qa_service.cases.enums import FlagKind
from qa_service.cases.models import EvidenceChange
from qa_service.cases.services import clear_risk_flag, evidence_changed, raise_risk_flag
from tests import factories
from tests.factories import NOW


def versions() -> dict[int, int]:
    return dict(EvidenceChange.objects.values_list("case_id", "version"))


@pytest.mark.django_db
def test_each_change_counts_one_up() -> None:
    one, other = factories.case(factories.centre()).pk, factories.case(factories.centre()).pk

    evidence_changed(one)
    evidence_changed([one, other, one])
    evidence_changed(one)

    assert versions() == {one: 3, other: 1}


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_any_number_of_cases_is_marked_in_one_statement_without_a_savepoint(number: int) -> None:
    centre = factories.centre()
    ids = [factories.case(centre).pk for _each in range(number)]

    with CaptureQueriesContext(connection) as statements:
        evidence_changed(ids)

    assert [query["sql"].split()[0] for query in statements.captured_queries] == ["INSERT"]


@pytest.mark.django_db
def test_the_record_names_the_kind_of_a_flag_unless_it_is_sealed() -> None:
    case, by = factories.case(factories.centre()).pk, Actor.system("tests")

    for kind in (FlagKind.MONEY_ALERT, FlagKind.COMPLAINT):
        raise_risk_flag(case_id=case, kind=kind, actor=by, now=NOW)
        clear_risk_flag(case_id=case, kind=kind, actor=by, now=NOW)

    told = Entry.objects.filter(action__startswith="cases.flag_").order_by("pk").values_list("details", flat=True)
    assert list(told) == [{}, {}, {"kind": "complaint"}, {"kind": "complaint"}]


@pytest.mark.django_db
def test_no_case_at_all_asks_the_database_nothing() -> None:
    with CaptureQueriesContext(connection) as statements:
        evidence_changed(iter(()))

    assert len(statements) == 0


@pytest.mark.django_db
def test_more_cases_than_an_import_brings_are_marked() -> None:
    centre = factories.centre()
    client, firm = factories.client(centre), factories.firm(centre)
    lawyer = factories.lawyer(firm)
    ids = [factories.case(centre, client=client, firm=firm, lawyer=lawyer).pk for _each in range(1100)]

    evidence_changed(ids)
    evidence_changed(ids)

    assert set(versions().values()) == {2}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_first_changes_at_once_the_second_is_seen() -> None:
    """The sweep may have weighed the first before the second commits: the second must be another version."""
    case_id = factories.case(factories.centre()).pk
    begun, seen = Event(), Event()

    def second() -> None:
        try:
            begun.set()
            evidence_changed(case_id)  # waits for the first
            seen.set()
        finally:
            connection.close()

    other = Thread(target=second)
    with transaction.atomic():
        evidence_changed(case_id)
        other.start()
        begun.wait(5)
        waited = not seen.wait(0.5)
    other.join(10)

    assert (waited, versions()) == (True, {case_id: 2})


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_change_that_comes_while_its_case_is_weighed_marks_the_case_anew() -> None:
    """The sweep holds the row and deletes the version it weighed; the change waits and stands afterwards."""
    case_id = factories.case(factories.centre()).pk
    evidence_changed(case_id)
    begun = Event()

    def meanwhile() -> None:
        try:
            begun.set()
            evidence_changed(case_id)
        finally:
            connection.close()

    writer = Thread(target=meanwhile)
    with transaction.atomic():
        held = EvidenceChange.objects.select_for_update().get(case=case_id)
        writer.start()
        begun.wait(5)
        writer.join(0.5)
        EvidenceChange.objects.filter(case=case_id, version=held.version).delete()
    writer.join(10)

    assert versions() == {case_id: 1}
