"""How many clients were satisfied, for the report that everybody reads: counted in batches, once for ever."""

from django.db import models
from django.db.models import F, Q

from scoring.models.voice import SMALLEST_BATCH


class SatisfactionBatch(models.Model):
    """Ratings of five or more people on cases of one centre that closed in one quarter; frozen by the database.

    The share in the report is a sum of whole batches: were they formed anew at each look, an answer that is taken away,
    or a case that moves to another quarter, would tell by the difference what one client said.
    `quarter` is its first day, as the cases stood at the release. `n` is how many ratings, `people` how many that have
    neither person nor case in common; `satisfied` of the ratings were 3 or better.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField()
    number = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    satisfied = models.PositiveIntegerField()
    released_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "quarter", "number"], name="satisfaction_batch_once"),
            models.CheckConstraint(
                condition=Q(people__gte=SMALLEST_BATCH) & Q(n__gte=F("people")), name="satisfaction_batch_not_small"
            ),
            models.CheckConstraint(condition=Q(satisfied__lte=F("n")), name="satisfaction_batch_in_range"),
        ]

    def __str__(self) -> str:
        return f"satisfaction batch {self.pk}"


class RatedCase(models.Model):
    """Whose ratings went into which batch: once for ever, shown to nobody, and without a word of what they were.

    What is said about the case afterwards, by another of its clients or by the same one asked anew, is in no batch.
    """

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    batch = models.ForeignKey(SatisfactionBatch, on_delete=models.PROTECT, related_name="cases")

    def __str__(self) -> str:
        return f"case in satisfaction batch {self.batch_id}"
