from django.db import models

from surveys.enums import Fault, Sweep


class SetAside(models.Model):
    """A row that a sweep failed at: left out for a while, so that the others go on, then tried again.

    A person was told of it once. Nothing is kept of what the row holds.
    """

    sweep = models.CharField(max_length=14, choices=Sweep)
    row = models.BigIntegerField()
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(max_length=10, choices=Fault)
    tries = models.PositiveSmallIntegerField(default=1)
    since = models.DateTimeField()
    again_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "rows set aside"
        constraints = [models.UniqueConstraint(fields=["sweep", "row"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"{self.sweep} {self.row}"
