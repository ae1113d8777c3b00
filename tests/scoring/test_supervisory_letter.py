"""督办函: what comes of a report on a centre (S6), from the bureau's decision to the letter that the centre reads."""

import io
from typing import Any
from uuid import uuid4

import docx
import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from django.utils.translation import override

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.documents.errors import MissingGlyph
from qa_service.notifications.models import Notification
from qa_service.organisations.models import Organisation
from scoring.enums import NoticeKind, NoticeState, Outcome, ProposalState, RuleCode
from scoring.models import Notice, NumberCounter, Proposal
from scoring.queries.bar_report import bar_report
from scoring.queries.report_tables.decided import decided
from scoring.queries.report_tables.scope import Scope
from scoring.services.delivery import acknowledge_notice, deliver_to_new_accounts
from scoring.services.issuing import issue_notice
from scoring.services.numbered import NumberTaken
from scoring.services.period_proposals import propose_of_periods
from scoring.services.printing import render_notices
from scoring.services.procedure import FourEyes, StepNotDue, decide
from scoring.services.procedure.deciding import ReasonNotQuotable
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scenes import scene
from tests.scoring.deciding import SameScene, printed
from tests.scoring.test_decision_pages import browser, text
from tests.scoring.test_rules_of_periods import CLOSED, NEXT_DAY, OVER, QUARTER, County, closed, county, switched_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

NUMBER = "临司函〔2027〕3号"
REASON = "核查属实，超过时限的比例较高，应当督促改进。"


@scene
def reported() -> tuple[County, Proposal]:
    """One of two cases was assigned too late; the client of one has a name that no reason may print."""
    place = county()
    client = factories.client(place.centre, name="欧阳受援")
    for day in ("2026-10-12", "2026-10-20"):
        factories.case(place.centre, client=client, accepted_on="2026-10-09", assigned_on=day)
    waits = factories.client(place.centre, name="司马在办")
    factories.case(
        place.centre, client=waits, accepted_on="2026-12-30", assigned_on=None, closed_on=None, survey_released_at=None
    )
    switched_on(RuleCode.S6, place.supervisor)
    closed(place)
    propose_of_periods(now=CLOSED)
    factories.user(Role.SUPERVISOR, at=place.bureau, username="second-supervisor")
    return place, Proposal.objects.get()


@scene
def taken_up() -> tuple[County, Proposal]:
    place, row = reported()
    decide(proposal=row, person=place.supervisor, outcome=Outcome.ACCEPT, reason=REASON, now=CLOSED)
    return place, Proposal.objects.get()


@scene
def sent() -> tuple[County, Notice]:
    place, row = taken_up()
    notice = issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)
    render_notices(now=NEXT_DAY)
    return place, Notice.objects.get(pk=notice.pk)


def other_supervisor() -> User:
    return User.objects.get(username="second-supervisor")


def status(person: User, name: str, about: Proposal | Notice) -> int:
    return browser(person).get(reverse(name, args=[about.public_id])).status_code


