from django.db import models

from surveys.enums import WarningKind


class Sender(models.Model):
    """What every worker knows of one gateway: how many segments may leave now, and whether it refuses us."""

    gateway = models.CharField(max_length=20, unique=True)
    # Billionths of a segment: see surveys.pacing.
    level = models.BigIntegerField(default=0)
    level_at = models.DateTimeField()
    # A worker waits for the next segment; until then the others need not.
    awaited_until = models.DateTimeField(null=True, blank=True)
    # The provider refuses every text: none leaves before this moment, and then one tries for all.
    rests_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.gateway


# The row of a day's whole: locked by whoever counts, so that the others of the day need no lock.
ALL_COUNTRIES = 0


class TextCount(models.Model):
    """Texts that one centre handed over on one of its days, to one country (its dialling code) and to all of them."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    country = models.PositiveSmallIntegerField()
    texts = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "day", "country"], name="text_count_once")]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.day} {self.country}"


class SendingWarning(models.Model):
    """Something about sending that people were told of, once a day and centre; without one it is of the provider."""

    kind = models.CharField(max_length=12, choices=WarningKind)
    centre = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()
    # The texts or numbers that it is about.
    number = models.PositiveIntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "centre", "day"],
                condition=models.Q(centre__isnull=False),
                name="sending_warning_once_a_centre",
            ),
            models.UniqueConstraint(
                fields=["kind", "day"], condition=models.Q(centre__isnull=True), name="sending_warning_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
