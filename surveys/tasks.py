"""Shells round the sweeps. Each is idempotent and may run twice at once: rows are the queue."""

import time

from celery import shared_task
from django.utils import timezone

from surveys import services

DELIVER_SECONDS = 20


@shared_task(name="surveys.catch_up")
def catch_up(*, deep: bool = False) -> None:
    services.catch_up(deep=deep, now=timezone.now())


@shared_task(name="surveys.invite")
def invite() -> None:
    services.invite_due(now=timezone.now())


@shared_task(name="surveys.deliver")
def deliver() -> None:
    """Send what waits, for a while; the next sweep goes on."""
    ends = time.monotonic() + DELIVER_SECONDS
    while time.monotonic() < ends:
        delivery = services.deliver_next(now=timezone.now())
        if delivery is None or delivery.halted:
            return


@shared_task(name="surveys.remind")
def remind() -> None:
    services.remind(now=timezone.now())


@shared_task(name="surveys.lapse")
def lapse() -> None:
    services.lapse(now=timezone.now())


@shared_task(name="surveys.expire")
def expire() -> None:
    services.expire(now=timezone.now())


@shared_task(name="surveys.reconcile")
def reconcile() -> None:
    services.reconcile_unknown(now=timezone.now())


@shared_task(name="surveys.watch_clocks")
def watch_clocks() -> None:
    """Give late days to whoever is above; days that a missing calendar left open are filled in first."""
    services.fill_clocks()
    services.escalate(now=timezone.now())
