"""Taking a notice back asks what deciding asks: words, a second person, and no appeal that it would end."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.audit.models import Entry
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.files.models import StoredFile
from qa_service.notifications.models import Notification
from scoring.enums import AppealState, Grade, NoticeState, ProposalState, RuleCode, TaskState
from scoring.models import Appeal, CorrectiveTask, Notice, Proposal
from scoring.queries.notices import notices_of, notices_seen_by, verified
from scoring.queries.proposals import steps
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.decision_papers import issue_decision
from scoring.services.groundless import watch_grounds
from scoring.services.issuing import IssuedAlready, issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue
from scoring.services.withdrawal import withdraw_notice
from scoring.wording import GROUND_GONE, NOTICE_TO_COME_ANEW
from tests import factories
from tests.at_once import just_before
from tests.scoring.deciding import DISPLAY_OVER, Office, SameScene, issued, numbered
from tests.scoring.test_policy import GOOD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]


def state_of(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).state


def told_of(place: Office, notice: Notice) -> tuple[str, list[bool]]:
    """How a program reads it, and whether page and list say that it was taken back."""
    browser = Client()
    browser.force_login(place.manager)
    row = notice.proposal.public_id
    pages = [
        browser.get(address).content.decode()
        for address in (reverse("scoring:proposal", args=[row]), reverse("scoring:proposals"))
    ]
    undone = browser.get(reverse("api-proposal", args=[row])).json()["undone"]
    said = {"": "已执行，后", "withdrawn": "已执行，后撤回", "on_appeal": "已执行，后经申诉撤销"}
    return undone, [said[undone] in page for page in pages]


class TestANoticeInForce(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def test_whoever_decided_does_not_withdraw_and_whoever_issued_may(self, place: Office, notice: Notice) -> None:
        with pytest.raises(FourEyes):
            withdraw_notice(notice=notice, person=place.manager, reason="案号有误", now=DISPLAY_OVER)
        assert state_of(notice) == NoticeState.ISSUED

        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        assert state_of(notice) == NoticeState.WITHDRAWN

    def test_what_was_proposed_is_told_as_taken_back_wherever_it_is_listed(self, place: Office, notice: Notice) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        assert told_of(place, notice) == ("withdrawn", [True, True])

    def test_what_an_appeal_revoked_is_told_as_revoked_wherever_it_is_listed(
        self, place: Office, notice: Notice
    ) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        assert told_of(place, notice) == ("", [False, False])
        other = factories.user(Role.MANAGER, at=place.centre)
        decide_appeal(appeal=appeal, person=other, upheld=True, answer="申诉成立。", now=DISPLAY_OVER)

        assert told_of(place, notice) == ("on_appeal", [True, True])

    @pytest.mark.parametrize("reason", [" ", ".", "。。。", "误"])
    def test_a_single_sign_is_no_reason(self, place: Office, notice: Notice, reason: str) -> None:
        with pytest.raises(InvalidInput):
            withdraw_notice(notice=notice, person=place.supervisor, reason=reason, now=DISPLAY_OVER)

        assert state_of(notice) == NoticeState.ISSUED

    def test_an_appeal_that_waits_is_ended_by_who_answers_it_alone(self, place: Office, notice: Notice) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        with pytest.raises(StepNotDue):
            withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)
        assert Appeal.objects.get().state == AppealState.LODGED
        other = factories.user(Role.MANAGER, at=place.centre)

        with pytest.raises(InvalidInput):
            decide_appeal(appeal=appeal, person=other, upheld=False, answer=".", now=DISPLAY_OVER)
        decide_appeal(appeal=appeal, person=other, upheld=False, answer="维持", now=DISPLAY_OVER)
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        assert (Appeal.objects.get().state, state_of(notice)) == (AppealState.DISMISSED, NoticeState.WITHDRAWN)

    def test_a_case_that_waits_for_another_reader_takes_no_ground_away(self, place: Office, notice: Notice) -> None:
        facts = replace(GOOD, case_id=notice.the_case.pk)

        watch_grounds([replace(facts, grade=Grade.PENDING)], now=DISPLAY_OVER)
        assert Notice.objects.get(pk=notice.pk).ground_gone_at is None
        marking = 'UPDATE "scoring_notice" SET "ground_gone_at" = %s'
        with just_before(marking, lambda: watch_grounds([facts], now=DISPLAY_OVER)):
            watch_grounds([facts], now=DISPLAY_OVER)
        assert Notice.objects.get(pk=notice.pk).ground_gone_at == DISPLAY_OVER
        told = Notification.objects.filter(user=place.supervisor, text=GROUND_GONE)
        assert told.count() == 1, "though two workers saw it at the same moment"

    def test_nobody_is_told_of_the_ground_of_what_was_taken_back(self, place: Office, notice: Notice) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", now=DISPLAY_OVER)

        watch_grounds([replace(GOOD, case_id=notice.the_case.pk)], now=DISPLAY_OVER)

        assert Notice.objects.get(pk=notice.pk).ground_gone_at is None
        assert not Notification.objects.filter(text=GROUND_GONE).exists()


@pytest.mark.parametrize(("code", "meanwhile"), [(RuleCode.R1, True), (RuleCode.S2, False)], ids=["printing", "before"])
def test_a_number_that_never_got_its_file_is_withdrawn_and_nobody_hears_of_it(code: RuleCode, meanwhile: bool) -> None:
    place, notice = numbered(code)

    def withdraw() -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="姓名无法排印", now=DISPLAY_OVER)

    if not meanwhile:
        withdraw()
    with just_before('INSERT INTO "files_storedfile"', withdraw) if meanwhile else nullcontext():
        assert render_notices(now=DISPLAY_OVER) == 0

    assert (state_of(notice), StoredFile.objects.exists()) == (NoticeState.WITHDRAWN, False)
    assert not notices_of(notice.the_lawyer.pk, now=DISPLAY_OVER).exists()
    assert not notices_seen_by(place.handler).exists()
    assert not Notification.objects.filter(user=place.handler, url__contains=str(notice.public_id)).exists()
    assert verified(notice.verify_code) is None
    seen = Client()
    seen.force_login(place.supervisor)
    page = seen.get(reverse("scoring:notice", args=[notice.public_id])).content.decode()
    assert reverse("scoring:verify", args=[notice.verify_code]) not in page
    counted = rewards_and_sanctions(centre=place.centre, period=Period.year(2026), label="", now=DISPLAY_OVER)
    assert (counted.commendations, counted.rectifications) == ((), ())


class TestASlipOfThePen(SameScene):
    """Only the paper is wrong: what was decided stands, and another notice takes the place of the first."""

    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.R1)

    def withdrawn(self, place: Office, notice: Notice) -> Proposal:
        withdraw_notice(notice=notice, person=place.supervisor, reason="附件有误", anew=True, now=DISPLAY_OVER)
        return Proposal.objects.get(pk=notice.proposal_id)

    def test_by_the_page_it_is_issued_anew_and_the_public_page_names_what_took_its_place(
        self, place: Office, notice: Notice, time_machine: Any
    ) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        boss = Client()
        boss.force_login(place.supervisor)
        door, row = reverse("scoring:withdraw", args=[notice.public_id]), notice.proposal.public_id
        given = {"reason": "附件有误", "anew": "on"}
        assert 'name="anew"' in boss.get(reverse("scoring:notice", args=[notice.public_id])).content.decode()
        asked = boss.post(door, given).content.decode()
        assert "原决定继续有效" in asked
        assert 'name="anew" value="on"' in asked
        assert state_of(notice) == NoticeState.ISSUED

        answer = boss.post(door, given | {"confirmed": "1"})
        assert answer.headers["Location"] == reverse("scoring:proposal", args=[row])
        page = boss.get(reverse("scoring:proposal", args=[row])).content.decode()
        assert "已执行" not in page
        last = steps(Proposal.objects.get(public_id=row), today=DISPLAY_OVER.date())[-1]
        assert (last.state, last.day) == ("current", None)
        assert f'action="{reverse("scoring:issue", args=[row])}"' in page
        boss.post(reverse("scoring:issue", args=[row]))
        render_notices(now=DISPLAY_OVER)

        former, later = Notice.objects.filter(proposal=notice.proposal_id).order_by("pk")
        assert (former.state, later.state) == (NoticeState.WITHDRAWN, NoticeState.ISSUED)
        assert (former.number, later.number) == (1, 2)
        told = verified(notice.verify_code)
        assert told is not None
        assert (told.state, told.replaced_by) == (NoticeState.WITHDRAWN, later.label)
        assert told_of(place, notice) == ("", [False, False])
        with pytest.raises(IssuedAlready):
            issue_notice(proposal=notice.proposal, person=place.supervisor, now=DISPLAY_OVER)

    def test_the_lawyer_is_told_that_the_decision_stands_and_another_notice_follows(
        self, place: Office, notice: Notice
    ) -> None:
        handler, page = Client(), reverse("scoring:notice", args=[notice.public_id])
        handler.force_login(place.handler)

        row = self.withdrawn(place, notice)

        assert Entry.objects.filter(action="scoring.notice_to_be_issued_anew", subject_id=str(row.pk)).count() == 1
        told = Notification.objects.filter(user=place.handler, text=NOTICE_TO_COME_ANEW)
        assert told.get().params == {"label": notice.label}
        assert "原决定继续有效，将另行制发通知书" in handler.get(page).content.decode()
        issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
        render_notices(now=DISPLAY_OVER)
        assert "将另行制发通知书" not in handler.get(page).content.decode()

    def test_what_took_its_place_can_be_taken_back_with_the_decision(self, place: Office, notice: Notice) -> None:
        row = self.withdrawn(place, notice)
        later = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

        withdraw_notice(notice=later, person=place.supervisor, reason="决定有误", now=DISPLAY_OVER)

        assert told_of(place, notice)[0] == "withdrawn"
        with pytest.raises(IssuedAlready):
            issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)

    def test_two_never_stand_for_one_decision_though_the_service_is_passed_by(
        self, place: Office, notice: Notice
    ) -> None:
        given = {each.attname: getattr(notice, each.attname) for each in Notice._meta.concrete_fields}
        for name in ("id", "public_id"):
            del given[name]

        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.create(**given | {"number": 9, "label": "临援通〔2026〕9号", "verify_code": "ANOTHERONE"})
        self.withdrawn(place, notice)
        Notice.objects.create(**given | {"number": 9, "label": "临援通〔2026〕9号", "verify_code": "ANOTHERONE"})

    def test_a_program_says_so_too(self, place: Office, notice: Notice, time_machine: Any) -> None:
        time_machine.move_to(DISPLAY_OVER, tick=False)
        boss = Client()
        boss.force_login(place.supervisor)

        answer = boss.post(
            reverse("api-withdraw", args=[notice.public_id]), {"reason": "附件有误", "anew": True}, "application/json"
        )

        assert answer.status_code == 200
        assert Proposal.objects.get(pk=notice.proposal_id).state == ProposalState.ACCEPTED


class TestARectificationIssuedAnew(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def anew(self, place: Office, notice: Notice) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="案号有误", anew=True, now=DISPLAY_OVER)

    def test_the_task_goes_on_until_the_later_day_and_time_to_appeal_begins_again(
        self, place: Office, notice: Notice
    ) -> None:
        task = CorrectiveTask.objects.get(proposal=notice.proposal_id)
        later_on = DISPLAY_OVER + timedelta(days=30)
        self.anew(place, notice)
        assert CorrectiveTask.objects.get(pk=task.pk).state == TaskState.OPEN

        later = issue_notice(proposal=notice.proposal, person=place.supervisor, now=later_on)
        render_notices(now=later_on)

        assert CorrectiveTask.objects.get(pk=task.pk).due_on > task.due_on
        lodge_appeal(notice=Notice.objects.get(pk=later.pk), person=place.handler, text="不服", now=later_on)
        with pytest.raises(StepNotDue):
            lodge_appeal(notice=notice, person=place.handler, text="不服", now=later_on)

    def test_the_paper_of_the_decision_is_still_issued_and_taken_back_with_all(
        self, place: Office, notice: Notice
    ) -> None:
        self.anew(place, notice)
        paper = issue_decision(proposal=notice.proposal, person=place.supervisor, now=DISPLAY_OVER)

        withdraw_notice(notice=paper, person=place.supervisor, reason="决定有误", now=DISPLAY_OVER)

        assert Proposal.objects.get(pk=notice.proposal_id).state == ProposalState.DECLINED
        assert CorrectiveTask.objects.get(proposal=notice.proposal_id).state == TaskState.ENDED

    def test_after_an_appeal_was_answered_it_stands_or_falls(self, place: Office, notice: Notice) -> None:
        appeal = lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        other = factories.user(Role.SUPERVISOR, at=place.supervisor.grants.get().organisation)
        decide_appeal(appeal=appeal, person=other, upheld=False, answer="维持", now=DISPLAY_OVER)

        with pytest.raises(StepNotDue) as refused:
            self.anew(place, notice)
        assert "申诉" in str(refused.value.message)
