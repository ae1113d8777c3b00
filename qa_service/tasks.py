"""The life sign of beat and worker together: beat asks for it, a worker writes it, `/readyz` reads it.

And what the demo makes once it runs.
"""

from celery import shared_task
from django.utils import timezone

from qa_service import demo, health


@shared_task(name="shell.heartbeat")
def heartbeat() -> None:
    health.note_heartbeat(now=timezone.now())


@shared_task(name="shell.show_demo_scans")
def show_demo_scans() -> int:
    return demo.show_scanned_files(now=timezone.now())
