"""The worker's share: what is over is erased each night, in the hours after midnight where the centre is."""

import time

from celery import shared_task
from django.utils import timezone

from qa_service.privacy.services import apply_retention as erase_a_batch

SWEEP_SECONDS = 120


@shared_task(name="privacy.apply_retention")
def apply_retention() -> None:
    """Batch after batch for a while; the next wake-up goes on."""
    ends = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends:
        if erase_a_batch(now=timezone.now()) is None:
            return
