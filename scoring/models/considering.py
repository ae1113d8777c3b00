"""What the rules have still to look at: rows are the queue, so that a quiet minute costs two questions."""

from django.db import models

from scoring.models.closing import ClosedPeriod
from scoring.models.decisions import Rule


class ToConsider(models.Model):
    """A weighed case that the rules look at on `due_on`: evidence changed, or its time to object is over that day."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, primary_key=True, related_name="+")
    due_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["due_on"], name="to_consider_due")]

    def __str__(self) -> str:
        return f"case {self.case_id} from {self.due_on}"


class RuleTakenUp(models.Model):
    """A version of a rule came into force, and what had been weighed before was put before it."""

    rule = models.OneToOneField(Rule, on_delete=models.PROTECT, primary_key=True, related_name="taken_up")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rule {self.rule_id} taken up"


class PeriodLook(models.Model):
    """A rule of periods was put before a closed period on that day: what changes later is seen on the next.

    A correction is another closed period, and another version another rule: each is looked at anew.
    """

    closed = models.ForeignKey(ClosedPeriod, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+")
    looked_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closed", "rule"], name="period_look_once")]

    def __str__(self) -> str:
        return f"rule {self.rule_id} on closed period {self.closed_id}"