def test_from_the_report_to_the_letter_in_the_hands_of_the_centre() -> None:
    place, row = reported()
    with time_machine.travel(CLOSED, tick=False):
        bureau = browser(place.supervisor)
        page = text(bureau.get(reverse("scoring:proposal", args=[row.public_id])))
        assert "becomes a supervisory letter of the bureau" in page
        chosen = {"outcome": "accept", "reason": REASON}
        assert bureau.post(reverse("scoring:decide", args=[row.public_id]), chosen).status_code == 302
        page = text(bureau.get(reverse("scoring:proposal", args=[row.public_id])))
        assert "another supervisor of the bureau issues the letter" in page
        draft = bureau.get(reverse("scoring:draft", args=[row.public_id]))
        assert "未编号" in text_of(draft.content)
        edited = docx.Document(io.BytesIO(bureau.get(reverse("scoring:draft-docx", args=[row.public_id])).content))
        assert REASON in "\n".join(each.text for each in edited.paragraphs)

    with time_machine.travel(NEXT_DAY, tick=False):
        second = browser(other_supervisor())
        assert f"{reverse('scoring:proposals')}?state=to_issue" in text(second.get("/"))
        page = text(second.get(reverse("scoring:proposal", args=[row.public_id])))
        assert "Next: issue the supervisory letter" in page
        issue = reverse("scoring:issue", args=[row.public_id])
        empty = second.post(issue, {"own_number": ""})
        assert empty.status_code == 422
        assert not Notice.objects.exists()
        assert second.post(issue, {"own_number": NUMBER}).status_code == 302
        assert render_notices(now=NEXT_DAY) == 1

    notice = Notice.objects.get()
    row.refresh_from_db()
    assert row.state == ProposalState.CARRIED_OUT
    assert (notice.kind, notice.issuer, notice.label, notice.number) == ("supervision", place.bureau, NUMBER, None)
    assert notice.content["issued_on"] == "2027-01-05"
    said = (
        *(place.bureau.name, NUMBER, "关于法律援助工作时限问题的督办函", place.centre.name),
        *("2026年第四季度", "2件案件中有1件在3个工作日内指派（50%）", "《某省法律援助条例》第四十条", REASON),
        *("对尚未指派的案件立即指派", "2027年1月26日前", "不是对任何个人的评价或者处理"),
    )
    with time_machine.travel(OVER, tick=False):
        centre = browser(place.manager)
        assert "Notices to read" in text(centre.get("/"))
        paper = text_of(b"".join(centre.get(reverse("scoring:notice-file", args=[notice.public_id]))))
        read = centre.get(reverse("scoring:notice-text", args=[notice.public_id])).content.decode()
        for words in said:
            assert words in paper
            assert words in read.replace("<wbr>", "")
        assert "不满意评价" not in paper, "of the clock that was kept nothing is asked"
        for case in Case.objects.select_related("client", "lawyer"):
            assert not any(name in paper + read for name in (case.client.name, case.lawyer.name, case.number))
        assert centre.post(reverse("scoring:acknowledge", args=[notice.public_id])).status_code == 302
        assert "Notices to read" not in text(centre.get("/"))
        public = text(
            Browser(headers={"accept-language": "en"}).get(reverse("scoring:verify", args=[notice.verify_code]))
        )
    assert 'class="verdict valid"' in public
    assert "Supervisory letter to a centre" in public
    assert place.bureau.name in public
    assert place.centre.name not in public


