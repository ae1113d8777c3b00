"""The words of weighing and deciding."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Grade(models.TextChoices):
    """What a case comes to. A higher grade stands earlier."""

    EXCELLENT = "excellent", _("Excellent")
    GOOD = "good", _("Good")
    PASS = "pass", _("Pass")
    FAIL = "fail", _("Fail")
    PENDING = "pending", _("Pending, no grade")
    NONE = "none", _("No grade")


SETTLED_GRADES = (Grade.EXCELLENT, Grade.GOOD, Grade.PASS, Grade.FAIL)


class SourceKind(models.TextChoices):
    """Where evidence about a case comes from. The client's voice is weighed apart from the others."""

    FILE_REVIEW = "file_review", _("File review")
    ORGAN_OPINION = "organ_opinion", _("Opinion of the court or other organ")
    HEARING = "hearing", _("Hearing observation")
    TIME_LIMITS = "time_limits", _("Time limits")
    SELF_ASSESSMENT = "self_assessment", _("Accuracy of the firm's self-assessment")


class Reason(models.TextChoices):
    """Why a grade is not what the figure alone would give, or is none."""

    NO_FILE_REVIEW = "no_file_review", _("There is no file review yet.")
    READING_GOES_ON = "reading_goes_on", _("The file review is not finished.")
    SOURCE_MISSING = "source_missing", _("A source without which the scheme gives no grade is missing.")
    VETO_PENDING = "veto_pending", _("A veto item waits for its confirmation.")
    CAPPED = "capped", _("A confirmed veto item or a limited review sets the best grade possible.")
    NOT_TWO_READERS = "not_two_readers", _("An excellent grade needs two readers who agree within the limit.")
    LOW_COVERAGE = "low_coverage", _("An excellent grade needs more of the applicable evidence.")
    FAIL_NEEDS_READER = "fail_needs_reader", _("A fail needs a second reader from another firm.")
    PROVISIONAL = "provisional", _("Less than half of the applicable evidence is available.")


class UnitKind(models.TextChoices):
    """Whose standing it is."""

    LAWYER = "lawyer", pgettext_lazy("kind of unit", "Lawyers")
    FIRM = "firm", pgettext_lazy("kind of unit", "Firms")
    STATION = "station", pgettext_lazy("kind of unit", "Stations")
    CENTRE = "centre", pgettext_lazy("kind of unit", "Centres")
    COUNTY = "county", pgettext_lazy("kind of unit", "Counties")
    CITY = "city", pgettext_lazy("kind of unit", "Cities")


class YearClock(models.TextChoices):
    """Whose time limit it is: the centre's own, and beside them the one that lawyers keep."""

    DECISION = "decision", _("From the application to the decision")
    ASSIGNMENT = "assignment", _("From the decision to the assignment")
    FILE_CHECK = "file_check", _("From a file handed in to its acceptance or return")
    SUBSIDY = "subsidy", _("From the acceptance of the file to the payment of the subsidy")
    COMPLAINT_ACCEPT = "complaint_accept", _("Complaints: from receipt to acceptance")
    COMPLAINT_DECIDE = "complaint_decide", _("Complaints: from acceptance to the decision")
    COMPLAINT_REPLY = "complaint_reply", _("Complaints: from the decision to the reply")
    FILING = "filing", _("Lawyers: from the end of the case to the file handed in")


class TargetMeasure(models.TextChoices):
    """What of a year a target is about."""

    CASES = "cases", _("Cases closed")
    PEOPLE = "people", _("People helped")
    RECOVERED = "recovered", _("Recovered (yuan)")


class Subject(models.TextChoices):
    """Whom a proposal is about: what somebody did in one case, or a unit over a period, as the standings know it."""

    CASE = "case", pgettext_lazy("whom a proposal is about", "Case")
    LAWYER = "lawyer", pgettext_lazy("whom a proposal is about", "Lawyer")
    FIRM = "firm", pgettext_lazy("whom a proposal is about", "Firm")
    STATION = "station", pgettext_lazy("whom a proposal is about", "Station")
    CENTRE = "centre", pgettext_lazy("whom a proposal is about", "Centre")


