"""Taking a notice back asks what deciding asks: words, a second person, and no appeal that it would end."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.common.errors import InvalidInput
from qa_service.common.periods import Period
from qa_service.files.models import StoredFile
from qa_service.notifications.models import Notification
from scoring.enums import AppealState, Grade, NoticeState, RuleCode
from scoring.models import Appeal, Notice
from scoring.queries.notices import notices_of, notices_seen_by, verified
from scoring.queries.reports import rewards_and_sanctions
from scoring.services.appeals import decide_appeal, lodge_appeal
from scoring.services.groundless import watch_grounds
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue
from scoring.services.withdrawal import withdraw_notice
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
        watch_grounds([facts], now=DISPLAY_OVER)
        assert Notice.objects.get(pk=notice.pk).ground_gone_at == DISPLAY_OVER


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
