from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.enums import Role
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from surveys.enums import Clock, Concern, ConsentWay, Finding, Level, RecoveryAct, RecoveryEnd, RecoveryState
from surveys.models.alerts import Alert
from surveys.recovery import Standing

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class Recovery(models.Model):
    """What the centre does about one unhappy client. The rating it began with lies in the answers and stays there."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, primary_key=True, related_name="recovery")
    state = models.CharField(max_length=10, choices=RecoveryState, default=RecoveryState.OPEN)
    concern = models.CharField(max_length=8, choices=Concern, default=Concern.UNKNOWN, blank=True)
    finding = models.CharField(max_length=12, choices=Finding, blank=True)
    ended_as = models.CharField(max_length=12, choices=RecoveryEnd, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    reached_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    # The second, short follow-up; sent back, a matter may be asked about once more.
    asked_again = models.OneToOneField(
        "surveys.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    turn = models.PositiveSmallIntegerField(default=0)
    signed_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=RecoveryState.CLOSED, ended_as__gt="")
                | (~models.Q(state=RecoveryState.CLOSED) & models.Q(ended_as="")),
                name="recovery_ends_in_some_way",
            ),
        ]
        verbose_name_plural = "recoveries"

    def __str__(self) -> str:
        return f"recovery of {self.alert_id}"

    @property
    def standing(self) -> Standing:
        """As the rules see it."""
        return Standing(
            state=RecoveryState(self.state),
            may_contact=self.alert.may_call is not False,
            attempts=self.attempts,
            reached=self.reached_at is not None,
            answer_open=self.asked_again is not None and self.asked_again.is_open,
        )

    @property
    def due(self) -> dict[Clock, date | None]:
        return {
            Clock.ACKNOWLEDGE: self.alert.acknowledge_by,
            Clock.CONTACT: self.alert.contact_by,
            Clock.SETTLE: self.alert.settle_by,
        }


class RecoveryStep(models.Model):
    """One step as it was taken. Nothing is ever taken back: a matter sent back has its steps twice."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=RecoveryAct)
    at = models.DateTimeField()
    # Empty: the service itself, when the client wished no contact.
    by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = EncryptedTextField(blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.act}"


class LawyerQuestionQuerySet(models.QuerySet["LawyerQuestion"]):
    def visible_to(self, user: "User") -> Self:
        """The lawyer of the case, and nobody else of the firm: the client agreed to one person being told."""
        lawyer_id = user.lawyer_id if user.has_role(Role.LAWYER) else None
        return self.filter(withdrawn_at=None, recovery__alert__case__lawyer_id=lawyer_id) if lawyer_id else self.none()


class LawyerQuestion(PublicId):
    """What a lawyer is asked about one case, with the client's consent: these words, and nothing else, are shown."""

    recovery = models.OneToOneField(Recovery, on_delete=models.PROTECT, related_name="lawyer_question")
    consented_on = models.DateField()
    consent_by = models.CharField(max_length=10, choices=ConsentWay)
    text = EncryptedTextField()
    put_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    reply = EncryptedTextField(blank=True, default="")
    replied_at = models.DateTimeField(null=True, blank=True)
    # The client changed their mind before the reply came.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = LawyerQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(replied_at=None) | models.Q(withdrawn_at=None), name="question_answered_or_withdrawn"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Escalation(models.Model):
    """Somebody above was to be told that a day was missed. The constraint is what makes the sweep tell it once."""

    alert = models.ForeignKey(Alert, null=True, blank=True, on_delete=models.PROTECT, related_name="escalations")
    complaint = models.ForeignKey(
        "surveys.Complaint", null=True, blank=True, on_delete=models.PROTECT, related_name="escalations"
    )
    clock = models.CharField(max_length=12, choices=Clock)
    level = models.CharField(max_length=8, choices=Level)
    at = models.DateTimeField()
    # Nobody there may see it, so nobody there was told.
    to_nobody = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "clock", "level"], name="escalation_of_alert_once"),
            models.UniqueConstraint(fields=["complaint", "clock", "level"], name="escalation_of_complaint_once"),
            models.CheckConstraint(
                condition=models.Q(alert__isnull=False, complaint__isnull=True)
                | models.Q(alert__isnull=True, complaint__isnull=False),
                name="escalation_of_one_matter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.level}"
