"""The words of asking: who is asked, by which way, how far a message or a conversation has got."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    CLIENT = "client", _("Client")
    ORGAN = "organ", _("Court or other organ")


class Publication(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class QuestionKind(models.TextChoices):
    SCALE = "scale", _("Five-step scale")
    CHOICE = "choice", _("One of several")
    CALL_BACK = "call_back", _("Call back and when")
    TEXT = "text", _("Free text")


class Channel(models.TextChoices):
    """The rungs of the ladder, best first, and the two ways in which nobody is contacted by us."""

    SMS_TWO_WAY = "sms_two_way", _("Text message with a reply")
    SMS_LINK = "sms_link", _("Text message with a link")
    SMS_CODE = "sms_code", _("Text message with a code")
    TELEPHONE = "telephone", _("Telephone interview")
    VISIT = "visit", _("Visit")
    LETTER = "letter", _("Letter")
    PAPER = "paper", _("Paper form")
    NONE = "none", _("No contact")


TEXT_CHANNELS = (Channel.SMS_TWO_WAY, Channel.SMS_LINK, Channel.SMS_CODE)
# Rungs that are walked or posted, not telephoned.
ERRAND_CHANNELS = (Channel.VISIT, Channel.LETTER, Channel.PAPER)
STAFF_CHANNELS = (Channel.TELEPHONE, *ERRAND_CHANNELS)


class Mode(models.TextChoices):
    """How an answer actually arrived: means of different modes are never mixed unmarked (domain.md 0.6)."""

    SMS = "sms", _("Text message")
    WEB = "web", _("Web form")
    TELEPHONE = "telephone", _("Telephone")
    VISIT = "visit", _("Visit")
    PAPER = "paper", _("Paper")
    LETTER = "letter", _("Letter")


class ConversationState(models.TextChoices):
    AWAITING = "awaiting", _("Waiting for an answer")
    CLARIFYING = "clarifying", _("Asked once more")
    STARTED = "started", _("Begun")
    FINISHED = "finished", _("Answered")
    EXPIRED = "expired", _("Closed without an answer")
    STOPPED = "stopped", _("Asked not to be contacted")
    UNREACHABLE = "unreachable", _("Could not be reached")


OPEN_STATES = (ConversationState.AWAITING, ConversationState.CLARIFYING, ConversationState.STARTED)


class StaffReason(models.TextChoices):
    """Why a person of the centre has to telephone."""

    NONE = "", pgettext_lazy("staff reason", "None")
    NO_TEXT_ALLOWED = "no_text_allowed", _("May not be texted")
    PLAN_EXPIRED = "plan_expired", _("The contact plan was confirmed too long ago")
    NO_GATEWAY = "no_gateway", _("No text service is set up")
    NUMBER_REFUSED = "number_refused", _("The number takes no texts")
    SILENT = "silent", _("Did not answer the texts")
    UNCLEAR = "unclear", _("The reply could not be understood")
    DANGER = "danger", _("The reply speaks of danger")
    MONEY = "money", _("The reply speaks of money")
    WRONG_NUMBER = "wrong_number", _("The reply says the number is wrong")
    TALK = "talk", _("The client wants to talk to staff")


URGENT_REASONS = (StaffReason.DANGER, StaffReason.MONEY, StaffReason.TALK)


class Answerer(models.TextChoices):
    CLIENT = "client", _("The client")
    GUARDIAN = "guardian", _("Guardian")
    AUTHORISED = "authorised", _("Authorised person")
    OTHER = "other", _("Someone else")


class PhoneOutcome(models.TextChoices):
    """What became of one call (接通、无人接听、空号、停机、非本人、拒访、已故)."""

    REACHED = "reached", _("Reached")
    CALL_BACK = "call_back", _("Asked to be called again")
    NO_ANSWER = "no_answer", _("No answer")
    INVALID = "invalid", _("Number does not exist")
    SWITCHED_OFF = "switched_off", _("Out of service")
    NOT_THE_PERSON = "not_the_person", _("Not the person")
    NOT_VERIFIED = "not_verified", _("Identity not confirmed")
    REFUSED = "refused", _("Declined")
    DECEASED = "deceased", _("Deceased")


class ErrandOutcome(models.TextChoices):
    """What became of one visit, letter or paper form that brought no answers (yet)."""

    NOBODY_HOME = "nobody_home", _("Nobody met")
    COME_AGAIN = "come_again", _("Asked to come another time")
    SENT = "sent", _("Form sent or handed over")
    RETURNED = "returned", _("Came back undelivered")
    MOVED = "moved", _("Moved away, or no such address")
    REFUSED = "refused", _("Declined")
    DECEASED = "deceased", _("Deceased")


class Direction(models.TextChoices):
    OUT = "out", _("Sent")
    IN = "in", _("Received")


class MessageKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder")
    CLARIFICATION = "clarification", _("Clarification")
    THANKS = "thanks", _("Thanks")
    STOPPED = "stopped", _("Confirmation of no more messages")
    STAFF_WILL_CALL = "staff_will_call", _("Someone will call")
    REPLY = "reply", _("Reply")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    ACCEPTED = "accepted", _("Accepted by the carrier service")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    UNDELIVERED = "undelivered", _("Not delivered")
    FAILED = "failed", _("Failed")
    SUPPRESSED = "suppressed", _("Held back: no contact wanted")
    UNKNOWN = "unknown", _("Not known whether it was sent")
    NEEDS_HUMAN = "needs_human", _("Needs a person to look")
    RECEIVED = "received", _("Received")


class OptOutSource(models.TextChoices):
    WORD = "word", _("A reply")
    PROVIDER = "provider", _("The carrier service")
    WEB = "web", _("The web form")
    STAFF = "staff", _("Told to staff")


class AlertKind(models.TextChoices):
    MONEY = "money", _("Money or gifts asked for")
    DANGER = "danger", _("Danger")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    RECOVERY = "recovery", _("Unhappy client")


class AlertState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CLOSED = "closed", pgettext_lazy("matter", "Closed")