class RuleCode(models.TextChoices):
    """What rules propose (`domain` 4.9). R1, S1 and S2 are on at first run; the others wait for their legal basis.

    S5 is no rule that waits: a confirmed veto item that goes to another authority stands before the bureau at once.
    """

    R1 = "R1", _("Commendation of an excellent case")
    R2 = "R2", _("Commendation of a lawyer or volunteer over a period")
    R3 = "R3", _("Commendation of a firm, station or group of volunteers over a period")
    R4 = "R4", _("Subsidy by grade, as a recommendation")
    S1 = "S1", _("Coaching on a core item")
    S2 = "S2", _("Rectification after a failed case")
    S3 = "S3", _("Rectification after repeated failure, with fewer assignments")
    S4 = "S4", _("Referral to suspend assignments")
    S6 = "S6", _("Report on a centre to the bureau above")


# What these commend is shown in public first, and carried out by a commendation notice.
PRAISING = (RuleCode.R1, RuleCode.R2, RuleCode.R3)
# These speak of a closed period, and hang on no single case.
OF_PERIODS = (RuleCode.R2, RuleCode.R3, RuleCode.S6)
FIRST_RUN = (RuleCode.R1, RuleCode.S1, RuleCode.S2)
# What these decide is carried out by a rectification notice; what the others do, by the authority that may impose it.
RECTIFYING = (RuleCode.S2, RuleCode.S3)
REFERRING = (RuleCode.S4,)
# What these report, the bureau answers with a letter to the centre.
SUPERVISING = (RuleCode.S6,)
NOTICED = (*PRAISING, *RECTIFYING, *SUPERVISING)


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    HEARING = "hearing", _("The lawyer is being heard")
    ACCEPTED = "accepted", _("Decided: to be carried out")
    ON_DISPLAY = "on_display", _("On public display")
    CARRIED_OUT = "carried_out", _("Carried out")
    DECLINED = "declined", pgettext_lazy("proposals", "Declined")
    OVERTAKEN = "overtaken", _("Overtaken by new marks")


class Undone(models.TextChoices):
    """What became of a proposal after it was carried out: its notice no longer stands."""

    ON_APPEAL = "on_appeal", _("Carried out, then revoked on appeal")
    WITHDRAWN = "withdrawn", _("Carried out, then withdrawn")


OPEN_STATES = (ProposalState.PROPOSED, ProposalState.HEARING, ProposalState.ACCEPTED, ProposalState.ON_DISPLAY)


class Outcome(models.TextChoices):
    ACCEPT = "accept", _("Accept the proposal")
    DECLINE = "decline", _("Decline the proposal")


class Bar(models.TextChoices):
    """Why somebody who decides at a centre may not take a step; said of how many, never of whom."""

    OWN_CASE = "own_case", _("handled the case")
    SAME_FIRM = "same_firm", _("belongs to the firm that handled it")
    RELATION = "relation", _("declared a relation to who handled it")
    MARKED = "marked", _("marked the file or decided about its marks")
    DECIDED = "decided", _("decided it, so another person carries it out")
    OUTSIDE = "outside", _("does not see the case now")
    OWN_BODY = "own_body", _("belongs to the station or centre that it is about")


class PassedStep(models.TextChoices):
    DECIDE = "decide", _("Decision")
    CARRY_OUT = "carry_out", _("Carrying out")


