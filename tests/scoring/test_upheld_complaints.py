"""Complaints that were upheld are counted by S3, as far as the centre knows of them; what is sealed stays sealed."""

from datetime import timedelta

import pytest
import time_machine

from qa_service.cases.models import Case
from reviews.enums import Anchor
from scoring.enums import Outcome, ProposalState, RuleCode
from scoring.models import Notice, Proposal
from scoring.queries.proposals import why_overtaken
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import ask_for_statement, decide, give_statement
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from surveys.enums import ComplaintAct, ComplaintOutcome, Ground, Received, Respondent
from surveys.services.matters.complaints import ComplaintInput, Grievance, register_complaint, take_complaint_step
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.scenes import scene
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, Office, office, printed, read
from tests.scoring.test_ladder import switched_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


# Good, and no core item is worth nothing.
GOOD = {"C1": Anchor.PARTLY, "C2": Anchor.PARTLY}


def complain(
    place: Office,
    case: Case,
    *,
    outcome: ComplaintOutcome = ComplaintOutcome.CRITICISM,
    respondent: Respondent = Respondent.LAWYER,
    with_centre: bool = True,
    replied: bool = True,
) -> None:
    """Registered, looked into, decided and answered, all on one day."""
    grievance = Grievance(
        centre=place.centre,
        ground=Ground.STANDARD,
        respondent=respondent,
        facts="开庭前没有见过律师。",
        received_on=NOW.date(),
        received_by=Received.VISIT,
        complainant_name="张三",
        case=case,
    )
    with time_machine.travel(NOW, tick=False):
        row = register_complaint(user=place.supervisor, grievance=grievance, now=NOW)
        given = {
            ComplaintAct.ASSIGN: ComplaintInput(handler=place.supervisor, with_centre=with_centre),
            ComplaintAct.ACCEPT: ComplaintInput(on=NOW.date()),
            ComplaintAct.DECIDE: ComplaintInput(on=NOW.date(), outcome=outcome, note="经查。"),
            ComplaintAct.REPLY: ComplaintInput(on=NOW.date(), note="已答复。"),
        }
        for act, said in given.items():
            if replied or act != ComplaintAct.REPLY:
                take_complaint_step(user=place.supervisor, complaint=row, act=act, given=said, now=NOW)


@scene
def complained_twice(**second: object) -> Office:
    """Two good files of one lawyer, each with a complaint."""
    place = office()
    switched_on(RuleCode.S3, place.supervisor)
    for turn in range(2):
        case = place.case()
        complain(place, case, **(second if turn else {}))  # type: ignore[arg-type]
        read(case, GOOD, times=1)
    rescore_changed(now=NOW)
    propose(now=MONDAY)
    return place


def test_two_upheld_complaints_end_in_training_and_the_notice_says_so_without_a_client() -> None:
    place = complained_twice()
    row = Proposal.objects.get(code=RuleCode.S3)
    assert row.case == Case.objects.latest("pk")
    assert row.evidence[0] == {"point": "complaints", "figures": {"count": "2", "months": "12"}}
    assert why_overtaken(row) == ""
    ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
    give_statement(proposal=row, person=place.handler, text="已改进。", now=MONDAY)
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="投诉属实。", now=MONDAY)
    notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)

    paper = text_of(printed(Notice.objects.get(pk=notice.pk))).replace("\n", "")
    assert "2件对承办人员的投诉经查证属实" in paper
    assert "不合格" not in paper
    assert "张三" not in paper
    propose(now=DISPLAY_OVER + timedelta(days=1))
    assert Notice.objects.get(pk=notice.pk).ground_gone_at is None, "it says nothing of the grade"
    row.refresh_from_db()
    assert row.state == ProposalState.CARRIED_OUT


@pytest.mark.parametrize(
    "second",
    [
        {"outcome": ComplaintOutcome.UNFOUNDED},
        {"outcome": ComplaintOutcome.EXPLAINED},
        {"respondent": Respondent.FIRM},
        {"with_centre": False},
        {"replied": False},
    ],
)
def test_what_was_not_upheld_of_the_lawyer_or_is_not_the_centres_to_know_is_not_counted(
    second: dict[str, object],
) -> None:
    complained_twice(**second)

    assert not Proposal.objects.filter(code=RuleCode.S3).exists()
