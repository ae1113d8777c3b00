"""The life of a sanction that is appealed: withdrawn, read by another, and where it must be, issued anew."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.cases.models import ReaderRequest
from qa_service.cases.services import evidence_changed
from qa_service.common.errors import InvalidInput
from reviews.models import CaseReview
from scoring.enums import NoticeState, Outcome, RuleCode
from scoring.models import Appeal, CaseScore, Notice, Proposal
from scoring.queries.notices import verified
from scoring.services.appeals import CannotReread, decide_appeal, lodge_appeal
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import ask_for_statement, decide, give_statement
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.scoring.deciding import BAD, DISPLAY_OVER, Office, SameScene, issued
from tests.scoring.test_decision_pages import browser, text
from tests.scoring.test_readers_asked import needing, read_again

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

LATER = DISPLAY_OVER + timedelta(days=1)


class TestAnAppealAgainstTheMarks(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        place, notice = issued(RuleCode.S2)
        lodge_appeal(notice=notice, person=place.handler, text="评分有误。", now=DISPLAY_OVER)
        return place, notice

    def test_it_is_upheld_read_again_and_issued_anew_and_the_public_page_says_so(
        self, place: Office, notice: Notice
    ) -> None:
        case, other = notice.the_case, factories.user(Role.MANAGER, at=place.centre)
        address = reverse("scoring:answer-appeal", args=[notice.public_id])
        answer = {"state": "upheld", "answer": "评分确有争议。", "reread": "on"}
        with time_machine.travel(LATER, tick=False):
            client = browser(other)
            asked = text(client.post(address, answer))
            assert ('name="reread"' in asked, Appeal.objects.get().answer) == (True, "")
            assert client.post(address, answer | {"confirmed": "1"}).status_code == 302
        assert Notice.objects.get(pk=notice.pk).state == NoticeState.WITHDRAWN
        evidence_changed(case.pk)
        rescore_changed(now=LATER)  # asks for nobody by itself, and takes nothing back
        assert needing(place) == [case.pk]

        read_again(case, BAD)

        assert (CaseReview.objects.current().get(case=case).readers, needing(place)) == (3, [])
        assert CaseScore.objects.current().get(case=case).review_version == 3
        propose(now=LATER)
        row = Proposal.objects.filter(case=case, code=RuleCode.S2).latest("pk")
        assert row != notice.proposal
        ask_for_statement(proposal=row, person=place.manager, now=LATER)
        give_statement(proposal=row, person=place.handler, text="材料已补正。", now=LATER)
        decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=LATER)
        anew = issue_notice(proposal=row, person=place.supervisor, now=LATER)
        first = verified(notice.verify_code)
        assert first is not None
        assert first.replaced_by == ""  # it has no file yet
        render_notices(now=LATER)
        page = text(browser(other).get(reverse("scoring:verify", args=[notice.verify_code])))
        assert f"Notice {anew.label} stands in its place." in page

    def test_no_fourth_person_reads_a_file(self, place: Office, notice: Notice) -> None:
        ReaderRequest.objects.create(case=notice.the_case, readers=3, for_fail=True, asked_at=NOW)
        read_again(notice.the_case, BAD)

        with pytest.raises(CannotReread):
            decide_appeal(
                appeal=Appeal.objects.get(), person=factories.user(Role.MANAGER, at=place.centre),
                upheld=True, answer="评分确有争议。", reread=True, now=LATER,
            )  # fmt: skip

        assert (needing(place), Appeal.objects.get().answer) == ([], "")

    def test_a_dismissed_appeal_asks_for_nobody(self, place: Office, notice: Notice) -> None:
        with pytest.raises(InvalidInput) as refused:
            decide_appeal(
                appeal=Appeal.objects.get(), person=factories.user(Role.MANAGER, at=place.centre),
                upheld=False, answer="事实清楚。", reread=True, now=LATER,
            )  # fmt: skip

        assert (refused.value.code, ReaderRequest.objects.exists()) == ("cannot_reread", False)
        assert Appeal.objects.get(notice=notice).answer == ""
