"""Reports that were ordered and are made by the worker, and who is told that a period's reports can be read."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.models import User
from qa_service.common.models import PublicId
from scoring.enums import UNDER_WAY, OrderFailure, OrderState, ReportForm, ReportKind, Telling


class ReportTold(models.Model):
    """Those who wished it were told of the reports on cases closed from `start` up to, not including, `end`."""

    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    start = models.DateField()
    end = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "start", "end"], name="report_told_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="report_told_has_days"),
        ]

    def __str__(self) -> str:
        return f"reports {self.start}/{self.end} of centre {self.centre_id}"


class ReportWish(models.Model):
    """How often a person is told that reports can be read; without a row, after each quarter."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, primary_key=True, related_name="+")
    how_often = models.CharField(max_length=10, choices=Telling.choices)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how_often__in=Telling.values), name="report_wish_known"),
        ]

    def __str__(self) -> str:
        return f"wish of user {self.user_id}"


class ReportOrderQuerySet(models.QuerySet["ReportOrder"]):
    def visible_to(self, user: User | AnonymousUser) -> "ReportOrderQuerySet":
        """One's own, for a report is made for its reader."""
        return self.filter(ordered_by_id=user.pk) if isinstance(user, User) else self.none()

    def under_way(self) -> "ReportOrderQuerySet":
        return self.filter(state__in=UNDER_WAY)


class ReportOrder(PublicId):
    """A report that somebody waits for. The row is the queue; the worker notes on it how far it is.

    `place` or `lawyer` says of whom it is. `attempts` counts starts, and is what a worker proves with that the order
    is still its own: one that was taken for dead and comes back late finds another's number there.
    """

    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ReportKind.choices)
    place = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # As addresses name it; empty for a lawyer's file, which is of all years.
    period = models.CharField(max_length=21, blank=True)
    form = models.CharField(max_length=4, choices=ReportForm.choices)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=OrderState.choices, default=OrderState.QUEUED)
    done = models.PositiveSmallIntegerField(default=0)
    parts = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    ordered_at = models.DateTimeField()
    progressed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.CharField(max_length=20, choices=OrderFailure.choices, blank=True)

    objects = ReportOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="report_order_state_known"),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.LAWYER, lawyer__isnull=False, place=None, period="")
                | (~Q(kind=ReportKind.LAWYER) & Q(lawyer=None, place__isnull=False) & ~Q(period="")),
                name="report_order_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.DONE, file__isnull=False, expires_at__isnull=False)
                | (~Q(state=OrderState.DONE) & Q(file=None)),
                name="report_order_done_has_a_file",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.FAILED) & ~Q(failure="") | ~Q(state=OrderState.FAILED) & Q(failure=""),
                name="report_order_failed_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["ordered_by", "-id"], name="report_order_newest"),
            models.Index(fields=["progressed_at"], condition=Q(state__in=UNDER_WAY), name="report_order_under_way"),
            models.Index(fields=["expires_at"], condition=Q(state=OrderState.DONE), name="report_order_expires"),
        ]

    def __str__(self) -> str:
        return f"report order {self.pk}"

    @property
    def under_way(self) -> bool:
        return self.state in UNDER_WAY
