from django.db import models

from surveys.enums import PassedOver


class DrawnClient(models.Model):
    """What the lot said of one of several clients of a case. Frozen: whom it fell on cannot be changed afterwards.

    `most` is how many the centre asked about one case then.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey("cases.Client", on_delete=models.PROTECT, related_name="+")
    wave = models.SlugField(max_length=30)
    lot = models.CharField(max_length=64)
    passed_over = models.CharField(max_length=10, choices=PassedOver, default=PassedOver.NOT, blank=True)
    most = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["lot", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "client", "wave"], name="drawn_once_per_wave"),
            models.CheckConstraint(condition=models.Q(passed_over__in=PassedOver.values), name="drawn_outcome_known"),
        ]

    def __str__(self) -> str:
        return f"client {self.client_id} of case {self.case_id}"
