"""The words of asking: who is asked, by which way, how far a message or a conversation has got."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Audience(models.TextChoices):
    CLIENT = "client", _("Client")
    ORGAN = "organ", _("Court or other organ")


class OrganKind(models.TextChoices):
    COURT = "court", _("Court")
    PROCURATORATE = "procuratorate", _("Procuratorate")
    POLICE = "police", _("Public security organ")
    ARBITRATION = "arbitration", _("Arbitration body")
    OTHER = "other", pgettext_lazy("organ", "Other")


class OrganWay(models.TextChoices):
    """How a unit is asked. An e-mail needs the unit's own word first; a letter it may get without."""

    EMAIL = "email", _("E-mail with a link")
    LETTER_AND_LINK = "letter_link", _("Letter with the form, a link and a code")
    LETTER = "letter", _("Letter with the form alone")
    NOT_ASKED = "not_asked", _("Is not asked")


class OrganLanguage(models.TextChoices):
    """In which a unit is written to; each under its own name."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class LetterWay(models.TextChoices):
    EMAIL = "email", pgettext_lazy("letter", "By e-mail")
    PAPER = "paper", pgettext_lazy("letter", "On paper")


class Occasion(models.TextChoices):
    """When a client is asked while the case runs; the value is the name of the wave."""

    BEFORE_HEARING = "before-hearing", pgettext_lazy("wave", "Before a hearing")
    AFTER_ASSIGNMENT = "after-assignment", pgettext_lazy("wave", "After assignment")


class MidCaseWay(models.TextChoices):
    """By what a client is asked while the case runs. Never by paper: a sheet lies about at home."""

    TEXT = "text", pgettext_lazy("way", "Text message")
    TELEPHONE = "telephone", pgettext_lazy("way", "Telephone")
    VISIT = "visit", pgettext_lazy("way", "Visit")


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
    # An organ's alone: clients' addresses are not kept.
    EMAIL = "email", _("E-mail")
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
    # While the case runs alone: nobody was contacted, so that it counts as no follow-up of the person.
    WITHDRAWN = "withdrawn", _("Given up before anybody was contacted")


OPEN_STATES = (ConversationState.AWAITING, ConversationState.CLARIFYING, ConversationState.STARTED)


class StaffReason(models.TextChoices):
    """Why a person of the centre has to telephone."""

    NONE = "", pgettext_lazy("staff reason", "None")
    NO_TEXT_ALLOWED = "no_text_allowed", _("May not be texted")
    PLAN_EXPIRED = "plan_expired", _("The contact plan was confirmed too long ago")
    NO_GATEWAY = "no_gateway", _("No text service is set up")
    PROVIDER_AWAY = "provider_away", _("The text service did not take the text")
    SENDING_UNCLEAR = "sending_unclear", _("Not known whether the text arrived")
    UNREADABLE = "unreadable", _("What is kept of the text cannot be read")
    NUMBER_CHANGED = "number_changed", _("The number has changed since the text was written")
    NUMBER_REFUSED = "number_refused", _("No text gets through to the number")
    COUNTRY = "country", _("The centre texts no numbers of this country")
    SILENT = "silent", _("Did not answer the texts")
    UNCLEAR = "unclear", _("The reply could not be understood")
    DANGER = "danger", _("The reply speaks of danger")
    DANGER_DENIED = "danger_denied", _("The reply says that there was no violence")
    MONEY = "money", _("The reply speaks of money")
    WRONG_NUMBER = "wrong_number", _("The number is not this person's, or somebody else answered")
    TALK = "talk", _("The client wants to talk to staff")
    COMPLAINT = "complaint", _("The client wants to complain")


URGENT_REASONS = (StaffReason.DANGER, StaffReason.MONEY, StaffReason.COMPLAINT, StaffReason.TALK)


class PassedOver(models.TextChoices):
    """Why one of several clients of a case is not asked about it."""

    NOT = "", pgettext_lazy("lot", "Drawn")
    ENOUGH = "enough", _("Not drawn: enough others are asked")
    NUMBER = "number", _("Not drawn: another client of the case is asked on this telephone")


class Standing(models.TextChoices):
    """How one client of a case stands towards the follow-up."""

    ASKED = "asked", pgettext_lazy("turn", "Asked")
    TO_BE_ASKED = "to_be_asked", pgettext_lazy("turn", "To be asked")
    ANOTHER_MATTER = "another_matter", pgettext_lazy("turn", "Waits: another follow-up began lately")
    TO_DRAW = "to_draw", pgettext_lazy("turn", "The lot is still to be drawn")
    NOT_DRAWN = "not_drawn", pgettext_lazy("turn", "Not drawn")
    NOT_RELEASED = "not_released", pgettext_lazy("turn", "Waits for release by a manager")


class Answerer(models.TextChoices):
    CLIENT = "client", _("The client")
    GUARDIAN = "guardian", _("Guardian")
    AUTHORISED = "authorised", _("Authorised person")
    OTHER = "other", _("Someone else")
    ORGAN = "organ", _("The court or other organ")


# Who may answer where a client is asked.
CLIENTS_ANSWERERS = [(who.value, who.label) for who in Answerer if who is not Answerer.ORGAN]


class Identity(models.TextChoices):
    """By which fact, given at intake, the person on the line was known. Never by anything of the case."""

    NONE = "", pgettext_lazy("identity", "Not asked")
    CODE_WORD = "code_word", _("Code word")
    BIRTH_YEAR = "birth_year", _("Year of birth")
    TOWNSHIP = "township", _("Township")
    CAME_IN = "came_in", _("Month in which the person came to us")
    GUARDIAN_NAME = "guardian_name", _("Name of the guardian")


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


class AfterwardsOutcome(models.TextChoices):
    """What no attempt of ours is: the person came back to us once the follow-up had ended."""

    TOLD_US = "told_us", _("Told us something after the end")


class Direction(models.TextChoices):
    OUT = "out", _("Sent")
    IN = "in", _("Received")


class MessageKind(models.TextChoices):
    INVITATION = "invitation", _("Invitation")
    REMINDER = "reminder", _("Reminder")
    CLARIFICATION = "clarification", _("Clarification")
    INTRODUCTION = "introduction", _("Who is writing")
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
    SUPPRESSED = "suppressed", _("Not sent")
    UNKNOWN = "unknown", _("Not known whether it was sent")
    NEEDS_HUMAN = "needs_human", _("Needs a person to look")
    RECEIVED = "received", _("Received")


class Refusal(models.TextChoices):
    """Why a text was not sent when its turn came: the code in its row, and the sentence that people read."""

    NOBODY = "nobody_to_ask", _("There is nobody any more to whom it could go.")
    NO_CLIENT = "no_client_of_the_case", _("The person is no client of the case any more.")
    OVER = "conversation_over", _("The follow-up was over by then: answered, ended, or overtaken by the closing.")
    OPTED_OUT = "opted_out", _("The client asked for no more texts.")
    IN_DANGER = "in_danger", _("The client told of danger; somebody else might have read it.")
    NOT_ALLOWED = "not_allowed", _("The contact plan or the number allows no texts; staff telephone instead.")
    COUNTRY = "country_not_texted", _("No texts go to the country of the number; staff telephone instead.")
    PLAN_EXPIRED = "plan_expired", _("The permission to text had run out; staff ask for it by telephone.")
    NUMBER_CHANGED = "number_changed", _("The client has another number by now; staff telephone instead.")
    NO_HOURS = "no_safe_hours", _("The hours safe for the client leave no time for texts; staff telephone instead.")
    GATEWAY_CHANGED = "gateway_changed", _("Texts leave through another service by now; staff telephone instead.")
    STALE = "stale", _("It was an answer, and came too late to be one.")
    ANSWER_NOT_ALLOWED = "answer_not_allowed", _("It was an answer, and by then this person was not to be texted.")
    ANSWER_UNSAFE = "answer_unsafe", _("It was an answer, and the hour was not one of those safe for the client.")


class OptOutSource(models.TextChoices):
    WORD = "word", _("A reply")
    PROVIDER = "provider", _("The carrier service")
    WEB = "web", _("The web form")
    STAFF = "staff", _("Told to staff")


class WarningKind(models.TextChoices):
    """What those who answer for sending are told of."""

    LIMIT = "limit", _("A limit of texts is reached")
    PUMPING = "pumping", _("Many texts to countries that are not texted")
    FILTERED = "filtered", _("The carriers filter our texts")
    RESTING = "resting", _("The text service refuses us")


class Sweep(models.TextChoices):
    """What sweeps do with each row, and leave out of one that breaks them."""

    INVITE = "invite", _("Asking a client after closing")
    INVITE_DRAWN = "invite_drawn", _("Asking one of several clients")
    DRAW = "draw", _("Drawing who of several clients is asked")
    MID_CASE = "mid_case", _("Asking a client while the case runs")
    REMIND = "remind", _("Reminding a client")
    FORMS = "forms", _("Acting on a form that a client filled in")
    LAPSE = "lapse", _("Going on by another way of asking")
    DELIVER = "deliver", _("Sending a text")
    EXPIRE = "expire", _("Closing a follow-up whose time is over")
    ASK_ORGANS = "ask_organs", _("Asking a court or other organ")
    REMIND_ORGANS = "remind_organs", _("Reminding a court or other organ")
    FOLLOW_MAILS = "follow_mails", _("Finding out what became of an e-mail to an organ")
    # Of a matter that may be sealed: which case it is about, whoever runs the service is not told.
    LATE_MATTER = "late_matter", _("Telling those above that a day was missed")
    LATE_COMPLAINT = "late_complaint", pgettext_lazy("of a complaint", "Telling those above that a day was missed")
    FINDINGS = "findings", _("Entering what file review found in the register of complaints")


class Fault(models.TextChoices):
    """Why a row was left out: what is kept of it cannot be read, or the service failed at it."""

    UNREADABLE = "unreadable", _("What is kept of it cannot be read")
    BROKEN = "broken", _("The service failed at it")


class AlertKind(models.TextChoices):
    MONEY = "money", _("Money or gifts asked for")
    DANGER = "danger", _("Danger")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    RECOVERY = "recovery", _("Unhappy client")
    EXPLAIN = "explain", _("Does not know the outcome or what to do next")
    SEE_TO = "see_to", _("Needs something while the case runs")
    COMPLAINT = "complaint", _("Wants to complain")
    WROTE = "wrote", _("A text to read")
    DENIED = "denied", _("A text to read: it says that there was no violence")


class AlertState(models.TextChoices):
    OPEN = "open", _("Open")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    CLOSED = "closed", pgettext_lazy("matter", "Closed")


class Concern(models.TextChoices):
    """What an unhappy client is unhappy with, in their own words (question 8)."""

    UNKNOWN = "", pgettext_lazy("concern", "Not said")
    SERVICE = "service", _("The service")
    RESULT = "result", _("The result alone")
    BOTH = "both", _("Service and result")


class RecoveryState(models.TextChoices):
    """How far the centre has got with one unhappy client."""

    OPEN = "open", _("Nobody has taken it on")
    TAKEN = "taken", _("Taken on")
    CONTACTED = "contacted", _("Spoke with the client")
    VERIFIED = "verified", _("Verified")
    FIXED = "fixed", _("Put right")
    TOLD = "told", _("Client told")
    ASKED = "asked", _("Asked again")
    CLOSED = "closed", pgettext_lazy("matter", "Closed")


class RecoveryAct(models.TextChoices):
    """One step of a person of the centre, the bureau or the service itself."""

    TAKE = "take", _("Took it on")
    MISS = "miss", _("Tried, not reached")
    REACH = "reach", _("Spoke with the client")
    VERIFY = "verify", _("Verified")
    FIX = "fix", _("Put right or explained")
    TELL = "tell", _("Told the client")
    ASK = "ask", _("Asked again")
    SEND_BACK = "send_back", _("Sent back")
    SIGN_OFF = "sign_off", _("Signed off")
    LET_BE = "let_be", _("Closed without contact")
    CONVERT = "convert", _("Made a complaint")


class Finding(models.TextChoices):
    """What looking into it showed. A mistaken rating stands as given; that it was mistaken stands beside it."""

    FOUNDED = "founded", _("True")
    PARTLY = "partly", _("True in part")
    UNFOUNDED = "unfounded", _("Not borne out")
    RESULT_ONLY = "result_only", _("About the result, not the service")
    MISTAKEN = "mistaken", _("Rated by mistake")


class RecoveryEnd(models.TextChoices):
    SETTLED = "settled", _("Settled")
    NOT_REACHED = "not_reached", _("Settled, client not reached")
    NO_CONTACT = "no_contact", _("Client wished no contact")
    COMPLAINT = "complaint", _("Became a complaint")


class ConsentWay(models.TextChoices):
    """How the client agreed. Agreement is told by a person to a person; nothing is taken for it."""

    TELEPHONE = "telephone", pgettext_lazy("consent", "By telephone")
    IN_PERSON = "in_person", pgettext_lazy("consent", "In person")
    WRITTEN = "written", pgettext_lazy("consent", "In writing")


class Clock(models.TextChoices):
    """What has to be done by a stated day."""

    ACKNOWLEDGE = "acknowledge", _("Take on")
    CONTACT = "contact", _("Speak with the client")
    SETTLE = "settle", _("Settle")
    ACCEPT = "accept", _("Decide whether to accept")
    DECIDE = "decide", _("Decide")
    REPLY = "reply", _("Reply")


class Level(models.TextChoices):
    MANAGER = "manager", _("Centre manager")
    BUREAU = "bureau", _("Bureau")


class ComplaintState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("complaint", "Received")
    SUPPLEMENT = "supplement", _("More asked of the complainant")
    ACCEPTED = "accepted", pgettext_lazy("complaint", "Accepted")
    DECIDED = "decided", pgettext_lazy("complaint", "Decided")
    REPLIED = "replied", pgettext_lazy("complaint", "Replied")
    REFUSED = "refused", pgettext_lazy("complaint", "Not accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("complaint", "Withdrawn")
    MERGED = "merged", pgettext_lazy("complaint", "Joined to another")


class ComplaintAct(models.TextChoices):
    REGISTER = "register", _("Entered in the register")
    ASSIGN = "assign", _("Gave it to be looked into")
    NOTE = "note", _("Noted")
    ASK_MORE = "ask_more", _("Asked for what is missing")
    COMPLETE = "complete", _("Received what was missing")
    ACCEPT = "accept", pgettext_lazy("complaint act", "Accepted")
    REFUSE = "refuse", pgettext_lazy("complaint act", "Did not accept")
    EXTEND = "extend", _("Extended the time")
    DECIDE = "decide", pgettext_lazy("complaint act", "Decided")
    REPLY = "reply", pgettext_lazy("complaint act", "Replied")
    WITHDRAW = "withdraw", _("Recorded the withdrawal")
    MERGE = "merge", _("Joined to another")


class Ground(models.TextChoices):
    """What a complaint says (事由): the grounds of the Legal Aid Law art. 61–63 and of the rules on complaints."""

    MONEY = "money", _("Took money or goods")
    REFUSED = "refused", _("Refused or neglected the work")
    STOPPED = "stopped", _("Stopped the work without permission")
    STANDARD = "standard", _("Service below the standard")
    NOT_TOLD = "not_told", _("Did not report how the matter stood")
    SECRET = "secret", _("Told secrets or private matters")
    HANDLING = "handling", _("Wrong handling of an application or an assignment")
    OTHER = "other", pgettext_lazy("ground", "Other")


class Complainant(models.TextChoices):
    RECIPIENT = "recipient", _("Client")
    APPLICANT = "applicant", _("Applicant")
    INTERESTED = "interested", _("Interested party")
    OFFICE = "office", _("The centre itself")


class Respondent(models.TextChoices):
    """Whom it is about (被投诉人)."""

    LAWYER = "lawyer", _("The person who acted")
    FIRM = "firm", _("The firm")
    CENTRE = "centre", _("The centre or its staff")
    BODY = "body", _("Another body that gives legal aid")


class Received(models.TextChoices):
    LETTER = "letter", pgettext_lazy("received by", "Letter")
    VISIT = "visit", pgettext_lazy("received by", "In person")
    TELEPHONE = "telephone", pgettext_lazy("received by", "Telephone")
    ONLINE = "online", pgettext_lazy("received by", "Online")
    PASSED_ON = "passed_on", pgettext_lazy("received by", "Passed on by another office")
    FOLLOW_UP = "follow_up", pgettext_lazy("received by", "From a follow-up, with consent")
    REVIEW = "review", pgettext_lazy("received by", "From a file review")


# Entered by the service itself, never chosen by hand.
RECEIVED_BY_ITSELF = frozenset({Received.FOLLOW_UP, Received.REVIEW})


class ComplaintOutcome(models.TextChoices):
    UNFOUNDED = "unfounded", _("Not borne out")
    EXPLAINED = "explained", _("Explained, nothing to correct")
    CRITICISM = "criticism", _("Criticism and instruction")
    CORRECTION = "correction", _("Ordered to correct")
    PENALTY = "penalty", _("Referred for an administrative penalty")
    DISCIPLINE = "discipline", _("Referred to the bar association")
    ELSEWHERE = "elsewhere", _("Referred to the authority in charge")
