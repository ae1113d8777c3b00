"""A reason for which a file that came late counts as in time (`domain` 4.7, 4.10)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from qa_service.common.models import PublicId

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class AcceptedLateness(PublicId):
    """A named person accepted why a file came late, or has not come. Taken back with a reason, never changed."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    accepted_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField()
    withdrawn_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(withdrawn_at__isnull=True), name="accepted_lateness_one_in_force"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="accepted_lateness_has_a_reason"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="accepted_lateness_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"accepted lateness {self.pk}"
