"""That a confirmed veto was handed on to another organ (`domain` 4.5, S5 of 4.9)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from qa_service.common.models import PublicId
from reviews.models.reviews import VetoMark

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class VetoTransfer(PublicId):
    """When, to which organ and under what reference; never changed."""

    veto_mark = models.ForeignKey(VetoMark, on_delete=models.PROTECT, related_name="transfers")
    organ = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    transferred_on = models.DateField()
    recorded_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["veto_mark"], name="veto_transferred_once"),
            models.CheckConstraint(condition=~Q(organ="") & ~Q(reference=""), name="veto_transfer_says_where"),
        ]

    def __str__(self) -> str:
        return f"transfer of veto mark {self.veto_mark_id}"
