"""How far the erasing of a night has got, what it erased, and what it had to leave."""

from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.queries import within
from qa_service.privacy.enums import Cause

if TYPE_CHECKING:
    from qa_service.accounts.enums import Role
    from qa_service.accounts.models import User


class Sweep(models.Model):
    """One pass over all rules for one calendar day in one time zone. `rule`, `part` and `after` say how far it is."""

    zone = models.CharField(max_length=40)
    day = models.DateField()
    # Key of the rule at work, the place of its table in it, and the key of the last row looked at; empty at the start.
    rule = models.CharField(max_length=60, blank=True)
    part = models.PositiveSmallIntegerField(default=0)
    after = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["zone", "day"], name="sweep_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.zone}"


class ErasedQuerySet(models.QuerySet["Erased"]):
    def visible_to(self, user: "User", *roles: "Role") -> Self:
        """Of the centres in the user's subtrees. What belongs to no centre is the whole service's, and no secret."""
        return self.filter(within(user, "centre__path", *roles) | models.Q(centre=None))


class Erased(models.Model):
    """How many rows of one rule were erased at one centre on one day: counts, and nothing of what they were."""

    day = models.DateField()
    centre = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    rule = models.CharField(max_length=60)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    count = models.PositiveIntegerField()

    objects = ErasedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "centre", "rule", "cause"], name="erased_once_a_day_and_centre"),
            models.UniqueConstraint(
                fields=["day", "rule", "cause"], condition=models.Q(centre__isnull=True), name="erased_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["centre", "-day"], name="erased_centre_newest")]

    def __str__(self) -> str:
        return f"{self.day} {self.rule}: {self.count}"


class HeldBackQuerySet(models.QuerySet["HeldBack"]):
    def visible_to(self, user: "User", *roles: "Role") -> Self:
        return self.filter(within(user, "centre__path", *roles))


class HeldBack(models.Model):
    """Rows whose time is over and that are not erased yet, as the last sweep found them, by what holds them."""

    day = models.DateField()
    zone = models.CharField(max_length=40)
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    hold = models.CharField(max_length=60)
    count = models.PositiveIntegerField()

    objects = HeldBackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["zone", "day", "centre", "rule", "hold"], name="held_back_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.rule} {self.hold}: {self.count}"
