"""What follows a decision outside the centre: a referral to who may impose it, and what whoever assigns has to know."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q

from qa_service.accounts.models import User
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId
from scoring.enums import MeasureKind, ReferralAnswer, ReferralKind
from scoring.models.decisions import DECIDING_ROLES, Proposal
from scoring.models.notices import Notice


class Referral(PublicId):
    """移送: the centre decided to hand the matter to the authority that may act on it, sent it, and was answered.

    No centre suspends or criticises in public: what the authority imposed stands here with its document and basis.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="referral")
    kind = models.CharField(max_length=12, choices=ReferralKind.choices)
    made_at = models.DateTimeField()
    addressee = models.CharField(max_length=100, blank=True)
    reference = models.CharField(max_length=60, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=12, choices=ReferralAnswer.choices, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    answer_reference = models.CharField(max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on=None) | (~Q(addressee="") & Q(sent_by__isnull=False)), name="referral_sent_whole"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_on=None)
                | (~Q(answer="") & Q(sent_on__isnull=False, answered_on__isnull=False, recorded_by__isnull=False)),
                name="referral_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"


class MeasureQuerySet(models.QuerySet["AssignmentMeasure"]):
    def visible_to(self, user: User | AnonymousUser) -> "MeasureQuerySet":
        """Those who decide, in their subtree, but of their own work and of their colleagues'."""
        seen = self.filter(within(user, "centre__path", *DECIDING_ROLES))
        return seen.exclude(own_work(user, lawyer="lawyer", firm="proposal__firm"))

    def in_force(self, day: date) -> "MeasureQuerySet":
        """What whoever assigns has to know on that day: begun, not run out, not ended."""
        ended = Q(ended_on__isnull=False) & Q(ended_on__lte=day)
        return self.filter(starts_on__lte=day, ends_on__gte=day).exclude(ended)


class AssignmentMeasure(PublicId):
    """A lawyer is assigned fewer cases, or none, from one day to another, both included. It expires by itself.

    A suspension is imposed by the competent authority and stands here with its legal basis and document.
    """

    kind = models.CharField(max_length=10, choices=MeasureKind.choices)
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="measure")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="measures")
    lawyer = models.ForeignKey("organisations.Lawyer", on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    legal_basis = models.CharField(max_length=300)
    authority = models.CharField(max_length=100)
    reference = models.CharField(max_length=60, blank=True)
    entered_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.TextField(blank=True)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="measure_in_order"),
            models.CheckConstraint(condition=~Q(legal_basis="") & ~Q(authority=""), name="measure_has_a_basis"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | (~Q(end_reason="") & Q(ended_by__isnull=False)), name="measure_ended_whole"
            ),
        ]
        indexes = [models.Index(fields=["centre", "-ends_on"], name="measure_centre")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
