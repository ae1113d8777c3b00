"""Whoever was erased stays so: no export brings them back, nobody asks them, nothing is written about them."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from qa_service.accounts.enums import Role
from qa_service.cases.enums import NumberOwner
from qa_service.cases.models import Case, Client
from qa_service.cases.queries import awaiting_release, cases_to_ask
from qa_service.cases.services import confirm_plan, correct_phone
from qa_service.cases.services.erased import PersonErased
from qa_service.common.keeping import ERASED
from tests import factories
from tests.factories import ACTOR, NOW
from tests.qa_service.cases.county import bring_in, counts, edited
from tests.qa_service.cases.test_services import put
from tests.qa_service.privacy.kept import a_night, midnight

pytestmark = pytest.mark.django_db
LONG_AFTER = midnight(date(2035, 1, 1))


def test_the_same_export_brings_nobody_back_nor_does_a_changed_row(tmp_path: Path):
    centre = factories.centre()
    first = bring_in(centre)
    a_night(LONG_AFTER)
    people = Client.objects.count()
    assert set(Client.objects.values_list("phone", flat=True)) == {""}

    again = bring_in(centre, now=LONG_AFTER)
    changed = bring_in(centre, edited(tmp_path / "changed.csv", ("调解", "撤诉")), now=LONG_AFTER)

    good = first.new_count
    assert counts(again)[:2] == counts(changed)[:2] == (0, 0)
    assert again.unchanged_count == first.unchanged_count + good
    assert again.oddities["person_erased"][0] == good
    assert Client.objects.count() == people
    assert {client.name for client in Client.objects.all()} == {ERASED}


def test_a_program_is_told_that_the_person_was_erased():
    centre = factories.centre()
    case = put(centre)
    a_night(LONG_AFTER)

    with pytest.raises(PersonErased):
        put(centre, LONG_AFTER, outcome="撤诉")
    case.refresh_from_db()
    assert case.client.name == ERASED


def test_a_new_case_of_the_same_person_is_a_new_person_here():
    centre = factories.centre()
    old = put(centre)
    a_night(LONG_AFTER)

    new = put(centre, LONG_AFTER, number="2026民2")
    assert new.client_id != old.client_id
    assert new.client.name != ERASED


def test_nobody_is_asked_and_nothing_is_written():
    centre = factories.centre()
    case = factories.case(centre)
    factories.case(centre, survey_released_at=None)
    boss = factories.user(Role.MANAGER, at=centre)
    assert (cases_to_ask(now=NOW).count(), awaiting_release().count()) == (1, 1)

    a_night(LONG_AFTER)

    assert (cases_to_ask(now=LONG_AFTER).count(), awaiting_release().count()) == (0, 0)
    client = Case.objects.get(pk=case.pk).client
    with pytest.raises(PersonErased):
        confirm_plan(client=client, user=boss, now=LONG_AFTER + timedelta(hours=1))
    with pytest.raises(PersonErased):
        correct_phone(
            client=client,
            phone="13812345678",
            owner=NumberOwner.CLIENT,
            told_by_client=True,
            actor=ACTOR,
            now=LONG_AFTER,
        )
