"""Files on their way in."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.cases.enums import FaultReason, ImportState
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# Who may bring cases in, each within the subtree where the role is held.
IMPORT_ROLES = (Role.MANAGER, Role.OPERATOR)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ImportQuerySet":
        return self.filter(within(user, "centre__path", *IMPORT_ROLES))


class Import(PublicId):
    """One file on its way in. Batches commit with these figures, so that a broken run goes on where it stopped."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    # An export holds everybody's number in clear: its bytes go as soon as they are no longer needed.
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.QUEUED)
    # A dry run reads and compares everything and writes no case.
    dry_run = models.BooleanField(default=True)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    progressed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expected_rows = models.PositiveIntegerField(default=0)
    last_line = models.PositiveIntegerField(default=0)
    # Starts since the last batch that was written.
    attempts = models.PositiveSmallIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    # Oddity → [how many rows, the first of their lines]; never the cells themselves.
    oddities = models.JSONField(default=dict)
    ignored_columns = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_known"),
        ]
        indexes = [models.Index(fields=["centre", "-created_at"], name="import_centre_newest")]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def writes(self) -> int:
        """How many rows its confirmation would write, or has written."""
        return self.new_count + self.updated_count

    @property
    def rows_read(self) -> int:
        return self.new_count + self.updated_count + self.unchanged_count + self.refused_count


class ImportFault(models.Model):
    """Why one row of an import was refused. The cell may hold a name or a number, hence it is encrypted."""

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="faults")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60)
    reason = models.CharField(max_length=60, choices=FaultReason.choices)
    value = EncryptedTextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "line"], name="fault_once_a_line")]

    def __str__(self) -> str:
        return f"fault in line {self.line} of import {self.job_id}"

    @property
    def swallowed(self) -> int:
        """How many lines an open quotation mark took into the row."""
        return int(self.value or 0) if self.reason == FaultReason.QUOTE_OPEN else 0

    @property
    def told(self) -> str:
        """The cell at fault; where the row itself is, a sentence in the reader's language."""
        if not self.value:
            return ""
        if self.reason == FaultReason.QUOTE_OPEN:
            count = self.swallowed
            return ngettext(
                "%(count)d line below went into this row and is not imported.",
                "%(count)d lines below went into this row and are not imported.",
                count,
            ) % {"count": count}
        if self.reason == FaultReason.HEADER_AGAIN:
            return _("The column names stand in line %(line)s already.") % {"line": self.value}
        return self.value
