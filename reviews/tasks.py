from celery import shared_task
from django.utils import timezone

from reviews.services.assignments import nudge_late as nudge_late_readers
from reviews.services.calendar_gaps import close_calendar_gaps as close_gaps


@shared_task(name="reviews.nudge_late")
def nudge_late() -> int:
    return nudge_late_readers(now=timezone.now())


@shared_task(name="reviews.close_gaps")
def close_calendar_gaps() -> int:
    return close_gaps(now=timezone.now())
