"""A rectification reaches a lawyer without an account on paper; their time to appeal begins with that."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.common.errors import InvalidInput, NotIndependent
from qa_service.common.periods import Period
from qa_service.notifications.models import Notification
from scoring.enums import Outcome, RuleCode
from scoring.models import Appeal, Notice
from scoring.queries.reports import rewards_and_sanctions
from scoring.queries.work import waiting_decisions
from scoring.services import delivery
from scoring.services.appeals import AppealTooLate, key_in_appeal, lodge_appeal
from scoring.services.delivery import (
    NoticeNotToServe,
    acknowledge_notice,
    appeal_until,
    deliver_to_new_accounts,
    serve_notice,
)
from scoring.services.issuing import issue_notice
from scoring.services.printing import render_notices
from scoring.services.procedure import StepNotDue, ask_for_statement, decide, key_in_statement
from scoring.services.withdrawal import withdraw_notice
from tests import factories
from tests.qa_service.documents.reading import text_of
from tests.scoring.deciding import DISPLAY_OVER, MONDAY, Office, SameScene, issued, office, printed, proposed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fonts")]
ISSUED_ON = date(2026, 12, 15)
NEXT_DAY = DISPLAY_OVER + timedelta(days=1)
SERVED_ON = date(2026, 12, 16)
CAME_ON = MONDAY.date()
TYPED_IN = MONDAY + timedelta(days=2)
FOOT = re.compile("—[0-9]—")  # a page may end within the sentence
TEN_AFTER = date(2026, 12, 30)
WAITING = "/scoring/notices?to_serve=1"
DOORS = ("scoring:notice", "scoring:notice-file", "api-notice")


@pytest.fixture(scope="class", autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NEXT_DAY, tick=False):
        yield


def unseen(**settings: str) -> tuple[Office, Notice]:
    place = office(**settings)
    _place, row = proposed(RuleCode.S2, place, lawyer=factories.lawyer(place.firm))
    ask_for_statement(proposal=row, person=place.manager, served_on=MONDAY.date(), now=MONDAY)
    key_in_statement(proposal=row, person=place.manager, text="会见过。", received_on=CAME_ON, now=TYPED_IN)
    decide(proposal=row, person=place.manager, outcome=Outcome.ACCEPT, reason="事实清楚。", now=TYPED_IN)
    row.refresh_from_db()
    notice = issue_notice(proposal=row, person=place.supervisor, now=DISPLAY_OVER)
    render_notices(now=DISPLAY_OVER)
    return place, Notice.objects.get(pk=notice.pk)


def served() -> tuple[Office, Notice]:
    place, notice = unseen()
    return place, serve_notice(notice=notice, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page_of(notice: Notice) -> str:
    return reverse("scoring:notice", args=[notice.public_id])


def home_of(person: User) -> dict[str, int]:
    return {str(block.url): block.count for block in waiting_decisions(person, NEXT_DAY)}


def seen_by_the_firm(place: Office, notice: Notice) -> list[bool]:
    return doors_open_to(factories.user(Role.FIRM, heads=place.firm), notice)


def doors_open_to(person: User, notice: Notice) -> list[bool]:
    """The page, the file, the endpoint and both lists, as this person meets them."""
    head = browser(person)
    one = [head.get(reverse(name, args=[notice.public_id])).status_code for name in DOORS]
    lists = [head.get(reverse(name)).content.decode() for name in ("scoring:notices", "api-notices")]
    return [status == 200 for status in one] + [str(notice.public_id) in page for page in lists]


class TestANoticeThatNobodyHandedOver(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return unseen()

    def test_the_paper_names_the_day_on_which_the_statement_came_and_not_the_day_of_typing(
        self, notice: Notice
    ) -> None:
        assert notice.content["heard_on"] == str(CAME_ON)

    def test_a_manager_of_the_firm_reads_of_it_in_the_report_no_sooner_than_the_lawyer_is_told(
        self, place: Office, notice: Notice
    ) -> None:
        tied = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(notice.firm))

        def in_the_report_of(reader: User) -> int:
            report = rewards_and_sanctions(
                centre=place.centre, period=Period.year(2026), label="", reader=reader, now=NEXT_DAY
            )
            return len(report.rectifications)

        assert (in_the_report_of(place.manager), in_the_report_of(tied)) == (1, 0)
        serve_notice(notice=notice, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)
        assert in_the_report_of(tied) == 1

    def test_the_paper_orders_nothing_that_the_proposal_did_not_announce(self, notice: Notice) -> None:
        measures = [each["text"] for each in notice.content["measures"]]

        assert measures == [
            "承办人员到本中心接受约谈，当面说明情况",
            "对照上述问题逐项补正，能够补正的案卷材料予以补正",
        ]

    def test_the_paper_of_who_has_no_account_says_how_to_appeal_on_paper_and_names_no_page(
        self, notice: Notice
    ) -> None:
        on_paper, online = [FOOT.sub("", text_of(printed(each))) for each in (notice, issued(RuleCode.S2)[1])]

        said = "由本人签名并注明日期，当面递交或者邮寄至"
        assert (said in on_paper, "联系方式：0739" in on_paper, "页面" in on_paper) == (True, True, False)
        assert (said in online, "“我的评定结果”页面" in online) == (False, True)

    def test_no_time_to_appeal_runs_against_a_lawyer_whom_nobody_told(self, place: Office, notice: Notice) -> None:
        assert (notice.state, notice.delivered_on, appeal_until(notice)) == ("issued", None, None)
        assert home_of(place.manager)[WAITING] == 1

    @pytest.mark.parametrize("day", [ISSUED_ON - timedelta(days=1), SERVED_ON + timedelta(days=1), None])
    def test_the_day_of_receipt_lies_between_the_issue_and_today(
        self, place: Office, notice: Notice, day: date | None
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            serve_notice(notice=notice, served_on=day, person=place.manager, now=NEXT_DAY)

        assert (refused.value.field, Notice.objects.get(pk=notice.pk).delivered_on) == ("served_on", None)

    def test_who_has_a_tie_to_the_lawyer_does_not_say_that_the_paper_was_handed_over(
        self, place: Office, notice: Notice
    ) -> None:
        colleague = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

        with pytest.raises(NotIndependent):
            serve_notice(notice=notice, served_on=SERVED_ON, person=colleague, now=NEXT_DAY)

    def test_what_was_withdrawn_is_handed_over_to_nobody(self, place: Office, notice: Notice) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="有误", now=NEXT_DAY)

        with pytest.raises(NoticeNotToServe):
            serve_notice(notice=notice, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)

        assert Notice.objects.get(pk=notice.pk).delivered_on is None

    def test_who_has_an_account_by_now_is_told_there_and_not_served(self, place: Office, notice: Notice) -> None:
        factories.user(Role.LAWYER, of=notice.lawyer)

        with pytest.raises(NoticeNotToServe):
            serve_notice(notice=notice, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)

        assert deliver_to_new_accounts(now=NEXT_DAY) == 1

    def test_what_was_withdrawn_is_delivered_to_no_new_account_nor_by_a_sweep_that_chose_it_before(
        self, place: Office, notice: Notice
    ) -> None:
        factories.user(Role.LAWYER, of=notice.lawyer)
        withdraw_notice(notice=notice, person=place.supervisor, reason="有误", now=NEXT_DAY)

        assert (deliver_to_new_accounts(now=NEXT_DAY), delivery._deliver(notice, now=NEXT_DAY)) == (0, False)
        assert Notice.objects.get(pk=notice.pk).delivered_on is None

    def test_nobody_appeals_for_a_lawyer_who_was_told_on_their_home_or_not_at_all(
        self, place: Office, notice: Notice
    ) -> None:
        for at, each in (issued(RuleCode.S2), (place, notice)):
            with pytest.raises(StepNotDue):
                key_in_appeal(notice=each, text="代诉。", received_on=SERVED_ON, person=at.manager, now=NEXT_DAY)

    def test_an_account_opened_later_is_told_and_the_time_begins_with_that(self, notice: Notice) -> None:
        assert deliver_to_new_accounts(now=NEXT_DAY) == 0
        own = factories.user(Role.LAWYER, of=notice.lawyer)

        assert [deliver_to_new_accounts(now=NEXT_DAY), deliver_to_new_accounts(now=NEXT_DAY)] == [1, 0]

        assert appeal_until(Notice.objects.get(pk=notice.pk)) == TEN_AFTER
        assert Notification.objects.filter(user=own).count() == 1

    def test_the_page_takes_the_day_and_then_the_appeal(self, place: Office, notice: Notice) -> None:
        pages, of = browser(place.manager), [notice.public_id]
        page = reverse("scoring:notice", args=of)
        listed = pages.get(WAITING).content.decode()
        shown = pages.get(page).content.decode()

        empty = pages.post(reverse("scoring:serve-notice", args=of))
        future = pages.post(reverse("scoring:serve-notice", args=of), {"served_on": "2099-01-01"})
        pages.post(reverse("scoring:serve-notice", args=of), {"served_on": str(SERVED_ON)})
        told = pages.get(page).content.decode()
        undated = pages.post(reverse("scoring:key-in-appeal", args=of), {"text": "不服。"})
        pages.post(reverse("scoring:key-in-appeal", args=of), {"text": "不服。", "received_on": str(SERVED_ON)})

        assert (notice.label in listed, 'name="served_on"' in shown, 'name="received_on"' in told) == (True, True, True)
        assert (empty.status_code, future.status_code) == (422, 422)
        assert (undated.status_code, "不服。" in undated.content.decode()) == (422, True)
        assert Appeal.objects.get().text == "不服。"

    def test_a_program_enters_the_day_and_the_appeal(self, place: Office, notice: Notice) -> None:
        program, of = browser(place.manager), [notice.public_id]
        service, appeals = reverse("api-serve-notice", args=of), reverse("api-key-in-appeal", args=of)
        waiting = reverse("api-notices")
        assert len(program.get(waiting, {"to_serve": "true"}).json()["results"]) == 1

        refused = program.post(service, {}, content_type="application/json")
        told = program.post(service, {"served_on": str(SERVED_ON)}, content_type="application/json")
        body = {"text": "不服。", "received_on": str(SERVED_ON)}
        entered = program.post(appeals, body, content_type="application/json")

        assert (refused.status_code, told.status_code, entered.status_code) == (400, 200, 201)
        assert (told.json()["delivered_on"], entered.json()["received_on"]) == (str(SERVED_ON), str(SERVED_ON))
        assert program.get(waiting, {"to_serve": "true"}).json()["results"] == []

    def test_a_notice_of_another_centre_is_not_served_from_here(self, notice: Notice) -> None:
        stranger = factories.user(Role.MANAGER, at=factories.centre())

        answer = browser(stranger).post(
            reverse("scoring:serve-notice", args=[notice.public_id]), {"served_on": str(SERVED_ON)}
        )

        assert answer.status_code == 404

    def test_a_firm_reads_a_rectification_once_the_lawyer_was_served(self, place: Office, notice: Notice) -> None:
        assert seen_by_the_firm(place, notice) == [False] * 5
        serve_notice(notice=notice, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)
        assert seen_by_the_firm(place, notice) == [True] * 5

    def test_a_manager_of_the_lawyers_firm_reads_it_no_sooner_than_the_firm_and_others_as_ever(
        self, place: Office, notice: Notice
    ) -> None:
        colleague = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))

        assert doors_open_to(colleague, notice) == [False] * 5
        assert doors_open_to(place.manager, notice) == [True] * 5

    def test_a_firm_never_reads_a_rectification_withdrawn_before_it_was_served(
        self, place: Office, notice: Notice
    ) -> None:
        withdraw_notice(notice=notice, person=place.supervisor, reason="有误", now=NEXT_DAY)

        assert seen_by_the_firm(place, notice) == [False] * 5


def test_praise_is_handed_over_to_nobody() -> None:
    """No time begins with it."""
    place = office()
    _place, praise = issued(RuleCode.R1, place, lawyer=factories.lawyer(place.firm))

    with pytest.raises(NoticeNotToServe):
        serve_notice(notice=praise, served_on=SERVED_ON, person=place.manager, now=NEXT_DAY)


@pytest.mark.parametrize(
    ("telephone", "where"),
    [("0739-5550100", "邮寄至临江市法律援助中心（地址可以按下列联系方式询问）。"), ("", "邮寄至临江市法律援助中心。")],
)
def test_the_paper_says_where_the_appeal_goes_also_where_the_centre_gave_no_telephone(
    telephone: str, where: str
) -> None:
    _place, notice = unseen(office_phone=telephone, issuer_name="临江市法律援助中心")

    assert where in FOOT.sub("", text_of(printed(notice)))


class TestANoticeToldOnAHome(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return issued(RuleCode.S2)

    def test_who_has_an_account_was_told_there_on_the_day_of_issue(self, place: Office, notice: Notice) -> None:
        assert (notice.delivered_on, appeal_until(notice)) == (ISSUED_ON, date(2026, 12, 29))
        assert home_of(place.manager)[WAITING] == 0

    def test_the_appeal_on_paper_of_a_lawyer_whose_account_was_closed_since_is_entered(
        self, place: Office, notice: Notice
    ) -> None:
        door = reverse("scoring:key-in-appeal", args=[notice.public_id])
        offered = [door in browser(place.manager).get(page_of(notice)).content.decode()]
        User.objects.filter(pk=place.handler.pk).update(is_active=False)
        offered += [door in browser(place.manager).get(page_of(notice)).content.decode()]

        browser(place.manager).post(door, {"received_on": str(SERVED_ON), "text": "不服。"})

        assert (offered, Appeal.objects.get().received_on) == ([False, True], SERVED_ON)

    def test_what_was_told_on_a_home_cannot_be_said_to_have_been_served(self, place: Office) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE scoring_notice SET served_by_id = {place.manager.pk}")


class TestANoticeThatWasHandedOver(SameScene):
    @staticmethod
    def scene() -> tuple[Office, Notice]:
        return served()

    def test_the_ten_working_days_count_from_the_day_of_receipt(self, place: Office, notice: Notice) -> None:
        stored = Notice.objects.get(pk=notice.pk)
        assert (stored.delivered_on, stored.served_by, appeal_until(stored)) == (SERVED_ON, place.manager, TEN_AFTER)
        assert Entry.objects.get(action="scoring.notice_served").actor_label == str(place.manager)
        assert home_of(place.manager)[WAITING] == 0

    def test_who_says_later_on_a_home_that_they_have_read_it_has_no_more_time(
        self, place: Office, notice: Notice
    ) -> None:
        acknowledge_notice(
            notice=notice,
            person=factories.user(Role.LAWYER, of=notice.lawyer),
            now=NEXT_DAY + timedelta(days=2),
        )

        assert appeal_until(Notice.objects.get(pk=notice.pk)) == TEN_AFTER

    def test_who_was_told_on_their_home_is_not_served_and_nobody_twice(self, place: Office, notice: Notice) -> None:
        for at, each in (issued(RuleCode.S2), (place, notice)):
            with pytest.raises(NoticeNotToServe):
                serve_notice(notice=each, served_on=SERVED_ON, person=at.manager, now=NEXT_DAY)

    @pytest.mark.usefixtures("built")
    @pytest.mark.parametrize("change", ["delivered_on = NULL", "delivered_on = '2027-01-01'", "served_by_id = NULL"])
    def test_the_day_of_receipt_is_never_changed_afterwards(self, change: str) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE scoring_notice SET {change}")

    def test_an_appeal_on_paper_is_entered_with_its_day_and_by_whom(self, place: Office, notice: Notice) -> None:
        colleague = factories.user(Role.MANAGER, at=place.centre, of=factories.lawyer(place.firm))
        with pytest.raises(NotIndependent):
            key_in_appeal(notice=notice, text="代诉。", received_on=SERVED_ON, person=colleague, now=NEXT_DAY)

        key_in_appeal(notice=notice, text="不服。", received_on=SERVED_ON, person=place.manager, now=NEXT_DAY)

        stored = Appeal.objects.get()
        assert (stored.text, stored.received_on, stored.lodged_by) == ("不服。", SERVED_ON, place.manager)
        assert Entry.objects.get(action="scoring.appeal_keyed_in").actor_label == str(place.manager)
        assert Notification.objects.filter(user=place.supervisor).exists()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE scoring_appeal SET received_on = NULL")

    def test_what_came_in_time_counts_as_in_time_whenever_it_is_typed_and_what_came_after_does_not(
        self, place: Office, notice: Notice
    ) -> None:
        much_later = NEXT_DAY + timedelta(days=30)

        with pytest.raises(AppealTooLate):
            key_in_appeal(
                notice=notice, text="不服。", received_on=date(2026, 12, 31), person=place.manager, now=much_later
            )

        appeal = key_in_appeal(
            notice=notice, text="不服。", received_on=TEN_AFTER, person=place.manager, now=much_later
        )
        assert appeal.due_on == date(2027, 1, 20)  # fifteen working days from its receipt

    @pytest.mark.parametrize("day", [SERVED_ON - timedelta(days=1), SERVED_ON + timedelta(days=1), None])
    def test_the_appeal_came_after_the_paper_and_not_after_today(
        self, place: Office, notice: Notice, day: date | None
    ) -> None:
        with pytest.raises(InvalidInput) as refused:
            key_in_appeal(notice=notice, text="不服。", received_on=day, person=place.manager, now=NEXT_DAY)

        assert refused.value.field == "received_on"

    def test_an_account_opened_after_the_paper_appeals_there_within_the_same_days(self, notice: Notice) -> None:
        own = factories.user(Role.LAWYER, of=notice.lawyer)

        assert deliver_to_new_accounts(now=NEXT_DAY) == 0
        with pytest.raises(AppealTooLate):
            lodge_appeal(notice=notice, person=own, text="不服。", now=NEXT_DAY + timedelta(days=15))
        assert lodge_appeal(notice=notice, person=own, text="不服。", now=NEXT_DAY).received_on is None
