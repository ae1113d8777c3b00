from django.db import models
from django.utils.translation import gettext_lazy as _


class PaperKind(models.TextChoices):
    """What may be uploaded as a paper, told by its first bytes."""

    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG"
    PNG = "png", "PNG"


class Trouble(models.TextChoices):
    """Why the pages of an upload cannot be shown. The names are those that the child process says."""

    ENCRYPTED = "encrypted", _("It is protected by a password. Save it without one and upload it again.")
    BROKEN = "broken", _("It is damaged or no such file. Scan or save it anew.")
    TOO_MANY = "too_many", _("It has more pages than one upload may have. Split it into volumes.")
    TOO_SLOW = "too_slow", _("A page of it is too large, or took too long to draw. Scan it at 300 dots to the inch.")
    CRASHED = (
        "crashed",
        _("It broke the program that draws pages, which runs apart for that reason. Scan it as an image."),
    )
    UNGUARDED = "unguarded", _("This machine cannot confine the program that draws pages. Ask the operator.")
    GONE = "gone", _("The uploaded file is missing. Upload it again.")
    CASE_FULL = (
        "case_full",
        _(
            "With it the scanned file would have more pages than one case may have. Take off what is there twice, "
            "and upload it again."
        ),
    )
