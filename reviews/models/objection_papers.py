"""Papers that a lawyer attached to an objection, and the pages drawn from them."""

from django.db import models

from reviews.models.drawn import DrawnLeaf, DrawnUpload, drawn_soundly, drawn_whole, unfinished_first
from reviews.models.results import Objection


class ObjectionPaper(DrawnUpload):
    """One of them. Who sees the objection reads its pages; its bytes are given to nobody, the lawyer has them."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="papers")

    class Meta:
        ordering = ["pk"]
        constraints = [*drawn_soundly("objection_paper")]
        indexes = [unfinished_first("objection_paper_unfinished")]

    def __str__(self) -> str:
        return f"paper {self.pk} of objection {self.objection_id}"


class ObjectionLeaf(DrawnLeaf):
    paper = models.ForeignKey(ObjectionPaper, on_delete=models.PROTECT, related_name="leaves")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="objection_leaf_once"),
            drawn_whole("objection_leaf_drawn_whole"),
        ]

    def __str__(self) -> str:
        return f"page {self.number} of paper {self.paper_id}"