class Point(models.TextChoices):
    """What speaks for or against a proposal: a sentence with its figures."""

    GRADE = "grade", _("The case grade is %(score)s (%(band)s).")
    FAILS = "fails", _("%(count)s cases of the lawyer failed within %(months)s months, this one among them.")
    VETO = "veto", _("Veto item %(item)s was confirmed by a second person.")
    ITEM_AT_ZERO = "item_at_zero", _("Item %(item)s was marked 0.")
    OBJECTION_OVER = "objection_over", _("Objections could be made until %(day)s; that day is over.")
    TWO_READERS = "two_readers", _("Two readers marked the file independently; they lie %(spread)s points apart.")
    MORE_READERS = (
        "more_readers",
        _(
            "%(readers)s readers marked the file independently; their median counts, and %(spread)s points lie between "
            "the highest and the lowest."
        ),
    )
    COVERAGE = "coverage", _("%(missing)s %% of the applicable evidence is missing.")
    ONE_READER = "one_reader", _("Only one reader has marked the file.")
    LIMITED = "limited", _("More than 30 points did not apply: the review is limited.")
    PROVISIONAL = (
        "provisional",
        _("Less than half of the applicable evidence is available, so the grade is provisional."),
    )
    GRADED = "graded", _("%(count)s cases were graded in the period, which was closed.")
    LOWER_BOUND = "lower_bound", _("The standing is %(shrunk)s; it lies at %(low)s or above (90 %% interval).")
    IN_TIME = "in_time", _("%(part)s of %(whole)s files that were due came in time (%(share)s %%).")
    NO_VETO = "no_veto", _("No veto item was confirmed in these cases.")
    NO_GRAVE_VETO = "no_grave_veto", _("None of the veto items %(items)s was confirmed in these cases.")
    OTHER_VETO = "other_veto", _("Veto item %(item)s was confirmed in one of these cases; the rule does not name it.")
    NO_COMPLAINT = "no_complaint", _("No complaint about this work was upheld, and none is open.")
    STILL_OPEN = "still_open", _("The marks of %(count)s of these cases can still change: objections are open.")
    UNGRADED = "ungraded", _("%(count)s further cases closed in the period have no grade.")
    COMPLAINTS = (
        "complaints",
        _("%(count)s complaints about the lawyer were upheld within %(months)s months; one is about this case."),
    )
    RATINGS_LATE = "ratings_late", _("%(part)s of %(whole)s bad ratings were not answered in time (%(share)s %%).")
    ASSIGNED_LATE = (
        "assigned_late",
        _("%(part)s of %(whole)s cases were assigned within %(days)s working days (%(share)s %%)."),
    )
    FEW = "few", _("Only %(count)s are counted: chance weighs heavily.")
    OPPOSITE = "opposite", _("The same marks also led to “%(rule)s”: one of the two can be carried out, not both.")
    CORRECTED = "corrected", _("The marks were corrected after an objection (version %(version)s).")


class Monitor(models.TextChoices):
    """What would make the figures look better than the work is, each a sentence with its figures."""

    INFLATED = (
        "inflated",
        _(
            "%(unit)s: %(part)s of %(whole)s graded files are excellent (95 %% interval %(low)s to %(high)s %%); "
            "elsewhere %(other_part)s of %(other_whole)s (%(other_low)s to %(other_high)s %%). Chance alone does not "
            "explain it: have some of these files read again by people of another centre."
        ),
    )
    UNREACHED = (
        "unreached",
        _(
            "%(unit)s: of %(whole)s clients whose file was graded pass or fail, %(part)s were heard (95 %% interval "
            "%(low)s to %(high)s %%); of those whose file was good or excellent, %(other_part)s of %(other_whole)s "
            "(%(other_low)s to %(other_high)s %%). Those who have most reason to be unhappy are heard least."
        ),
    )
    DROPPED = (
        "dropped",
        _(
            "%(unit)s: of %(whole)s cases that a sign of trouble stands against, %(part)s have no released file review "
            "(95 %% interval %(low)s to %(high)s %%). Rules draw every one of them."
        ),
    )
    SELF_PRAISE = (
        "self_praise",
        _(
            "%(unit)s: over %(whole)s files the firm marked itself %(mean)s points above the readers on average; "
            "%(part)s of them lie 10 points or more above."
        ),
    )
    MODE = (
        "mode",
        _(
            "%(unit)s: answers by %(mode)s were %(part)s of %(whole)s (%(share)s %%), and %(other_part)s of "
            "%(other_whole)s (%(other_share)s %%) in the period before. What clients say is not to be compared across "
            "that change."
        ),
    )
    SCHEME = (
        "scheme",
        _(
            "%(unit)s: the cases of the two periods were weighed by different schemes (%(versions)s): compare within "
            "one."
        ),
    )


class NoticeKind(models.TextChoices):
    COMMENDATION = "commendation", _("Commendation notice")
    RECTIFICATION = "rectification", _("Rectification notice")
    DECISION = "decision", _("Decision on a sanction")
    APPEAL_DECISION = "appeal_decision", _("Decision on an appeal")
    SUPERVISION = "supervision", _("Supervisory letter to a centre")


# What a proposal comes to; a decision only says of one of these why, and one on an appeal what became of it.
IN_EFFECT = (NoticeKind.COMMENDATION, NoticeKind.RECTIFICATION, NoticeKind.SUPERVISION)
# These are about a lawyer in one case, and so a sanction; the others may praise or ask a body.
OF_A_LAWYER = (NoticeKind.RECTIFICATION, NoticeKind.DECISION, NoticeKind.APPEAL_DECISION)
# Who has no account is handed these on paper.
HANDED_OVER = OF_A_LAWYER


