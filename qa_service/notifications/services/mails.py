"""E-mails to those without an account: claimed, committed, then sent, each once.

The mail server's clear no is told apart from silence after the whole mail went over: the first is tried again or
given up, the second stays unknown for a person, since a second copy would be worse than none.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet

from qa_service.notifications.enums import MailState
from qa_service.notifications.models import Mail

log = logging.getLogger(__name__)

MAILS_A_SWEEP = 100
MOST_ATTEMPTS = 8
FIRST_WAIT = timedelta(minutes=5)
# After that nobody waits for it any more: what it asks goes another way.
TRIED_FOR = timedelta(days=2)
LEASE = timedelta(minutes=10)
PERMANENT = 500  # from here on a reply of the server does not say "later"


def queue_mail(*, to: str, subject: str, body: str, not_before: datetime, now: datetime) -> Mail:
    """Write one e-mail down, inside the caller's transaction. Never a client's name or words."""
    one_line = " ".join(subject.split())
    until = not_before + TRIED_FOR
    return Mail.objects.create(
        to=to, subject=one_line, body=body, not_before=not_before, give_up_at=until, created_at=now
    )


def deliver_mails(*, now: datetime) -> int:
    """Send what is due; returns how many the server took. Safe to run twice at once."""
    # Whoever claimed these never came back: the server may have them or not.
    lost = Mail.objects.filter(state=MailState.SENDING, lease_until__lte=now)
    lost.update(state=MailState.UNKNOWN, lease_until=None, settled_at=now)
    old = Mail.objects.filter(state=MailState.QUEUED, give_up_at__lte=now)
    old.update(state=MailState.REFUSED, settled_at=now)
    if not settings.EMAIL_HOST:
        return 0
    due = Mail.objects.filter(state=MailState.QUEUED, not_before__lte=now).order_by("not_before", "pk")
    sent = 0
    for key in list(due.values_list("pk", flat=True)[:MAILS_A_SWEEP]):
        mail = _claimed(key, now=now)
        if mail is None:
            continue
        state = _send(mail, now=now)
        sent += state is MailState.SENT
        if state is None:
            break
    return sent


def _claimed(key: int, *, now: datetime) -> Mail | None:
    """Ours from here on, and committed; None where another sweep was faster."""
    mail = Mail.objects.get(pk=key)
    free = Mail.objects.filter(pk=key, state=MailState.QUEUED, attempts=mail.attempts)
    mail.attempts += 1
    return mail if free.update(state=MailState.SENDING, attempts=mail.attempts, lease_until=now + LEASE) else None


def _send(mail: Mail, *, now: datetime) -> MailState | None:
    """What became of it; None where no server is to be had, which has taken nothing."""
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as away:
        _turn_away(mail, permanent=False, why=away, now=now)
        return None
    message = EmailMessage(mail.subject, mail.body, None, [mail.to], connection=connection)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _text in refused.recipients.values()]
        return _turn_away(mail, permanent=min(codes, default=0) >= PERMANENT, why=refused, now=now)
    except smtplib.SMTPResponseException as refused:
        return _turn_away(mail, permanent=refused.smtp_code >= PERMANENT, why=refused, now=now)
    except (smtplib.SMTPException, OSError) as broken:
        log.warning("mail %s: outcome not known: %s", mail.pk, type(broken).__name__)
        return _settle(mail, MailState.UNKNOWN, now=now)
    finally:
        connection.close()
    return _settle(mail, MailState.SENT, now=now)


def _turn_away(mail: Mail, *, permanent: bool, why: Exception, now: datetime) -> MailState:
    log.warning("mail %s not taken at attempt %s: %s", mail.pk, mail.attempts, type(why).__name__)
    if permanent or mail.attempts >= MOST_ATTEMPTS:
        return _settle(mail, MailState.REFUSED, now=now)
    later = now + FIRST_WAIT * 2 ** (mail.attempts - 1)
    _ours(mail).update(state=MailState.QUEUED, lease_until=None, not_before=later)
    return MailState.QUEUED


def _settle(mail: Mail, state: MailState, *, now: datetime) -> MailState:
    _ours(mail).update(state=state, lease_until=None, settled_at=now)
    return state


def _ours(mail: Mail) -> QuerySet[Mail]:
    """The row, while the claim is still ours."""
    return Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
