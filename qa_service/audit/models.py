"""The append-only record. Triggers in the database refuse UPDATE and DELETE; only the migration could lift them."""

from django.db import models

from qa_service.common.encryption import EncryptedTextField


class Entry(models.Model):
    """Who did what to which thing, when. `details` names fields and states, never a client's words or number."""

    at = models.DateTimeField()
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=150)
    action = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["action", "at"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action}"


class Remark(models.Model):
    """What somebody typed as their reason. Beside the entry, not in it: the words can be erased, the entry stays."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="remark")
    at = models.DateTimeField()
    text = EncryptedTextField(blank=True)

    def __str__(self) -> str:
        return f"remark on entry {self.entry_id}"
