"""Every act that carries a proposal on, or ends it, is barred to whoever had a part in the marks."""

from datetime import timedelta

import pytest

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from reviews.models import Assignment
from scoring.enums import RuleCode
from scoring.models import CoachingTask, Proposal
from scoring.services.notices import withdraw_notice
from scoring.services.procedure import NotIndependent, close_task, stop_display
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, accepted, issued

pytestmark = pytest.mark.django_db


def a_reader_of(proposal: Proposal) -> User:
    """Who marked the file, and manages the centre as well."""
    reader = Assignment.objects.filter(case=proposal.case).values_list("reviewer", flat=True)[0]
    Grant.objects.create(user_id=reader, role=Role.MANAGER, organisation=proposal.centre)
    return User.objects.get(pk=reader)


def test_a_reader_does_not_end_the_display_of_the_file() -> None:
    _place, row = accepted(RuleCode.R1)

    with pytest.raises(NotIndependent):
        stop_display(proposal=row, person=a_reader_of(row), reason="异议成立。", now=MONDAY + timedelta(days=1))


def test_a_reader_does_not_close_the_coaching_that_follows_from_the_marks() -> None:
    _place, row = accepted(RuleCode.S1)

    with pytest.raises(NotIndependent):
        close_task(task=CoachingTask.objects.get(proposal=row), person=a_reader_of(row), note="已辅导。", now=MONDAY)


@pytest.mark.usefixtures("fonts")
def test_a_reader_does_not_take_back_the_notice() -> None:
    _place, notice = issued(RuleCode.S2)

    with pytest.raises(NotIndependent):
        withdraw_notice(notice=notice, person=a_reader_of(notice.proposal), reason="有误。", now=DISPLAY_OVER)
