"""Hearings that are observed: the plan, each observer's own marks, and the record made of them after discussion."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from reviews.enums import MANAGING, Anchor, HearingState, ObservationState
from reviews.models.own_marks import OwnMark

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class HearingPlan(PublicId):
    """One draw among the hearings to come of a centre. `counts`: how many each rule accounts for."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    seed = models.CharField(max_length=64)
    rate = models.DecimalField(max_digits=4, decimal_places=3)
    frame_size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    planned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "seed"], name="hearing_plan_seed_once")]

    def __str__(self) -> str:
        return f"plan of hearings {self.pk}"


class HearingQuerySet(models.QuerySet["Hearing"]):
    def visible_to(self, user: "User | AnonymousUser") -> "HearingQuerySet":
        """Managers see their subtree's, never of their own cases; an observer those they observe, while in the role."""
        mine = Observation.objects.filter(hearing=OuterRef("pk"), observer_id=user.pk)
        observing = within(user, "case__centre__path", Role.OBSERVER) & Exists(
            mine.exclude(state=ObservationState.WITHDRAWN)
        )
        return self.filter(self._managed(user) | observing)

    def managed_by(self, user: "User | AnonymousUser") -> "HearingQuerySet":
        return self.filter(self._managed(user))

    @staticmethod
    def _managed(user: "User | AnonymousUser") -> Q:
        return within(user, "case__centre__path", *MANAGING) & ~own_work(user)


class Hearing(PublicId):
    """A hearing of one case that is observed. `rules` say why; `total` and `note` are there once it is recorded."""

    plan = models.ForeignKey(HearingPlan, on_delete=models.PROTECT, related_name="hearings")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, related_name="+")
    rules = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=HearingState.choices, default=HearingState.PLANNED)
    note = models.TextField(max_length=2000, blank=True)
    total = models.DecimalField(max_digits=13, decimal_places=10, null=True, blank=True)
    closed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = HearingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "held_on"], condition=~Q(state=HearingState.CANCELLED), name="hearing_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state=HearingState.PLANNED, closed_at__isnull=True, total__isnull=True)
                | Q(state=HearingState.RECORDED, closed_at__isnull=False, total__isnull=False)
                | Q(state=HearingState.CANCELLED, closed_at__isnull=False, total__isnull=True) & ~Q(note=""),
                name="hearing_total_when_recorded",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0) & Q(total__lte=100), name="hearing_total_in_range"
            ),
        ]
        indexes = [models.Index(fields=["held_on"], condition=Q(state=HearingState.PLANNED), name="hearing_planned")]

    def __str__(self) -> str:
        return f"hearing {self.pk}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def held_by(self, user: "User | AnonymousUser") -> "ObservationQuerySet":
        """Theirs, while they hold the role at the case's centre and nobody took them off."""
        mine = self.filter(within(user, "hearing__case__centre__path", Role.OBSERVER), observer_id=user.pk)
        return mine.exclude(state=ObservationState.WITHDRAWN)


class Observation(PublicId):
    """One observer's own marks of a hearing. `version` grows with every save."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="observations")
    observer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ObservationState.choices, default=ObservationState.OPEN)
    version = models.PositiveIntegerField(default=0)
    comment = models.TextField(max_length=2000, blank=True)
    named_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=13, decimal_places=10, null=True, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hearing", "observer"],
                condition=~Q(state=ObservationState.WITHDRAWN),
                name="observer_once_a_hearing",
            ),
            models.CheckConstraint(
                condition=Q(state=ObservationState.SUBMITTED, submitted_at__isnull=False, total__isnull=False)
                | ~Q(state=ObservationState.SUBMITTED) & Q(submitted_at__isnull=True, total__isnull=True),
                name="observation_total_when_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"observation {self.pk}"

    @property
    def locked(self) -> bool:
        return self.state == ObservationState.SUBMITTED


class ObservedMark(OwnMark):
    """One observer's mark of one item."""

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="marks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["observation", "item"], name="observed_mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=["", *Anchor.values]), name="observed_mark_anchor_known"),
        ]

    def __str__(self) -> str:
        return f"observed mark {self.pk}"


class RecordedMark(models.Model):
    """What the observers agreed on for one item after their discussion. Never changed."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="marks")
    item = models.ForeignKey("reviews.Item", on_delete=models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=8, choices=Anchor.choices)
    reason_code = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hearing", "item"], name="recorded_mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=Anchor.values), name="recorded_mark_anchor_known"),
        ]

    def __str__(self) -> str:
        return f"recorded mark {self.pk}"


class HearingMove(models.Model):
    """A hearing put off, or held elsewhere: one row each time. `before` is the day that no longer holds."""

    hearing = models.ForeignKey(Hearing, on_delete=models.PROTECT, related_name="moves")
    before = models.DateField()
    held_on = models.DateField()
    place = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=200)
    moved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="hearing_move_has_a_reason")]

    def __str__(self) -> str:
        return f"move of a hearing {self.pk}"
