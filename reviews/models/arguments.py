"""The adoption ledger of one reading: its main arguments, and what the court made of each."""

from django.db import models
from django.db.models import Q

from reviews.adoption import MOST_ARGUMENTS
from reviews.enums import Treatment
from reviews.models.reviews import Review


class Argument(models.Model):
    """A line of the ledger, by its number there; one taken out is left blank. Locked with the review.

    `page` and `judgment_page` are references as typed, in the file and in the judgment. `reasonable`: why the reader
    holds the argument reasonable, though the court rejected it.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="arguments")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200, blank=True)
    page = models.CharField(max_length=40, blank=True)
    judgment_page = models.CharField(max_length=40, blank=True)
    treatment = models.CharField(max_length=16, choices=Treatment.choices, blank=True)
    reasonable = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="argument_once_a_number"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(number__lte=MOST_ARGUMENTS), name="argument_number_in_range"
            ),
            models.CheckConstraint(condition=Q(treatment__in=["", *Treatment.values]), name="argument_treatment_known"),
        ]

    def __str__(self) -> str:
        return f"argument {self.number} of review {self.review_id}"
