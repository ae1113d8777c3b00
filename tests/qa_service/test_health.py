from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from qa_service import health, tasks
from qa_service.models import Heartbeat

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_the_life_sign_needs_no_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_the_service_is_not_ready_before_beat_and_a_worker_were_heard_of(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "parts": {"database": True, "migrations": True, "background": False},
    }


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
