from typing import Any

from celery import shared_task
from django.utils import timezone

from qa_service.notifications.services import deliver_mail, deliver_mails


@shared_task(name="notifications.deliver")
def deliver(**_: Any) -> None:
    deliver_mail(now=timezone.now())


@shared_task(name="notifications.deliver_mails")
def deliver_to_organs(**_: Any) -> None:
    deliver_mails(now=timezone.now())
