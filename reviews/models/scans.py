"""Scanned files: what was uploaded of a case, the pages drawn from it, and the files that are kept on paper alone."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.queries import own_work, within
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from qa_service.files.enums import PaperKind, Trouble
from reviews.enums import DESK, UNFINISHED_SCANS, PaperGround, ScanState

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class ScanQuerySet(models.QuerySet["Scan"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ScanQuerySet":
        """The desk sees its subtree's. A reader comes to them by the file that was given to them, never by this."""
        return self.filter(within(user, "case__centre__path", *DESK) & ~own_work(user))


class Scan(PublicId):
    """One upload, opened page by page in a process apart. It goes with its bytes when its time is over.

    `drawn` pages are kept so far, of `pages`; a run that was lost goes on behind them. `first_page` is the number on
    the first leaf that bears one, empty where it follows the upload before; `unnumbered` leaves in front bear none.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    name = models.CharField(max_length=200)
    paper = models.CharField(max_length=20, blank=True)
    first_page = models.PositiveIntegerField(null=True, blank=True)
    unnumbered = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.WAITING)
    trouble = models.CharField(max_length=10, choices=Trouble.choices, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    drawn = models.PositiveSmallIntegerField(default=0)
    # Starts since the last page that was kept.
    attempts = models.PositiveSmallIntegerField(default=0)
    progressed_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ScanState.values), name="scan_state_known"),
            models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name="scan_kind_known"),
            models.CheckConstraint(
                condition=Q(state=ScanState.UNREADABLE, trouble__in=Trouble.values)
                | ~Q(state=ScanState.UNREADABLE) & Q(trouble=""),
                name="scan_unreadable_says_why",
            ),
            models.CheckConstraint(condition=Q(drawn__lte=F("pages")), name="scan_draws_no_page_beyond"),
            models.CheckConstraint(condition=Q(first_page__isnull=True) | Q(first_page__gte=1), name="scan_from_page"),
        ]
        indexes = [
            models.Index(fields=["progressed_at"], condition=Q(state__in=UNFINISHED_SCANS), name="scan_unfinished"),
        ]

    def __str__(self) -> str:
        return f"scan {self.pk}"

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED_SCANS


class ScanPage(models.Model):
    """One leaf, counted from 1. Without pictures it could not be drawn."""

    scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="leaves")
    number = models.PositiveSmallIntegerField()
    picture = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    small = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    # The bookmark that leads here.
    heading = EncryptedTextField(blank=True)
    text = EncryptedTextField(blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["scan", "number"], name="scan_page_once"),
            models.CheckConstraint(
                condition=Q(picture__isnull=True, small__isnull=True)
                | Q(picture__isnull=False, small__isnull=False, width__gte=1, height__gte=1),
                name="scan_page_drawn_whole",
            ),
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
