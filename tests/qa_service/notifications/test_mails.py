"""E-mails to organs: sent once, tried again after a clear no, and left unknown where nobody can tell."""

import logging
import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outgoing
from django.core.mail.backends.locmem import EmailBackend

from qa_service.notifications.enums import MailState
from qa_service.notifications.models import Mail
from qa_service.notifications.services import deliver_mails, queue_mail
from qa_service.notifications.tasks import deliver_to_organs
from tests.factories import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class Server(EmailBackend):
    """A mail server that does what the test says, once for each entry, then takes everything."""

    away: list[Exception] = []
    says: list[Exception] = []

    def open(self):
        if self.away:
            raise self.away.pop(0)
        return super().open()

    def send_messages(self, messages):
        if self.says:
            raise self.says.pop(0)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.EMAIL_HOST = "mail.example.org"
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.away, Server.says = [], []
    return Server


def queued(**fields) -> Mail:
    given: dict[str, Any] = {
        "to": "court@example.org",
        "subject": "征询意见",
        "body": "请答复。",
        "not_before": NOW,
    } | fields
    return queue_mail(**given, now=NOW)


def states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_is_sent_once():
    queued()

    assert [deliver_mails(now=NOW), deliver_mails(now=NOW)] == [1, 0]

    message = outgoing.outbox[0]
    assert (message.to, message.subject, message.body) == (["court@example.org"], "征询意见", "请答复。")
    assert states() == [MailState.SENT]


def test_a_mail_waits_for_its_moment_and_for_a_server(settings):
    queued(not_before=NOW + MINUTE)

    early = deliver_mails(now=NOW)
    settings.EMAIL_HOST = ""
    without = deliver_mails(now=NOW + MINUTE)

    assert (early, without, states()) == (0, 0, [MailState.QUEUED])


def test_a_subject_is_one_line_whatever_stands_in_it():
    queued(subject="征询意见\r\nBcc: x@example.org")

    deliver_mails(now=NOW)

    assert outgoing.outbox[0].subject == "征询意见 Bcc: x@example.org"


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such mailbox")}), MailState.REFUSED),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"later")}), MailState.QUEUED),
        (smtplib.SMTPSenderRefused(553, b"not you", "x"), MailState.REFUSED),
        (smtplib.SMTPDataError(451, b"later"), MailState.QUEUED),
        (smtplib.SMTPServerDisconnected("gone"), MailState.UNKNOWN),
        (TimeoutError(), MailState.UNKNOWN),
    ],
)
def test_a_clear_no_is_told_apart_from_silence(server, refusal, state):
    queued()
    server.says = [refusal]

    assert deliver_mails(now=NOW) == 0
    assert states() == [state]


def test_what_is_not_known_is_never_sent_again(server):
    queued()
    server.says = [smtplib.SMTPServerDisconnected("gone")]

    deliver_mails(now=NOW)
    deliver_mails(now=NOW + timedelta(days=1))

    assert (len(outgoing.outbox), states()) == (0, [MailState.UNKNOWN])


def test_a_server_that_is_away_has_taken_nothing_and_is_tried_again_later(server):
    queued()
    queued()
    server.away = [ConnectionRefusedError()]

    at = [deliver_mails(now=NOW + minutes * MINUTE) for minutes in (0, 1, 5)]

    # The second mail was not tried at all: it goes with the next sweep, the first after its wait.
    assert (at, states()) == ([0, 1, 1], [MailState.SENT, MailState.SENT])


def test_what_no_server_takes_is_given_up_after_two_days(server):
    queued()
    server.away = [ConnectionRefusedError() for _each in range(60)]

    for hour in range(50):
        deliver_mails(now=NOW + timedelta(hours=hour))

    assert states() == [MailState.REFUSED]


def test_whoever_claimed_a_mail_and_died_leaves_it_unknown():
    mail = queued()
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENDING, attempts=1, lease_until=NOW)

    assert deliver_mails(now=NOW) == 0
    assert (states(), len(outgoing.outbox)) == ([MailState.UNKNOWN], 0)


def test_neither_address_nor_words_stand_in_the_log_or_in_clear_in_the_database(server, caplog):
    queued()
    server.says = [smtplib.SMTPDataError(451, b"court@example.org later")]

    with caplog.at_level(logging.DEBUG):
        deliver_mails(now=NOW)

    kept = str(Mail.objects.extra(select={"raw_to": '"to"', "raw": "body"}).values_list("raw_to", "raw"))
    assert [text for text in ("court@example.org", "请答复") if text in caplog.text + kept] == []


def test_the_sweep_has_its_task():
    queued(not_before=NOW - timedelta(days=1))

    deliver_to_organs()

    assert states()[0] in {MailState.SENT, MailState.REFUSED}
