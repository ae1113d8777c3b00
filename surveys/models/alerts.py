from typing import TYPE_CHECKING, Self

from django.db import models

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.models import PublicId, Timestamped
from surveys.enums import AlertKind, AlertState, Clock
from surveys.recovery import running

if TYPE_CHECKING:
    from qa_service.accounts.models import User


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, user: "User") -> Self:
        """Sealed alerts: supervisors, and managers unless they are about the centre's own staff; never one's own."""
        everyday = models.Q(sealed=False) & within(
            user, "case__centre__path", Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR
        )
        sealed = models.Q(sealed=True, for_bureau=False) & within(
            user, "case__centre__path", Role.MANAGER, Role.SUPERVISOR
        )
        above = models.Q(sealed=True, for_bureau=True) & within(user, "case__centre__path", Role.SUPERVISOR)
        return self.filter(everyday | sealed | above).exclude(own_work(user))


class Alert(PublicId, Timestamped):
    """Something that a person must see to by a stated moment."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey("surveys.Conversation", on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=14, choices=AlertKind)
    state = models.CharField(max_length=14, choices=AlertState, default=AlertState.OPEN)
    sealed = models.BooleanField(default=False)
    # About the centre's own staff: it bypasses the director.
    for_bureau = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    # Empty where the official calendar of the year is missing: an answer is stored all the same.
    acknowledge_by = models.DateField(null=True, blank=True)
    contact_by = models.DateField(null=True, blank=True)
    settle_by = models.DateField(null=True, blank=True)
    may_call = models.BooleanField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["acknowledge_by", "pk"]
        indexes = [
            # Asked of every row of each list: is this client left to the bureau?
            models.Index(fields=["case"], condition=models.Q(for_bureau=True), name="alert_with_the_bureau"),
        ]
        constraints = [
            # What a client says anew once their matter was closed is a matter of its own.
            models.UniqueConstraint(
                fields=["conversation", "kind"],
                condition=~models.Q(state=AlertState.CLOSED) & ~models.Q(kind=AlertKind.DANGER),
                name="alert_open_once_per_conversation_and_kind",
            ),
            # From the centre's own people it is the bureau's, beside one from somebody else, which is the centre's.
            models.UniqueConstraint(
                fields=["conversation", "for_bureau"],
                condition=~models.Q(state=AlertState.CLOSED) & models.Q(kind=AlertKind.DANGER),
                name="alert_danger_open_once_for_each",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=AlertKind.MONEY) | models.Q(sealed=True), name="alert_money_is_sealed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    @property
    def running_clocks(self) -> frozenset[str]:
        """Names of the clocks that still run. A matter without steps of its own has to be taken on; who is in danger
        has then to be spoken with."""
        if hasattr(self, "recovery"):
            return frozenset(clock.value for clock in running(self.recovery.standing))
        if self.state == AlertState.OPEN:
            return frozenset({Clock.ACKNOWLEDGE.value})
        speaking = self.kind == AlertKind.DANGER and self.state == AlertState.ACKNOWLEDGED
        return frozenset({Clock.CONTACT.value} if speaking else ())
