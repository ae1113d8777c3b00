"""The shell's one table."""

from django.db import models


class Heartbeat(models.Model):
    """When beat and a worker were last alive together: one row."""

    name = models.CharField(max_length=20, unique=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%F %T}"
