"""Bytes by SHA-256. Who may read a file is decided by what owns it, never here."""

from django.db import models

from qa_service.common.models import PublicId


class StoredFile(PublicId):
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"file {self.pk}"
