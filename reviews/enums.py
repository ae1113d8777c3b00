from decimal import Decimal
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qa_service.accounts.enums import Role

# In place of a type of case, of a checklist for every type.
EVERY_TYPE: Final = ""
EVERY_STAGE: Final = ""

# Who draws samples, gives files out and decides about results, within their places.
MANAGING: Final = (Role.MANAGER, Role.SUPERVISOR)


class Purpose(models.TextChoices):
    """What is marked by a checklist, and by whom: one machine for all three (`design` 3)."""

    FILE_REVIEW = "file_review", _("File review")
    HEARING = "hearing", _("Hearing observation")
    SELF_ASSESSMENT = "self_assessment", _("Firm's self-assessment")


class Measure(models.TextChoices):
    """How a list comes to its score: by points that make a hundred, or by a grade for each indicator."""

    POINTS = "points", _("A hundred points")
    GRADES = "grades", _("Graded indicators")


class ChecklistState(models.TextChoices):
    """`SCHEDULED`: published and frozen, in force from its day on. `SUPERSEDED`: another took its place."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", pgettext_lazy("checklist", "In force later")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


class Anchor(models.TextChoices):
    """How far an item is met; its share of the item's points is `SHARES` (domain practice: 100/75/40/0 %)."""

    FULL = "full", _("Met")
    MOSTLY = "mostly", _("Mostly met")
    PARTLY = "partly", _("Partly met")
    NONE = "none", _("Not met")
    NOT_APPLICABLE = "na", _("Not applicable")


SHARES = {
    Anchor.FULL: Decimal(1),
    Anchor.MOSTLY: Decimal("0.75"),
    Anchor.PARTLY: Decimal("0.40"),
    Anchor.NONE: Decimal(0),
}
# Of a graded indicator the same four are grades: excellent, good, pass, fail. Each stands in its own band, so that a
# list of indicators all graded alike comes to that grade.
GRADE_SHARES = {
    Anchor.FULL: Decimal(1),
    Anchor.MOSTLY: Decimal("0.85"),
    Anchor.PARTLY: Decimal("0.70"),
    Anchor.NONE: Decimal(0),
}
GRADE_NAMES = {
    Anchor.FULL: _("Excellent"),
    Anchor.MOSTLY: _("Good"),
    Anchor.PARTLY: _("Pass"),
    Anchor.NONE: _("Fail"),
}


class Treatment(models.TextChoices):
    """What the court made of a main argument."""

    ADOPTED = "adopted", pgettext_lazy("argument", "Adopted")
    PARTLY = "partly", pgettext_lazy("argument", "Adopted in part")
    REJECTED = "rejected", pgettext_lazy("argument", "Rejected")
    NOT_ADDRESSED = "not_addressed", pgettext_lazy("argument", "Not addressed")


class Band(models.TextChoices):
    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")


class VetoEffect(models.TextChoices):
    FAIL = "fail", _("The case fails")
    CAP_AT_PASS = "cap_pass", _("No better than a pass")
    CENTRE_FAILS = "centre_fails", _("The assigning centre is at fault, not the lawyer")


# Confirmed, they are entered in the register of complaints: money or goods were taken of a client (`domain` 4.5).
COMPLAINT_VETOES = frozenset({"V1"})


class VetoState(models.TextChoices):
    MARKED = "marked", _("Marked, the lawyer has not answered")
    ANSWERED = "answered", _("The lawyer has answered")
    CONFIRMED = "confirmed", _("Confirmed")
    DISMISSED = "dismissed", _("Not upheld")


OPEN_VETOES = (VetoState.MARKED, VetoState.ANSWERED)


class Standing(models.TextChoices):
    """What the vetoes of a case amount to."""

    CLEAR = "clear", _("No veto")
    PENDING = "pending", _("A veto is pending: no grade yet")
    CONFIRMED = "confirmed", _("A veto is confirmed")


