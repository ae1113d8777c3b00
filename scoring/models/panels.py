"""Who else has a part in deciding: the bureau, where a centre has nobody independent, and the panel that met."""

from django.db import models
from django.db.models import Q

from qa_service.accounts.models import User
from qa_service.common.models import PublicId
from scoring.enums import PassedStep
from scoring.models.decisions import Proposal
from scoring.models.notices import Appeal


class StepLook(models.Model):
    """A step came up, and it was looked whether the centre has an independent person for it.

    `passed`: it has none, and the step is the bureau's. `bars` counts why, by kind: nobody is named.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="looks")
    step = models.CharField(max_length=10, choices=PassedStep.choices)
    passed = models.BooleanField()
    bars = models.JSONField(default=dict)
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "step"], name="step_looked_at_once")]
        indexes = [models.Index(fields=["proposal"], condition=Q(passed=True), name="step_passed_on")]

    def __str__(self) -> str:
        return f"{self.step} of proposal {self.proposal_id}"


class PanelMeeting(PublicId):
    """A panel met about a proposal, or about an appeal against what came of it: when, who, and what was said.

    It advises. The decision stays one person's, with their name and reasons.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="meetings")
    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings")
    held_on = models.DateField()
    minutes = models.TextField()
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(minutes=""), name="meeting_has_minutes")]

    def __str__(self) -> str:
        return f"meeting {self.pk} on proposal {self.proposal_id}"


class PanelMember(models.Model):
    """Who attended: a person with an account, or a name from outside."""

    meeting = models.ForeignKey(PanelMeeting, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "name", "person"], name="member_once")]

    def __str__(self) -> str:
        return self.name
