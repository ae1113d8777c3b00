"""Writing notices; a sweep mails them."""

import smtplib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.notifications.models import Notification

MAIL_ATTEMPTS = 5
MAIL_BATCH = 100
MAIL_WITHIN = timedelta(days=2)


@transaction.atomic
def notify(
    *, users: Iterable[User], text: str, params: dict[str, Any] | None = None, url: str = "", now: datetime
) -> int:
    """Tell people something. `text` is an English msgid marked with `gettext_noop`, with named `%(x)s` placeholders.

    Never put a client's name, number or words into `params`. Returns how many were written.
    """
    rows = [Notification(user=user, text=text, params=params or {}, url=url, created_at=now) for user in users]
    Notification.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def mark_read(*, user: User, now: datetime) -> int:
    return Notification.objects.filter(user=user, read_at=None).update(read_at=now)


def rendered(notification: Notification) -> str:
    """The sentence in the current language."""
    return _(notification.text) % notification.params if notification.params else _(notification.text)


def deliver_mail(*, now: datetime) -> int:
    """Mail what was not mailed yet: each row is claimed before it is sent, and given up after five refusals."""
    waiting = Notification.objects.filter(
        mailed_at=None, mail_attempts__lt=MAIL_ATTEMPTS, created_at__gte=now - MAIL_WITHIN
    ).exclude(user__email="")
    sent = 0
    for notification in waiting.select_related("user").order_by("created_at")[:MAIL_BATCH]:
        claimed = Notification.objects.filter(
            pk=notification.pk, mailed_at=None, mail_attempts=notification.mail_attempts
        ).update(mailed_at=now, mail_attempts=F("mail_attempts") + 1)
        if claimed and _mailed(notification):
            sent += 1
    return sent


def _mailed(notification: Notification) -> bool:
    with translation.override(notification.user.language):
        subject, body = str(_("Work waits for you")), rendered(notification)
    try:
        send_mail(subject, body, None, [notification.user.email])
    except (smtplib.SMTPException, OSError):
        Notification.objects.filter(pk=notification.pk).update(mailed_at=None)
        return False
    return True
