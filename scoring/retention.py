"""How long what was said before a decision is kept. Notices are official papers that name no client: they stay."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.common.keeping import ERASED, Field, Ground, Hold, Keeping, Part, Rule, Term, words_of_trade
from qa_service.files.services import discard
from scoring.enums import AppealState, NoticeKind, NoticeState
from scoring.models import (
    Appeal,
    AssignmentMeasure,
    CorrectiveTask,
    Decision,
    Notice,
    PanelMeeting,
    Proposal,
    PublicDisplay,
    Statement,
    TaskPaper,
    TaskReport,
)

# Ten working days, whatever holidays fall into them.
MAY_APPEAL = timedelta(days=30)


def _notices_in_question(day: date) -> QuerySet[Notice]:
    """Being issued, or the lawyer may still appeal, or has and waits for an answer."""
    lodged = Appeal.objects.filter(state=AppealState.LODGED).values("notice")
    open_still = Q(delivered_on=None) | Q(delivered_on__gte=day - MAY_APPEAL)
    may_appeal = Q(kind=NoticeKind.RECTIFICATION, state=NoticeState.ISSUED) & open_still
    return Notice.objects.filter(Q(state=NoticeState.ISSUING) | Q(pk__in=lodged) | may_appeal)


def _papers_gone(keys: list[Any], _now: datetime) -> None:
    with transaction.atomic():
        for paper in TaskPaper.objects.select_related("file").filter(pk__in=keys):
            paper.delete()
            discard(paper.file)


HEARINGS: Final = Rule(
    key="scoring.hearings",
    title=_("Decisions: statement and appeal of the lawyer, reasons, notes"),
    purpose=_("To prove that the lawyer was heard, and why it was so decided; what names the client goes with them"),
    ground=Ground.HEARING,
    since=_("the closing of the case"),
    term=Term(days=3650, shortest=1825, longest=10950),
    parts=(
        words_of_trade(Statement, "proposal__case", ("text", _("Statement of the lawyer"))),
        words_of_trade(Decision, "proposal__case", ("reason", _("Reason of the decision"))),
        words_of_trade(PublicDisplay, "proposal__case", ("stop_reason", _("Why the display ended"))),
        words_of_trade(CorrectiveTask, "proposal__case", ("note", _("Note on a corrective task"))),
        words_of_trade(
            TaskReport,
            "task__proposal__case",
            ("text", _("Report of the lawyer on a corrective task")),
            ("note", _("Answer to it")),
        ),
        Part(
            model=TaskPaper,
            fields=(Field("name", _("Paper with a report on a corrective task"), ERASED),),
            since="report__task__proposal__case__closed_on",
            place="report__task__proposal__case__centre",
            person="report__task__proposal__case__client",
            deletes=True,
            may_name=True,
            of_trade=True,
            act=_papers_gone,
            beside=((_("Case number"), "report__task__proposal__case__number"),),
        ),
        words_of_trade(AssignmentMeasure, "proposal__case", ("end_reason", _("Why a limit on assignments ended"))),
        words_of_trade(PanelMeeting, "proposal__case", ("minutes", _("Minutes of the panel"))),
        words_of_trade(Notice, "case", ("withdrawal_reason", _("Why the notice was withdrawn"))),
        words_of_trade(Appeal, "notice__case", ("text", _("Appeal of the lawyer")), ("answer", _("Answer to it"))),
    ),
)

KEEPING: Final = Keeping(
    rules=(HEARINGS,),
    holds=(
        Hold(
            key="scoring.proposal",
            label=_("A reward or sanction is being decided."),
            rows=lambda _day: Proposal.objects.open(),
            client="case__client",
        ),
        Hold(
            key="scoring.notice",
            label=_("A notice is being issued, or the lawyer may still appeal against it."),
            rows=_notices_in_question,
            client="case__client",
        ),
    ),
    without=(
        (
            _("official papers, which never name a client: the name is replaced before the number is drawn"),
            (
                "scoring.Notice.label",
                "scoring.Notice.title",
                "scoring.Notice.content",
                "scoring.Notice.content_sha256",
                "scoring.Notice.verify_code",
                "scoring.Notice.file_sha256",
                "scoring.AssignmentMeasure.reference",
                "scoring.Referral.addressee",
                "scoring.Referral.reference",
                "scoring.Referral.answer_reference",
            ),
        ),
        (
            _("figures and codes from which they are computed"),
            (
                "scoring.CaseScore.derivation",
                "scoring.CaseScore.sha256",
                "scoring.CaseVoice.derivation",
                "scoring.CaseVoice.sha256",
                "scoring.CaseVoice.case_type",
                "scoring.CaseScore.case_type",
                "scoring.Proposal.trigger",
                "scoring.Proposal.evidence",
                "scoring.Proposal.counter_evidence",
                "scoring.CorrectiveTask.items",
                "scoring.StepLook.bars",
                "scoring.PanelMember.name",
            ),
        ),
        (
            _("which report somebody ordered; its file goes after a week"),
            ("scoring.ReportOrder.period", "scoring.ReportOrder.language"),
        ),
        (
            _("figures of closed periods by lawyer and firm, and why they were corrected"),
            (
                "scoring.ClosedPeriod.figures",
                "scoring.ClosedPeriod.sha256",
                "scoring.ClosedPeriod.reason",
            ),
        ),
        (
            _("published rules and their legal basis"),
            (
                "scoring.Rule.thresholds",
                "scoring.Rule.legal_basis",
                "scoring.Rule.authority",
                "scoring.AssignmentMeasure.legal_basis",
                "scoring.AssignmentMeasure.authority",
                "scoring.Decision.legal_basis",
                "scoring.Scheme.rules",
                "scoring.Scheme.digest",
                "scoring.Scheme.note",
            ),
        ),
    ),
)
