from celery import shared_task
from django.utils import timezone

from reviews.services.assignments import nudge_late as nudge_late_readers
from reviews.services.assignments import remind_of_due
from reviews.services.calendar_gaps import close_calendar_gaps as close_gaps
from reviews.services.returns import take_back_from_who_left
from reviews.services.telling import begin_anew_for_new_lawyers, tell_who_has_an_account_now
from reviews.services.telling_vetoes import hear_new_lawyers


@shared_task(name="reviews.nudge_late")
def nudge_late() -> int:
    now = timezone.now()
    return remind_of_due(now=now) + nudge_late_readers(now=now)


@shared_task(name="reviews.take_back")
def take_back() -> int:
    return take_back_from_who_left(now=timezone.now())


@shared_task(name="reviews.close_gaps")
def close_calendar_gaps() -> int:
    return close_gaps(now=timezone.now())


@shared_task(name="reviews.tell_lawyers")
def tell_lawyers() -> int:
    now = timezone.now()
    return begin_anew_for_new_lawyers(now=now) + hear_new_lawyers(now=now) + tell_who_has_an_account_now(now=now)
