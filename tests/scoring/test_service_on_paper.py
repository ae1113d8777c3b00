"""A lawyer without an account is told on paper, and answers on paper; nobody is sanctioned who was not told."""

import html
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.organisations.models import CalendarYear
from reviews.models import CaseReview
from reviews.services.assignments import add_next_reader
from reviews.services.objections import Ruling, decide_objection, key_in_objection, lodge_objection
from reviews.services.telling import count_served_periods, serve_result, tell_who_has_an_account_now
from scoring.enums import Outcome, ProposalState, RuleCode
from scoring.models import Proposal, Statement
from scoring.queries.proposals import steps
from scoring.services.procedure import (
    StepNotDue,
    ask_for_statement,
    decide,
    give_statement,
    key_in_statement,
)
from scoring.services.proposals import propose
from scoring.services.scores import rescore_changed
from tests import factories
from tests.factories import NOW
from tests.reviews import factories as reviews
from tests.scoring.deciding import BAD, MONDAY, Office, SameScene, office, proposed, read

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(MONDAY)


@pytest.fixture(scope="class", autouse=True)
def _monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def without_account() -> tuple[Office, Proposal]:
    place = office()
    return proposed(RuleCode.S2, place, lawyer=factories.lawyer(place.firm))


def served() -> tuple[Office, Proposal]:
    place, row = without_account()
    ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=MONDAY)
    return place, Proposal.objects.get(pk=row.pk)


class TestALawyerWithoutAnAccount(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return without_account()

    def test_the_paper_tells_the_lawyer_what_they_may_do_and_has_a_receipt_to_sign(
        self, place: Office, row: Proposal
    ) -> None:
        page = browser(place.manager).get(reverse("scoring:proposal", args=[row.public_id])).content.decode()
        paper = page.partition("d-print-block")[2]

        for told in ("尚未作出任何决定", "5个工作日内", "0739-5550100", "签收回执", "签名", "签收日期"):
            assert told in paper, told

    def test_the_paper_says_to_whom_it_goes_what_is_proposed_and_what_was_found(
        self, place: Office, row: Proposal
    ) -> None:
        page = browser(place.manager).get(reverse("scoring:proposal", args=[row.public_id])).content.decode()

        for said in (
            "拟处理建议及陈述申辩权利告知书",
            f"致：{row.firm.name}、{row.lawyer.name}",
            "10 个工作日内到中心接受约谈",
        ):
            assert said in page, said
        for said in ("15 个工作日内完成整改", "此后办结的 3 件案件", "见第12页", "<td>12</td>"):
            assert said in page, said
        assert row.case.client.name not in page

    def test_without_a_day_of_receipt_nobody_counts_as_told(self, place: Office, row: Proposal) -> None:
        with pytest.raises(InvalidInput) as refused:
            ask_for_statement(proposal=row, person=place.manager, now=MONDAY)

        row.refresh_from_db()
        assert (refused.value.field, row.state) == ("served_on", ProposalState.PROPOSED)
        assert not Statement.objects.exists()

    @pytest.mark.parametrize("days", [-1, 1])
    def test_the_day_of_receipt_lies_between_the_proposal_and_today(
        self, place: Office, row: Proposal, days: int
    ) -> None:
        with pytest.raises(InvalidInput):
            ask_for_statement(proposal=row, person=place.manager, served_on=TODAY + timedelta(days=days), now=MONDAY)

    def test_the_days_to_answer_count_from_the_receipt(self, place: Office, row: Proposal) -> None:
        later = MONDAY + timedelta(days=3)

        told = ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=later)

        assert (told.served_on, told.due_on) == (TODAY, TODAY + timedelta(days=7))  # five working days

    def test_the_steps_show_the_days_on_which_papers_were_received_and_beside_them_those_of_typing(
        self, place: Office, row: Proposal
    ) -> None:
        later, last = MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)
        page = reverse("scoring:proposal", args=[row.public_id])
        ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=later)
        told = browser(place.manager).get(page).content.decode()
        key_in_statement(
            proposal=row, person=place.manager, text="会见过。", received_on=TODAY + timedelta(days=1), now=last
        )
        asked, hearing = steps(Proposal.objects.get(pk=row.pk), today=last.date())[1:3]

        assert (asked.day, asked.entered) == (TODAY, later.date())
        assert (hearing.day, hearing.entered) == (TODAY + timedelta(days=1), last.date())
        shown = html.unescape(re.sub(r"<[^>]+>", "", told))
        assert f"{TODAY} 告知，可于" in shown
        assert f"{TODAY} （{later.date()}录入）" in shown

    def test_typed_in_on_the_day_itself_one_day_says_both(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=MONDAY)

        asked = steps(Proposal.objects.get(pk=row.pk), today=TODAY)[1]

        assert (asked.day, asked.entered) == (TODAY, None)

    def test_the_page_asks_for_the_day_and_takes_the_answer(self, place: Office, row: Proposal) -> None:
        manager = browser(place.manager)
        page = reverse("scoring:proposal", args=[row.public_id])

        shown = manager.get(page).content.decode()
        refused = manager.post(reverse("scoring:ask", args=[row.public_id]))
        future = manager.post(reverse("scoring:ask", args=[row.public_id]), {"served_on": "2099-01-01"})
        manager.post(reverse("scoring:ask", args=[row.public_id]), {"served_on": str(timezone.localdate())})

        assert 'name="served_on"' in shown
        assert (refused.status_code, future.status_code) == (422, 422)
        assert 'name="text"' in manager.get(page).content.decode()
        key_in, today = reverse("scoring:key-in", args=[row.public_id]), str(timezone.localdate())
        empty = manager.post(key_in, {"text": "", "received_on": today})
        undated = manager.post(key_in, {"text": "会见过。"})
        manager.post(key_in, {"text": "会见过。", "received_on": today})
        assert (empty.status_code, undated.status_code) == (422, 422)
        assert "会见过。" in undated.content.decode()
        assert Statement.objects.get(proposal=row).text == "会见过。"

    def test_a_program_names_the_day_and_enters_the_answer(self, place: Office, row: Proposal) -> None:
        program = browser(place.manager)
        ask, key_in = (reverse(name, args=[row.public_id]) for name in ("api-ask", "api-key-in"))

        refused = program.post(ask, {}, content_type="application/json")
        told = program.post(ask, {"served_on": str(timezone.localdate())}, content_type="application/json")
        undated = program.post(key_in, {"text": "会见过。"}, content_type="application/json")
        answer = {"text": "会见过。", "received_on": str(timezone.localdate())}
        entered = program.post(key_in, answer, content_type="application/json")

        assert (refused.status_code, told.status_code) == (422, 200)
        assert (undated.status_code, entered.status_code) == (400, 200)

    def test_an_objection_that_came_in_time_and_is_typed_late_holds_what_was_proposed_meanwhile(
        self, place: Office, row: Proposal
    ) -> None:
        result = CaseReview.objects.current().get(case=row.case)
        key_in_objection(
            result=result, items=["A1"], statement="已会见。", received_on=NOW.date(), user=place.manager, now=MONDAY
        )

        with pytest.raises(StepNotDue):
            ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=MONDAY)

        page = browser(place.manager).get(reverse("scoring:proposal", args=[row.public_id])).content.decode()
        assert "对评查结果的异议尚待决定" in page


