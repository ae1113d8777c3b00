"""What a firm marks of its own file before it sees what the readers found. Locked once it is handed in."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import firms_of, own_work, within
from qa_service.common.models import PublicId
from reviews.enums import MANAGING, Anchor, AssignmentState, SelfAssessmentState
from reviews.models.own_marks import OwnMark
from reviews.models.reviews import Assignment

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Those who mark it, and managers of the subtree: that it was asked for and where it stands.

        A manager who reads the file themselves sees nothing of it before they have handed in.
        """
        reading = Assignment.objects.filter(case=OuterRef("case"), reviewer_id=user.pk, state=AssignmentState.OPEN)
        return self.filter(self._own(user) | self._managed(user)).exclude(Exists(reading))

    def marked_by(self, user: "User | AnonymousUser") -> Self:
        """Of files of the lawyer's own, and of the firm's for its head; but what is needed no more."""
        return self.filter(self._own(user)).exclude(state=SelfAssessmentState.WITHDRAWN)

    def managed_by(self, user: "User | AnonymousUser") -> Self:
        return self.visible_to(user).filter(self._managed(user))

    @staticmethod
    def _own(user: "User | AnonymousUser") -> Q:
        own = Q(case__firm_id__in=firms_of(user))
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            own |= Q(case__lawyer_id=lawyer_id)
        return own

    @staticmethod
    def _managed(user: "User | AnonymousUser") -> Q:
        return within(user, "case__centre__path", *MANAGING) & ~own_work(user)


class SelfAssessment(PublicId):
    """One drawn file that its firm is to mark. The checklist is fixed when it is asked for.

    `version` grows with every save: the lawyer and the head of the firm may both write.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=SelfAssessmentState.choices, default=SelfAssessmentState.OPEN)
    version = models.PositiveIntegerField(default=0)
    comment = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    # Empty until the calendar of working days reaches so far.
    due_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # When it came on paper and the centre entered it; empty where the firm marked it on its page.
    received_on = models.DateField(null=True, blank=True)
    total = models.DecimalField(max_digits=13, decimal_places=10, null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~Q(state=SelfAssessmentState.WITHDRAWN), name="self_assessment_once_a_case"
            ),
            models.CheckConstraint(
                condition=Q(state__in=SelfAssessmentState.values), name="self_assessment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=SelfAssessmentState.SUBMITTED, submitted_by__isnull=False, total__isnull=False)
                | ~Q(state=SelfAssessmentState.SUBMITTED) & Q(submitted_by__isnull=True, total__isnull=True),
                name="self_assessment_total_when_handed_in",
            ),
            models.CheckConstraint(
                condition=Q(state=SelfAssessmentState.OPEN, closed_at__isnull=True)
                | ~Q(state=SelfAssessmentState.OPEN) & Q(closed_at__isnull=False),
                name="self_assessment_closed_at",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(state=SelfAssessmentState.OPEN), name="self_assessment_open")
        ]

    def __str__(self) -> str:
        return f"self-assessment {self.pk}"

    @property
    def open(self) -> bool:
        return self.state == SelfAssessmentState.OPEN


class SelfMark(OwnMark):
    """The firm's own mark of one item."""

    assessment = models.ForeignKey(SelfAssessment, on_delete=models.PROTECT, related_name="marks")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item"], name="self_mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=["", *Anchor.values]), name="self_mark_anchor_known"),
        ]

    def __str__(self) -> str:
        return f"self mark {self.pk}"
