"""The worker's share: what is over is erased each night, and what persons asked for is carried to its end."""

import time

from celery import shared_task
from django.utils import timezone

from qa_service.privacy import services

SWEEP_SECONDS = 120


@shared_task(name="privacy.apply_retention")
def apply_retention() -> None:
    """Batch after batch for a while; the next wake-up goes on."""
    ends = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends:
        if services.apply_retention(now=timezone.now()) is None:
            return


@shared_task(name="privacy.tend_requests")
def tend_requests() -> None:
    """What persons asked to have erased and had to wait goes; days that a missing calendar left open are set."""
    services.tend_requests(now=timezone.now())