class TestALawyerWhoWasHandedThePaper(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return served()

    def test_the_day_of_receipt_is_never_changed_afterwards(self, row: Proposal) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE scoring_statement SET served_on = NULL")

        assert Statement.objects.get(proposal=row).served_on == TODAY

    def test_the_answer_on_paper_is_entered_by_who_decides_and_counts_as_hearing(
        self, place: Office, row: Proposal
    ) -> None:
        key_in_statement(proposal=row, person=place.manager, text="会见过，记录在卷。", received_on=TODAY, now=MONDAY)
        decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=MONDAY)

        row.refresh_from_db()
        assert (row.state, row.statement.text) == (ProposalState.ACCEPTED, "会见过，记录在卷。")
        assert Entry.objects.get(action="scoring.statement_keyed_in").actor_label == str(place.manager)

    def test_the_answer_on_paper_is_entered_though_an_account_was_opened_since(
        self, place: Office, row: Proposal
    ) -> None:
        factories.user(Role.LAWYER, of=row.lawyer)

        key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=TODAY, now=MONDAY)

        assert Statement.objects.get(proposal=row).text == "会见过。"

    def test_an_answer_that_came_in_time_is_entered_after_its_last_day_and_one_that_came_later_is_not(
        self, place: Office, row: Proposal
    ) -> None:
        last, after = TODAY + timedelta(days=7), MONDAY + timedelta(days=9)

        with pytest.raises(StepNotDue):
            key_in_statement(
                proposal=row, person=place.manager, text="会见过。", received_on=last + timedelta(days=1), now=after
            )
        key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=last, now=after)

        told = Statement.objects.get(proposal=row)
        assert (told.text, told.received_on, told.submitted_at) == ("会见过。", last, after)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE scoring_statement SET received_on = NULL")

    def test_the_database_takes_no_answer_as_come_in_time_that_came_later(self, row: Proposal) -> None:
        with pytest.raises(DatabaseError), transaction.atomic():
            Statement.objects.filter(proposal=row).update(
                text="晚。", received_on=TODAY + timedelta(days=8), submitted_at=MONDAY + timedelta(days=9)
            )

    @pytest.mark.parametrize("days", [-1, 1, None])
    def test_the_answer_came_after_the_paper_and_not_after_today(
        self, place: Office, row: Proposal, days: int | None
    ) -> None:
        day = None if days is None else TODAY + timedelta(days=days)

        with pytest.raises(InvalidInput):
            key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=day, now=MONDAY)

    def test_after_the_last_day_the_page_reminds_who_decides_of_an_answer_in_the_drawer(
        self, place: Office, row: Proposal
    ) -> None:
        page = reverse("scoring:proposal", args=[row.public_id])

        with time_machine.travel(MONDAY + timedelta(days=9), tick=False):
            shown = browser(place.manager).get(page).content.decode()

        assert "请先录入" in shown
        assert 'name="received_on"' in shown


