"""Calibration: several mark the same files alone, a panel agrees on the marks, and each is set beside the panel's.

Tables of their own, so that no mark given for practice can reach a result, a score or anybody's page but a reader's.
"""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from reviews.enums import MANAGING, OPEN_ROUNDS, Anchor, CalibrationState, TrialState
from reviews.models.own_marks import OwnMark

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class CalibrationRoundQuerySet(models.QuerySet["CalibrationRound"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CalibrationRoundQuerySet":
        """Managers of the subtree, and the panel while they hold a role there; nobody who handled one of the files."""
        member = Exists(Panelist.objects.filter(round=OuterRef("pk"), person_id=user.pk))
        sits = within(user, "centre__path", Role.REVIEWER) & member
        return self._untied(self.filter(within(user, "centre__path", *MANAGING) | sits), user)

    def managed_by(self, user: "User | AnonymousUser") -> "CalibrationRoundQuerySet":
        return self._untied(self.filter(within(user, "centre__path", *MANAGING)), user)

    @staticmethod
    def _untied(rows: "CalibrationRoundQuerySet", user: "User | AnonymousUser") -> "CalibrationRoundQuerySet":
        return rows.exclude(Exists(CalibrationFile.objects.filter(own_work(user), round=OuterRef("pk"))))


class CalibrationRound(PublicId):
    """Some files, one checklist, some reviewers and a panel. `reason`: why it was called off.

    `reminded_at`: those who had files left were told that the day is near; `nudged_at`: last that it is past.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=CalibrationState.choices, default=CalibrationState.MARKING)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)

    objects = CalibrationRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="calibration_named"),
            models.CheckConstraint(condition=Q(state__in=CalibrationState.values), name="calibration_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_ROUNDS, closed_by=None, closed_at=None)
                | Q(
                    state__in=(CalibrationState.CLOSED, CalibrationState.CANCELLED),
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="calibration_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=CalibrationState.CANCELLED) | ~Q(reason=""), name="calibration_cancelled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Panelist(models.Model):
    """One of the people who agree on the marks; none of them marks in the same round."""

    round = models.ForeignKey(CalibrationRound, on_delete=models.PROTECT, related_name="panelists")
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="panelist_once_a_round")]

    def __str__(self) -> str:
        return f"panelist {self.pk}"


class CalibrationFile(PublicId):
    """A file of the round. `note` is the record of what the panel discussed; `version` grows with every save of it."""

    round = models.ForeignKey(CalibrationRound, on_delete=models.PROTECT, related_name="files")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=2000, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "case"], name="calibration_file_once_a_round")]

    def __str__(self) -> str:
        return f"file {self.pk} of a calibration"


class TrialQuerySet(models.QuerySet["Trial"]):
    def held_by(self, user: "User | AnonymousUser") -> "TrialQuerySet":
        """Theirs, while they hold the role at the centre and the round was not called off."""
        mine = self.filter(within(user, "file__round__centre__path", Role.REVIEWER), reviewer_id=user.pk)
        return mine.exclude(file__round__state=CalibrationState.CANCELLED).exclude(
            own_work(user, lawyer="file__case__lawyer", firm="file__case__firm")
        )


class Trial(PublicId):
    """One reviewer's marks of one file, given alone. `version` grows with every save."""

    file = models.ForeignKey(CalibrationFile, on_delete=models.PROTECT, related_name="trials")
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=TrialState.choices, default=TrialState.OPEN)
    version = models.PositiveIntegerField(default=0)
    comment = models.TextField(max_length=2000, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=13, decimal_places=10, null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "reviewer"], name="trial_once_a_file"),
            models.CheckConstraint(condition=Q(state__in=TrialState.values), name="trial_state_known"),
            models.CheckConstraint(
                condition=Q(state=TrialState.SUBMITTED, submitted_at__isnull=False, total__isnull=False)
                | ~Q(state=TrialState.SUBMITTED) & Q(submitted_at__isnull=True, total__isnull=True),
                name="trial_total_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0) & Q(total__lte=100), name="trial_total_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"trial {self.pk}"

    @property
    def open(self) -> bool:
        return self.state == TrialState.OPEN

    @property
    def locked(self) -> bool:
        return self.state == TrialState.SUBMITTED


class TrialMark(OwnMark):
    """One reviewer's mark of one item, for practice."""

    trial = models.ForeignKey(Trial, on_delete=models.PROTECT, related_name="marks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trial", "item"], name="trial_mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=["", *Anchor.values]), name="trial_mark_anchor_known"),
        ]

    def __str__(self) -> str:
        return f"trial mark {self.pk}"


class AgreedMark(models.Model):
    """What the panel agreed on for one item of one file, and why."""

    file = models.ForeignKey(CalibrationFile, on_delete=models.PROTECT, related_name="agreed")
    item = models.ForeignKey("reviews.Item", on_delete=models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=8, choices=Anchor.choices)
    reason = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "item"], name="agreed_mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=Anchor.values), name="agreed_mark_anchor_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="agreed_mark_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"agreed mark {self.pk}"
