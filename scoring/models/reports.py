"""Which quarters' reports the managers of a centre were told of."""

from django.db import models
from django.db.models import F, Q


class ReportTold(models.Model):
    """The managers of the centre were told of the reports on cases closed from `start` up to, not including, `end`."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "start", "end"], name="report_told_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="report_told_has_days"),
        ]

    def __str__(self) -> str:
        return f"reports {self.start}/{self.end} of centre {self.centre_id}"
