"""Marks are corrected after something was decided on them: nothing is carried out twice, nothing stands unseen."""

from collections.abc import Iterator

import pytest
import time_machine

from qa_service.organisations.models import Lawyer
from reviews.enums import Anchor
from reviews.models import CaseReview
from reviews.services.assignments import add_next_reader
from reviews.services.objections import Ruling, decide_objection, key_in_objection
from scoring.enums import Outcome, RuleCode
from scoring.models import Notice, Proposal
from scoring.services.notices import issue_notice, render_notices, withdraw_notice
from scoring.services.procedure import StepNotDue, ask_for_statement, decide, finish_displays, key_in_statement
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests import factories
from tests.reviews import factories as reviews
from tests.scoring.deciding import (
    CORE_ITEM,
    DISPLAY_OVER,
    MONDAY,
    Office,
    accepted,
    office,
    proposed,
    read,
    submitted,
)

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
    key_in_statement(proposal=row, person=place.manager, text="会见过。", now=DISPLAY_OVER)
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
    """An objection that came on paper in time, was typed in afterwards and upheld."""
    result = CaseReview.objects.current().get(case=notice.case)
    person = reviews.manager(notice.issuer)
    objection = key_in_objection(
        result=result, items=list(marks), statement="不服。", received_on=result.objection_until, user=person,
        now=DISPLAY_OVER,
    )  # fmt: skip
    new = {entry.item: entry for entry in reviews.entries(result.checklist, **marks)}
    rulings = [Ruling(item, upheld=True, mark=new[item]) for item in marks]
    decide_objection(objection=objection, rulings=rulings, answer="成立。", user=person, now=DISPLAY_OVER)
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
    coaching = Proposal.objects.get(case=case, code=RuleCode.S1, trigger="review:3")

    with pytest.raises(StepNotDue):
        accepted_on_paper(place, coaching)


@pytest.mark.parametrize("marks", [CORE_ITEM, CORE_ITEM | {"B1": Anchor.NONE}], ids=["same item", "another too"])
def test_coaching_is_given_once_for_an_item_of_a_file(marks: dict[str, Anchor]) -> None:
    place, row = accepted(RuleCode.S1)
    reader = reviews.reviewer(place.centre)
    submitted(
        add_next_reader(case=row.case, reviewer=reader, user=reviews.manager(place.centre), now=MONDAY), marks, ""
    )
    rescore_changed(now=DISPLAY_OVER)
    propose(now=DISPLAY_OVER)

    again = Proposal.objects.filter(case=row.case, code=RuleCode.S1, state="proposed")
    assert not [each for one in again for each in one.evidence if each["figures"].get("item") == "A2"]