class Method(models.TextChoices):
    """How the readers' totals became one."""

    SINGLE = "single", _("One reader")
    MEAN_OF_TWO = "mean_of_two", _("Mean of two agreeing readers")
    MEDIAN = "median", _("Median of three readers")
    UNSETTLED = "unsettled", _("Two readers who differ")


class ReaderOrder(models.IntegerChoices):
    FIRST = 1, _("First reader")
    SECOND = 2, _("Second reader")
    THIRD = 3, _("Third reader")


class AssignmentState(models.TextChoices):
    OPEN = "open", _("To be marked")
    SUBMITTED = "submitted", _("Submitted")
    DECLINED = "declined", _("Given back")
    WITHDRAWN = "withdrawn", _("Handed over")
    RETURNED = "returned", _("Taken back")


ACTIVE_ASSIGNMENTS = (AssignmentState.OPEN, AssignmentState.SUBMITTED)
# Of a reader who gave the file back, or may read it no more.
CAME_BACK = (AssignmentState.DECLINED, AssignmentState.RETURNED)


class ReviewState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")


class ResultState(models.TextChoices):
    """Why a case's result can or cannot be shown to the lawyer yet."""

    AWAITING_SECOND = "awaiting_second", _("A second reader is needed")
    AWAITING_THIRD = "awaiting_third", _("The readers differ: a third reader is needed")
    VETO_PENDING = "veto_pending", _("A veto is pending: no grade yet")
    NO_CALENDAR = (
        "no_calendar",
        _("Waiting for the calendar of working days"),
    )
    AWAITING_FIRM = "awaiting_firm", _("Read; waits for the firm's own marks until their day")
    RELEASED = "released", _("Released")


class ObjectionState(models.TextChoices):
    LODGED = "lodged", _("Waiting for a decision")
    DECIDED = "decided", _("Decided")


class ReviewerObjectionState(models.TextChoices):
    LODGED = "lodged", _("Waiting for a decision")
    UPHELD = "upheld", _("Upheld: does not read this lawyer's files")
    REJECTED = "rejected", _("Not upheld")


class ItemDecision(models.TextChoices):
    OPEN = "open", _("Not decided")
    UPHELD = "upheld", _("Objection upheld")
    REJECTED = "rejected", _("Marks stand")


class Rule(models.TextChoices):
    """Why a case is drawn. Reviewers are never told."""

    RANDOM = "random", _("Random share of the period")
    EVERY_LAWYER = "every_lawyer", _("Every lawyer once a year")
    FIRST_CASE = "first_case", _("A lawyer's first case after go-live")
    STATUTORY = "statutory", _("Statutory defence (Legal Aid Law art. 25 and 26)")
    RISK = "risk", _("Risk raised by feedback")
    LATE_FILING = "late_filing", _("File handed in more than 30 days late")


class Family(models.TextChoices):
    """Both families are drawn at the same rate, each in every quarter."""

    CRIMINAL = "criminal", _("Criminal cases")
    OTHER = "other", _("Civil, administrative and non-litigation cases")


class Exclusion(models.TextChoices):
    ALREADY_DRAWN = "already_drawn", _("Drawn before")
    NO_CHECKLIST = "no_checklist", _("No checklist for this type of case")
    LEFT_OUT = "left_out", _("Left out by the centre, with the reason on record")


class NotReadable(models.TextChoices):
    """Why a file is left out of the frame, or another takes its place. It is published with the sample."""

    ELSEWHERE = "elsewhere", _("The file is with another organ")
    LOST = "lost", _("The file cannot be found")
    SECRET = "secret", _("The file is under seal or a secret of the state")
    JOINED = "joined", _("Joined with another case")
    OTHER = "other_reason", _("Another reason, which is on record")


