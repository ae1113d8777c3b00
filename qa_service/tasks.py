"""The life sign of beat and worker together: beat asks for it, a worker writes it, `/readyz` reads it."""

from celery import shared_task
from django.utils import timezone

from qa_service import health


@shared_task(name="shell.heartbeat")
def heartbeat() -> None:
    health.note_heartbeat(now=timezone.now())
