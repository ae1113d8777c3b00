"""Periods that were closed: what a centre's cases had come to on that day, frozen by the database."""

import json
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.models import User
from qa_service.accounts.queries import within
from qa_service.common.models import PublicId
from qa_service.common.periods import Period
from scoring.models.scores import STAFF_READERS


class ClosedPeriodQuerySet(models.QuerySet["ClosedPeriod"]):
    def visible_to(self, user: User | AnonymousUser) -> "ClosedPeriodQuerySet":
        """Who oversees the centre. Lawyers see of it the middle band alone, and their own place nowhere."""
        return self.filter(within(user, "centre__path", *STAFF_READERS))

    def in_force(self) -> "ClosedPeriodQuerySet":
        """The last version of each period: whoever corrected one left the former beside it."""
        later = ClosedPeriod.objects.filter(
            centre=models.OuterRef("centre"),
            start=models.OuterRef("start"),
            end=models.OuterRef("end"),
            version__gt=models.OuterRef("version"),
        )
        return self.filter(~models.Exists(later))


class ClosedPeriod(PublicId):
    """One centre's standings and grades for the cases closed from `start` up to, not including, `end`.

    `figures` is canonical JSON (`scoring.queries.closing.figures_of` makes it) and `sha256` its digest. Later evidence
    moves none of it; a correction is the next `version`, with its reason, and the former stays.
    `band_low` to `band_high`: between what the middle half of `band_lawyers` lies; empty where they are too few.
    """

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    version = models.PositiveIntegerField()
    figures = models.TextField()
    sha256 = models.CharField(max_length=64)
    band_low = models.PositiveSmallIntegerField(null=True)
    band_high = models.PositiveSmallIntegerField(null=True)
    band_lawyers = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True, default="")
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()

    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-end", "start", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["centre", "start", "end", "version"], name="closed_period_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="closed_period_has_days"),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""),
                name="closed_period_corrected_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(band_low=None, band_high=None, band_lawyers=0)
                | Q(band_low__isnull=False, band_low__lte=F("band_high"), band_high__lte=100, band_lawyers__gte=8),
                name="closed_period_band_of_eight",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}/{self.end} v{self.version} of centre {self.centre_id}"

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @cached_property
    def data(self) -> dict[str, Any]:
        """What `figures` says."""
        found: dict[str, Any] = json.loads(self.figures)
        return found
