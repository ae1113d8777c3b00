"""Abstract bases; this package owns no tables."""

import uuid

from django.db import models
from django.utils import timezone


class PublicId(models.Model):
    """A name for URLs that says nothing about how many rows there are."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Timestamped(models.Model):
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
