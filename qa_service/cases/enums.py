from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CaseType(TextChoices):
    CIVIL = "civil", _("Civil")
    CRIMINAL = "criminal", _("Criminal")
    ADMINISTRATIVE = "administrative", _("Administrative")
    NON_LITIGATION = "non_litigation", _("Non-litigation")


class Stage(TextChoices):
    INVESTIGATION = "investigation", _("Investigation")
    PROSECUTION_REVIEW = "prosecution_review", _("Review for prosecution")
    TRIAL = "trial", _("Criminal trial")
    FIRST_INSTANCE = "first_instance", _("First instance")
    SECOND_INSTANCE = "second_instance", _("Second instance")
    RETRIAL = "retrial", _("Retrial")
    ENFORCEMENT = "enforcement", _("Enforcement")
    ARBITRATION = "arbitration", _("Arbitration")
    RECONSIDERATION = "reconsideration", _("Administrative reconsideration")
    NON_LITIGATION = "non_litigation", _("Outside litigation")


class Gender(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "", _("Not stated")


class ClientGroup(TextChoices):
    MIGRANT_WORKER = "migrant_worker", _("Migrant worker")
    OLDER_PERSON = "older_person", _("Older person")
    DISABLED_PERSON = "disabled_person", _("Person with a disability")
    MINOR = "minor", _("Minor")
    WOMAN = "woman", _("Woman")
    SERVICE_FAMILY = "service_family", _("Member or family of the armed forces")
    OTHER = "other", _("Other person in hardship")


class ContactReason(TextChoices):
    """Why a person is not sent text messages. Order says which of several reasons weighs most."""

    NONE = "", _("Text messages allowed")
    DECEASED = "deceased", pgettext_lazy("contact", "Deceased")
    OPTED_OUT = "opted_out", _("Asked for no more messages")
    SAFETY = "safety", _("Safety")
    IN_CUSTODY = "in_custody", _("In custody")
    MINOR = "minor", _("Under 18")
    INCAPACITY = "incapacity", _("Cannot act alone")
    OPPONENT_HOUSEHOLD = "opponent_household", _("Lives in the opponent's household")
    NOT_CONSENTED = "not_consented", _("No consent to text messages")
    NUMBER_SHARED = "number_shared", _("Several people share the number")
    NUMBER_INVALID = "number_invalid", _("No usable number")


class Relation(TextChoices):
    """Who a guardian is to the client. The opponent is never one, whatever the relation."""

    NONE = "", _("No guardian")
    PARENT = "parent", _("Parent")
    GRANDPARENT = "grandparent", _("Grandparent")
    SPOUSE = "spouse", _("Husband or wife")
    CHILD = "child", _("Son or daughter")
    SIBLING = "sibling", _("Brother or sister")
    RELATIVE = "relative", _("Other relative")
    INSTITUTION = "institution", _("Village committee, civil affairs or other institution")


class SpokenLanguage(TextChoices):
    """The language in which a person is written to and asked; each under its own name."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
    TIBETAN = "bo", "བོད་ཡིག"
    UYGHUR = "ug", "ئۇيغۇرچە"
    KAZAKH = "kk", "قازاقشا"
    MONGOLIAN = "mn", "ᠮᠣᠩᠭᠣᠯ"
    ZHUANG = "za", "Vahcuengh"
    KOREAN = "ko", "조선말"
    YI = "ii", "ꆈꌠꉙ"
    RUSSIAN = "ru", "Русский"


class NumberOwner(TextChoices):
    """Whose telephone a number is."""

    CLIENT = "client", _("The client's own")
    GUARDIAN = "guardian", _("The guardian's")
    FAMILY = "family", _("Somebody else's in the family")
    NEIGHBOUR = "neighbour", _("A neighbour's or the village's")
    WORKPLACE = "workplace", _("The workplace's")
    UNKNOWN = "unknown", _("Not known")


class FlagKind(TextChoices):
    """What sampling should know of a case. A sealed kind never shows its reason."""

    BAD_RATING = "bad_rating", _("Unsatisfied client")
    COMPLAINT = "complaint", _("Complaint")
    MONEY_ALERT = "money_alert", _("Sealed alert")
    ORGAN_LOW = "organ_low", _("Low opinion of the organ")
    RECTIFICATION = "rectification", _("Among the next files after a rectification")


class ImportState(TextChoices):
    PREVIEWED = "previewed", _("Previewed")
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")


class FaultReason(TextChoices):
    """Why a row of an export was refused. The values stand in reports that machines read."""

    NO_NUMBER = "missing case number", _("missing case number")
    NUMBER_UNREADABLE = "not a case number", _("holds signs that no case number has")
    NUMBER_TWICE = "case number twice with different content", _("case number twice with different content")
    UNKNOWN_TYPE = "unknown case type", _("unknown case type")
    UNKNOWN_STAGE = "unknown stage", _("unknown stage")
    NO_CLIENT = "no client", _("no client")
    COUNT_UNREADABLE = "count is not a number", _("count is not a number")
    COUNT_OUT_OF_RANGE = "count out of range", _("count is outside 1–100,000")
    AGE_UNREADABLE = "age is not a number", _("age is not a number")
    AGE_OUT_OF_RANGE = "age out of range", _("age is outside 0–120")
    NO_LAWYER = "no lawyer", _("no lawyer")
    NO_LICENCE = "no licence number", _("no licence number")
    LICENCE_UNREADABLE = "licence number is unreadable", _("licence number is unreadable")
    NO_FIRM = "no firm", _("no firm")
    UNKNOWN_FIRM_KIND = "unknown kind of firm", _("unknown kind of firm")
    NO_ACCEPTANCE = "no acceptance date", _("no acceptance date")
    IMPOSSIBLE_DATE = "impossible date", _("impossible date")
    DATE_UNREADABLE = "date is unreadable", _("not a date that can be read; write it like 2026-05-08")
    DATE_TOO_EARLY = "date before 1950", _("date before 1950")
    NOT_CLOSED = "not a closed case", _("not a closed case")
    CLOSED_IN_FUTURE = "closed in the future", _("closed in the future")
    CLOSED_BEFORE_ACCEPTED = "closed before accepted", _("closed before accepted")
    AMOUNT_UNREADABLE = "amount is not a number", _("amount is not a number")
    AMOUNT_NEGATIVE = "amount below zero", _("amount is below zero")
    TOO_LONG = "text is too long", _("text is too long")
    UNREADABLE = "unreadable characters", _("unreadable characters")
    DIGITS_LOST = "digits lost by the spreadsheet", _("digits lost by the spreadsheet")
    TOO_MANY_CELLS = "more cells than the header", _("more cells than the header")
    QUOTE_OPEN = (
        "quotation mark never closed",
        _("a quotation mark opens here and is not closed: remove or close it, then upload the file again"),
    )
    HEADER_AGAIN = "header row again", _("the row of column names again: remove it; the first one counts")
    OWN_CASE = (
        "own case given to another",
        _("you or your firm handled this case: another person changes its lawyer, firm or closing date"),
    )


class Oddity(TextChoices):
    """What looks strange in a good row. It is shown with the import and never refuses."""

    PHONE_MISSING = "phone_missing", _("no telephone number")
    PHONE_UNREADABLE = "phone_unreadable", _("the telephone number cannot be read")
    PHONE_NOT_MOBILE = "phone_not_mobile", _("the telephone number takes no text messages")
    CONSENT_UNCLEAR = "consent_unclear", _("whether text messages are allowed is not stated; taken as no")
    CONSENT_OVERRULED = "consent_overruled", _("text messages marked as allowed, but age or note speaks against them")
    GENDER_UNKNOWN = "gender_unknown", _("gender not recognised")
    GROUP_UNKNOWN = "group_unknown", _("group of people not recognised")
    GROUP_AGAINST_AGE = "group_against_age", _("group of people does not fit the age")
    ASSIGNED_BEFORE_ACCEPTED = "assigned_before_accepted", _("assigned before accepted")
    CLOSED_BEFORE_ASSIGNED = "closed_before_assigned", _("closed before assigned")
    JUDGMENT_BEFORE_ACCEPTED = "judgment_before_accepted", _("judgment received before the case was accepted")
    JUDGMENT_AFTER_CLOSED = "judgment_after_closed", _("judgment received after closing")
    JUDGMENT_DATE_MISSING = "judgment_date_missing", _("ended by a judgment whose receipt has no date")
    JUDGMENT_DATE_UNEXPECTED = "judgment_date_unexpected", _("a judgment was received, but the case ended otherwise")
    JUDGMENT_OUTSIDE_LITIGATION = "judgment_outside_litigation", _("a judgment in a case outside litigation")
    FILED_BEFORE_CLOSED = "filed_before_closed", _("file handed in before closing")
    LAWYER_NAME_DIFFERS = "lawyer_name_differs", _("the register has another name for the licence number")
    PERSON_ERASED = "person_erased", _("the person's data was erased here; the row is left as it is")
    FILED_IN_FUTURE = "filed_in_future", _("file handed in on a day still to come")
