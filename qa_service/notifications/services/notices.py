"""Writing notices; a sweep mails them."""

import logging
import smtplib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from qa_service.accounts.models import User
from qa_service.notifications.models import Notification
from qa_service.notifications.queries import shown_notifications

log = logging.getLogger(__name__)

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
def notify_each(*, params: Mapping[int, dict[str, Any]], text: str, url: str = "", now: datetime) -> int:
    """The same sentence to each person, by user id, with their own parameters: one statement for all."""
    rows = [
        Notification(user_id=user_id, text=text, params=own, url=url, created_at=now) for user_id, own in params.items()
    ]
    Notification.objects.bulk_create(rows)
    return len(rows)


@transaction.atomic
def mark_read(*, user: User, now: datetime, until: datetime | None = None, like: UUID | None = None) -> int:
    """Mark as read what the home showed at `until`; where `like` is given, the sentence of that notice alone.

    What came since, or stood too far down to be shown, stays unread. Returns how many were marked.
    """
    shown = shown_notifications(user, until=until or now)
    if like is not None:
        shown = shown.filter(text__in=Notification.objects.filter(user=user, public_id=like).values("text"))
    read = list(shown.values_list("pk", flat=True))
    return Notification.objects.filter(pk__in=read, read_at=None).update(read_at=now)


@transaction.atomic
def settle_notices(*, users: Iterable[User], texts: Iterable[str], of: str, now: datetime) -> int:
    """What they asked for is done, by whomever: they leave the homes as if read. Returns how many.

    :param of: what `params` were given as `of` when it was told.
    """
    waiting = Notification.objects.filter(user__in=users, read_at=None, text__in=list(texts), params__of=of)
    return waiting.update(read_at=now)


def rendered(notification: Notification) -> str:
    """The sentence in the current language."""
    return _(notification.text) % notification.params if notification.params else _(notification.text)


def mail_is_sent() -> bool:
    """Whether a mail server is set; without one every notice stays in the service and none counts as mailed."""
    return bool(settings.EMAIL_HOST)


def deliver_mail(*, now: datetime) -> int:
    """Mail what was neither mailed nor read nor settled yet.

    Each row is claimed before it is sent, and given up after five refusals.
    """
    if not mail_is_sent():
        return 0
    waiting = Notification.objects.filter(
        mailed_at=None,
        read_at=None,
        mail_attempts__lt=MAIL_ATTEMPTS,
        created_at__gte=now - MAIL_WITHIN,
        user__is_active=True,
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
    if notification.url:
        body = f"{body}\n\n{settings.PUBLIC_BASE_URL}{notification.url}"
    try:
        send_mail(subject, body, None, [notification.user.email])
    except (smtplib.SMTPException, OSError) as refused:
        Notification.objects.filter(pk=notification.pk).update(mailed_at=None)
        log.warning(
            "notification %s not mailed at attempt %s: %s",
            notification.pk, notification.mail_attempts + 1, type(refused).__name__,
        )  # fmt: skip
        return False
    return True
