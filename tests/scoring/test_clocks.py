"""The centre's own time limits stand beside the lawyers', and touch nobody's score."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.cases.models import Case
from qa_service.cases.queries import ClosedCases
from qa_service.organisations.models import CentreSettings, Organisation
from scoring.enums import YearClock
from scoring.figures.clocks import Run, clock_line
from scoring.queries.clocks import clocks_of
from tests import factories
from tests.factories import NOW
from tests.reviews import accepting
from tests.surveys.faces.test_recovery_pages import complaint
from tests.surveys.recovering import office

TODAY = NOW.date()
A_DAY = timedelta(days=1)


def day(number: int) -> date:
    return TODAY + number * A_DAY


@pytest.mark.parametrize(
    ("run", "counted"),
    [
        (Run(day(-9), day(-2), day(-2)), "in time"),
        (Run(day(-9), day(-2), day(-1)), "late"),
        (Run(day(-9), day(-1), None), "overdue"),
        (Run(day(-9), day(0), None), "running"),
        (Run(None, day(0), day(0)), "untold"),
        (Run(day(-9), None, day(0)), "untold"),
        (Run(day(-1), day(3), day(-2)), "untold"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_a_clock_is_kept_on_its_day_and_missed_on_the_next(run: Run, counted: str) -> None:
    line = clock_line([run], today=TODAY)

    found = {
        "in time": line.in_time.part,
        "late": line.late,
        "overdue": line.overdue,
        "running": line.running,
        "untold": line.untold,
    }
    assert {name for name, count in found.items() if count} == {counted}
    assert line.in_time.whole == (counted in {"in time", "late", "overdue"})


def test_the_days_taken_are_the_median_of_what_has_ended() -> None:
    ended = [Run(day(-9), day(0), day(last)) for last in (-8, -5)]
    line = clock_line([*ended, Run(day(-9), day(0), None)], today=TODAY)

    assert line.days == Decimal("2.5")
    assert clock_line([], today=TODAY).days is None


def boss_of(centre: Organisation, role: Role = Role.MANAGER) -> User:
    return factories.user(role, at=centre)


def found(user: User, centre: Organisation) -> dict[YearClock, tuple[int, int, int, int, int]]:
    lines = clocks_of(user, centre, ClosedCases(centre_id=centre.pk), today=TODAY)
    return {
        clock: (line.in_time.part, line.late, line.overdue, line.running, line.untold) for clock, line in lines.items()
    }


def closed(centre: Organisation, **days: int) -> Case:
    return factories.case(centre, **{name: day(count) for name, count in days.items()})


@pytest.mark.django_db
def test_decision_and_assignment_run_one_after_the_other_and_together_where_the_former_is_not_known() -> None:
    centre = factories.centre()
    closed(centre, accepted_on=-60, decided_on=-53, assigned_on=-50, closed_on=-9)
    closed(centre, accepted_on=-60, decided_on=-52, assigned_on=-48, closed_on=-9)
    closed(centre, accepted_on=-60, assigned_on=-50, closed_on=-9)
    closed(centre, accepted_on=-60, assigned_on=-49, closed_on=-9)

    lines = found(boss_of(centre), centre)
    CentreSettings.objects.filter(centre=centre).update(decision_limit_days=6)
    centre.refresh_from_db()
    stricter = found(boss_of(centre), centre)

    assert (lines[YearClock.DECISION], lines[YearClock.ASSIGNMENT]) == ((1, 1, 0, 0, 2), (2, 2, 0, 0, 0))
    assert (stricter[YearClock.DECISION], stricter[YearClock.ASSIGNMENT]) == ((0, 2, 0, 0, 2), (1, 3, 0, 0, 0))


@pytest.mark.django_db
def test_the_desk_is_timed_from_each_time_that_a_file_came_and_payment_from_its_acceptance() -> None:
    case = accepting.accepted()
    centre = case.centre
    accepting.returned(accepting.waiting_case(centre))
    accepting.received(accepting.waiting_case(centre), on=TODAY - 9 * A_DAY)
    Case.objects.filter(pk=case.pk).update(subsidy_paid_on=day(31))

    lines = found(boss_of(centre), centre)

    assert lines[YearClock.FILE_CHECK] == (2, 0, 1, 0, 0), "accepted, sent back, waiting too long"
    assert lines[YearClock.SUBSIDY] == (0, 1, 0, 0, 0)
    assert lines[YearClock.FILING][:3] == (3, 0, 0)


@pytest.mark.django_db
def test_complaints_are_counted_for_who_may_read_them() -> None:
    place = office()
    complaint(place)
    lines = found(place.supervisor, place.centre)
    below = found(boss_of(place.centre), place.centre)

    assert lines[YearClock.COMPLAINT_ACCEPT] == (0, 0, 0, 1, 0)
    assert below[YearClock.COMPLAINT_ACCEPT] == (0, 0, 0, 0, 0), "the bureau has not given it to the centre"


@pytest.mark.django_db
def test_page_file_and_programs_say_the_same_and_reach_no_further() -> None:
    centre, other = factories.centre(), factories.centre()
    closed(centre, accepted_on=-60, decided_on=-53, assigned_on=-49, closed_on=-9)
    browser, program, stranger = Browser(), APIClient(), Browser()
    browser.force_login(boss_of(centre))
    program.force_authenticate(boss_of(centre))
    stranger.force_login(boss_of(other))
    with time_machine.travel(NOW, tick=False):
        page = browser.get(reverse("scoring:clocks")).content.decode()
        file = browser.get(reverse("scoring:clocks-csv")).content.decode("utf-8-sig")
        told = program.get(reverse("api-clocks")).json()
        refused = [stranger.get(reverse(name), {"centre": centre.code}).status_code
                   for name in ("scoring:clocks", "scoring:clocks-csv", "api-clocks")]  # fmt: skip
        odd = browser.get(reverse("scoring:clocks"), {"period": "2026-Q9"}).status_code

    assignment = next(each for each in told["clocks"] if each["clock"] == "assignment")
    assert (assignment["due"], assignment["in_time"], assignment["late"], assignment["days"]) == (1, 0, 1, "4.0")
    row = next(row for row in csv.reader(io.StringIO(file)) if row[0] == str(YearClock.ASSIGNMENT.label))
    assert row[2:6] == ["1", "0", "0.0", "1"]
    assert "守时最差" in page
    assert "1件中0件（0.0%）" in page
    assert (refused, odd) == ([404, 404, 404], 404)


@pytest.mark.django_db
def test_the_number_of_queries_does_not_grow_with_the_cases() -> None:
    case = accepting.accepted()
    centre, boss = case.centre, boss_of(case.centre)
    with CaptureQueriesContext(
        connection,
    ) as one:
        found(boss, centre)
    for _each in range(3):
        accepting.accepted(accepting.waiting_case(centre))
    with CaptureQueriesContext(connection) as many:
        found(boss, centre)

    assert len(many) <= len(one) <= 8
