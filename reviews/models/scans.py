"""Scanned files: what was uploaded of a case, the pages drawn from it, and the files that are kept on paper alone."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from qa_service.accounts.queries import own_work, within
from reviews.enums import DESK, PaperGround
from reviews.models.drawn import DrawnLeaf, DrawnUpload, drawn_soundly, drawn_whole, unfinished_first

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ScanQuerySet":
        """The desk sees its subtree's. A reader comes to them by the file that was given to them, never by this."""
        return self.filter(within(user, "case__centre__path", *DESK) & ~own_work(user))


class Scan(DrawnUpload):
    """One upload of a case's bound file.

    `first_page` is the number on the first leaf that bears one, empty where it follows the upload before; `unnumbered`
    leaves in front bear none.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    paper = models.CharField(max_length=20, blank=True)
    first_page = models.PositiveIntegerField(null=True, blank=True)
    unnumbered = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            *drawn_soundly("scan"),
            models.CheckConstraint(condition=Q(first_page__isnull=True) | Q(first_page__gte=1), name="scan_from_page"),
        ]
        indexes = [unfinished_first("scan_unfinished")]

    def __str__(self) -> str:
        return f"scan {self.pk}"


class ScanPage(DrawnLeaf):
    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="leaves")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="scan_page_once"),
            drawn_whole("scan_page_drawn_whole"),
        ]

    def __str__(self) -> str:
        return f"page {self.number} of scan {self.scan_id}"


class PaperOnly(models.Model):
    """The file of a case is not to be copied: nothing is uploaded, and the reader works from the binder."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="paper_only")
    ground = models.CharField(max_length=16, choices=PaperGround.choices)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=PaperGround.values), name="paper_only_ground_known"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} on paper"
