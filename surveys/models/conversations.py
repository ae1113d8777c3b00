from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.functional import cached_property

from qa_service.accounts.enums import Role
from qa_service.accounts.queries import own_work, within
from qa_service.common.encryption import EncryptedTextField
from qa_service.common.models import PublicId, Timestamped
from surveys.enums import (
    OPEN_STATES,
    STAFF_CHANNELS,
    AfterwardsOutcome,
    Answerer,
    Audience,
    Channel,
    ConversationState,
    Direction,
    ErrandOutcome,
    Identity,
    Mode,
    PhoneOutcome,
    StaffReason,
)
from surveys.models.alerts import Alert

if TYPE_CHECKING:
    from qa_service.accounts.models import User

# The wave that asks about a case when it has closed, and the only one whose answer counts as its rating.
CLOSING_WAVE = "closing"
STAFF_ROLES = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


# What a change of rung writes.
HANDED = ("state", "channel", "staff_reason", "urgent", "remind_at", "lapses_at", "sent_out_at")


def first_wave(conversation: str = "") -> models.Q:
    """The condition on rows: they belong to the follow-up of a client after the case closed, one a case.

    Wherever ratings are read or follow-ups counted. Asking again after a recovery is none: what a client says of the
    centre's answer never replaces what they said of the case.

    :param conversation: the path of fields to the conversation, with its two underscores.
    """
    return models.Q(**{f"{conversation}audience": Audience.CLIENT, f"{conversation}wave": CLOSING_WAVE})


@cache  # every list and every press asks it, and an expression is copied wherever it is used
def left_to_bureau() -> models.Exists:
    """The condition on conversations: the bureau has, or had, a matter of the same person about the centre's own
    people, in whatever case of that centre: who is reached on one telephone is one person.

    Whoever is accused is not to ring or visit them, so nobody of the centre asks them any more in whatever round: to
    the centre they have answered, and how far they got the bureau reads with its matter.
    """
    above = Alert.objects.order_by().filter(for_bureau=True, conversation__audience=Audience.CLIENT)
    client = above.filter(conversation__recipient=models.OuterRef("recipient"))
    reached = above.filter(
        conversation__phone_index=models.OuterRef("phone_index"),
        conversation__phone_index__gt="",
        case__centre=models.OuterRef("case__centre"),
    )
    # Each part by its own index: an "or" would read every matter that the bureau has.
    return models.Exists(client.values("pk").union(reached.values("pk"), all=True))


def is_left_to_bureau(conversation: "Conversation") -> bool:
    """The same of one, as it is at this moment."""
    return Conversation.objects.filter(left_to_bureau(), pk=conversation.pk).exists()


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User") -> Self:
        """Staff of the subtree alone, and never of their own cases: no lawyer or firm sees one client's answer."""
        return self.filter(within(user, "case__centre__path", *STAFF_ROLES)).exclude(own_work(user))

    def begun_since(self, moment: datetime) -> Self:
        """What counts towards one follow-up a person in 30 days: not what was given up before anybody was contacted."""
        return self.filter(invited_at__gt=moment).exclude(state=ConversationState.WITHDRAWN)

    def open(self) -> Self:
        return self.filter(state__in=OPEN_STATES)

    def with_clients(self) -> Self:
        return self.filter(audience=Audience.CLIENT)

    def with_organs(self) -> Self:
        return self.filter(audience=Audience.ORGAN)

    def with_matters_due(self, *, by: datetime | None = None) -> Self:
        """What a form was told and no sweep has seen to yet: for some seconds, or as long as no worker runs.

        `by`: those to be seen to by then. A form that was told of money waits a while for who asked.
        """
        return self.filter(matters_due_at__isnull=False) if by is None else self.filter(matters_due_at__lte=by)

    def for_staff(self) -> Self:
        """Clients whom a person of the centre has to reach, by telephone, visit, letter or paper form."""
        return self.with_clients().open().filter(~left_to_bureau(), channel__in=STAFF_CHANNELS)

    def as_told(self) -> Self:
        """With what the centre is told of each: `left_to_bureau`, which one row by itself would ask for."""
        return self.annotate(left_to_bureau=left_to_bureau())

    def with_texts(self) -> Self:
        """With `has_written`, in the same way."""
        texts = Conversation.objects.filter(pk=models.OuterRef("pk"), messages__direction=Direction.IN)
        return self.annotate(has_written=models.Exists(texts.order_by()))


