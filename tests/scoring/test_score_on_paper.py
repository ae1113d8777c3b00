"""A rectification says how its score came about, where the deductions below it add up to another figure."""

from decimal import Decimal

import pytest

from qa_service.accounts.models import User
from reviews.models import CaseReview, Review, VetoMark
from reviews.services.assignments import add_next_reader
from reviews.services.vetoes import answer_veto, decide_veto, mark_veto
from scoring.documents.content import RectificationContent
from scoring.documents.rectification import basis_sentences
from scoring.documents.score_basis import ScoreBasis, SourcePoints
from scoring.enums import Outcome, RuleCode
from scoring.models import Notice, Proposal
from scoring.services.issuing import issue_notice
from scoring.services.notice_content import thawed
from scoring.services.printing import render_notices
from scoring.services.procedure import ask_for_statement, decide, give_statement
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests.factories import NOW
from tests.qa_service.documents.reading import text_of
from tests.reviews import factories as reviews
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, issued, office, printed, submitted

FILE = SourcePoints("案卷评查", Decimal("35.70"), Decimal(50))
FILING = SourcePoints("办案时限", Decimal(100), Decimal(5))


def test_several_sources_are_named_with_their_weights_and_the_sum_is_explained() -> None:
    assert basis_sentences(ScoreBasis((FILE, FILING), readers=2)) == (
        "得分由案卷评查35.7分（权重50）、办案时限100.0分（权重5）加权平均得出，其中案卷评查得分为两名评查人员评分的平均值。"
        "所列扣分为案卷评查各项目的扣分，取两名评查人员评分的平均值；因得分还计入其他评价依据，扣分之和不等于得分与100分之差。"
    )


def test_one_source_read_twice_adds_up_and_claims_no_difference() -> None:
    assert basis_sentences(ScoreBasis((FILE,), readers=2)) == (
        "得分即案卷评查得分，为两名评查人员评分的平均值。所列扣分为案卷评查各项目的扣分，取两名评查人员评分的平均值。"
    )


@pytest.mark.parametrize(
    ("basis", "why"),
    [
        (ScoreBasis((FILE,), readers=3), "总分和各项目分别取中位数"),
        (ScoreBasis((FILE,), readers=1, not_applicable=True), "不适用项目的分值由同一部分的其他项目分担"),
    ],
)
def test_medians_and_items_that_do_not_apply_are_said_too(basis: ScoreBasis, why: str) -> None:
    assert f"；因{why}，扣分之和不等于得分与100分之差。" in basis_sentences(basis)


@pytest.mark.django_db
@pytest.mark.usefixtures("fonts")
def test_the_paper_tells_what_was_weighed_into_its_score() -> None:
    _place, notice = issued(RuleCode.S2)
    content = thawed(notice.kind, notice.content)

    assert isinstance(content, RectificationContent)
    assert content.basis is not None
    weighed = sum((each.points * each.weight for each in content.basis.sources), Decimal(0))
    whole = sum((each.weight for each in content.basis.sources), Decimal(0))
    assert abs(weighed / whole - content.score) < Decimal("0.01")
    assert content.basis.readers == CaseReview.objects.current().get().readers == 2
    assert basis_sentences(content.basis) in text_of(printed(notice)).replace("—1—", "").replace("—2—", "")


@pytest.mark.django_db
@pytest.mark.usefixtures("fonts")
def test_a_paper_frozen_before_its_basis_was_kept_is_printed_without() -> None:
    _place, notice = issued(RuleCode.S2)
    older = {name: value for name, value in notice.content.items() if name != "basis"}

    content = thawed(notice.kind, older)

    assert isinstance(content, RectificationContent)
    assert content.basis is None


@pytest.mark.django_db
@pytest.mark.usefixtures("fonts")
def test_a_file_that_failed_for_a_veto_says_so_beside_its_good_score() -> None:
    place = office()
    case = place.case()
    row = reviews.assignment(case)
    mark_veto(
        review_id=Review.objects.get(assignment=row).public_id,
        code="V2",
        statement="开庭前未经批准终止代理。",
        page="2",
        user=User.objects.get(pk=row.reviewer_id),
        now=NOW,
    )
    submitted(row, {}, "")
    second = add_next_reader(case=case, reviewer=reviews.reviewer(case.centre), user=place.manager, now=NOW)
    submitted(second, {}, "")
    answer_veto(veto_mark=VetoMark.objects.get(), answer="不属实。", user=place.handler, now=NOW)
    decide_veto(
        veto_mark=VetoMark.objects.get(), confirmed=True, reason="属实。", user=reviews.manager(case.centre), now=NOW
    )
    rescore_changed(now=NOW)
    propose(now=MONDAY)
    proposal = Proposal.objects.get(case=case, code=RuleCode.S2)
    ask_for_statement(proposal=proposal, person=place.manager, now=MONDAY)
    give_statement(proposal=proposal, person=place.handler, text="不属实。", now=MONDAY)
    proposal.refresh_from_db()
    decide(proposal=proposal, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
    proposal.refresh_from_db()
    issue_notice(proposal=proposal, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)

    text = text_of(printed(Notice.objects.get()))

    title = VetoMark.objects.get().veto.title["zh"]
    assert f"本案存在否决情形：V2{title}。" in text.replace(" ", "")
