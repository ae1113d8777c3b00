"""What was drawn, by whom, from which frame, and why."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.common.models import PublicId
from reviews.enums import NotReadable

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, user: "User | AnonymousUser") -> "SampleQuerySet":
        return self.filter(within(user, "centre__path", Role.MANAGER, Role.SUPERVISOR))


class Sample(PublicId):
    """One confirmed draw. `statement` is what is published of it: rules, strata, counts, the frame's digest.

    `city_wide`: people of the county whose file it is do not read it. `published_at`: anybody reads the statement.
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
    published_at = models.DateTimeField(null=True, blank=True)
    published_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SampleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "seed"], name="sample_seed_once_a_centre"),
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="sample_period_in_order"),
            models.CheckConstraint(condition=Q(rate__gte=0) & Q(rate__lte=1), name="sample_rate_is_a_share"),
            models.CheckConstraint(
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="sample_published_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"sample {self.pk}"

    @property
    def last_day(self) -> date:
        return self.period_end - timedelta(days=1)


class SampledCase(models.Model):
    """A case in a sample. `reasons` are for managers; no reviewer sees them. `probability`: of the random share.

    `weight`: for how many files of its stratum it stands in a rate, 1 / `probability`; 0 where a rule alone drew it:
    what rules draw says nothing of the others.

    `readers`: how many read it whatever the marks; two where it links those who read it to one another.
    """

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="cases")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=40)
    reasons = models.JSONField()
    probability = models.DecimalField(max_digits=9, decimal_places=8)
    weight = models.DecimalField(max_digits=14, decimal_places=6, default=0)
    readers = models.PositiveSmallIntegerField(default=1)
    replaced_at = models.DateTimeField(null=True, blank=True)
    # Why, in a word that is published, and in words for those who manage.
    replaced_kind = models.CharField(max_length=12, choices=NotReadable.choices, blank=True)
    replaced_reason = models.CharField(max_length=200, blank=True)
    taken_out_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case"], name="sampled_once_a_sample"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(replaced_at__isnull=True), name="sampled_once_while_not_replaced"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at=None, taken_out_by=None, replaced_kind="")
                | Q(replaced_at__isnull=False, taken_out_by__isnull=False)
                & ~Q(replaced_kind="")
                & ~Q(replaced_reason=""),
                name="sampled_replaced_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="sampled_weight_not_negative"),
            models.CheckConstraint(condition=Q(readers__in=(1, 2)), name="sampled_for_one_reader_or_two"),
        ]

    def __str__(self) -> str:
        return f"sampled case {self.case_id}"


class FrameExclusion(PublicId):
    """A case that is in no frame as long as this stands: its file cannot be read. Taken back by a named person."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=NotReadable.choices)
    reason = models.CharField(max_length=200)
    left_out_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    left_out_at = models.DateTimeField()
    taken_back_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(taken_back_at=None), name="left_out_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="left_out_with_a_reason"),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(taken_back_at__isnull=False, taken_back_by__isnull=False),
                name="left_out_taken_back_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"left out: case {self.case_id}"
