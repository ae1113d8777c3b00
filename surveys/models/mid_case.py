"""When, by which ways and what clients are asked while their case runs: a centre's own, versioned and frozen."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.common.models import PublicId
from surveys.enums import MidCaseWay, Occasion
from surveys.mid_case import MidCaseTerms

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Who decides whether clients are asked while their case runs.
PLANNERS = (Role.MANAGER,)


class MidCasePlanQuerySet(models.QuerySet["MidCasePlan"]):
    def visible_to(self, user: "User") -> Self:
        return self.filter(within(user, "centre__path", *PLANNERS))

    def in_force(self) -> Self:
        return self.filter(ended_at=None)


class MidCasePlan(PublicId):
    """One version for one occasion. In force until it ends; a change is the next version.

    Who was asked by a version goes on by it: its days do not change under a follow-up that has begun.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    occasion = models.SlugField(max_length=30, choices=Occasion)
    version = models.PositiveSmallIntegerField()
    questionnaire_key = models.SlugField(max_length=40)
    days = models.PositiveSmallIntegerField()
    contact_days = models.JSONField(default=list)
    closes_after_days = models.PositiveSmallIntegerField()
    late_until_days = models.PositiveSmallIntegerField()
    ways = models.JSONField(default=list)
    starts_on = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MidCasePlanQuerySet.as_manager()

    class Meta:
        ordering = ["occasion", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "occasion", "version"], name="mid_case_plan_version_once"),
            models.UniqueConstraint(
                fields=["centre", "occasion"], condition=Q(ended_at=None), name="mid_case_plan_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(late_until_days__gte=F("closes_after_days")), name="mid_case_plan_late_after_closing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.version}"

    @property
    def terms(self) -> MidCaseTerms:
        return MidCaseTerms(
            questionnaire_key=self.questionnaire_key,
            days=self.days,
            remind_after_days=self.contact_days[1] if len(self.contact_days) > 1 else 0,
            closes_after_days=self.closes_after_days,
            ways=tuple(MidCaseWay(way) for way in self.ways),
            starts_on=self.starts_on,
        )
