"""The papers of a decision and of an appeal, and the whole life of a sanction that is appealed and withdrawn."""

import io
import re
from datetime import timedelta

import docx
import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from scoring.enums import AppealState, NoticeKind, NoticeState, ProposalState, RuleCode, TaskState
from scoring.models import Appeal, CorrectiveTask, Notice, NumberCounter, Proposal
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.decision_papers import issue_appeal_decision, issue_decision
from scoring.services.delivery import serve_notice
from scoring.services.issuing import IssuedAlready, issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, Office, SameScene, accepted, issued, proposed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def sends(user: User, name: str, about: Proposal | Notice, **typed: str | list[str]) -> None:
    """Press the button of a form; a refusal fails the test with what the page says."""
    answer = signed_in(user).post(reverse(f"scoring:{name}", args=[about.public_id]), typed)
    assert answer.status_code == 302, answer.content.decode()


def verdict(paper: Notice) -> str:
    page = Client().get(reverse("scoring:verify", args=[paper.verify_code])).content.decode()
    return next(name for name in ("valid", "revoked", "unknown") if f'class="verdict {name}"' in page)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_the_life_of_a_sanction_that_is_appealed_and_withdrawn(time_machine) -> None:
    time_machine.move_to(MONDAY, tick=False)
    place, row = proposed(RuleCode.S2)
    sends(place.manager, "ask", row)
    sends(place.handler, "statement", row, text="庭审笔录可以证明已经质证。")
    sends(place.manager, "decide", row, outcome="accept", reason="承办人员的陈述不能解释缺少质证意见，不予采纳。")
    draft = reverse("scoring:decision-draft", args=[row.public_id])
    assert "未编号" in text_of(signed_in(place.manager).get(draft).content)
    sends(place.supervisor, "issue-decision", row, own_number="")
    sends(place.supervisor, "issue", row, own_number="")
    render_notices(now=DISPLAY_OVER)
    papers = {paper.kind: paper for paper in Notice.objects.all()}
    decision, notice = papers[NoticeKind.DECISION], papers[NoticeKind.RECTIFICATION]
    assert [verdict(paper) for paper in (decision, notice)] == ["valid", "valid"]
    assert CorrectiveTask.objects.get().state == TaskState.OPEN

    time_machine.move_to(DISPLAY_OVER, tick=False)
    sends(place.handler, "acknowledge", notice)
    sends(place.handler, "appeal", notice, text="庭审笔录第12页有质证意见。")
    others = [factories.user(Role.MANAGER, at=place.centre) for _time in range(2)]
    met: dict[str, str | list[str]] = {
        "held_on": "2026-12-15",
        "members": [str(user.pk) for user in others],
        "others": "王教授",
    }
    sends(others[0], "panel", row, minutes="多数意见：庭审笔录可以证明已经质证。", **met)
    answer = "庭审笔录第12页记载了质证意见，原认定的事实不能成立。"
    sends(others[0], "answer-appeal", notice, state="upheld", answer=answer, confirmed="1")
    assert [verdict(paper) for paper in (decision, notice)] == ["revoked", "revoked"]
    assert CorrectiveTask.objects.get().state == TaskState.ENDED

    sends(others[1], "issue-appeal-decision", notice, own_number="")
    render_notices(now=DISPLAY_OVER)
    final = Notice.objects.get(kind=NoticeKind.APPEAL_DECISION)
    assert (final.state, verdict(final)) == (NoticeState.ISSUED, "valid")
    for paper, said in (
        (decision, ("缺少质证意见", "不予采纳", "处理决定", "送达回证", "10个工作日")),
        (final, ("第12页有质证意见", answer, "申诉理由成立", decision.label, notice.label, "评议小组", "送达回证")),
    ):
        file = signed_in(place.handler).get(reverse("scoring:notice-file", args=[paper.public_id]))
        page = signed_in(place.handler).get(reverse("scoring:notice-text", args=[paper.public_id])).content.decode()
        printed = squeezed(text_of(b"".join(file)))
        for words in (*said, paper.label, place.lawyer.name, row.case.number):
            assert squeezed(words) in printed
        assert row.case.client.name not in printed + page
        assert paper.title in page.replace("<wbr>", "")


class TestADecisionBehindASanction(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return accepted(RuleCode.S2)

    def test_whoever_decided_does_not_issue_it_and_no_number_is_used(self, place: Office, row: Proposal) -> None:
        with pytest.raises(FourEyes):
            issue_decision(proposal=row, person=place.manager, now=DISPLAY_OVER)

        assert not NumberCounter.objects.exists()

    def test_it_is_issued_once_before_or_after_the_notice(self, place: Office, row: Proposal) -> None:
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        paper = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        with pytest.raises(IssuedAlready) as refused:
            issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert (refused.value.notice, paper.content["carried_out_by"]) == (paper, notice.label)
        assert paper.label.endswith("决〔2026〕1号")

    def test_withdrawn_before_it_was_carried_out_it_ends_the_proposal(self, place: Office, row: Proposal) -> None:
        paper = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        withdraw_notice(notice=paper, person=place.supervisor, reason="事实有误", now=DISPLAY_OVER)

        assert Proposal.objects.get(pk=row.pk).state == ProposalState.DECLINED
        for issue in (issue_notice, issue_decision):
            with pytest.raises(StepNotDue):
                issue(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

    def test_it_is_withdrawn_with_the_notice_that_carries_it_out(self, place: Office, row: Proposal) -> None:
        issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        withdraw_notice(notice=notice, person=place.supervisor, reason="事实有误", now=DISPLAY_OVER)

        assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.WITHDRAWN}

    def test_once_the_notice_was_withdrawn_its_decision_is_no_longer_issued(self, place: Office, row: Proposal) -> None:
        """The proposal stays carried out; nothing stands any more that a decision could give the reasons of."""
        notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        withdraw_notice(notice=notice, person=place.supervisor, reason="事实有误", now=DISPLAY_OVER)

        with pytest.raises(StepNotDue):
            issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        assert list(Notice.objects.values_list("kind", flat=True)) == [NoticeKind.RECTIFICATION]

    def test_its_text_is_edited_outside_without_the_receipt(self, place: Office, row: Proposal, time_machine) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        answer = signed_in(place.manager).get(reverse("scoring:decision-docx", args=[row.public_id]))

        said = "\n".join(each.text for each in docx.Document(io.BytesIO(answer.content)).paragraphs)
        assert "处理决定" in said
        assert "事实清楚。" in said
        assert "送达回证" not in said


def test_praise_and_what_was_declined_have_no_decision_to_issue() -> None:
    place, row = accepted(RuleCode.R1)

    with pytest.raises(StepNotDue):
        issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)


