"""What the suite lays again is what it built, and nothing is laid where something else was written or set."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction

from qa_service.cases.models import Case
from qa_service.organisations.models import CalendarYear
from surveys.sms import memory
from tests import factories, scenes

pytestmark = pytest.mark.django_db


def played(before: Callable[[], object] = lambda: None) -> tuple[Case, scenes.Rows]:
    """The same few scenes, taken back afterwards, with all rows there were."""
    with transaction.atomic():
        before()
        case = factories.case(factories.centre())
        assert Case.objects.filter(pk=case.pk, number=case.number).exists()
        standing = scenes._rows({}, set(scenes._tables()))
        transaction.set_rollback(True)
    return case, standing


def test_what_is_laid_again_is_row_for_row_what_was_built() -> None:
    (built, rows), (laid, again) = played(), played()

    assert (laid.pk, laid.number, again) == (built.pk, built.number, rows)
    assert laid is not built
    assert not Case.objects.exists()


def test_a_row_that_a_scene_was_given_is_the_very_one_in_what_it_returns() -> None:
    for _built_then_laid in range(2):
        with transaction.atomic():
            centre = factories.centre()
            assert factories.case(centre).centre is centre
            transaction.set_rollback(True)


def test_after_a_write_by_the_test_itself_all_is_built_anew() -> None:
    built, _rows = played()

    anew, _again = played(lambda: CalendarYear.objects.create(year=2030))

    assert anew.number != built.number


def test_where_the_gateway_is_told_otherwise_all_is_built_anew() -> None:
    built, _rows = played()
    memory.gateway().capabilities = replace(memory.EVERYTHING, two_way=False)

    anew, _again = played()
    memory.reset()

    assert anew.number != built.number
