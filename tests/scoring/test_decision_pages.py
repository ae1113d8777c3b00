"""The pages of deciding: each shows what is due now, to those whose work it is."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.cases.enums import FlagKind
from qa_service.cases.services import raise_risk_flag
from qa_service.organisations.queries import issuer_name
from reviews.models import Assignment
from scoring.enums import MeasureKind, NoticeState, Outcome, PrintRefusal, ProposalState, RuleCode
from scoring.models import Appeal, AssignmentMeasure, Decision, Notice, Proposal, Statement
from scoring.queries import waiting_for
from scoring.queries.proposals import steps
from scoring.queries.work import waiting_decisions
from scoring.services.appeals import lodge_appeal
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import ask_for_statement, decide, give_statement
from scoring.services.rules import CENTRE, LEGAL_BASIS
from scoring.wording import CITED
from tests import factories
from tests.scoring.deciding import (
    DISPLAY_OVER,
    MONDAY,
    Office,
    SameScene,
    accepted,
    contraries,
    heard,
    issued,
    numbered,
    office,
    proposed,
    ready,
)
from tests.stage import Stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]

ACCEPT = 'value="accept"'


@pytest.fixture(scope="class", autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def browser(person: User, language: str = "en") -> Browser:
    client = Browser(headers={"accept-language": language})
    client.force_login(person)
    return client


def url(name: str, row: Any) -> str:
    return reverse(f"scoring:{name}", args=[row.public_id])


def text(answer: Any) -> str:
    """The page; a date stands there as a person reads it."""
    return re.sub("</?time[^>]*>", "", answer.content.decode())


def queries(client: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def waiting(person: User) -> dict[str, int]:
    blocks = waiting_decisions(person, MONDAY)
    return {block.url: block.count for block in blocks if block.count}


def named(answer: Any) -> tuple[str, str]:
    """What a browser saves the file as, and what a program without Chinese calls it."""
    header = answer.headers["Content-Disposition"]
    plain, encoded = re.findall(r"filename=\"([^\"]*)\"; filename\*=UTF-8''(.*)", header)[0]
    return unquote(encoded), plain


def hidden_fields(page: str) -> dict[str, str]:
    """What the form of a page that asks once more sends back."""
    return dict(re.findall(r'<input type="hidden" name="(reason|state|answer|confirmed)" value="([^"]*)">', page))


def call(person: User, name: str, row: Any, **words: str) -> Any:
    return browser(person).post(reverse(name, args=[row.public_id]), words, content_type="application/json")


class TestARectificationThatIsProposed(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return proposed(RuleCode.S2)

    def test_a_manager_walks_a_rectification_to_its_decision(self, place: Office, row: Proposal) -> None:
        manager = browser(place.manager)

        assert url("ask", row) in text(manager.get(url("proposal", row)))
        assert manager.post(url("ask", row)).status_code == 302
        assert ACCEPT not in text(manager.get(url("proposal", row)))
        browser(place.handler).post(url("statement", row), {"text": "材料齐全。"})
        page = text(manager.get(url("proposal", row)))
        assert ACCEPT in page
        assert "材料齐全。" in page
        manager.post(url("decide", row), {"outcome": "accept", "reason": "事实清楚"})

        assert Decision.objects.get().reason == "事实清楚"
        assert Proposal.objects.get(pk=row.pk).state == ProposalState.ACCEPTED
        assert url("issue", row) not in text(manager.get(url("proposal", row)))

    def test_a_proposal_is_dropped_on_its_page_before_the_lawyer_is_told(self, place: Office, row: Proposal) -> None:
        manager = browser(place.manager)

        page = text(manager.get(url("proposal", row)))
        assert ('name="outcome" value="decline"' in page, ACCEPT in page) == (True, False)
        manager.post(url("decide", row), {"outcome": "decline", "reason": "案卷评错。"})

        assert Proposal.objects.get(pk=row.pk).state == ProposalState.DECLINED

    @pytest.mark.parametrize(("language", "basis", "authority"), [
        ("en", "Articles 57 and 59", "Legal aid centre"),
        ("zh-hans", "《中华人民共和国法律援助法》第五十七条、第五十九条", "法律援助中心"),
    ])  # fmt: skip
    def test_what_a_default_rule_rests_on_is_told_in_the_readers_language(
        self, place: Office, row: Proposal, language: str, basis: str, authority: str
    ) -> None:
        page = browser(place.manager).get(url("proposal", row), headers={"accept-language": language}).content.decode()

        assert (basis in page, f"<dd>{authority} ·" in page) == (True, True)
        assert {CENTRE, *LEGAL_BASIS.values()} == set(CITED)

    @pytest.mark.parametrize("name", ["proposal", "ask", "decide", "stop-display", "issue", "finish-task"])
    def test_a_proposal_of_another_centre_is_not_found(self, row: Proposal, name: str) -> None:
        neighbour = browser(factories.user(Role.MANAGER, at=factories.centre()))

        answer = neighbour.get(url(name, row)) if name == "proposal" else neighbour.post(url(name, row))

        assert answer.status_code == 404

    def test_the_stepper_shows_the_day_of_the_hearing_and_before_it_the_deadline(
        self, place: Office, row: Proposal
    ) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        manager = browser(place.manager)

        assert "<small>by 2026-12-14</small>" in text(manager.get(url("proposal", row)))
        give_statement(proposal=row, person=place.handler, text="材料已补正。", now=MONDAY)
        asked, hearing = steps(Proposal.objects.get(pk=row.pk), today=MONDAY.date())[1:3]
        assert (asked.day, hearing.day, hearing.due) == (MONDAY.date(), MONDAY.date(), None)
        assert "by 2026-12-14" not in text(manager.get(url("proposal", row)))

    def test_a_lawyer_finds_what_to_answer_beside_their_results(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        lawyer = browser(place.handler)

        with time_machine.travel(MONDAY, tick=False):
            before = text(lawyer.get(reverse("scoring:my-results")))
            give_statement(proposal=row, person=place.handler, text="材料已补正。", now=MONDAY)
            after = text(lawyer.get(reverse("scoring:my-results")))

        assert url("statement", row) in before
        assert before.count("<h1") == 1
        assert "until 2026-12-14" in before.replace("\xa0", " ").replace("<time>", "")
        assert url("statement", row) not in after

    @pytest.mark.parametrize(("days", "asked"), [(7, True), (8, False)])
    def test_a_lawyers_home_asks_for_the_answer_through_its_last_day_and_no_longer(
        self, place: Office, row: Proposal, days: int, asked: bool
    ) -> None:
        told = ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
            page = text(browser(place.handler).get(reverse("scoring:my-results")))

        assert (told.due_on, url("statement", row) in page) == (date(2026, 12, 14), asked)

    def test_the_endpoints_walk_the_same_way(self, place: Office, row: Proposal) -> None:
        assert (
            call(place.manager, "api-decide", row, outcome="accept", reason="理由").json()["code"] == "lawyer_not_heard"
        )
        assert call(place.manager, "api-ask", row).json()["statement_due_on"] == "2026-12-14"
        browser(place.handler).post(url("statement", row), {"text": "陈述"})
        assert call(place.manager, "api-decide", row, outcome="accept", reason="理由").json()["state"] == "accepted"
        made = call(place.supervisor, "api-issue", row)

        assert (made.status_code, made.json()["number"], made.json()["state"]) == (201, "临援改〔2026〕1号", "issuing")
        notice = reverse("api-notice", args=[made.json()["id"]])
        assert browser(place.manager).get(notice).status_code == 200
        assert browser(place.handler).get(notice).status_code == 404

    def test_the_lawyer_is_told_on_page_and_through_the_endpoint_what_the_paper_says(
        self, place: Office, row: Proposal
    ) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        paper = (
            text(browser(place.manager).get(url("proposal", row))).partition('id="proposed"')[2].partition("</section")
        )
        with time_machine.travel(MONDAY, tick=False):
            page = text(browser(place.handler).get(url("statement", row)))
        asked = browser(place.handler).get(reverse("api-statement", args=[row.public_id])).json()

        told = page.partition('id="proposed"')[2].partition("</section")
        assert told[0] == paper[0] != ""
        measures, findings = asked["proposed"]["measures"], asked["proposed"]["findings"]
        assert [each in told[0] for each in measures] == [True] * 3
        assert findings
        assert all(each["fact"] in told[0] and each["points"] in told[0] for each in findings)
        assert asked["authority"] in page
        readers = {str(each.reviewer) for each in Assignment.objects.filter(case=row.case).select_related("reviewer")}
        for hidden in (row.case.client.name, *readers):
            assert (hidden in page, hidden in str(asked)) == (False, False)

    def test_a_lawyer_reads_and_answers_through_the_endpoint(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        address = reverse("api-statement", args=[row.public_id])

        asked = browser(place.handler).get(address).json()
        given = call(place.handler, "api-statement", row, text="材料已补正。")

        assert (asked["case"], asked["text"], asked["due_on"]) == (row.case.number, "", "2026-12-14")
        assert (given.status_code, given.json()["text"]) == (201, "材料已补正。")
        assert call(place.handler, "api-statement", row, text="再次").status_code == 409
        assert call(place.manager, "api-decide", row, outcome="decline", reason="案卷评错。").status_code == 200
        assert browser(place.handler).get(address).json()["proposed"] == {"measures": [], "findings": []}
        colleague = factories.user(Role.LAWYER, of=factories.lawyer(place.firm))
        assert browser(colleague).get(address).status_code == 404
        assert browser(factories.user(Role.LAWYER)).get(address).status_code == 404

    def test_endpoints_of_another_centre_are_not_found(self, row: Proposal) -> None:
        neighbour = browser(factories.user(Role.MANAGER, at=factories.centre()))

        assert neighbour.get(reverse("api-proposal", args=[row.public_id])).status_code == 404
        assert (
            neighbour.post(reverse("api-ask", args=[row.public_id]), content_type="application/json").status_code == 404
        )


class TestACommendationThatIsProposed(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return proposed(RuleCode.R1)

    def test_a_commendation_on_hold_says_why_and_can_still_be_declined(self, place: Office, row: Proposal) -> None:
        raise_risk_flag(case_id=row.the_case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=MONDAY)

        page = text(browser(place.manager).get(url("proposal", row)))

        assert "Something about this case is not settled yet." in page
        assert "omplaint" not in page[page.index("<main") :]
        assert ('name="outcome" value="decline"' in page, ACCEPT in page) == (True, False)

    def test_the_current_step_is_marked_for_everybody(self, place: Office, row: Proposal) -> None:
        page = text(browser(place.manager).get(url("proposal", row)))

        assert page.count('aria-current="step"') == 1
        assert 'id="proposed"' not in page  # nobody is heard about praise

    def test_a_decision_without_reasons_is_asked_for_again(self, place: Office, row: Proposal) -> None:
        answer = browser(place.manager).post(url("decide", row), {"outcome": "accept", "reason": ""})

        assert answer.status_code == 422
        assert 'id="error-summary"' in text(answer)
        assert not Decision.objects.exists()

    def test_a_person_who_may_not_act_is_told_why_and_nothing_of_a_complaint(
        self, place: Office, row: Proposal
    ) -> None:
        raise_risk_flag(case_id=row.the_case.pk, kind=FlagKind.COMPLAINT, actor=factories.ACTOR, now=MONDAY)
        marker = User.objects.get(pk=Assignment.objects.filter(case=row.case).values("reviewer")[:1])
        Grant.objects.create(user=marker, role=Role.MANAGER, organisation=place.centre)

        page = text(browser(marker).get(url("proposal", row)))

        assert "alert-warning" in page
        assert "omplaint" not in page[page.index("<main") :]  # the navigation names the register of complaints
        assert url("decide", row) not in page
        assert browser(marker).post(url("decide", row), {"outcome": "accept", "reason": "x"}).status_code == 403

    @pytest.mark.parametrize("hat", ["lawyer", "colleague", "head"])
    def test_who_handled_a_file_does_not_learn_whether_it_is_proposed_or_held_back(
        self, place: Office, row: Proposal, hat: str
    ) -> None:
        """None about an excellent file of theirs would tell of a complaint."""
        if hat == "lawyer":
            both = place.handler
            Grant.objects.create(user=both, role=Role.MANAGER, organisation=place.centre)
        elif hat == "colleague":
            both = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))
        else:
            both = factories.user(Role.MANAGER, Role.FIRM, at=place.centre, heads=place.firm)
        reader = browser(both)
        query = {"centre": place.centre.code, "period": str(row.case.closed_on.year)}

        def counted(person: Browser) -> int:
            rules = person.get(reverse("api-report"), query).json()["rules"]
            return sum(rule["proposed"] for rule in rules)

        assert reader.get(url("proposal", row)).status_code == 404
        assert reader.post(url("decide", row), {"outcome": "accept", "reason": "x"}).status_code == 404
        assert row.case.number not in text(reader.get(reverse("scoring:proposals")))
        assert row.case.number in text(browser(place.manager).get(reverse("scoring:proposals")))
        assert (counted(reader), counted(browser(place.manager))) == (0, 1)

    def test_homes_show_what_waits(self, place: Office) -> None:
        _place, asked = proposed(RuleCode.S2, place)
        ask_for_statement(proposal=asked, person=place.manager, now=MONDAY)

        assert waiting(place.manager) == {f"{reverse('scoring:proposals')}?state=to_decide": 3}
        assert waiting(place.handler) == {url("statement", asked): 1}
        assert {block.url for block in waiting_decisions(place.manager, MONDAY)} <= {
            block.url for block in waiting_for(place.manager, MONDAY)
        }


class TestARectificationOnWhichTheLawyerWasHeard(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        place = office()
        return heard(RuleCode.S2, place, client=factories.client(place.centre, name="欧阳秀兰"))

    def test_a_lawyer_sees_no_proposal_and_no_colleagues_statement(self, place: Office, row: Proposal) -> None:
        colleague = browser(factories.user(Role.LAWYER, of=factories.lawyer(place.firm)))

        assert browser(place.handler).get(url("proposal", row)).status_code == 403
        assert browser(place.handler).get(url("statement", row)).status_code == 200
        assert colleague.get(url("statement", row)).status_code == 404
        assert Statement.objects.get().text == "材料已补正。"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ("事实清楚😀，不予采纳。", "cannot print 😀"),
            ("欧阳 秀兰所述属实。", "names the client"),
            ("欧阳秀\u200b兰所述属实。", "names the client"),
            ("欧阳某所述属实。", "“欧阳某” reads as the client"),
        ],
    )
    def test_reasons_that_the_notice_could_not_print_are_refused_and_stay_in_their_box(
        self, place: Office, row: Proposal, words: str, said: str
    ) -> None:
        answer = browser(place.manager).post(url("decide", row), {"outcome": "accept", "reason": words})

        assert answer.status_code == 422
        assert said in text(answer)
        assert words in text(answer)
        assert not Decision.objects.exists()

    def test_reasons_that_no_notice_prints_may_name_the_client(self, place: Office, row: Proposal) -> None:
        browser(place.manager).post(url("decide", row), {"outcome": "decline", "reason": "欧阳秀兰已撤回意见。"})

        assert Decision.objects.get().outcome == Outcome.DECLINE

    def test_a_statement_page_says_what_was_decided_and_issued(self, place: Office, row: Proposal) -> None:
        page = browser(place.handler)
        assert "Nothing is decided yet" in text(page.get(url("statement", row)))

        decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
        issue_notice(proposal=row, person=place.supervisor, now=MONDAY)
        render_notices(now=MONDAY)

        said = text(page.get(url("statement", row)))
        assert "Nothing is decided yet" not in said
        assert "It was decided on 2026-12-07: Accept the proposal." in said
        assert url("notice", Notice.objects.get()) in said

    def test_a_statement_page_says_that_the_marks_changed(self, place: Office, row: Proposal) -> None:
        Proposal.objects.filter(pk=row.pk).update(state=ProposalState.OVERTAKEN, closed_at=MONDAY)

        assert "The marks have changed since" in text(browser(place.handler).get(url("statement", row)))


class TestARectificationThatIsDecided(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return ready(RuleCode.S2)

    def test_another_person_numbers_issues_and_withdraws(self, place: Office, row: Proposal) -> None:
        supervisor = browser(place.supervisor)

        answer = supervisor.post(url("issue", row))

        notice = Notice.objects.get()
        assert answer["Location"] == url("notice", notice)
        assert 'role="status"' in text(supervisor.get(url("notice", notice)))
        assert supervisor.get(url("notice-file", notice)).status_code == 404
        assert text(browser(place.handler).get(reverse("scoring:notices"))).count(notice.label) == 0

    def test_pressing_issue_twice_leads_to_the_notice_and_says_so(self, place: Office, row: Proposal) -> None:
        supervisor = browser(place.supervisor)
        supervisor.post(url("issue", row))

        again = supervisor.post(url("issue", row), follow=True)

        notice = Notice.objects.get()
        assert again.redirect_chain == [(url("notice", notice), 302)]
        assert f"This notice was issued already as {notice.label}. Nothing was done twice." in text(again)


class TestARectificationThatIsIssued(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def test_the_lawyer_reads_acknowledges_and_appeals(self, place: Office, notice: Notice) -> None:
        with time_machine.travel(DISPLAY_OVER, tick=False):
            own = browser(place.handler)
            assert own.get(url("notice-file", notice))["Content-Type"] == "application/pdf"
            own.post(url("acknowledge", notice))
            own.post(url("appeal", notice), {"text": "不服"})
            page = text(own.get(url("notice", notice)))

        notice.refresh_from_db()
        assert notice.acknowledged_at == DISPLAY_OVER
        assert "不服" in page
        assert url("appeal", notice) not in page

    def test_the_page_shows_by_when_the_lawyer_is_to_talk_and_to_report(self, place: Office, notice: Notice) -> None:
        page = text(browser(place.handler).get(url("notice", notice)))

        # Issued on Tuesday 15 December: ten and fifteen working days.
        assert re.search("Talk at the centre by</dt><dd>[^<]*29", page)
        assert re.search("Written report by</dt><dd>[^<]*5", page)

    def test_a_withdrawn_notice_bears_a_strip(self, place: Office, notice: Notice) -> None:
        supervisor = browser(place.supervisor)

        asked = supervisor.post(url("withdraw", notice), {"reason": "案号有误"})
        assert (asked.status_code, Notice.objects.get().state) == (200, NoticeState.ISSUED)
        supervisor.post(url("withdraw", notice), hidden_fields(text(asked)))

        assert Notice.objects.get().state == NoticeState.WITHDRAWN
        assert "withdrawn-strip" in text(supervisor.get(url("notice", notice)))

    def test_a_withdrawal_for_a_single_sign_is_asked_for_again(self, place: Office, notice: Notice) -> None:
        answer = browser(place.supervisor).post(url("withdraw", notice), {"reason": ".", "confirmed": "1"})

        assert (answer.status_code, Notice.objects.get().state) == (422, NoticeState.ISSUED)

    def test_who_decided_is_told_that_another_withdraws(self, place: Office, notice: Notice) -> None:
        manager = browser(place.manager)

        page = text(manager.get(url("notice", notice)))
        answer = manager.post(url("withdraw", notice), {"reason": "案号有误", "confirmed": "1"})

        assert (url("withdraw", notice) in page, "You decided, so another person withdraws" in page) == (False, True)
        assert (answer.status_code, Notice.objects.get().state) == (403, NoticeState.ISSUED)

    def test_while_an_appeal_waits_the_page_says_who_answers_it(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        supervisor = browser(place.supervisor)

        page = text(supervisor.get(url("notice", notice)))
        answer = supervisor.post(url("withdraw", notice), {"reason": "案号有误", "confirmed": "1"})

        said = "People who took no part in the marks or the decision answer it"
        assert (url("withdraw", notice) in page, said in page) == (False, True)
        assert (answer.status_code, Notice.objects.get().state) == (409, NoticeState.ISSUED)

    @pytest.mark.parametrize("name", ["notice", "notice-file", "withdraw"])
    def test_a_notice_of_another_centre_is_not_found(self, notice: Notice, name: str) -> None:
        neighbour = browser(factories.user(Role.MANAGER, at=factories.centre()))

        answer = neighbour.post(url(name, notice)) if name == "withdraw" else neighbour.get(url(name, notice))

        assert answer.status_code == 404

    def test_an_appeal_waits_for_those_alone_who_may_answer_it(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        colleague = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))
        marker = User.objects.get(pk=Assignment.objects.filter(case=notice.case).earliest("pk").reviewer_id)
        Grant.objects.create(user=marker, role=Role.MANAGER, organisation=place.centre)
        other = factories.user(Role.MANAGER, at=place.centre)
        address = url("notice", notice)

        for barred in (place.manager, place.supervisor, colleague, User.objects.get(pk=marker.pk)):
            assert address not in waiting(barred)
        assert waiting(other)[address] == 1

    def test_an_answer_is_chosen_and_looked_at_twice(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        other, door = browser(factories.user(Role.MANAGER, at=place.centre)), url("answer-appeal", notice)

        page = text(other.get(url("notice", notice)))
        unchosen = other.post(door, {"answer": "已复核"})
        signed = other.post(door, {"state": "upheld", "answer": "。"})
        barred = browser(place.manager).post(door, {"state": "upheld", "answer": "已复核"})
        asked = other.post(door, {"state": "upheld", "answer": "已复核"})

        assert ("checked" in page, "selected" in page) == (False, False)
        assert [each.status_code for each in (unchosen, signed, barred, asked)] == [422, 422, 403, 200]
        assert Notice.objects.get().state == NoticeState.ISSUED
        assert other.post(door, hidden_fields(text(asked))).status_code == 302
        assert Notice.objects.get().state == NoticeState.WITHDRAWN
        assert other.post(door, {"state": "dismissed", "answer": "已复核"}).status_code == 409

    def test_an_appeal_of_a_single_sign_is_asked_for_again(self, place: Office, notice: Notice) -> None:
        with time_machine.travel(DISPLAY_OVER, tick=False):
            page = browser(place.handler).post(url("appeal", notice), {"text": "。"})
            sent = call(place.handler, "api-appeal", notice, text="x")

        said = "Say in words why the notice is appealed"
        assert (page.status_code, said in text(page)) == (422, True)
        assert (sent.status_code, sent.json()["errors"][0]["field"], Appeal.objects.count()) == (422, "text", 0)

    def test_appeals_ask_the_database_as_often_for_one_as_for_many(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        ties = {
            "free": factories.user(Role.MANAGER, at=place.centre),
            "tied": factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm)),
        }
        people = {name: User.objects.get(pk=each.pk) for name, each in ties.items()}

        def asked(person: User) -> int:
            assert person.held
            with CaptureQueriesContext(connection) as context:
                waiting_decisions(person, MONDAY)
            return len(context)

        one = {name: asked(person) for name, person in people.items()}
        for _each in range(2):
            _place, another = issued(RuleCode.S2, place)
            lodge_appeal(notice=another, person=place.handler, text="不服", now=DISPLAY_OVER)

        assert {name: asked(person) for name, person in people.items()} == one

    def test_a_downloaded_report_says_what_it_is_whose_and_of_when(self, place: Office, notice: Notice) -> None:
        manager, query = browser(place.manager), {"centre": place.centre.code, "period": "2026-Q4"}
        issuer = issuer_name(place.centre.pk)

        for name in ("scoring:report-pdf", "api-report-pdf"):
            assert named(manager.get(reverse(name), query)) == (
                f"考核奖惩报告_{issuer}_2026年第四季度.pdf",
                f"report-rewards-{place.centre.code}-2026-Q4.pdf",
            )
        assert named(manager.get(reverse("scoring:report-xlsx"), query)) == (
            f"Rewards and sanctions report_{issuer}_2026, quarter 4.xlsx",
            f"report-rewards-{place.centre.code}-2026-Q4.xlsx",
        )
        assert named(manager.get(url("notice-file", notice))) == (
            f"整改通知书_{issuer}_{notice.label}.pdf",
            "rectification-2026-1.pdf",
        )

    def test_the_endpoints_withdraw_acknowledge_and_appeal(self, place: Office, notice: Notice) -> None:
        with time_machine.travel(DISPLAY_OVER, tick=False):
            read = call(place.handler, "api-acknowledge", notice)
            taken_back = call(place.supervisor, "api-withdraw", issued(RuleCode.S2, place)[1], reason="案号有误")
            lodged = call(place.handler, "api-appeal", notice, text="不服")

        assert (read.status_code, lodged.status_code, lodged.json()["state"]) == (200, 201, "lodged")
        assert (taken_back.json()["state"], taken_back.json()["withdrawal_reason"]) == ("withdrawn", "案号有误")

    def test_a_program_reads_what_the_pages_show_before_it_decides(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        manager, own = browser(place.manager), browser(place.handler)
        one = [
            reverse("api-notice", args=[notice.public_id]),
            reverse("api-proposal", args=[notice.proposal.public_id]),
        ]

        shown, proposed = (manager.get(address).json() for address in one)
        listed = own.get(reverse("api-notices")).json()["results"][0]
        asked = own.get(reverse("api-statement", args=[notice.proposal.public_id])).json()

        assert [each["text"] for each in shown["appeals"]] == ["不服"] == [each["text"] for each in listed["appeals"]]
        assert (proposed["statement"]["text"], proposed["decision"]["reason"]) == ("材料已补正。", "事实清楚。")
        assert (proposed["decision"]["decided_by"], proposed["display"]) == (str(place.manager), None)
        assert (asked["outcome"], "reason" in str(asked)) == ("accept", False)

    def test_an_appeal_is_answered_through_its_endpoint(self, place: Office, notice: Notice) -> None:
        lodge_appeal(notice=notice, person=place.handler, text="不服", now=DISPLAY_OVER)
        other = factories.user(Role.MANAGER, at=place.centre)

        assert call(place.manager, "api-answer-appeal", notice, state="upheld", answer="理由").status_code == 403
        assert call(other, "api-answer-appeal", notice, state="settled", answer="理由").status_code == 400
        assert call(other, "api-answer-appeal", notice, state="upheld", answer="理由").json()["state"] == "upheld"
        assert Notice.objects.get().state == NoticeState.WITHDRAWN

    def test_the_report_is_read_through_its_endpoints(self, place: Office, notice: Notice) -> None:
        manager, query = browser(place.manager), {"centre": place.centre.code, "period": "2026-Q4"}

        content = manager.get(reverse("api-report"), query).json()

        assert [row["number"] for row in content["rectifications"]] == [notice.label]
        assert content["voice"]["answered"] == 0
        assert manager.get(reverse("api-report-pdf"), query).content.startswith(b"%PDF")
        assert manager.get(reverse("api-report-xlsx"), query).content.startswith(b"PK")
        for name in ("api-report", "api-report-pdf", "api-report-xlsx"):
            assert manager.get(reverse(name), {"centre": factories.centre().code}).status_code == 404
            assert manager.get(reverse(name), {"period": "99999999999"}).status_code == 422


class TestACommendationOnDisplay(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return accepted(RuleCode.R1)

    def test_the_public_display_needs_no_account_and_names_no_client(self, place: Office, row: Proposal) -> None:
        with time_machine.travel(DISPLAY_OVER.replace(day=10), tick=False):
            page = text(Browser().get(reverse("scoring:displays")))

        for shown in (row.case.number, place.lawyer.name, place.firm.name, "0739-5550100", "2026-12-14"):
            assert shown in page
        assert row.case.client.name not in page
        assert row.case.cause not in page

    @pytest.mark.parametrize(
        ("language", "over"),
        [("zh-hans", "公示期已满，待办结"), ("en", "The public display has ended and waits to be closed")],
    )
    def test_a_display_whose_last_day_has_passed_is_not_said_to_run(
        self, place: Office, row: Proposal, language: str, over: str
    ) -> None:
        """It is closed by a sweep, minutes later."""

        def pages() -> list[bool]:
            manager = browser(place.manager, language)
            shown = (manager.get(url("proposal", row)), manager.get(reverse("scoring:proposals")))
            return [over in text(page) for page in shown]

        with time_machine.travel(DISPLAY_OVER.replace(day=14), tick=False):
            assert pages() == [False, False]
        with time_machine.travel(DISPLAY_OVER, tick=False):
            assert pages() == [True, True]

    def test_public_displays_ask_as_often_for_one_as_for_many(self, place: Office) -> None:
        with time_machine.travel(DISPLAY_OVER.replace(day=10), tick=False):
            one = queries(Browser(), reverse("scoring:displays"))
        accepted(RuleCode.R1, place)
        accepted(RuleCode.R1)

        with time_machine.travel(DISPLAY_OVER.replace(day=10), tick=False):
            assert queries(Browser(), reverse("scoring:displays")) == one

    def test_a_display_is_stopped_through_its_endpoint(self, place: Office, row: Proposal) -> None:
        stopped = call(place.manager, "api-stop-display", row, reason="异议成立")

        assert stopped.json()["state"] == "declined"


def test_a_sign_ends_no_display_and_stays_in_its_box() -> None:
    place, row = accepted(RuleCode.R1)

    answer = browser(place.supervisor).post(url("stop-display", row), {"reason": "。."})

    assert answer.status_code == 422
    assert "。.</textarea>" in text(answer)
    assert Proposal.objects.get(pk=row.pk).state == ProposalState.ON_DISPLAY


def test_lists_without_rows_say_so() -> None:
    manager = browser(factories.user(Role.MANAGER, at=factories.centre()))

    for name in ("proposals", "notices"):
        assert "empty-state" in text(manager.get(reverse(f"scoring:{name}")))
    assert "empty-state" in text(Browser().get(reverse("scoring:displays")))


def limited(row: Proposal) -> None:
    AssignmentMeasure.objects.create(
        kind=MeasureKind.REDUCED,
        proposal=row,
        lawyer=row.lawyer,
        centre=row.centre,
        starts_on=MONDAY.date(),
        ends_on=MONDAY.date(),
        legal_basis="《条例》",
        authority="某县司法局",
        entered_at=MONDAY,
    )


LISTS = ("scoring:proposals", "scoring:notices", "api-proposals", "api-notices", "scoring:measures", "api-measures")


class TestAListOfFour:
    @pytest.fixture(scope="class")
    @classmethod
    def built(cls, stage: Stage, fonts: object) -> tuple[User, dict[str, int]]:
        """A manager, and how often each list asked when it held but one."""

        def scene() -> tuple[User, dict[str, int]]:
            place, notice = issued(RuleCode.S2)
            limited(notice.proposal)
            client = browser(place.manager)
            one = {address: queries(client, reverse(address)) for address in LISTS}
            for _more in range(3):
                _place, notice = numbered(RuleCode.S2, place)
                limited(notice.proposal)
            return place.manager, one

        return stage(scene)

    @pytest.mark.parametrize("address", LISTS)
    def test_a_list_asks_the_database_as_often_for_one_as_for_many(
        self, built: tuple[User, dict[str, int]], address: str
    ) -> None:
        manager, one = built

        assert queries(browser(manager), reverse(address)) == one[address]


def test_managers_see_a_notice_that_could_not_be_printed() -> None:
    place, notice = numbered(RuleCode.S2)
    Notice.objects.update(refused_at=MONDAY, refused_for=PrintRefusal.MISSING_GLYPH)
    manager = browser(place.manager)

    assert waiting(place.manager)[reverse("scoring:notices")] == 1
    assert "could not be printed" in text(manager.get(reverse("scoring:notices")))
    assert "No installed font can print one of its characters." in text(manager.get(url("notice", notice)))


def test_the_contrary_is_shown_on_both_pages_and_named_where_it_stands_in_the_way() -> None:
    place, praise, coaching = contraries()
    manager = browser(place.manager)

    assert "The same marks also led to “Coaching on a core item”" in text(manager.get(url("proposal", praise)))
    assert "The same marks also led to “Commendation of an excellent case”" in text(
        manager.get(url("proposal", coaching))
    )
    decide(proposal=praise, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)
    page = text(manager.get(url("proposal", coaching)))
    assert "“Commendation of an excellent case” was decided for this file already." in page
    assert url("ask", coaching) not in page


def test_coaching_is_shown_to_the_lawyer_and_closed_through_its_endpoint() -> None:
    place, row = accepted(RuleCode.S1)

    assert "items A2, by 2026-12-21" in text(browser(place.handler).get(reverse("scoring:my-results")))
    assert call(place.supervisor, "api-finish-task", row, note="已面谈。").json()["state"] == "carried_out"
    assert call(place.supervisor, "api-finish-task", row, note="再次").status_code == 409


@pytest.mark.usefixtures("context_kept")
def test_the_queue_goes_on_by_key_from_what_is_open_to_what_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.views.proposals.A_PAGE", 1)
    place, praise, coaching = contraries()
    _place, failed = proposed(RuleCode.S2, place)
    decide(proposal=coaching, person=place.manager, outcome=Outcome.DECLINE, reason="事实不清。", now=MONDAY)
    listed: list[int] = []
    manager, after = Browser(), ""
    manager.force_login(place.manager)
    while after or not listed:
        page = manager.get(reverse("scoring:proposals"), {"after": after}).context["page"]
        listed += [row.pk for row in page.rows]
        after = page.last

    running = Proposal.objects.filter(closed_at=None).order_by("-pk").values_list("pk", flat=True)
    assert {praise.pk, failed.pk} <= set(running)
    assert listed == [*running, coaching.pk]
