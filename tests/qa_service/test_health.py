from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.checks import run_checks

from qa_service import health, tasks
from qa_service.accounts.enums import Role
from qa_service.models import Heartbeat
from qa_service.organisations.models import CalendarYear
from tests import factories

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_the_life_sign_needs_no_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_the_service_is_not_ready_before_beat_and_a_worker_were_heard_of(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["parts"] == {"database": True, "migrations": True, "background": False}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "years", "warnings"),
    [
        ("2026-09-30", [2026], []),
        ("2026-10-01", [2026], ["calendar_2027_missing"]),
        ("2026-10-01", [2026, 2027], []),
        ("2026-03-01", [2027], ["calendar_2026_missing"]),
    ],
)
def test_a_calendar_that_will_not_reach_far_enough_is_a_warning_everywhere(client, day, years, warnings):
    centre = factories.centre()
    CalendarYear.objects.all().delete()
    CalendarYear.objects.bulk_create(CalendarYear(year=year) for year in years)
    client.force_login(factories.user(Role.OPERATOR, at=centre), backend="django.contrib.auth.backends.ModelBackend")

    with time_machine.travel(f"{day}T04:00:00Z", tick=False):
        health = client.get("/readyz").json()["warnings"]
        found = [message.id for message in run_checks(tags=["database"], databases=["default"])]
        home = client.get("/").content.decode()

    assert health == warnings
    assert found == ["shell.W002"] * len(warnings)
    assert ("import_calendar" in home) is bool(warnings)


@pytest.mark.django_db
def test_several_offices_without_a_number_for_a_wrong_code_are_warned_of(settings):
    found = []
    for office_phone, given in (("0739-5550100", ""), ("0739-5550200", ""), ("0739-5550200", "0739-5550199")):
        factories.centre(settings={"office_phone": office_phone})
        settings.PUBLIC_HELP_PHONE = given
        found.append([message.id for message in run_checks(tags=["database"], databases=["default"])])

    assert found == [[], ["shell.W003"], []]


@pytest.mark.django_db
def test_it_is_ready_after_a_heartbeat_and_no_longer_a_minute_later(client):
    with time_machine.travel(NOW, tick=False) as clock:
        tasks.heartbeat()
        fresh = client.get("/readyz")
        clock.move_to(NOW + timedelta(seconds=61))
        stale = client.get("/readyz")

    assert fresh.status_code == 200
    assert stale.status_code == 503


@pytest.mark.django_db
def test_heartbeats_keep_one_row():
    health.note_heartbeat(now=NOW)
    health.note_heartbeat(now=NOW + timedelta(seconds=15))

    assert [row.beat_at for row in Heartbeat.objects.all()] == [NOW + timedelta(seconds=15)]
