"""Writing what people are told; sweeps send it. Nothing here waits on a network but the two `deliver` functions."""

from qa_service.notifications.services.mails import deliver_mails, queue_mail
from qa_service.notifications.services.notices import (
    deliver_mail,
    mail_is_sent,
    mark_read,
    notify,
    notify_each,
    rendered,
    settle_notices,
)

__all__ = [
    "deliver_mail",
    "deliver_mails",
    "mail_is_sent",
    "mark_read",
    "notify",
    "notify_each",
    "queue_mail",
    "rendered",
    "settle_notices",
]
