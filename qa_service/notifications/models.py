"""Notices to people with accounts: seen on their home, and by e-mail where an address is known. E-mails to organs."""

from django.db import models
from django.db.models import Q

from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from qa_service.notifications.enums import MailState


class Notification(PublicId):
    """A sentence stored as its English msgid and parameters, so that each reader reads it in their language."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=300)
    params = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"),
            models.Index(fields=["created_at"], condition=Q(mailed_at__isnull=True), name="notification_unmailed"),
        ]

    def __str__(self) -> str:
        return f"notification {self.pk}"


class Mail(PublicId):
    """One e-mail to somebody without an account. Never sent twice: an outcome that is not known stays unknown."""

    to = EncryptedTextField()
    subject = EncryptedTextField()
    body = EncryptedTextField()
    state = models.CharField(max_length=8, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    give_up_at = models.DateTimeField()
    # From then on a worker that claimed it is taken for dead.
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MailState.SENDING) | Q(lease_until__isnull=False), name="mail_sending_has_a_lease"
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state=MailState.QUEUED), name="mail_queued"),
            models.Index(fields=["lease_until"], condition=Q(state=MailState.SENDING), name="mail_sending"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk}"
