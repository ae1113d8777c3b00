"""Who reads a file, and the marks they give. A submitted review is locked, by services and by database triggers."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from reviews.enums import (
    ACTIVE_ASSIGNMENTS,
    CAME_BACK,
    OPEN_VETOES,
    Anchor,
    AssignmentState,
    Band,
    ReaderOrder,
    ReviewState,
    VetoState,
)

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class Relation(models.Model):
    """A reviewer's declared relation to a lawyer or a firm: as long as it stands they read none of their files.

    Taken back by the reviewer, with the reason; the record of it stays.
    """

    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, null=True, related_name="+")
    firm = models.ForeignKey("organisations.Firm", on_delete=models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "lawyer"], condition=Q(taken_back_at=None), name="relation_lawyer_once_standing"
            ),
            models.UniqueConstraint(
                fields=["reviewer", "firm"], condition=Q(taken_back_at=None), name="relation_firm_once_standing"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_reason="")
                | Q(taken_back_at__isnull=False) & ~Q(taken_back_reason=""),
                name="relation_taken_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(lawyer__isnull=False) ^ Q(firm__isnull=False), name="relation_to_one_of_both"
            ),
        ]

    def __str__(self) -> str:
        return f"relation of {self.reviewer_id}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: "User | AnonymousUser") -> "AssignmentQuerySet":
        """A reviewer sees their own while they hold the role at the case's centre; managers see their subtree's.

        Who handled the case is not told who marked it, whatever other hat they wear.
        """
        own = Q(reviewer_id=user.pk) & within(user, "case__centre__path", Role.REVIEWER)
        return self.filter(own | self._managed(user))

    def managed_by(self, user: "User | AnonymousUser") -> "AssignmentQuerySet":
        return self.filter(self._managed(user))

    @staticmethod
    def _managed(user: "User | AnonymousUser") -> Q:
        return within(user, "case__centre__path", Role.MANAGER, Role.SUPERVISOR) & ~own_work(user)

    def held_by(self, user: "User | AnonymousUser") -> "AssignmentQuerySet":
        return self.filter(
            within(user, "case__centre__path", Role.REVIEWER), reviewer_id=user.pk, state__in=ACTIVE_ASSIGNMENTS
        )


def being_read_by(user: "User | AnonymousUser", *, case: str = "case") -> Exists:
    """A condition on rows: the person has the file of their case before them. `case` is the path to it.

    What others found in it is kept from them until they have handed in, whatever other hat they wear.
    """
    return Exists(Assignment.objects.filter(case=OuterRef(case), reviewer_id=user.pk, state=AssignmentState.OPEN))


class Assignment(PublicId):
    """One reader of one file. The checklist is fixed when the file is given out."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    sampled = models.ForeignKey("reviews.SampledCase", on_delete=models.PROTECT, null=True, related_name="+")
    checklist = models.ForeignKey("reviews.Checklist", on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(choices=ReaderOrder.choices, default=ReaderOrder.FIRST)
    state = models.CharField(max_length=12, choices=AssignmentState.choices, default=AssignmentState.OPEN)
    assigned_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    # Empty until the calendar of working days reaches so far.
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    nudged_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "order"], condition=Q(state__in=ACTIVE_ASSIGNMENTS), name="assignment_one_reader_a_turn"
            ),
            models.UniqueConstraint(
                fields=["case", "reviewer"], condition=Q(state__in=ACTIVE_ASSIGNMENTS), name="assignment_reader_once"
            ),
            models.CheckConstraint(condition=Q(order__in=ReaderOrder.values), name="assignment_order_known"),
            models.CheckConstraint(
                condition=Q(state=AssignmentState.OPEN)
                | Q(
                    state__in=[AssignmentState.SUBMITTED, *CAME_BACK, AssignmentState.WITHDRAWN],
                    closed_at__isnull=False,
                ),
                name="assignment_closed_on_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reviewer", "due_on"], condition=Q(state=AssignmentState.OPEN), name="assignment_open"
            ),
            # Who read beside whom of late: few are read twice.
            models.Index(
                fields=["reviewer", "assigned_at"],
                condition=Q(order__gt=ReaderOrder.FIRST, state__in=ACTIVE_ASSIGNMENTS),
                name="assignment_beside",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Review(PublicId):
    """One reader's marks. `version` grows with every save; totals are written once, when the review is submitted."""

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="review")
    version = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.DRAFT)
    comment = models.TextField(max_length=2000, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=13, decimal_places=10, null=True)
    not_applicable = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    limited = models.BooleanField(default=False)
    band = models.CharField(max_length=10, choices=Band.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ReviewState.DRAFT, submitted_at__isnull=True, total__isnull=True)
                | Q(state=ReviewState.SUBMITTED, submitted_at__isnull=False, total__isnull=False),
                name="review_total_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0) & Q(total__lte=100), name="review_total_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def locked(self) -> bool:
        return self.state == ReviewState.SUBMITTED


