"""Who reviews, on what terms, and to whom a lawyer objects."""

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import within
from qa_service.common.models import PublicId
from qa_service.organisations.models import Membership
from reviews.conflicts import CAPACITY
from reviews.enums import MANAGING, ReviewerObjectionState

if TYPE_CHECKING:
    from qa_service.accounts.models import User

MOST_FILES = 200


class ReviewerTerms(models.Model):
    """On what terms somebody reviews. Who has none set reads every type of case, and as many files as is usual.

    `case_types` empty: all of them. `practising_since` empty: not known, and shown as not known.
    """

    reviewer = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="reviewer_terms")
    capacity = models.PositiveSmallIntegerField(
        _("Open files at most"),
        default=CAPACITY,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_FILES)],
        help_text=_("0 to 200. With 0 no file is given to this person until it is raised again."),
    )
    case_types = models.JSONField(default=list, blank=True)
    practising_since = models.DateField(null=True, blank=True)
    set_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(capacity__lte=MOST_FILES), name="reviewer_capacity_bounded"),
        ]

    def __str__(self) -> str:
        return f"terms of reviewer {self.reviewer_id}"


class ReviewerObjectionQuerySet(models.QuerySet["ReviewerObjection"]):
    def barring(self) -> "ReviewerObjectionQuerySet":
        """Those for which no file of the lawyer is given to the reviewer: not decided yet, or upheld."""
        return self.filter(state__in=(ReviewerObjectionState.LODGED, ReviewerObjectionState.UPHELD))

    def visible_to(self, user: "User | AnonymousUser") -> "ReviewerObjectionQuerySet":
        """A lawyer sees their own; managers those of lawyers whom a centre of theirs knows, but none to themselves."""
        known = within(user, "firm__centre__path", *MANAGING)
        managed = Exists(Membership.objects.filter(known, lawyer=OuterRef("lawyer")))
        condition = Q(managed) & ~Q(reviewer=user.pk)
        lawyer_id = getattr(user, "lawyer_id", None)
        if lawyer_id and getattr(user, "has_role", lambda _role: False)(Role.LAWYER):
            condition |= Q(lawyer=lawyer_id)
        return self.filter(condition)


class ReviewerObjection(PublicId):
    """A lawyer's objection, in advance, to a reviewer of the list (回避申请). A manager decides it with reasons.

    `received_on`: it came on paper, and `entered_by` entered it.
    """

    reviewer = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    lodged_at = models.DateTimeField()
    received_on = models.DateField(null=True, blank=True)
    entered_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=ReviewerObjectionState.choices, default=ReviewerObjectionState.LODGED
    )
    decided_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=500, blank=True)

    objects = ReviewerObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "lawyer"],
                condition=Q(state__in=("lodged", "upheld")),
                name="reviewer_objection_one_in_force",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="reviewer_objection_has_a_reason"),
            models.CheckConstraint(
                condition=Q(received_on=None, entered_by=None) | Q(received_on__isnull=False, entered_by__isnull=False),
                name="reviewer_objection_entered_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="lodged", decided_by=None, decided_at=None)
                | Q(state__in=("upheld", "rejected"), decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(answer=""),
                name="reviewer_objection_decided_with_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk} to reviewer {self.reviewer_id}"


class KnownTie(PublicId):
    """What is known of a case beyond the register: a firm on the other side, or a lawyer who dealt with it before.

    Entered by a named person, taken out by one; as long as it stands, those of the firm, or that lawyer, do not read.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    opposing_firm = models.ForeignKey(
        "organisations.Firm", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    earlier_lawyer = models.ForeignKey(
        "organisations.Lawyer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by: "models.ForeignKey[User, User]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()
    taken_out_by: "models.ForeignKey[User | None, User | None]" = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_out_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opposing_firm__isnull=False) ^ Q(earlier_lawyer__isnull=False), name="known_tie_to_one"
            ),
            models.UniqueConstraint(
                fields=["case", "opposing_firm"], condition=Q(taken_out_at=None), name="known_tie_firm_once"
            ),
            models.UniqueConstraint(
                fields=["case", "earlier_lawyer"], condition=Q(taken_out_at=None), name="known_tie_lawyer_once"
            ),
            models.CheckConstraint(
                condition=Q(taken_out_at=None, taken_out_by=None)
                | Q(taken_out_at__isnull=False, taken_out_by__isnull=False),
                name="known_tie_taken_out_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"known tie {self.pk} of case {self.case_id}"