class TestALetterThatHasNoNumberYet(SameScene):
    @staticmethod
    def scene() -> Any:
        return taken_up()

    def test_who_decided_and_who_is_of_the_centre_do_not_issue_it(self, place: Any, row: Proposal) -> None:
        with pytest.raises(FourEyes) as refused:
            issue_notice(proposal=row, person=place.supervisor, own_number=NUMBER, now=NEXT_DAY)
        assert "上级司法行政机关的其他监督人员" in str(refused.value.message)
        for person in (place.manager, place.second):
            with pytest.raises(NotIndependent):
                issue_notice(proposal=row, person=person, own_number=NUMBER, now=NEXT_DAY)
        elsewhere = factories.user(Role.SUPERVISOR, at=factories.organisation("bureau"))
        with pytest.raises(NotIndependent):
            issue_notice(proposal=row, person=elsewhere, own_number=NUMBER, now=NEXT_DAY)

        assert not Notice.objects.exists()

    @pytest.mark.parametrize("typed", ["", "  ", "三号", "临司函〔2026〕3号", "临司函〔2027〕03号"])
    def test_it_bears_the_number_of_the_bureaus_office_and_of_no_series(
        self, place: Any, row: Proposal, typed: str
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            issue_notice(proposal=row, person=other_supervisor(), own_number=typed, now=NEXT_DAY)

        assert refused.value.field == "own_number"
        assert not NumberCounter.objects.exists()

    def test_programs_send_the_number_too(self, place: Any, row: Proposal) -> None:
        with time_machine.travel(NEXT_DAY, tick=False):
            program, address = browser(other_supervisor()), reverse("api-issue", args=[row.public_id])
            without = program.post(address, {}, content_type="application/json")
            made = program.post(address, {"own_number": NUMBER}, content_type="application/json")

        assert (without.status_code, made.status_code) == (422, 201)
        told = made.json()
        assert (told["kind"], told["about"], told["case"]) == ("supervision", place.centre.name, None)
        assert told["issuer"] == place.bureau.code

    def test_a_number_that_another_paper_bears_is_refused(self, place: Any, row: Proposal) -> None:
        other = Proposal.objects.get()
        other.pk, other.public_id, other.trigger, other.state = None, uuid4(), "another", ProposalState.PROPOSED
        other.save()
        decide(proposal=other, person=place.supervisor, outcome=Outcome.ACCEPT, reason=REASON, now=CLOSED)
        issue_notice(proposal=other, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)

        with pytest.raises(NumberTaken):
            issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)

    def test_a_name_that_no_font_can_draw_refuses_it_before_it_is_numbered(self, place: Any, row: Proposal) -> None:
        Organisation.objects.filter(pk=place.bureau.pk).update(name="临江县\U000f1234司法局")

        with pytest.raises(MissingGlyph):
            issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)

        assert Proposal.objects.get().state == ProposalState.ACCEPTED
        assert not Notice.objects.exists()

    def test_corrected_figures_that_keep_the_clocks_leave_nothing_to_issue(self, place: Any, row: Proposal) -> None:
        Case.objects.filter(assigned_on="2026-10-20").update(assigned_on="2026-10-12")

        with pytest.raises(StepNotDue):
            issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)

    def test_of_the_centre_nobody_sees_it_before_it_is_out(self, place: Any, row: Proposal) -> None:
        notice = issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)

        assert status(place.manager, "scoring:notice", notice) == 404
        assert status(place.supervisor, "scoring:notice", notice) == 200


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("欧阳受援的案件拖延一个月。", "受援人"),
        ("欧 阳 受 援的案件拖延一个月。", "受援人"),
        ("司马在办的案件至今没有指派。", "受援人"),
        ("超过时限\U000f1234。", "无法印出"),
        ("。", ""),
        ("", ""),
    ],
)
def test_a_reason_that_the_letter_could_not_print_is_refused_where_it_is_typed(reason: str, why: str) -> None:
    place, row = reported()

    with pytest.raises(InvalidInput) as refused:
        decide(proposal=row, person=place.supervisor, outcome=Outcome.ACCEPT, reason=reason, now=CLOSED)

    assert isinstance(refused.value, ReasonNotQuotable) == bool(why)
    assert why in str(refused.value.message)
    assert Proposal.objects.get().state == ProposalState.PROPOSED
    if why:  # who drops it prints nothing
        decide(proposal=row, person=place.supervisor, outcome=Outcome.DECLINE, reason=reason, now=CLOSED)


