from celery import shared_task
from django.utils import timezone

from reviews.services.assignments import nudge_late as nudge_late_readers


@shared_task(name="reviews.nudge_late")
def nudge_late() -> int:
    return nudge_late_readers(now=timezone.now())
