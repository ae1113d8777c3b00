"""A later day for a reader: one row each time it is given."""

from django.db import models
from django.db.models import F, Q


class MoreTime(models.Model):
    """`until` took the place of `before`, which is empty where the calendar did not reach so far. Both are included."""

    assignment = models.ForeignKey("reviews.Assignment", on_delete=models.PROTECT, related_name="more_time")
    before = models.DateField(null=True)
    until = models.DateField()
    reason = models.CharField(max_length=200)
    given_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(before=None) | Q(until__gt=F("before")), name="more_time_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="more_time_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"more time {self.pk}"
