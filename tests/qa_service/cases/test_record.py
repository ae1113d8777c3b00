"""The record on a case's page: what was done to the case, and nothing that tells what its client said."""

import pytest

from qa_service.audit.actors import Actor
from qa_service.audit.services import record
from qa_service.audit.wording import ACTS
from qa_service.cases.views.record import told_of_case
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TOLD = {
    "surveys.invited",
    "surveys.rung_changed",
    "surveys.called",
    "surveys.interviewed",
    "surveys.errand_recorded",
    "surveys.printed",
}


def test_of_all_acts_of_follow_up_only_those_that_ask_stand_on_the_page():
    case = factories.case(factories.centre())
    for action in ACTS:
        record(actor=Actor.system("tests"), action=action, subject=case, at=NOW)

    told = {entry.action for entry in told_of_case(case) if entry.action.startswith("surveys.")}

    assert told == TOLD