class TestALetterThatWasSent(SameScene):
    @staticmethod
    def scene() -> Any:
        return sent()

    def test_the_managers_of_the_centre_and_the_bureau_read_it_and_nobody_else(
        self, place: Any, notice: Notice
    ) -> None:
        told = Notification.objects.filter(params__label=NUMBER).values_list("user", flat=True)
        assert set(told) == {place.manager.pk, place.second.pk}
        neighbour = factories.user(Role.MANAGER, at=factories.centre(place.bureau))
        reviewer = factories.user(Role.REVIEWER, at=place.centre)
        with time_machine.travel(OVER, tick=False):
            for name in ("scoring:notice", "scoring:notice-text", "scoring:notice-file"):
                readers = (place.manager, place.second, place.supervisor, other_supervisor())
                assert {status(person, name, notice) for person in readers} == {200}
                assert {status(person, name, notice) for person in (neighbour, place.at_station)} == {404}
                assert {status(person, name, notice) for person in (place.handler, place.head)} == {404}
                assert status(reviewer, name, notice) == 403
            listed = text(browser(place.manager).get(reverse("scoring:notices") + "?kind=supervision"))
            assert NUMBER in listed
            assert place.centre.name in listed
            assert NUMBER not in text(browser(neighbour).get(reverse("scoring:notices")))
            page = text(browser(place.manager, "zh-hans").get(reverse("scoring:notice", args=[notice.public_id])))
            assert "督办函" in page
            assert reverse("scoring:withdraw", args=[notice.public_id]) not in page
            assert status(place.supervisor, "scoring:certificate", notice) == 404
            assert "docx" not in page
            assert status(place.manager, "scoring:notice-docx", notice) == 404, "it is written to them"
            edited = browser(place.supervisor).get(reverse("scoring:notice-docx", args=[notice.public_id]))
            assert NUMBER in "".join(each.text for each in docx.Document(io.BytesIO(edited.content)).paragraphs)

    def test_it_is_read_once_by_a_manager_of_the_centre(self, place: Any, notice: Notice) -> None:
        acknowledge_notice(notice=notice, person=place.second, now=OVER)

        with pytest.raises(StepNotDue):
            acknowledge_notice(notice=notice, person=place.manager, now=OVER)

    def test_another_supervisor_takes_it_back_and_the_centre_is_told(self, place: Any, notice: Notice) -> None:
        with pytest.raises(FourEyes):
            withdraw_notice(notice=notice, person=place.supervisor, reason="有误。", now=OVER)
        with pytest.raises(NotIndependent):
            withdraw_notice(notice=notice, person=place.manager, reason="有误。", now=OVER)
        before = Notification.objects.filter(user=place.manager).count()

        withdraw_notice(notice=notice, person=other_supervisor(), reason="数据有误。", now=OVER)

        assert Notice.objects.get().state == NoticeState.WITHDRAWN
        assert Notification.objects.filter(user=place.manager).count() == before + 1
        public = Browser().get(reverse("scoring:verify", args=[notice.verify_code])).content.decode()
        assert 'class="verdict revoked"' in public

    def test_reports_count_it_and_those_of_the_bar_do_not(self, place: Any, notice: Notice) -> None:
        for place_of in (place.centre, place.bureau):
            with override("en"):
                counted = {row[0]: row[1] for row in decided(Scope(place_of, QUARTER, OVER)).rows}
            assert (counted["Supervisory letters to centres"], counted["Supervisory letters withdrawn"]) == (1, 0)
        for table in bar_report(centre=place.centre, period=QUARTER, label="", now=OVER).tables:
            assert {len(row) for row in table.rows} == {len(table.header)}

    def test_a_row_about_a_lawyer_without_a_case_is_still_refused(self, place: Any, notice: Notice) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.update(kind=NoticeKind.RECTIFICATION)

    def test_its_file_says_what_its_row_says(self, notice: Notice) -> None:
        assert NUMBER in text_of(printed(notice))


def test_a_centre_whose_managers_come_later_is_told_then_once() -> None:
    place, row = taken_up()
    User.objects.filter(pk__in=[place.manager.pk, place.second.pk]).update(is_active=False)
    notice = issue_notice(proposal=row, person=other_supervisor(), own_number=NUMBER, now=NEXT_DAY)
    render_notices(now=NEXT_DAY)
    with time_machine.travel(NEXT_DAY, tick=False):
        page = text(browser(place.supervisor).get(reverse("scoring:notice", args=[notice.public_id])))
    assert "Print the letter and send it" in page
    assert deliver_to_new_accounts(now=OVER) == 0

    later = factories.user(Role.MANAGER, at=place.centre)

    assert [deliver_to_new_accounts(now=OVER), deliver_to_new_accounts(now=OVER)] == [1, 0]
    assert Notification.objects.filter(params__label=NUMBER).values_list("user", flat=True).get() == later.pk
