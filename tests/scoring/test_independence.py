"""Every act that carries a proposal on, or ends it, is barred to whoever had a part in the marks."""

from datetime import timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.common.errors import NotIndependent
from reviews.models import Assignment
from scoring.enums import Outcome, RuleCode
from scoring.models import CorrectiveTask, Notice, Proposal
from scoring.services.appeals import decide_appeal, key_in_appeal
from scoring.services.delivery import serve_notice
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import (
    ask_for_statement,
    close_task,
    decide,
    key_in_statement,
    stop_display,
)
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, Office, accepted, issued, office, proposed

pytestmark = pytest.mark.django_db
# The five working days to answer are over.
DECIDED = MONDAY + timedelta(days=8)


def a_reader_of(proposal: Proposal) -> User:
    """Who marked the file, and manages the centre as well."""
    reader = Assignment.objects.filter(case=proposal.case).values_list("reviewer", flat=True)[0]
    Grant.objects.create(user_id=reader, role=Role.MANAGER, organisation=proposal.centre)
    return User.objects.get(pk=reader)


def test_a_reader_does_not_end_the_display_of_the_file() -> None:
    _place, row = accepted(RuleCode.R1)

    with pytest.raises(NotIndependent):
        stop_display(proposal=row, person=a_reader_of(row), reason="异议成立。", now=MONDAY + timedelta(days=1))


def test_a_reader_does_not_issue_the_notice() -> None:
    _place, row = accepted(RuleCode.R1)

    with pytest.raises(NotIndependent):
        issue_notice(proposal=row, person=a_reader_of(row), now=DISPLAY_OVER)


def test_a_reader_does_not_close_the_coaching_that_follows_from_the_marks() -> None:
    _place, row = accepted(RuleCode.S1)

    with pytest.raises(NotIndependent):
        close_task(task=CorrectiveTask.objects.get(proposal=row), person=a_reader_of(row), note="已辅导。", now=MONDAY)


def on_paper() -> tuple[Office, Proposal]:
    place = office()
    _place, row = proposed(RuleCode.S2, place, lawyer=factories.lawyer(place.firm))
    ask_for_statement(proposal=row, person=place.manager, served_on=MONDAY.date(), now=MONDAY)
    return place, Proposal.objects.get(pk=row.pk)


def issued_on_paper() -> tuple[Office, Notice]:
    """Told by the manager, decided by a supervisor, issued by another, and in the lawyer's hands."""
    place, row = on_paper()
    decide(proposal=row, person=place.supervisor, outcome=Outcome.ACCEPT, reason="事实清楚。", now=DECIDED)
    other = factories.user(Role.SUPERVISOR, at=Grant.objects.get(user=place.supervisor).organisation)
    notice = issue_notice(proposal=Proposal.objects.get(pk=row.pk), person=other, now=DECIDED)
    render_notices(now=DECIDED)
    serve_notice(notice=Notice.objects.get(pk=notice.pk), served_on=DECIDED.date(), person=place.manager, now=DECIDED)
    return place, Notice.objects.get(pk=notice.pk)


def test_a_reader_does_not_enter_the_lawyers_statement() -> None:
    _place, row = on_paper()

    with pytest.raises(NotIndependent):
        key_in_statement(proposal=row, person=a_reader_of(row), text="会见过。", received_on=MONDAY.date(), now=MONDAY)


@pytest.mark.usefixtures("fonts")
def test_a_reader_neither_enters_an_appeal_nor_answers_it() -> None:
    place, notice = issued_on_paper()
    reader, came_on = a_reader_of(notice.proposal), DECIDED.date()

    with pytest.raises(NotIndependent):
        key_in_appeal(notice=notice, person=reader, text="不服。", received_on=came_on, now=DECIDED)
    appeal = key_in_appeal(notice=notice, person=place.manager, text="不服。", received_on=came_on, now=DECIDED)
    with pytest.raises(NotIndependent):
        decide_appeal(appeal=appeal, person=reader, upheld=False, answer="维持。", now=DECIDED)


@pytest.mark.usefixtures("fonts")
def test_who_told_the_lawyer_of_the_proposal_does_not_answer_the_appeal_though_others_decided_and_issued() -> None:
    place, notice = issued_on_paper()
    appeal = key_in_appeal(
        notice=notice, person=place.supervisor, text="不服。", received_on=DECIDED.date(), now=DECIDED
    )

    with pytest.raises(NotIndependent):
        decide_appeal(appeal=appeal, person=place.manager, upheld=False, answer="维持。", now=DECIDED)


@pytest.mark.usefixtures("fonts")
def test_a_reader_does_not_take_back_the_notice() -> None:
    _place, notice = issued(RuleCode.S2)

    with pytest.raises(NotIndependent):
        withdraw_notice(notice=notice, person=a_reader_of(notice.proposal), reason="有误。", now=DISPLAY_OVER)
