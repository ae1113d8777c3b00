"""Is it alive (`/healthz`: the process answers) and is it ready (`/readyz`: it can do its work)?

Neither tells a stranger more than yes or no for each part; reasons are for the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.models import Heartbeat
from qa_service.organisations.queries import calendar_year_wanted

log = logging.getLogger(__name__)

BACKGROUND: Final = "background"
# Beat asks every 15 s; three missed beats and a little patience.
HEARTBEAT_PATIENCE: Final = timedelta(seconds=60)


def note_heartbeat(*, now: datetime) -> None:
    """Say that beat and a worker were alive at `now`."""
    Heartbeat.objects.update_or_create(name=BACKGROUND, defaults={"beat_at": now})


def database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not (stopped_midway(executor.loader) or executor.migration_plan(executor.loader.graph.leaf_nodes()))


def stopped_midway(loader: MigrationLoader) -> bool:
    """Whether some, but not all, of what one migration replaces was applied: the rest of it exists no longer.

    Django takes such a migration out of its plans without a word, as if the app were done.
    """
    replaced = (set(migration.replaces) for migration in loader.replacements.values())
    return any(names & loader.applied_migrations.keys() not in (set(), names) for names in replaced)


def background_alive() -> bool:
    return Heartbeat.objects.filter(name=BACKGROUND, beat_at__gte=timezone.now() - HEARTBEAT_PATIENCE).exists()


CHECKS: Final[dict[str, Callable[[], bool]]] = {
    "database": database_answers,
    "migrations": migrations_applied,
    "background": background_alive,
}


@require_safe
@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 with every part `true`, or 503 with the parts that are not; warnings turn no answer."""
    parts = {name: _passes(name, check) for name, check in CHECKS.items()}
    ready = all(parts.values())
    return JsonResponse({"ready": ready, "parts": parts, "warnings": _warnings()}, status=200 if ready else 503)


def _warnings() -> list[str]:
    """What does no harm yet: the calendar lacks a year that terms in working days will soon need."""
    try:
        year = calendar_year_wanted(today=timezone.localdate())
    except DatabaseError:
        return []
    return [f"calendar_{year}_missing"] if year else []


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        log.exception("readiness check %s failed", name)
        return False
