"""An upload that a process apart opens page by page, whatever it belongs to, and the pages it became."""

from django.db import models
from django.db.models import F, Q

from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from qa_service.files.enums import PaperKind, Trouble
from reviews.enums import UNFINISHED_SCANS, ScanState


class DrawnUpload(PublicId):
    """`drawn` pages are kept so far, of `pages`; a run that was lost goes on behind them.

    Its pages are `leaves`. It goes with its bytes when its time is over, and browsers get pictures of its pages alone.
    """

    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=PaperKind.choices)
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ScanState.choices, default=ScanState.WAITING)
    trouble = models.CharField(max_length=10, choices=Trouble.choices, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    drawn = models.PositiveSmallIntegerField(default=0)
    # Starts since the last page that was kept.
    attempts = models.PositiveSmallIntegerField(default=0)
    progressed_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def unfinished(self) -> bool:
        return self.state in UNFINISHED_SCANS


class DrawnLeaf(models.Model):
    """One leaf, counted from 1. Without pictures it could not be drawn."""

    number = models.PositiveSmallIntegerField()
    picture = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    small = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    # The bookmark that leads here.
    heading = EncryptedTextField(blank=True)
    text = EncryptedTextField(blank=True)

    class Meta:
        abstract = True


def drawn_soundly(name: str) -> list[models.CheckConstraint]:
    """What holds of every upload; `name` begins the names of the constraints."""
    return [
        models.CheckConstraint(condition=Q(state__in=ScanState.values), name=f"{name}_state_known"),
        models.CheckConstraint(condition=Q(kind__in=PaperKind.values), name=f"{name}_kind_known"),
        models.CheckConstraint(
            condition=Q(state=ScanState.UNREADABLE, trouble__in=Trouble.values)
            | ~Q(state=ScanState.UNREADABLE) & Q(trouble=""),
            name=f"{name}_unreadable_says_why",
        ),
        models.CheckConstraint(condition=Q(drawn__lte=F("pages")), name=f"{name}_draws_no_page_beyond"),
    ]


def drawn_whole(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(picture__isnull=True, small__isnull=True)
        | Q(picture__isnull=False, small__isnull=False, width__gte=1, height__gte=1),
        name=name,
    )


def unfinished_first(name: str) -> models.Index:
    """What the sweep looks through: a handful, however many were drawn."""
    return models.Index(fields=["progressed_at"], condition=Q(state__in=UNFINISHED_SCANS), name=name)
