"""A lawyer without an account is told of a result on paper; before that no time to object has begun."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.audit.models import Entry
from qa_service.cases.models import Case
from qa_service.common.errors import InvalidInput
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear
from reviews.models import CaseReview, Objection
from reviews.queries import waiting_for
from reviews.services.assignments import NotTheirsToGive
from reviews.services.calendar_gaps import close_calendar_gaps
from reviews.services.marks import MarkEntry
from reviews.services.objections import (
    NotServedOnPaper,
    ObjectionTooLate,
    Ruling,
    decide_objection,
    key_in_objection,
    lodge_objection,
)
from reviews.services.telling import (
    NotToServe,
    begin_anew_for_new_lawyers,
    serve_result,
    tell_who_has_an_account_now,
)
from tests import factories
from tests.factories import NOW
from tests.reviews.factories import GOOD, account_of, manager, released

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate(NOW)  # a Friday
MONDAY = NOW + timedelta(days=3)
TEN_AFTER_MONDAY = date(2026, 12, 7)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def unseen() -> CaseReview:
    return released(factories.case(factories.centre()), reads=False, **GOOD)


def served() -> tuple[CaseReview, User]:
    result = unseen()
    person = manager(result.case.centre)
    return serve_result(result=result, served_on=MONDAY.date(), user=person, now=MONDAY), person


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def home_of(person: User) -> list[str]:
    return [str(block.url) for block in waiting_for(person, MONDAY)]


def test_a_result_nobody_was_told_of_has_no_day_on_which_its_time_to_object_ends() -> None:
    result = unseen()

    assert (result.state, result.objection_until, result.told) == ("released", None, False)
    assert reverse("reviews:to-tell") in home_of(manager(result.case.centre))


def test_an_account_for_another_role_alone_is_no_place_to_read_results() -> None:
    case = factories.case(factories.centre())
    factories.user(Role.REVIEWER, at=case.centre, of=case.lawyer)

    assert released(case, reads=False, **GOOD).objection_until is None


def test_the_ten_working_days_count_from_the_day_of_receipt() -> None:
    result, person = served()

    stored = CaseReview.objects.get(pk=result.pk)
    assert (stored.served_on, stored.served_by, stored.objection_until) == (MONDAY.date(), person, TEN_AFTER_MONDAY)
    assert Entry.objects.get(action="reviews.result_served").actor_label == str(person)
    assert reverse("reviews:to-tell") not in home_of(person)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), MONDAY.date() + timedelta(days=1), None])
def test_the_day_of_receipt_lies_between_the_release_and_today(day: date | None) -> None:
    result = unseen()

    with pytest.raises(InvalidInput) as refused:
        serve_result(result=result, served_on=day, user=manager(result.case.centre), now=MONDAY)

    assert (refused.value.field, CaseReview.objects.get(pk=result.pk).told) == ("served_on", False)


def test_who_was_told_on_their_home_is_not_served_and_nobody_twice() -> None:
    told = released(factories.case(factories.centre()), **GOOD)
    result, person = served()

    for each, by in ((told, manager(told.case.centre)), (result, person)):
        with pytest.raises(NotToServe):
            serve_result(result=each, served_on=MONDAY.date(), user=by, now=MONDAY)


def test_who_has_a_tie_to_the_lawyer_does_not_say_that_the_paper_was_handed_over() -> None:
    result = unseen()
    colleague = factories.user(Role.MANAGER, at=result.case.centre, of=factories.lawyer(result.case.firm))

    with pytest.raises(NotTheirsToGive):
        serve_result(result=result, served_on=MONDAY.date(), user=colleague, now=MONDAY)


@pytest.mark.parametrize("change", ["served_on = NULL", "objection_until = '2027-01-01'", "served_by_id = NULL"])
def test_the_day_of_receipt_and_the_last_day_are_never_changed_afterwards(change: str) -> None:
    served()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reviews_casereview SET {change}")


def test_what_was_told_on_a_home_cannot_be_said_to_have_been_served() -> None:
    released(factories.case(factories.centre()), **GOOD)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_casereview SET served_on = '2026-11-20', served_by_id = 1")


def test_an_objection_on_paper_is_entered_with_its_day_and_by_whom_and_decided_like_any_other() -> None:
    result, person = served()

    objection = key_in_objection(
        result=result, items=["C2"], statement="有书面意见。", received_on=MONDAY.date(), user=person, now=MONDAY
    )
    decider = manager(result.case.centre)
    rulings = [Ruling("C2", upheld=False)]
    decide_objection(objection=objection, rulings=rulings, answer="意见未附卷。", user=decider, now=MONDAY)

    stored = Objection.objects.get()
    assert (stored.lodged_by, stored.received_on, stored.state) == (person, MONDAY.date(), "decided")
    assert Entry.objects.get(action="reviews.objection_keyed_in").actor_label == str(person)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reviews_objection SET statement = 'x'")


def test_what_came_in_time_counts_as_in_time_whenever_it_is_typed() -> None:
    result, person = served()
    after = MONDAY + timedelta(days=21)

    objection = key_in_objection(
        result=result, items=["C2"], statement="有书面意见。", received_on=TEN_AFTER_MONDAY, user=person, now=after
    )

    assert objection.decide_by == date(2026, 12, 28)  # fifteen working days from its receipt


@pytest.mark.parametrize("days", [1, 2])
def test_what_came_after_the_tenth_working_day_is_too_late(days: int) -> None:
    result, person = served()

    with pytest.raises(ObjectionTooLate):
        key_in_objection(
            result=result,
            items=["C2"],
            statement="有书面意见。",
            received_on=TEN_AFTER_MONDAY + timedelta(days=days),
            user=person,
            now=MONDAY + timedelta(days=30),
        )


def test_nobody_objects_for_a_lawyer_who_was_told_on_their_home() -> None:
    result = released(factories.case(factories.centre()), **GOOD)
    person = manager(result.case.centre)

    with pytest.raises(NotServedOnPaper):
        key_in_objection(
            result=result, items=["C2"], statement="代提。", received_on=MONDAY.date(), user=person, now=MONDAY
        )


def test_the_paper_of_a_lawyer_whose_account_was_closed_since_is_taken() -> None:
    result = released(factories.case(factories.centre()), **GOOD)
    User.objects.filter(lawyer=result.case.lawyer).update(is_active=False)
    person = manager(result.case.centre)
    page = browser(person).get(reverse("reviews:result", args=[result.public_id])).content.decode()

    def key_in(day: date) -> Objection:
        return key_in_objection(
            result=result, items=["C2"], statement="有书面意见。", received_on=day, user=person, now=MONDAY
        )

    with pytest.raises(InvalidInput):
        key_in(TODAY - timedelta(days=1))
    key_in(MONDAY.date())

    assert 'name="received_on"' in page
    assert "账号此后已关闭" in page
    assert Objection.objects.get().received_on == MONDAY.date()


def test_who_has_a_tie_to_the_lawyer_does_not_enter_their_objection() -> None:
    result, _person = served()
    colleague = factories.user(Role.MANAGER, at=result.case.centre, of=factories.lawyer(result.case.firm))

    with pytest.raises(NotTheirsToGive):
        key_in_objection(
            result=result, items=["C2"], statement="有。", received_on=MONDAY.date(), user=colleague, now=MONDAY
        )


def test_who_has_an_account_by_now_is_not_served_on_paper() -> None:
    result = unseen()
    account_of(result.case.lawyer)

    with pytest.raises(NotToServe):
        serve_result(result=result, served_on=MONDAY.date(), user=manager(result.case.centre), now=MONDAY)


def test_an_account_opened_later_is_told_and_the_time_begins_with_that() -> None:
    result = unseen()
    assert tell_who_has_an_account_now(now=MONDAY) == 0
    own = account_of(result.case.lawyer)

    assert [tell_who_has_an_account_now(now=MONDAY), tell_who_has_an_account_now(now=MONDAY)] == [1, 0]

    assert CaseReview.objects.get(pk=result.pk).objection_until == TEN_AFTER_MONDAY
    assert Notification.objects.filter(user=own).count() == 1


def test_an_account_opened_after_the_paper_opens_no_second_period_and_they_may_object_there() -> None:
    result, _person = served()
    own = account_of(result.case.lawyer)

    assert tell_who_has_an_account_now(now=MONDAY + timedelta(days=2)) == 0
    lodge_objection(result=result, items=["C2"], statement="有书面意见。", user=own, now=MONDAY)
    assert CaseReview.objects.get(pk=result.pk).objection_until == TEN_AFTER_MONDAY


def test_a_correction_keeps_the_day_of_receipt() -> None:
    result, person = served()
    objection = key_in_objection(
        result=result, items=["C2"], statement="有。", received_on=MONDAY.date(), user=person, now=MONDAY
    )

    rulings = [Ruling("C2", upheld=True, mark=MarkEntry(item="C2", anchor="full"))]
    decide_objection(
        objection=objection, rulings=rulings, answer="属实。", user=manager(result.case.centre), now=MONDAY
    )

    second = CaseReview.objects.current().get(case=result.case)
    assert (second.version, second.served_on, second.objection_until) == (2, MONDAY.date(), TEN_AFTER_MONDAY)


def test_a_calendar_that_ends_too_early_loses_no_day_of_receipt_and_stops_no_objection() -> None:
    late = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
    result = unseen()
    CalendarYear.objects.filter(year__gt=2026).delete()
    person = manager(result.case.centre)

    with time_machine.travel(late, tick=False):
        told = serve_result(result=result, served_on=late.date(), user=person, now=late)
        assert (told.served_on, told.objection_until) == (late.date(), None)
        CalendarYear.objects.create(year=2027)
        assert close_calendar_gaps(now=late) == 1

    assert CaseReview.objects.get(pk=result.pk).objection_until == date(2027, 1, 11)


def test_the_pages_print_the_paper_take_the_day_and_enter_the_objection() -> None:
    result = unseen()
    person = manager(result.case.centre)
    pages = browser(person)
    of = [result.public_id]

    listed = pages.get(reverse("reviews:to-tell")).content.decode()
    paper = pages.get(reverse("reviews:paper", args=of)).content.decode()
    empty = pages.post(reverse("reviews:serve", args=of))
    future = pages.post(reverse("reviews:serve", args=of), {"served_on": "2099-01-01"})
    pages.post(reverse("reviews:serve", args=of), {"served_on": str(MONDAY.date())})
    shown = pages.get(reverse("reviews:result", args=of)).content.decode()
    typed = {"statement": "有书面意见。", "items": ["C2"]}
    undated = pages.post(reverse("reviews:key-in-objection", args=of), typed)
    pages.post(reverse("reviews:key-in-objection", args=of), typed | {"received_on": str(MONDAY.date())})

    assert result.case.number in listed
    assert ("见第12页" in paper, "10 个工作日" in paper, result.case.client.name in paper) == (True, True, False)
    assert (empty.status_code, future.status_code) == (422, 422)
    assert 'name="received_on"' in shown
    assert (undated.status_code, "有书面意见。" in undated.content.decode()) == (422, True)
    assert Objection.objects.get().statement == "有书面意见。"


def test_the_page_takes_after_the_last_day_what_came_by_it_and_nothing_that_came_later() -> None:
    result, person = served()
    url = reverse("reviews:key-in-objection", args=[result.public_id])
    typed = {"items": ["A1"], "statement": "会见笔录在第12页。"}
    with time_machine.travel(MONDAY + timedelta(days=20), tick=False):
        page = browser(person).get(reverse("reviews:result", args=[result.public_id])).content.decode()
        late = browser(person).post(url, typed | {"received_on": str(TEN_AFTER_MONDAY + timedelta(days=1))})
        in_time = browser(person).post(url, typed | {"received_on": str(TEN_AFTER_MONDAY)})

    assert (url in page, "当日及以前收到的异议" in page) == (True, True)
    assert (late.status_code, in_time.status_code) == (409, 302)
    assert [each.received_on for each in Objection.objects.all()] == [TEN_AFTER_MONDAY]


def test_a_program_enters_the_day_and_the_objection() -> None:
    result = unseen()
    program = browser(manager(result.case.centre))
    service, objections = (
        reverse(name, args=[result.public_id]) for name in ("api-result-service", "api-result-object-on-paper")
    )
    waiting = reverse("api-review-results")
    assert program.get(waiting, {"to_tell": "true"}).json()["results"] != []

    refused = program.post(service, {}, content_type="application/json")
    told = program.post(service, {"served_on": str(MONDAY.date())}, content_type="application/json")
    body = {"items": ["C2"], "statement": "有书面意见。", "received_on": str(MONDAY.date())}
    entered = program.post(objections, body, content_type="application/json")

    assert (refused.status_code, told.status_code, entered.status_code) == (400, 200, 201)
    assert (told.json()["objection_until"], entered.json()["received_on"]) == (
        str(TEN_AFTER_MONDAY),
        str(MONDAY.date()),
    )
    assert program.get(waiting, {"to_tell": "true"}).json()["results"] == []


def test_a_lawyer_of_another_centre_is_not_served_from_here() -> None:
    result = unseen()
    stranger: Case = factories.case(factories.centre())

    answer = browser(manager(stranger.centre)).post(
        reverse("reviews:serve", args=[result.public_id]), {"served_on": str(MONDAY.date())}
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("reads", [True, False], ids=["on a home", "on paper"])
def test_who_took_the_case_over_in_the_register_is_told_and_may_object_too(reads: bool) -> None:
    result = released(factories.case(factories.centre()), **GOOD)
    other = factories.lawyer(result.case.firm)
    Case.objects.filter(pk=result.case_id).update(lawyer=other)
    own = account_of(other) if reads else None
    boss = manager(result.case.centre)

    assert [begin_anew_for_new_lawyers(now=MONDAY), begin_anew_for_new_lawyers(now=MONDAY)] == [1, 0]

    anew = CaseReview.objects.current().get(case=result.case)
    if own is None:
        assert (anew.told, reverse("reviews:to-tell") in home_of(boss)) == (False, True)
        anew = serve_result(result=anew, served_on=MONDAY.date(), user=boss, now=MONDAY)
    else:
        assert Notification.objects.filter(user=own, url=f"/reviews/results/{anew.public_id}").count() == 1
        assert reverse("reviews:results") in home_of(own)
        lodge_objection(result=anew, items=["C2"], statement="有书面意见。", user=own, now=MONDAY)
    assert (anew.told_lawyer, anew.objection_until) == (other, TEN_AFTER_MONDAY)