class TestALawyerWithAnAccount(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Proposal]:
        return proposed(RuleCode.S2)

    def test_who_was_told_on_their_own_home_answers_there(self, place: Office, row: Proposal) -> None:
        ask_for_statement(proposal=row, person=place.manager, served_on=TODAY, now=MONDAY)

        with pytest.raises(StepNotDue):
            key_in_statement(proposal=row, person=place.manager, text="代答。", received_on=TODAY, now=MONDAY)

        give_statement(proposal=row, person=place.handler, text="本人答。", now=MONDAY)
        assert Statement.objects.get(proposal=row).served_on is None

    def test_the_answer_on_paper_of_a_lawyer_whose_account_was_closed_since_is_taken(
        self, place: Office, row: Proposal
    ) -> None:
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)
        User.objects.filter(pk=place.handler.pk).update(is_active=False)

        key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=TODAY, now=MONDAY)

        assert Statement.objects.get(proposal=row).text == "会见过。"


def test_the_rules_look_again_when_an_account_opened_later_was_told() -> None:
    place = office()
    case = place.case(lawyer=factories.lawyer(place.firm))
    read(case, BAD, told=False)
    propose(now=NOW)
    factories.user(Role.LAWYER, of=case.lawyer)

    tell_who_has_an_account_now(now=NOW)
    rescore_changed(now=NOW)

    assert propose(now=MONDAY) == 2  # S1 and S2


def test_the_rules_look_again_when_the_calendar_reaches_the_end_of_a_served_period() -> None:
    place = office()
    case = place.case(lawyer=factories.lawyer(place.firm))
    read(case, BAD, told=False)
    CalendarYear.objects.all().delete()
    serve_result(result=CaseReview.objects.current().get(case=case), served_on=TODAY, user=place.manager, now=MONDAY)
    rescore_changed(now=MONDAY)
    propose(now=MONDAY)
    later = MONDAY + timedelta(days=30)
    CalendarYear.objects.create(year=2026)
    CalendarYear.objects.create(year=2027)

    count_served_periods()
    rescore_changed(now=later)

    assert propose(now=later) == 2  # S1 and S2


def test_who_decided_an_objection_to_the_marks_does_not_decide_on_the_sanction() -> None:
    place = office()
    case = place.case()
    read(case, BAD)
    result = CaseReview.objects.current().get(case=case)
    objection = lodge_objection(result=result, items=["A1"], statement="已会见。", user=place.handler, now=NOW)
    decide_objection(
        objection=objection, rulings=[Ruling(item="A1", upheld=False)], answer="不成立。", user=place.manager, now=NOW
    )
    row = Proposal.objects.create(
        rule=proposed(RuleCode.S2, place)[1].rule, code=RuleCode.S2, case=case, centre=case.centre, lawyer=case.lawyer,
        firm=case.firm, trigger="x", proposed_at=MONDAY,
    )  # fmt: skip

    with pytest.raises(NotIndependent):
        ask_for_statement(proposal=row, person=place.manager, now=MONDAY)


def test_nothing_is_proposed_on_marks_of_which_the_lawyer_was_not_told() -> None:
    place = office()
    case = place.case(lawyer=factories.lawyer(place.firm))
    for reader in range(2):
        row = reviews.assignment(case) if not reader else add_next_reader(
            case=case, reviewer=reviews.reviewer(case.centre), user=reviews.manager(case.centre), now=NOW
        )  # fmt: skip
        reviews.submitted(row, **BAD)
    rescore_changed(now=NOW)
    much_later = MONDAY + timedelta(days=60)

    assert propose(now=much_later) == 0
    serve_result(
        result=CaseReview.objects.current().get(case=case),
        served_on=timezone.localdate(much_later),
        user=place.manager,
        now=much_later,
    )
    rescore_changed(now=much_later)
    assert propose(now=much_later + timedelta(days=10)) == 0  # the day of the paper + 10 working days is not over
    assert propose(now=much_later + timedelta(days=16)) > 0
