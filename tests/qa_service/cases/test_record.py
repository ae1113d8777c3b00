"""The record on a case's page: what was done to the case, and nothing that tells what its client said."""

import pytest

from qa_service.accounts.enums import Role
from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.audit.wording import ACTS
from qa_service.cases.views.record import told_of_case
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TOLD = {
    "surveys.invited",
    "surveys.withdrawn",
    "surveys.organ_asked",
    "surveys.clients_drawn",
    "surveys.postponed",
    "surveys.rung_changed",
    "surveys.called",
    "surveys.interviewed",
    "surveys.errand_recorded",
    "surveys.printed",
}


def test_of_all_acts_of_follow_up_only_those_that_ask_stand_on_the_page():
    """Also where older entries lie beside the case. That asking again is none of them:
    tests/surveys/faces/test_record_of_recovery.py.
    """
    centre = factories.centre()
    case = factories.case(centre)
    for action in ACTS:
        record(actor=Actor.system("tests"), action=action, subject=case, at=NOW)

    told = told_of_case(case, factories.user(Role.MANAGER, at=centre))

    assert told is not None
    assert {entry.action for entry in told if entry.action.startswith("surveys.")} == TOLD


@pytest.mark.parametrize("action", ["surveys.complaint_registered", "surveys.complaint_decided", "surveys.alert_taken"])
def test_what_followed_from_a_client_s_word_is_not_on_the_page_of_the_case(action: str):
    centre = factories.centre()
    case = factories.case(centre)
    for done in (action, "surveys.invited"):
        record(actor=Actor.system("tests"), action=done, subject=case, at=NOW)

    told = told_of_case(case, factories.user(Role.MANAGER, at=centre))

    assert told is not None
    assert [entry.action for entry in told] == ["surveys.invited"]