class Without(models.TextChoices):
    """Why a drawn file has no reader."""

    NOT_YET = "not_yet", _("can be given out now")
    ALL_FULL = "all_full", _("every reviewer who may read it has as many open files as one may hold")
    CONFLICTS = "conflicts", _("every reviewer has a conflict of interest: add one from outside")
    NO_CHECKLIST = "no_checklist", _("no checklist is in force for this type of case")
    OTHER_TYPES = "other_types", _("no reviewer who may read it takes cases of this type")
    NOBODY = "nobody", _("the centre has no reviewer")


class NotPassed(models.TextChoices):
    """Why an open file of a reader cannot go to another now."""

    ALL_FULL = "all_full", _("every reviewer who may read it has as many open files as one may hold")
    CONFLICTS = "conflicts", _("every other reviewer has a conflict of interest: add one from outside")
    OTHER_TYPES = "other_types", _("no other reviewer who may read it takes cases of this type")
    NOBODY = "nobody", _("the centre has no other reviewer")
    TIED = "tied", _("you have a tie to its lawyer or firm: somebody else must hand it over")


class HearingRule(models.TextChoices):
    """Why a hearing is observed."""

    RANDOM = "random", _("Random share of the hearings to come")
    FIRST_TIME = "first_time", _("First case of its lawyer")
    GROUP = "group", _("Group case: ten people or more")
    NAMED = "named", _("Named by the centre: major, difficult or disputed")


class HearingState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("hearing", "To be observed")
    RECORDED = "recorded", pgettext_lazy("hearing", "Observed and recorded")
    CANCELLED = "cancelled", pgettext_lazy("hearing", "Not observed")


class ObservationState(models.TextChoices):
    OPEN = "open", pgettext_lazy("observation", "Not handed in")
    SUBMITTED = "submitted", pgettext_lazy("observation", "Handed in")
    WITHDRAWN = "withdrawn", pgettext_lazy("observation", "Taken off")


