"""Two people, or two workers, at the same moment: one decides and the other is told; nothing stands twice."""

from functools import partial

import pytest

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.common.errors import Conflict
from qa_service.notifications.models import Notification
from scoring.enums import Outcome, RuleCode
from scoring.models import Decision, Notice, Proposal, Rule, StepLook, ToConsider
from scoring.rule_terms import default_terms
from scoring.services.issuing import issue_notice
from scoring.services.passing import pass_steps_on
from scoring.services.period_proposals import propose_of_periods
from scoring.services.procedure import StepNotDue, decide
from scoring.services.proposals import propose
from scoring.services.rules import RuleChanged, publish_rule
from scoring.wording import PERIOD_PROPOSALS
from tests import factories
from tests.at_once import at_once, meanwhile
from tests.scoring.deciding import BAD, DISPLAY_OVER, MONDAY, heard, office, read, ready
from tests.scoring.test_rules_of_periods import CLOSED, closed, county, switched_on

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fonts"),
]


def test_of_two_managers_who_decide_at_once_one_decides_and_the_other_is_told() -> None:
    place, row = heard(RuleCode.S2)
    other = factories.user(Role.MANAGER, at=place.centre)
    accept = partial(
        decide, proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY
    )
    decline = partial(decide, proposal=row, person=other, outcome=Outcome.DECLINE, reason="情节轻微。", now=MONDAY)

    raised = at_once(accept, decline)

    assert [(type(error), error.status) for error in raised if isinstance(error, Conflict)] == [(StepNotDue, 409)]
    assert (len(raised), Decision.objects.count()) == (1, 1)
    assert Entry.objects.filter(action="scoring.decided").count() == 1


def test_two_who_issue_at_once_give_one_number() -> None:
    place, row = ready(RuleCode.S2)
    other = factories.user(Role.MANAGER, at=place.centre)

    raised = at_once(
        *(partial(issue_notice, proposal=row, person=person, now=DISPLAY_OVER) for person in (place.supervisor, other))
    )

    assert [error.status for error in raised if isinstance(error, Conflict)] == [409]
    assert (len(raised), Notice.objects.count()) == (1, 1)


def test_a_period_that_is_run_again_by_two_workers_at_once_doubles_nothing() -> None:
    place = office()
    for _time in range(3):
        read(place.case(), BAD)
    again = list(ToConsider.objects.values())

    assert at_once(*[partial(propose, now=MONDAY)] * 2) == []
    ToConsider.objects.bulk_create(ToConsider(**row) for row in again)
    propose(now=MONDAY)

    proposed = list(Proposal.objects.values_list("code", "case", "trigger"))
    assert len(proposed) == len(set(proposed)) == 6  # S1 and S2 of each
    assert Entry.objects.filter(action="scoring.proposed").count() == 6
    assert at_once(*[partial(pass_steps_on, now=MONDAY)] * 2) == []
    assert StepLook.objects.count() == 6


def test_of_two_workers_at_a_closed_period_the_second_leaves_it_to_the_first() -> None:
    place = county()
    switched_on(RuleCode.R2, place.supervisor)
    switched_on(RuleCode.R3, place.supervisor)
    closed(place)
    found: list[int] = []

    with meanwhile(
        lambda: found.append(propose_of_periods(now=CLOSED)), before='INSERT INTO "scoring_proposal"', waits=False
    ):
        assert propose_of_periods(now=CLOSED) == 3

    assert (found, Proposal.objects.count()) == ([0], 3)
    assert Entry.objects.filter(action="scoring.proposed").count() == 3
    assert Notification.objects.filter(text=PERIOD_PROPOSALS, user=place.manager).count() == 2  # by each rule once


def test_of_two_who_publish_a_rule_at_once_one_is_told() -> None:
    place = office()
    publish = partial(
        publish_rule, code=RuleCode.S3, read_version=0, enabled=True, thresholds=default_terms(RuleCode.S3),
        legal_basis="《条例》第三十条", authority="某县司法局", user=place.supervisor, now=MONDAY,
    )  # fmt: skip

    raised = at_once(publish, publish)

    assert [type(error) for error in raised] == [RuleChanged]
    assert Rule.objects.filter(code=RuleCode.S3).count() == 1
