"""What was drawn, by whom, from which frame, and why."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.common.models import PublicId

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SampleQuerySet":
        return self.filter(within(user, "centre__path", Role.MANAGER, Role.SUPERVISOR))


class Sample(PublicId):
    """One confirmed draw. `statement` is what is published of it: rules, strata, counts, the frame's digest.

    `city_wide`: people of the county whose file it is do not read it.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField()
    seed = models.CharField(max_length=64)
    rate = models.DecimalField(max_digits=4, decimal_places=3)
    frame_size = models.PositiveIntegerField()
    statement = models.JSONField()
    city_wide = models.BooleanField(default=False)
    drawn_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()

    objects = SampleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "seed"], name="sample_seed_once_a_centre"),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="sample_period_in_order"),
            models.CheckConstraint(condition=Q(rate__gte=0) & Q(rate__lte=1), name="sample_rate_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"sample {self.pk}"

    @property
    def last_day(self) -> date:
        return self.period_end - timedelta(days=1)


class SampledCase(models.Model):
    """A case in a sample. `reasons` are for managers; no reviewer sees them. `probability`: of the random share.

    `readers`: how many read it whatever the marks; two where it links those who read it to one another.
    """

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=40)
    reasons = models.JSONField()
    probability = models.DecimalField(max_digits=9, decimal_places=8)
    readers = models.PositiveSmallIntegerField(default=1)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_reason = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case"], name="sampled_once_a_sample"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaced_at__isnull=True), name="sampled_once_while_not_replaced"
            ),
            models.CheckConstraint(condition=Q(readers__in=(1, 2)), name="sampled_for_one_reader_or_two"),
        ]

    def __str__(self) -> str:
        return f"sampled case {self.case_id}"