class TestADecisionOnAnAppeal(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def answered(self, place: Office, notice: Notice, *, upheld: bool) -> tuple[Appeal, User]:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服。", now=DISPLAY_OVER)
        other = factories.user(Role.MANAGER, at=place.centre)
        decide_appeal(appeal=appeal, person=other, upheld=upheld, answer="证据不足。", now=DISPLAY_OVER)
        return Appeal.objects.get(pk=appeal.pk), other

    def test_neither_who_answered_nor_who_first_decided_issues_it(self, place: Office, notice: Notice) -> None:
        appeal, other = self.answered(place, notice, upheld=False)
        for person in (other, place.manager):
            with pytest.raises(FourEyes):
                issue_appeal_decision(appeal=appeal, person=person, now=DISPLAY_OVER)
        paper = issue_appeal_decision(appeal=appeal, person=place.supervisor, now=DISPLAY_OVER)

        assert paper.label.endswith("复〔2026〕1号")
        assert paper.content["report_by"] == notice.content["report_by"]

    def test_it_stands_whatever_becomes_of_the_notice_and_is_final(self, place: Office, notice: Notice) -> None:
        appeal, _other = self.answered(place, notice, upheld=False)
        paper = issue_appeal_decision(appeal=appeal, person=place.supervisor, now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            withdraw_notice(notice=paper, person=place.supervisor, reason="事实有误", now=DISPLAY_OVER)
        withdraw_notice(notice=notice, person=place.supervisor, reason="事实有误", now=DISPLAY_OVER)

        assert Notice.objects.get(pk=paper.pk).state == NoticeState.ISSUING

    def test_whoever_would_withdraw_it_is_told_that_it_is_final_and_not_asked_whether_they_are_sure(
        self, place: Office, notice: Notice, time_machine
    ) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        appeal, _other = self.answered(place, notice, upheld=False)
        paper = issue_appeal_decision(appeal=appeal, person=place.supervisor, now=DISPLAY_OVER)

        door = reverse("scoring:withdraw", args=[paper.public_id])
        answer = signed_in(place.supervisor).post(door, {"reason": "事实有误"})

        assert (answer.status_code, "申诉处理决定是最终决定" in answer.content.decode()) == (409, True)

    def test_an_appeal_that_waits_has_none(self, place: Office, notice: Notice) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服。", now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            issue_appeal_decision(appeal=appeal, person=place.supervisor, now=DISPLAY_OVER)

        assert Appeal.objects.get().state == AppealState.LODGED


def test_handed_over_on_paper_a_decision_begins_nothing() -> None:
    place, row = accepted(RuleCode.S2)
    User.objects.filter(pk=place.handler.pk).update(is_active=False)
    paper = issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)
    later = DISPLAY_OVER + timedelta(days=1)
    served = serve_notice(notice=paper, served_on=DISPLAY_OVER.date(), person=place.supervisor, now=later)

    assert served.delivered_on == DISPLAY_OVER.date()
    assert not CorrectiveTask.objects.exists()


COUNTED = "counts from 2026-12-15, when the lawyer received the rectification notice, and ends on 2026-12-29."


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("begins when the lawyer receives the rectification notice.", COUNTED)),
        (
            "zh-hans",
            (
                "申诉期限自承办人员收到整改通知书之日起计算。",
                "申诉期限自承办人员收到整改通知书之日（2026-12-15）起计算，至2026-12-29届满。",
            ),
        ),
    ],
)
def test_what_is_said_of_the_time_to_appeal_where_a_paper_was_handed_over_is_true_of_that_paper(
    language: str, told: tuple[str, str], time_machine
) -> None:
    place, row = accepted(RuleCode.S2)
    User.objects.filter(pk=place.handler.pk).update(is_active=False)
    papers = [
        issue_decision(proposal=row, person=place.supervisor, now=DISPLAY_OVER),
        issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER),
    ]
    render_notices(now=DISPLAY_OVER)
    time_machine.move_to(DISPLAY_OVER + timedelta(days=1), tick=False)
    browser = Client(headers={"accept-language": language})
    browser.force_login(place.supervisor)
    for paper, words in zip(papers, told, strict=True):
        door = reverse("scoring:serve-notice", args=[paper.public_id])
        page = browser.post(door, {"served_on": "2026-12-15"}, follow=True).content.decode()
        assert words in re.sub(r"<[^>]+>", "", page)