class CalibrationState(models.TextChoices):
    """`MARKING`: each marks alone, and nobody sees another's. `DISCUSSION`: the panel has all of them before it."""

    MARKING = "marking", pgettext_lazy("calibration", "Being marked")
    DISCUSSION = "discussion", pgettext_lazy("calibration", "With the panel")
    CLOSED = "closed", pgettext_lazy("calibration", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("calibration", "Called off")


# Whose marks may still move: the marking, or the panel's talk, is not over.
OPEN_ROUNDS: Final = (CalibrationState.MARKING, CalibrationState.DISCUSSION)


class TrialState(models.TextChoices):
    """Of one reviewer's marks of one file. `MISSING`: not handed in when the marking ended."""

    OPEN = "open", pgettext_lazy("calibration", "Not handed in")
    SUBMITTED = "submitted", pgettext_lazy("calibration", "Handed in")
    MISSING = "missing", pgettext_lazy("calibration", "Missing")


class SelfAssessmentState(models.TextChoices):
    """`MISSING`: the day had passed when the result was released. `OVERTAKEN`: it had not, as long as results did not
    wait for the day.
    """

    OPEN = "open", pgettext_lazy("self-assessment", "Asked for")
    SUBMITTED = "submitted", pgettext_lazy("self-assessment", "Handed in")
    MISSING = "missing", pgettext_lazy("self-assessment", "Missing")
    OVERTAKEN = "overtaken", pgettext_lazy("self-assessment", "Closed before its day: the file was read first")
    WITHDRAWN = "withdrawn", pgettext_lazy("self-assessment", "Not needed: the file left the sample")


class ConflictReason(models.TextChoices):
    OWN_CASE = "own_case", _("handled this case")
    SAME_FIRM = "same_firm", _("belongs to the firm that handled this case")
    DECLARED_RELATION = "declared_relation", _("has declared a relation")
    ALREADY_READER = "already_reader", _("is already a reader of this case")
    DECLINED = "declined", _("has declined this case")
    READERS_FIRM = "readers_firm", _("belongs to the firm of the other reader")
    OPPOSING_FIRM = "opposing_firm", _("belongs to the firm of the other side")
    EARLIER_INVOLVED = "earlier_involved", _("has dealt with this matter before")
    CALIBRATED = "calibrated", _("is involved already: has marked this file for calibration, or sat on its panel")
    OBJECTED_TO = "objected_to", _("the lawyer has objected to them")
    SAME_COUNTY = "same_county", _("is of the county whose file it is, and the review is city-wide")
    DECIDED = "decided", _("is involved already: has decided about a veto item or an objection in this case")
    TOO_NEW = "too_new", _("has practised for less than three years")
    UNDER_VETO = "under_veto", _("has a confirmed veto item of their own")


# Who receives and checks bound files: the centre's staff. What excuses lateness, managers decide.
DESK: Final = (Role.MANAGER, Role.SUPERVISOR, Role.FOLLOW_UP)


class FileState(models.TextChoices):
    """Where the bound file of a closed case stands between its lawyer and the archive."""

    AWAITED = "awaited", _("Not handed in yet")
    TO_CHECK = "to_check", _("To be checked")
    RETURNED = "returned", _("Sent back to be put right")
    ACCEPTED = "accepted", _("File accepted")


class FileAct(models.TextChoices):
    """What is put on the record of a file's acceptance, in the order it happened."""

    HANDED_IN = "handed_in", pgettext_lazy("act on a file", "Handed in")
    RECEIPT_UNDONE = "receipt_undone", _("Receipt entered by mistake, taken out")
    REMINDED = "reminded", _("Lawyer reminded")
    RETURNED = "returned", _("Sent back to be put right")
    ACCEPTED = "accepted", _("File accepted")
    REOPENED = "reopened", _("Acceptance taken back")


class Finding(models.TextChoices):
    """What was found of one paper of the required catalogue."""

    PRESENT = "present", _("In the file")
    MISSING = "missing", _("Not in the file")
    NOT_NEEDED = "not_needed", _("Not needed in this case")


class DefectKind(models.TextChoices):
    MISSING = "missing", _("Paper missing")
    INCOMPLETE = "incomplete", _("Paper incomplete")
    UNSIGNED = "unsigned", _("Signature missing")
    MISDATED = "misdated", _("Date does not fit the case")
    DISORDER = "disorder", _("Out of the order of the catalogue")
    OVERLAP = "overlap", _("Pages given to two papers")
    BEYOND = "beyond", _("Page beyond the last of the file")
    OTHER = "other", _("Something else")


class PleaState(models.TextChoices):
    """What became of the reasons a lawyer gave for lateness."""

    OPEN = "open", _("To be decided")
    ACCEPTED = "accepted", _("Accepted: counts as in time")
    REFUSED = "refused", _("Not accepted")


class Queue(models.TextChoices):
    """The lists of the desk. `OVERDUE`: not handed in, or not back, by its day."""

    TO_CHECK = "to_check", _("To check")
    RETURNED = "returned", _("Sent back to be put right")
    OVERDUE = "overdue", _("Overdue")
    AWAITED = "awaited", _("Not handed in yet")
    ACCEPTED = "accepted", _("File accepted")


class PaperGround(models.TextChoices):
    """Why a file is kept on paper alone: it must not be copied."""

    JUVENILE = "juvenile", _("Somebody in the case is or was a minor")
    CLOSED_HEARING = "closed_hearing", _("The hearing was closed to the public")
    SECRET = "secret", _("It contains state or trade secrets")


class ScanState(models.TextChoices):
    """Where an upload stands on its way to being pages."""

    WAITING = "waiting", _("Waiting to be opened")
    DRAWING = "drawing", _("Being opened")
    READY = "ready", _("Can be read")
    UNREADABLE = "unreadable", _("Material missing")


UNFINISHED_SCANS: Final = (ScanState.WAITING, ScanState.DRAWING)
