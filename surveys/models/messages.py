from django.db import models

from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId
from surveys.enums import Direction, MessageKind, MessageState, OptOutSource

# Providers name their refusals in words: "isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE".
LONGEST_CODE = 60
# Refusals that say something about sending as a whole: filtered words, a country not permitted, suspected pumping.
WATCHED_CODES = ("30007", "21408", "30450")


class Message(PublicId):
    """One text in or out: outbox and inbox in one table (reliability.md 1.7)."""

    conversation = models.ForeignKey(
        "surveys.Conversation", null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=16, choices=MessageKind)
    # 0 is the invitation, 1 and 2 the reminders; a reply counts from the inbound text it answers.
    step = models.PositiveIntegerField(default=0)
    in_reply_to = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="answer")
    gateway = models.CharField(max_length=20)
    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64)
    body = EncryptedTextField()
    language = models.CharField(max_length=10, default="zh-hans")
    segments = models.PositiveSmallIntegerField(default=1)
    # Ours, sent along and found again in callbacks and listings; never a secret.
    reference = models.CharField(max_length=16, null=True, blank=True, unique=True)
    sid = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - unique, so none is null

    state = models.CharField(max_length=12, choices=MessageState)
    rank = models.PositiveSmallIntegerField(default=0)
    # Claims, which is also the fence: only the newest claim's worker may write what became of it.
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Committed before the provider may hear of it: a claim that ran out without this has surely not been sent.
    handed_at = models.DateTimeField(null=True, blank=True)
    # Times it was handed to the provider; and claims that ran out before, perhaps because it breaks whoever reads it.
    tries = models.PositiveSmallIntegerField(default=0)
    lapses = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    looks = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    resends = models.PositiveSmallIntegerField(default=0)
    # Never sent again by itself when the outcome is unclear (a flagged person's safety goes first).
    careful = models.BooleanField(default=False)
    error_code = models.CharField(max_length=LONGEST_CODE, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Since then the provider keeps no words of it either.
    blanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind", "step"],
                condition=models.Q(direction=Direction.OUT),
                name="message_once_per_step",
            ),
            models.UniqueConstraint(fields=["gateway", "sid"], name="message_sid_once"),
            models.CheckConstraint(
                condition=models.Q(direction=Direction.IN, state=MessageState.RECEIVED)
                | (models.Q(direction=Direction.OUT) & ~models.Q(state=MessageState.RECEIVED)),
                name="message_state_fits_direction",
            ),
            models.CheckConstraint(
                condition=models.Q(state=MessageState.SENDING, lease_until__isnull=False)
                | ~models.Q(state=MessageState.SENDING),
                name="message_sending_has_a_lease",
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=models.Q(state=MessageState.QUEUED), name="message_queued"
            ),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(state__in=[MessageState.SENDING, MessageState.UNKNOWN]),
                name="message_unclear",
            ),
            models.Index(
                fields=["created_at"],
                condition=models.Q(sid__isnull=False, blanked_at__isnull=True),
                name="message_to_blank",
            ),
            models.Index(fields=["phone_index", "-created_at"], name="message_by_phone"),
            models.Index(fields=["gateway", "id"], condition=models.Q(direction=Direction.IN), name="message_heard"),
            models.Index(
                fields=["handed_at"], condition=models.Q(error_code__in=WATCHED_CODES), name="message_watched"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class MessageEvent(models.Model):
    """What a provider reported, once each; also what we did not understand or no longer could use."""

    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    gateway = models.CharField(max_length=20)
    sid = models.CharField(max_length=64)
    status = models.CharField(max_length=30)
    error_code = models.CharField(max_length=LONGEST_CODE, blank=True)
    at = models.DateTimeField()
    # A final state that contradicts an earlier final state: kept, not applied.
    contradicts = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["gateway", "sid", "status"], name="message_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sid} {self.status}"


class OptOut(PublicId):
    """A number that is not to be texted: by one centre, or by anybody when no centre is named."""

    phone_index = models.CharField(max_length=64)
    centre = models.ForeignKey(
        "organisations.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=10, choices=OptOutSource)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index", "centre"],
                condition=models.Q(lifted_at__isnull=True),
                name="opt_out_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=models.Q(lifted_at__isnull=True, centre__isnull=True),
                name="opt_out_one_general_in_force",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