class NoticeState(models.TextChoices):
    ISSUING = "issuing", _("Being issued")
    ISSUED = "issued", _("Issued")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class PrintRefusal(models.TextChoices):
    """Why a numbered notice has no file yet. It is tried again until it has one."""

    MISSING_GLYPH = "missing_glyph", _("No installed font can print one of its characters. Add a font that holds it.")
    FONTS_NOT_READY = "fonts_not_ready", _("The fonts are still being prepared.")
    FONT_UNUSABLE = "font_unusable", _("A font file of this site cannot be embedded. Replace it.")
    SIGNING_FAILED = "signing_failed", _("It could not be signed with the certificate of its issuer.")


class TaskKind(models.TextChoices):
    """What the lawyer is to do after a decision; told by the rule that led to it."""

    COACHING = "coaching", _("Coaching")
    RECTIFICATION = "rectification", _("Rectification")
    TRAINING = "training", _("Rectification and training")


TASK_OF_RULE = {
    RuleCode.S1: TaskKind.COACHING,
    RuleCode.S2: TaskKind.RECTIFICATION,
    RuleCode.S3: TaskKind.TRAINING,
}


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("corrective tasks", "To be done")
    REPORTED = "reported", pgettext_lazy("corrective tasks", "Reported, to be checked")
    DONE = "done", pgettext_lazy("corrective tasks", "Done")
    ENDED = "ended", pgettext_lazy("corrective tasks", "Ended: the notice was withdrawn")


class TaskAnswer(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("corrective tasks", "Checked and accepted")
    RETURNED = "returned", pgettext_lazy("corrective tasks", "Returned")


class ReferralKind(models.TextChoices):
    """What the competent authority is asked for: no centre imposes it."""

    SUSPENSION = "suspension", _("Suspension of assignments")
    CRITICISM = "criticism", _("Public criticism")


class ReferralAnswer(models.TextChoices):
    IMPOSED = "imposed", _("The authority acts on it")
    NOT_IMPOSED = "not_imposed", _("The authority does not act on it")


class MeasureKind(models.TextChoices):
    """What whoever assigns cases has to know of a lawyer: a limit, or that they come first."""

    PRIORITY = "priority", _("First in complex assignments")

    REDUCED = "reduced", _("Fewer assignments")
    SUSPENDED = "suspended", _("No assignments")


class AppealState(models.TextChoices):
    LODGED = "lodged", _("Waiting for a decision")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    SETTLED = "settled", _("Settled: the notice was withdrawn")


class ReportKind(models.TextChoices):
    """What can be reported. All but the first are plain tables."""

    REWARDS = "rewards", _("Rewards and sanctions report")
    PERIOD = "period", _("Period report")
    ANNUAL = "annual", _("Annual quality report")
    PUBLIC = "public", _("Public report (art. 58)")
    BAR = "bar", _("For the bar association (art. 60)")
    LAWYER = "lawyer", _("Quality file of a lawyer")


class ReportForm(models.TextChoices):
    PDF = "pdf", "PDF"
    XLSX = "xlsx", "XLSX"
    CSV = "csv", "CSV"


class OrderState(models.TextChoices):
    """What became of a report that somebody ordered."""

    QUEUED = "queued", pgettext_lazy("ordered reports", "Waiting")
    RUNNING = "running", pgettext_lazy("ordered reports", "Being made")
    DONE = "done", pgettext_lazy("ordered reports", "Ready")
    FAILED = "failed", pgettext_lazy("ordered reports", "Failed")
    EXPIRED = "expired", pgettext_lazy("ordered reports", "Expired: the file is no longer kept")


class OrderFailure(models.TextChoices):
    """Why an ordered report was not made. The first three are those of papers."""

    MISSING_GLYPH = "missing_glyph", PrintRefusal.MISSING_GLYPH.label
    FONT_UNUSABLE = "font_unusable", PrintRefusal.FONT_UNUSABLE.label
    TOO_MANY_ROWS = "too_many_rows", _("A sheet would have more rows than the format can hold. Choose fewer cases.")
    NOT_YOURS = "not_yours", _("It is no longer among the reports that you may read.")
    BROKE_OFF = "broke_off", _("It broke off again and again. Order it once more, or ask the operator.")
    REFUSED = "refused", _("It could not be made from what is stored. Ask the operator.")


UNDER_WAY = (OrderState.QUEUED, OrderState.RUNNING)


class Telling(models.TextChoices):
    """How often somebody is told by e-mail that reports can be read."""

    NEVER = "never", _("Never")
    MONTHLY = "monthly", _("After each month")
    QUARTERLY = "quarterly", _("After each quarter")
