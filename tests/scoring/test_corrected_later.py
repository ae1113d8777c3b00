"""Marks are corrected after something was decided on them: nothing is carried out twice, nothing stands unseen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.cases.services.evidence import evidence_changed
from qa_service.notifications.models import Notification
from qa_service.organisations.models import Lawyer
from reviews.enums import Anchor
from reviews.models import CaseReview
from reviews.services.assignments import add_next_reader
from reviews.services.objections import key_in_objection
from scoring.enums import Grade, NoticeState, Outcome, ProposalState, RuleCode, TaskState
from scoring.models import CorrectiveTask, Notice, Proposal, Statement
from scoring.queries.proposals import why_overtaken
from scoring.queries.work import waiting_decisions
from scoring.services.decision_papers import issue_decision
from scoring.services.delivery import serve_notice
from scoring.services.groundless import watch_grounds
from scoring.services.issuing import IssuedAlready, issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import (
    StepNotDue,
    ask_for_statement,
    close_task,
    decide,
    finish_displays,
    key_in_statement,
)
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import DECISION_GROUND_GONE, GROUND_GONE, PRAISE_GROUND_GONE
from tests import factories
from tests.reviews import factories as reviews
from tests.scoring.deciding import (
    BAD,
    CORE_ITEM,
    DISPLAY_OVER,
    MONDAY,
    Office,
    accepted,
    correct_marks,
    office,
    proposed,
    read,
    submitted,
)
from tests.scoring.test_policy import GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


@pytest.fixture(autouse=True)
def _display_is_over() -> Iterator[None]:
    with time_machine.travel(DISPLAY_OVER, tick=False):
        yield


def on_paper() -> tuple[Office, Lawyer]:
    place = office()
    return place, factories.lawyer(place.firm)


def accepted_on_paper(place: Office, row: Proposal) -> None:
    ask_for_statement(proposal=row, person=place.manager, served_on=DISPLAY_OVER.date(), now=DISPLAY_OVER)
    key_in_statement(
        proposal=row, person=place.manager, text="会见过。", received_on=DISPLAY_OVER.date(), now=DISPLAY_OVER
    )
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=DISPLAY_OVER)


def issued_now(place: Office, row: Proposal) -> Notice:
    notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)
    return Notice.objects.get(pk=notice.pk)


def rectified() -> tuple[Office, Notice]:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S2, place, lawyer=lawyer)
    accepted_on_paper(place, row)
    return place, issued_now(place, row)


def corrected(notice: Notice, **marks: Anchor) -> None:
    correct_marks(notice.the_case, **marks)
    rescore_changed(now=DISPLAY_OVER)
    propose(now=DISPLAY_OVER)


def test_a_file_is_rectified_anew_only_when_the_notice_in_force_was_withdrawn() -> None:
    place, notice = rectified()
    corrected(notice, A1=Anchor.PARTLY)  # still a fail
    again = Proposal.objects.get(case=notice.case, code=RuleCode.S2, state="proposed")

    with pytest.raises(StepNotDue) as refused:
        accepted_on_paper(place, again)
    assert notice.label in str(refused.value.message)
    withdraw_notice(notice=notice, person=place.supervisor, reason="评分已更正。", now=DISPLAY_OVER)
    decide(proposal=again, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=DISPLAY_OVER)

    assert issued_now(place, again).label != notice.label


def test_nobody_accepts_while_an_objection_to_the_marks_waits() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S2, place, lawyer=lawyer)
    ask_for_statement(proposal=row, person=place.manager, served_on=MONDAY.date(), now=MONDAY)
    key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=MONDAY.date(), now=MONDAY)
    result = CaseReview.objects.current().get(case=row.case)
    key_in_objection(
        result=result, items=["A1"], statement="不服。", received_on=result.objection_until,
        user=reviews.manager(place.centre), now=MONDAY,
    )  # fmt: skip

    with pytest.raises(StepNotDue):
        decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)


def test_nobody_is_told_of_a_proposal_whose_marks_were_corrected_before_the_sweep_closed_it() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S1, place, lawyer=lawyer)
    correct_marks(row.the_case, A2=Anchor.FULL)

    with pytest.raises(StepNotDue) as refused:
        ask_for_statement(proposal=row, person=place.manager, served_on=DISPLAY_OVER.date(), now=DISPLAY_OVER)

    assert "评分或等次已发生变化" in str(refused.value.message)
    assert not Statement.objects.filter(proposal=row).exists()


def test_nothing_is_carried_out_on_marks_that_are_being_read_again() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S1, place, lawyer=lawyer)
    add_next_reader(
        case=row.the_case, reviewer=reviews.reviewer(row.the_case.centre), user=place.manager, now=DISPLAY_OVER
    )

    with pytest.raises(StepNotDue) as refused:
        ask_for_statement(proposal=row, person=place.manager, served_on=DISPLAY_OVER.date(), now=DISPLAY_OVER)

    assert "正在再次评查" in str(refused.value.message)


def test_a_commendation_in_force_stands_in_the_way_of_coaching_on_corrected_marks_too() -> None:
    place, lawyer = on_paper()
    case = place.case(lawyer=lawyer)
    read(case, {"A2": Anchor.NONE})
    propose(now=MONDAY)
    praise = Proposal.objects.get(case=case, code=RuleCode.R1)
    decide(proposal=praise, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
    finish_displays(now=DISPLAY_OVER)
    notice = issued_now(place, praise)
    corrected(notice, A1=Anchor.PARTLY)
    assert told_of(notice, PRAISE_GROUND_GONE) == {}  # excellent still
    coaching = Proposal.objects.get(case=case, code=RuleCode.S1, trigger="review:3")

    with pytest.raises(StepNotDue):
        accepted_on_paper(place, coaching)


@pytest.mark.parametrize("marks", [CORE_ITEM, CORE_ITEM | {"B1": Anchor.NONE}], ids=["same item", "another too"])
def test_coaching_is_given_once_for_an_item_of_a_file(marks: dict[str, Anchor]) -> None:
    place, row = accepted(RuleCode.S1)
    reader = reviews.reviewer(place.centre)
    submitted(
        add_next_reader(case=row.the_case, reviewer=reader, user=reviews.manager(place.centre), now=MONDAY), marks, ""
    )
    rescore_changed(now=DISPLAY_OVER)
    propose(now=DISPLAY_OVER)

    again = Proposal.objects.filter(case=row.case, code=RuleCode.S1, state="proposed")
    assert not [each for one in again for each in one.evidence if each["figures"].get("item") == "A2"]


def test_coaching_that_was_given_stays_with_the_lawyer_though_the_marks_were_corrected_since() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S1, place, lawyer=lawyer)
    accepted_on_paper(place, row)
    correct_marks(row.the_case, A2=Anchor.FULL, C2=Anchor.FULL)
    rescore_changed(now=DISPLAY_OVER)
    propose(now=DISPLAY_OVER)

    assert why_overtaken(row)
    task = CorrectiveTask.objects.get(proposal=row)
    assert (Proposal.objects.get(pk=row.pk).state, task.state) == (ProposalState.ACCEPTED, TaskState.OPEN)
    close_task(task=task, person=place.supervisor, note="已面谈。", now=DISPLAY_OVER)
    assert Proposal.objects.get(pk=row.pk).state == ProposalState.CARRIED_OUT


def told_of(notice: Notice, text: str = GROUND_GONE) -> dict[str, int]:
    """How often each person was told that the ground is gone."""
    rows = Notification.objects.filter(url=url(notice), text=text)
    return {str(row["user__username"]): row["n"] for row in rows.values("user__username").annotate(n=Count("pk"))}


def url(notice: Notice) -> str:
    return reverse("scoring:notice", args=[notice.public_id])


def home_of(person: User) -> dict[str, int]:
    blocks = waiting_decisions(User.objects.get(pk=person.pk), DISPLAY_OVER)
    return {str(block.url): block.count for block in blocks}


def test_who_may_withdraw_a_rectification_whose_ground_is_gone_is_told_once_and_finds_it_on_their_home() -> None:
    place, notice = rectified()
    assert url(notice) not in home_of(place.manager)
    colleague = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

    corrected(notice, **dict.fromkeys(BAD, Anchor.FULL))
    evidence_changed(notice.the_case.pk)
    rescore_changed(now=DISPLAY_OVER)
    propose(now=DISPLAY_OVER)

    told = told_of(notice)
    assert (told[place.manager.username], told[place.supervisor.username]) == (1, 1)
    assert colleague.username not in told  # the lawyer, who has no account, was not handed the notice yet
    assert home_of(place.manager)[url(notice)] == 1
    page = Client()
    page.force_login(place.supervisor)
    assert "不再评为不合格" in page.get(url(notice)).content.decode()
    assert notice.label in page.get(reverse("scoring:notices"), {"groundless": "1"}).content.decode()
    withdraw_notice(notice=notice, person=place.supervisor, reason="异议成立。", now=DISPLAY_OVER)
    assert url(notice) not in home_of(place.manager)


def test_who_may_withdraw_a_commendation_whose_case_fell_is_told_once_and_no_more_when_it_is_excellent_again() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.R1, place, lawyer=lawyer)
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
    finish_displays(now=DISPLAY_OVER)
    notice = issued_now(place, row)
    facts = replace(GOOD, case_id=notice.the_case.pk)

    for _sweep in range(2):
        watch_grounds([facts], now=DISPLAY_OVER)

    told = told_of(notice, PRAISE_GROUND_GONE)
    assert (told[place.manager.username], told[place.supervisor.username]) == (1, 1)
    assert home_of(place.manager)[url(notice)] == 1
    page = Client()
    page.force_login(place.supervisor)
    assert "不再评为优秀" in page.get(url(notice)).content.decode()
    watch_grounds([replace(facts, grade=Grade.EXCELLENT)], now=DISPLAY_OVER)
    assert url(notice) not in home_of(place.manager)


def test_a_rectification_whose_case_fails_again_has_its_ground_again() -> None:
    place, notice = rectified()
    facts = replace(GOOD, case_id=notice.the_case.pk)
    watch_grounds([facts], now=DISPLAY_OVER)
    assert home_of(place.manager)[url(notice)] == 1

    watch_grounds([replace(facts, grade=Grade.FAIL)], now=DISPLAY_OVER)

    assert url(notice) not in home_of(place.manager)


def test_a_rectification_of_a_case_that_still_fails_keeps_its_ground() -> None:
    place, notice = rectified()

    corrected(notice, A1=Anchor.PARTLY)

    assert (told_of(notice), url(notice) in home_of(place.manager)) == ({}, False)


def test_no_rule_reads_marks_of_which_another_was_told_than_the_lawyer_of_the_case() -> None:
    place = office()
    case = place.case()
    read(case, BAD)
    Case.objects.filter(pk=case.pk).update(lawyer=factories.lawyer(place.firm))
    evidence_changed(case.pk)
    rescore_changed(now=DISPLAY_OVER)

    assert propose(now=DISPLAY_OVER) == 0


def test_nothing_is_issued_anew_whose_marks_were_corrected() -> None:
    place, notice = rectified()
    corrected(notice, **dict.fromkeys(BAD, Anchor.FULL))

    with pytest.raises(StepNotDue):
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误。", anew=True, now=DISPLAY_OVER)
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.ISSUED


def test_marks_that_are_corrected_before_it_is_issued_anew_overtake_it_and_end_its_task() -> None:
    place, notice = rectified()
    serve_notice(notice=notice, person=place.manager, served_on=DISPLAY_OVER.date(), now=DISPLAY_OVER)
    withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误。", anew=True, now=DISPLAY_OVER)
    assert CorrectiveTask.objects.get(proposal=notice.proposal).state == TaskState.OPEN

    corrected(notice, **dict.fromkeys(BAD, Anchor.FULL))

    row = Proposal.objects.get(pk=notice.proposal_id)
    assert (row.state, row.task.state) == (ProposalState.OVERTAKEN, TaskState.ENDED)
    with pytest.raises(IssuedAlready):
        issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)


def test_who_may_withdraw_the_paper_of_a_decision_that_is_overtaken_before_it_is_carried_out_is_told() -> None:
    place, lawyer = on_paper()
    _place, row = proposed(RuleCode.S2, place, lawyer=lawyer)
    accepted_on_paper(place, row)
    paper = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)
    page = Client()
    page.force_login(place.supervisor)
    assert "已于" not in page.get(url(paper)).content.decode()

    corrected(paper, **dict.fromkeys(BAD, Anchor.FULL))
    propose(now=DISPLAY_OVER)

    assert Proposal.objects.get(pk=row.pk).state == ProposalState.OVERTAKEN
    told = told_of(paper, DECISION_GROUND_GONE)
    assert (told[place.manager.username], told[place.supervisor.username]) == (1, 1)
    assert home_of(place.supervisor)[url(paper)] == 1
    assert "本决定所依据的评分或等次已于" in page.get(url(paper)).content.decode()
    withdraw_notice(notice=paper, person=place.supervisor, reason="异议成立。", now=DISPLAY_OVER)
    assert url(paper) not in home_of(place.supervisor)
