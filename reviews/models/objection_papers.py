"""Papers that a lawyer attached to an objection."""

from django.db import models
from django.db.models import Q

from qa_service.common.models import PublicId
from qa_service.files.enums import PaperKind
from reviews.models.results import Objection


class ObjectionPaper(PublicId):
    """One of them. Who sees the objection may take it down; it is never opened or shown here."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="papers")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="objection_paper_kind_known"),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk} of objection {self.objection_id}"
