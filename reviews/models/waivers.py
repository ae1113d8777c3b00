"""That nobody further reads a file although its grade takes another reader."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class ReaderWaiver(models.Model):
    """Decided by a manager with a reason, for the readers it had; never changed. It gives no grade that takes more."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    readers = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    decided_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reader_waiver_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"reader waived for case {self.case_id}"
