from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from surveys.enums import Fault, Sweep

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Who hears of it and may have it tried again.
TOLD_ROLES = (Role.OPERATOR, Role.MANAGER)


class SetAsideQuerySet(models.QuerySet["SetAside"]):
    def visible_to(self, user: "User") -> Self:
        """Those of one's places; managers see none that names no case, which may be about a sealed matter."""
        told = within(user, "centre__path", Role.OPERATOR)
        told |= within(user, "centre__path", Role.MANAGER) & models.Q(case__isnull=False)
        return self.filter(told).exclude(models.Q(case__isnull=False) & own_work(user))


class SetAside(PublicId):
    """A row that a sweep failed at: left out for a while, so that the others go on, then tried again.

    A person was told of it once. Nothing is kept of what the row holds. `case`: None where that a matter of this kind
    exists is not everybody's to know.
    """

    sweep = models.CharField(max_length=14, choices=Sweep)
    row = models.BigIntegerField()
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(max_length=10, choices=Fault)
    tries = models.PositiveSmallIntegerField(default=1)
    since = models.DateTimeField()
    again_at = models.DateTimeField()

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "rows set aside"
        constraints = [models.UniqueConstraint(fields=["sweep", "row"], name="set_aside_once")]

    def __str__(self) -> str:
        return f"{self.sweep} {self.row}"