class Mark(models.Model):
    """`page` is the reference in the file, as typed: "12", "12–14", or that the paper is missing."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="marks")
    item = models.ForeignKey("reviews.Item", on_delete=models.PROTECT, related_name="+")
    anchor = models.CharField(max_length=8, choices=Anchor.choices, blank=True)
    reason_code = models.CharField(max_length=40, blank=True)
    page = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=1000, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "item"], name="mark_once_an_item"),
            models.CheckConstraint(condition=Q(anchor__in=["", *Anchor.values]), name="mark_anchor_known"),
        ]

    def __str__(self) -> str:
        return f"mark {self.pk}"


class VetoMarkQuerySet(models.QuerySet["VetoMark"]):
    def told_another(self) -> "VetoMarkQuerySet":
        """Open still, and who was told or heard is no longer the lawyer of the case."""
        waiting = self.filter(
            state__in=OPEN_VETOES, review__assignment__state=AssignmentState.SUBMITTED, told_lawyer__isnull=False
        )
        return waiting.exclude(told_lawyer=F("review__assignment__case__lawyer"))


class VetoMark(PublicId):
    """Marked by a reader, answered by the lawyer, decided by a second person.

    `served_on`: when the paper reached a lawyer who has no account. `answer_received_on`: their answer came on paper,
    and `answer_entered_by` entered it.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="veto_marks")
    veto = models.ForeignKey("reviews.Veto", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=VetoState.choices, default=VetoState.MARKED)
    statement = models.CharField(max_length=1000)
    page = models.CharField(max_length=40)
    marked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    # Who was told, or answered: the register may name another lawyer afterwards, who is told and heard anew.
    told_lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty until the lawyer was told, and the calendar of working days reaches so far.
    answer_due_on = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    served_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_received_on = models.DateField(null=True, blank=True)
    answer_entered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=1000, blank=True)

    objects = VetoMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "veto"], name="veto_once_a_review"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("marked_by")), name="veto_decided_by_another"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[VetoState.MARKED, VetoState.ANSWERED], decided_by__isnull=True)
                | Q(state__in=[VetoState.CONFIRMED, VetoState.DISMISSED], decided_by__isnull=False)
                & ~Q(decision_reason=""),
                name="veto_decided_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=VetoState.CONFIRMED) | Q(answered_at__isnull=False) | Q(answer_due_on__isnull=False),
                name="veto_confirmed_after_hearing",
            ),
            models.CheckConstraint(
                condition=Q(served_on__isnull=True, served_by__isnull=True)
                | Q(served_on__isnull=False, served_by__isnull=False),
                name="veto_served_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answer_received_on__isnull=True, answer_entered_by__isnull=True)
                | Q(answer_received_on__isnull=False, answer_entered_by__isnull=False) & Q(answered_at__isnull=False),
                name="veto_answer_entered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(told_lawyer__isnull=False)
                | Q(answer_due_on__isnull=True, served_on__isnull=True, answered_at__isnull=True),
                name="veto_told_to_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"veto mark {self.pk}"

    @property
    def told(self) -> bool:
        """Whether the lawyer's time to answer runs or has run."""
        return self.answer_due_on is not None or self.served_on is not None

    @property
    def told_another(self) -> bool:
        """Whether who was told or heard is no longer the lawyer of the case."""
        return self.told_lawyer_id is not None and self.told_lawyer_id != self.review.assignment.case.lawyer_id


class FormerHearing(models.Model):
    """How a lawyer was told of a veto and what they answered, before the register named another. Frozen."""

    veto_mark = models.ForeignKey(VetoMark, on_delete=models.PROTECT, related_name="former_hearings")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    answer_due_on = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    served_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_received_on = models.DateField(null=True, blank=True)
    answer_entered_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"former hearing of veto mark {self.veto_mark_id}"
