"""Shells round the sweeps. Each is idempotent and may run twice at once: rows are the queue."""

import time

from celery import shared_task
from django.utils import timezone

from surveys import pacing, services

DELIVER_SECONDS = 20


@shared_task(name="surveys.act_on_forms")
def act_on_forms() -> None:
    services.act_on_forms(now=timezone.now())


@shared_task(name="surveys.catch_up")
def catch_up(*, deep: bool = False) -> None:
    services.catch_up(deep=deep, now=timezone.now())


@shared_task(name="surveys.blank_at_provider")
def blank_at_provider() -> None:
    services.blank_at_provider(now=timezone.now())


@shared_task(name="surveys.invite")
def invite() -> None:
    services.invite_due(now=timezone.now())


@shared_task(name="surveys.invite_mid_case")
def invite_mid_case() -> None:
    """Give way to the follow-up after closing first; then ask those whose case runs."""
    services.give_up_overtaken(now=timezone.now())
    services.invite_mid_case(now=timezone.now())


@shared_task(name="surveys.deliver")
def deliver() -> None:
    """Send what waits, for a while; the next sweep goes on."""
    began = time.monotonic()
    size, ends = pacing.FIRST_GROUP, began + DELIVER_SECONDS
    while began < ends:
        group = services.deliver(most=size, now=timezone.now())
        if group.halted or not (group.deliveries or group.wait):
            return
        size = pacing.next_group(size, seconds=time.monotonic() - began)
        time.sleep(group.wait)
        began = time.monotonic()


@shared_task(name="surveys.resume_held")
def resume_held() -> None:
    services.resume_held(now=timezone.now())


@shared_task(name="surveys.watch_sending")
def watch_sending() -> None:
    services.watch_sending(now=timezone.now())


@shared_task(name="surveys.register_findings")
def register_findings() -> None:
    services.register_findings(now=timezone.now())


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


@shared_task(name="surveys.ask_organs")
def ask_organs() -> None:
    services.ask_organs(now=timezone.now())


@shared_task(name="surveys.remind_organs")
def remind_organs() -> None:
    services.remind_organs(now=timezone.now())


@shared_task(name="surveys.follow_mails")
def follow_mails() -> None:
    services.follow_mails(now=timezone.now())
