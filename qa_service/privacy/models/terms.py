"""Terms that a bureau or a centre has set; where nobody has, the rule's own holds."""

from django.db import models


class RetentionTerm(models.Model):
    """Days for which one rule keeps data in the subtree of a place. The nearest place above a row counts."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    days = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "rule"], name="term_once_a_place")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.days} days"
