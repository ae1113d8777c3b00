"""At the turn of the year the next year's notice of holidays may be missing: people go on, and no day is guessed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.notifications.models import Notification
from qa_service.organisations.models import CalendarYear
from reviews.enums import Anchor, ResultState
from reviews.models import Assignment, CaseReview, Objection, Review, VetoMark
from reviews.queries import waiting_for
from reviews.services.assignments import assign_case
from reviews.services.calendar_gaps import close_calendar_gaps
from reviews.services.objections import lodge_objection
from reviews.services.results import release_with_one_reader
from reviews.services.submission import submit_review
from reviews.services.vetoes import mark_veto
from tests import factories
from tests.reviews.factories import GOOD, account_of, assignment, checklists, manager, marked, released, reviewer

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
IMPORTED = LATE + timedelta(days=3)


@pytest.fixture(autouse=True)
def _late_december() -> Iterator[None]:
    with time_machine.travel(LATE, tick=False):
        yield


def without_next_year() -> Case:
    case = factories.case(factories.centre())
    CalendarYear.objects.filter(year__gt=2026).delete()
    return case


def submitted(row: Assignment, **anchors: Anchor) -> Review:
    review = marked(row, **anchors)
    return submit_review(
        review_id=review.public_id, version=review.version, user=User.objects.get(pk=row.reviewer_id), now=LATE
    )


def current(case: Case) -> CaseReview:
    return CaseReview.objects.current().get(case=case)


def told(case: Case) -> int:
    return Notification.objects.filter(user__lawyer=case.lawyer).count()


def test_a_reader_submits_and_the_result_waits_unreleased_for_the_calendar() -> None:
    case = without_next_year()
    account_of(case.lawyer)

    submitted(assignment(case, reviewer(case.centre)), **GOOD)

    result = current(case)
    assert (result.state, result.released_at, result.objection_until) == (ResultState.NO_CALENDAR, None, None)
    assert told(case) == 0


def test_managers_are_told_what_waits_and_why() -> None:
    case = without_next_year()
    account_of(case.lawyer)
    submitted(assignment(case, reviewer(case.centre)), **GOOD)

    with translation.override("en"):
        (block,) = [each for each in waiting_for(manager(case.centre), LATE) if "calendar" in str(each.title)]
        assert (block.count, "operator imports the official notice" in str(block.detail)) == (1, True)


def test_when_the_calendar_is_there_the_result_is_released_with_its_whole_period() -> None:
    case = without_next_year()
    account_of(case.lawyer)
    submitted(assignment(case, reviewer(case.centre)), **GOOD)
    assert close_calendar_gaps(now=IMPORTED) == 0
    CalendarYear.objects.create(year=2027)

    assert [close_calendar_gaps(now=IMPORTED), close_calendar_gaps(now=IMPORTED)] == [1, 0]

    result = current(case)
    assert (result.state, result.released_at) == (ResultState.RELEASED, IMPORTED)
    assert result.objection_until == date(2027, 1, 14)
    assert told(case) == 1


def test_what_a_manager_let_through_is_not_held_up_again() -> None:
    case = without_next_year()
    account_of(case.lawyer)
    submitted(assignment(case, reviewer(case.centre)))  # excellent by one reader
    release_with_one_reader(case=case, reason="县内无第二名评查员", user=manager(case.centre), now=LATE)
    assert current(case).state == ResultState.NO_CALENDAR
    CalendarYear.objects.create(year=2027)

    assert close_calendar_gaps(now=IMPORTED) == 1
    assert current(case).state == ResultState.RELEASED


def test_a_veto_is_put_to_the_lawyer_and_gets_its_last_day_later(client) -> None:
    case = without_next_year()
    row = assignment(case, reviewer(case.centre))
    reader = User.objects.get(pk=row.reviewer_id)
    mark_veto(review_id=row.review.public_id, code="V9", statement="无代理词", page="目录", user=reader, now=LATE)
    submitted(row, **GOOD)
    client.force_login(account_of(case.lawyer))
    assert "工作日历导入后" in client.get(reverse("reviews:results")).content.decode()
    client.force_login(manager(case.centre))
    assert "工作日历导入后" in client.get(reverse("reviews:vetoes")).content.decode()
    CalendarYear.objects.create(year=2027)

    assert close_calendar_gaps(now=IMPORTED) == 1
    assert VetoMark.objects.get().answer_due_on == date(2027, 1, 7)


def test_a_lawyer_objects_and_the_centres_term_is_counted_from_that_day_later(client) -> None:
    case = factories.case(factories.centre())
    result, lawyer = released(case, **GOOD), account_of(case.lawyer)
    CalendarYear.objects.all().delete()

    objection = lodge_objection(
        result=result, items=["C2"], statement="有书面意见", user=lawyer, now=datetime(2026, 12, 4, 2, 0, tzinfo=UTC)
    )

    assert objection.decide_by is None
    client.force_login(manager(case.centre))
    page = client.get(reverse("reviews:objection", args=[objection.public_id])).content.decode()
    assert "工作日历导入后" in page
    assert client.get(reverse("reviews:objections")).status_code == 200
    CalendarYear.objects.create(year=2026)
    assert close_calendar_gaps(now=LATE) == 1
    assert Objection.objects.get().decide_by == date(2026, 12, 25)


def test_files_are_given_out_and_readers_get_their_day_later() -> None:
    case = without_next_year()
    checklists()
    row = assign_case(case=case, reviewer=reviewer(case.centre), user=manager(case.centre), now=LATE)
    assert row.due_on is None
    CalendarYear.objects.create(year=2027)

    assert [close_calendar_gaps(now=IMPORTED), close_calendar_gaps(now=IMPORTED)] == [1, 0]
    assert Assignment.objects.get().due_on == date(2027, 1, 11)  # ten working days from the day it was given out


def test_the_time_to_object_ends_with_the_day_of_the_centre() -> None:
    case = factories.case(factories.centre(settings={"time_zone": "Europe/London"}))
    result, lawyer = released(case, **GOOD), account_of(case.lawyer)
    last = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)  # already the 5th in Shanghai

    assert result.objection_until == date(2026, 12, 4)
    with time_machine.travel(last, tick=False):
        assert any("results" in str(block.url) for block in waiting_for(lawyer, last))
        lodge_objection(result=result, items=["C2"], statement="有书面意见", user=lawyer, now=last)
