"""After a rectification the lawyer's next files are read whatever the dice say (`domain` 4.9, S2)."""

from django.db import models
from django.db.models import Q

from scoring.models.notices import Notice


class NextFiles(models.Model):
    """How many files of the lawyer, closed after this day, are still to be put before the sample. Ended when all are,
    or when the notice is withdrawn."""

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="next_files")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    wanted = models.PositiveSmallIntegerField()
    after = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=Q(ended_at__isnull=True), name="next_files_open")]

    def __str__(self) -> str:
        return f"next files after notice {self.notice_id}"


class NextFile(models.Model):
    """One of them: its case bears a risk flag, by which the next sample draws it."""

    of = models.ForeignKey(NextFiles, on_delete=models.PROTECT, related_name="files")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["of", "case"], name="next_file_once")]

    def __str__(self) -> str:
        return f"next file {self.pk}"