class Conversation(PublicId, Timestamped):
    """One respondent's progress through one questionnaire, by whichever ways it takes."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.CLIENT)
    recipient = models.ForeignKey("cases.Client", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # A unit is asked, never a person of it; its name as it was on that day.
    organ = models.ForeignKey("surveys.Organ", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(max_length=120, blank=True)
    wave = models.SlugField(max_length=30)
    questionnaire = models.ForeignKey("surveys.Questionnaire", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ConversationState, default=ConversationState.AWAITING)
    channel = models.CharField(max_length=12, choices=Channel)
    language = models.CharField(max_length=10, default="zh-hans")
    phone_index = models.CharField(max_length=64, blank=True)
    # One text, at most, that asks again, whatever is sent back: see surveys.conversation.
    clarified = models.BooleanField(default=False)

    link_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    code_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    invited_at = models.DateTimeField()
    # Only the Start button writes it: a link that is merely followed changes nothing.
    first_opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The first moment after: an answer at `closes_at` is late, one at `late_until` is not taken.
    closes_at = models.DateTimeField()
    late_until = models.DateTimeField()
    # When the next reminder is due; null when none is left.
    remind_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)

    # By which it is asked while the case runs; none after closing.
    mid_case_plan = models.ForeignKey(
        "surveys.MidCasePlan", null=True, blank=True, on_delete=models.PROTECT, related_name="conversations"
    )

    staff_reason = models.CharField(max_length=20, choices=StaffReason, default=StaffReason.NONE, blank=True)
    urgent = models.BooleanField(default=False)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    call_back_at = models.DateTimeField(null=True, blank=True)
    # When the present rung of staff gives way to the next by itself; null on the last rung.
    lapses_at = models.DateTimeField(null=True, blank=True)
    # When the sheet of the present rung left the office; null while it is still to be sent.
    sent_out_at = models.DateTimeField(null=True, blank=True)
    held_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    held_until = models.DateTimeField(null=True, blank=True)
    # When a form was told something that asks for somebody of the centre; null once a sweep has seen to it.
    matters_due_at = models.DateTimeField(null=True, blank=True)
    # What the form was told and was taken back before that, as `matters.Heard` keeps it: kinds, and no words. It stays
    # for who reads of the matter that came of it.
    taken_back = models.JSONField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "audience", "recipient", "wave"], name="conversation_once_per_recipient_and_wave"
            ),
            models.UniqueConstraint(
                fields=["case", "audience", "unit", "wave"],
                condition=models.Q(recipient__isnull=True),
                name="conversation_once_per_unit_and_wave",
            ),
            models.CheckConstraint(
                condition=models.Q(audience=Audience.ORGAN, recipient__isnull=True, organ__isnull=False)
                | models.Q(audience=Audience.CLIENT, recipient__isnull=False, organ__isnull=True),
                name="conversation_asks_a_client_or_an_organ",
            ),
        ]
        indexes = [
            models.Index(fields=["phone_index", "-invited_at"], name="conversation_by_phone"),
            models.Index(
                fields=["remind_at"], condition=models.Q(remind_at__isnull=False), name="conversation_to_remind"
            ),
            models.Index(
                fields=["closes_at"], condition=models.Q(state__in=OPEN_STATES), name="conversation_to_expire"
            ),
            models.Index(
                fields=["matters_due_at"],
                condition=models.Q(matters_due_at__isnull=False),
                name="conversation_with_matters",
            ),
            models.Index(
                fields=["lapses_at"], condition=models.Q(lapses_at__isnull=False), name="conversation_to_lapse"
            ),
            models.Index(
                fields=["invited_at"],
                condition=models.Q(staff_reason=StaffReason.COUNTRY),
                name="conversation_of_country",
            ),
            models.Index(
                fields=["call_back_at", "invited_at"],
                condition=models.Q(state__in=OPEN_STATES, channel__in=STAFF_CHANNELS),
                name="conversation_for_staff",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @cached_property
    def left_to_bureau(self) -> bool:
        """See the condition of this name."""
        return self.audience == Audience.CLIENT and is_left_to_bureau(self)

    @property
    def told_state(self) -> ConversationState:
        """As the centre is told it."""
        state = ConversationState(self.state)
        answered = self.left_to_bureau and state != ConversationState.STOPPED
        return ConversationState.FINISHED if answered else state

    @cached_property
    def has_written(self) -> bool:
        """Whether the client sent a text."""
        return Conversation.objects.filter(pk=self.pk, messages__direction=Direction.IN).exists()

    @property
    def told_channel(self) -> Channel:
        """The same of the way: that a text had them rung tells that it asked for somebody."""
        channel = Channel(self.channel)
        if not (self.left_to_bureau and channel in STAFF_CHANNELS and self.has_written):
            return channel
        return Channel.SMS_LINK if self.link_digest else Channel.SMS_TWO_WAY

    @property
    def is_asked_by_staff(self) -> bool:
        """Whether anybody of the centre has still to reach them, or may."""
        return self.is_open and not self.left_to_bureau

    @property
    def answer_by(self) -> datetime:
        """The last moment in time; its day is what people are told."""
        return self.closes_at - timedelta(seconds=1)

    @property
    def taken_until(self) -> datetime:
        """The last moment at which an answer is taken at all."""
        return self.late_until - timedelta(seconds=1)

    def is_late(self, moment: datetime) -> bool:
        return moment >= self.closes_at

    def stand_on(self, channel: Channel, *, lapses_at: datetime | None) -> None:
        """Moves to another rung. The caller saves `HANDED`."""
        self.channel = channel
        self.lapses_at = lapses_at
        self.sent_out_at = None
        self.remind_at = None


# Some ends are the same by telephone and at the door.
CONTACT_OUTCOMES = list(dict([*ErrandOutcome.choices, *PhoneOutcome.choices, *AfterwardsOutcome.choices]).items())


class ContactQuerySet(models.QuerySet["Contact"]):
    def attempts(self) -> Self:
        """What staff did to ask, without what they were told once that had ended: it changes no outcome and no cost."""
        return self.exclude(outcome__in=AfterwardsOutcome.values)


class Contact(PublicId):
    """One attempt by a person of the centre: a call, a visit, a letter. Or what they were told after the end."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=12, choices=Channel)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=CONTACT_OUTCOMES)
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    note = EncryptedTextField(blank=True, default="")
    call_back_at = models.DateTimeField(null=True, blank=True)
    answerer = models.CharField(max_length=12, choices=Answerer, blank=True)
    identity = models.CharField(max_length=14, choices=Identity, default=Identity.NONE, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.outcome}"


class ClosingCard(models.Model):
    """A card given out before its conversation began: the code on it is that conversation's from the first day on."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey("cases.Client", on_delete=models.PROTECT, related_name="+")
    wave = models.SlugField(max_length=30)
    code_digest = models.CharField(max_length=64, unique=True)
    works_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "recipient", "wave"], name="closing_card_once_per_recipient"),
        ]

    def __str__(self) -> str:
        return f"card of case {self.case_id}"

    @property
    def asks(self) -> models.Q:
        """The condition on the conversation that the card is for."""
        return models.Q(case_id=self.case_id, recipient_id=self.recipient_id, wave=self.wave, audience=Audience.CLIENT)


class SecondEntry(PublicId):
    """What was said or keyed in of an answer that was there already: kept beside the first, which stands."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="second_entries")
    mode = models.CharField(max_length=10, choices=Mode)
    answerer = models.CharField(max_length=12, choices=Answerer)
    # Question code → [value, text], as JSON: answers are encrypted wherever they lie.
    answers = EncryptedTextField()
    note = EncryptedTextField(blank=True, default="")
    # Empty: the client themself, on their own form.
    entered_by = models.ForeignKey("accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=models.Q(entered_by=None), name="second_entry_of_client_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
