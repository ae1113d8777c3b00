"""The official documents of decisions: facts in (`content`), PDF bytes out.

Each function is pure: the same content and fonts give the same bytes. They raise `FontsNotReady` (call
`qa_service.documents.fonts.prepare_fonts` first), `FontUnusable`, or `MissingGlyph` naming what no font can draw.
Nothing slow is imported before the first paper is drawn.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import override

from qa_service.documents import pdf
from qa_service.documents.content import Circular, WorkDocument
from qa_service.documents.fonts import FontFolders
from scoring.documents import (
    commendation,
    decision,
    minutes,
    own_results,
    reasons,
    rectification,
    referral,
    report,
    results,
    steps,
    supervision,
    tabular,
)
from scoring.documents.content import (
    CommendationContent,
    CommendedBody,
    ReasonsContent,
    RectificationContent,
    ReportContent,
)
from scoring.documents.decision import AppealDecisionContent, DecisionContent
from scoring.documents.supervision import SupervisionContent

__all__ = [
    "AppealDecisionContent",
    "DecisionContent",
    "NoticeContent",
    "SupervisionContent",
    "appeal_answer_pdf",
    "certificate_pdf",
    "commendation_pdf",
    "commendation_title",
    "commended",
    "display_pdf",
    "minutes_docx",
    "minutes_pdf",
    "notice_docx",
    "notice_paper",
    "notice_pdf",
    "own_results_pdf",
    "reasons_pdf",
    "receipt_pdf",
    "rectification_pdf",
    "referral_docx",
    "referral_pdf",
    "report_pdf",
    "results_docx",
    "results_pdf",
    "tabular_pdf",
]


def commendation_pdf(content: CommendationContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.circular(commendation.circular(content), folders=folders)


def certificate_pdf(content: CommendationContent, *, title: str, folders: FontFolders | None = None) -> bytes:
    """证书 of whoever is commended for the first case; a circular of this service commends one."""
    drawn = (
        commendation.certificate_of_body(content, content.body, title=title)
        if content.body
        else commendation.certificate(content, content.cases[0], title=title)
    )
    return pdf.certificate(drawn, folders=folders)


def commendation_title(*, organisation: str, period_label: str, body: CommendedBody | None = None) -> tuple[str, ...]:
    """The lines of its standard title."""
    return commendation.title_lines(organisation, period_label, body)


def commended(body: CommendedBody | None) -> str:
    """Whom its title says that it praises."""
    return commendation.whom(body)


def rectification_pdf(content: RectificationContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(rectification.work_document(content), folders=folders)


NoticeContent = (
    CommendationContent | RectificationContent | DecisionContent | AppealDecisionContent | SupervisionContent
)
_PAPERS: dict[type, Callable[[Any], Circular | WorkDocument]] = {
    CommendationContent: commendation.circular,
    RectificationContent: rectification.work_document,
    DecisionContent: decision.decision,
    AppealDecisionContent: decision.appeal_decision,
    SupervisionContent: supervision.letter,
}


def notice_paper(content: NoticeContent) -> Circular | WorkDocument:
    """What the PDF draws, for a page that says the same."""
    return _PAPERS[type(content)](content)


def notice_pdf(content: NoticeContent, *, folders: FontFolders | None = None) -> bytes:
    """Whichever kind it is."""
    paper = notice_paper(content)
    if isinstance(paper, Circular):
        return pdf.circular(paper, folders=folders)
    return pdf.work_document(paper, folders=folders)


def notice_docx(content: NoticeContent) -> bytes | None:
    """A red-head paper to edit, without code, digest and receipt; needs no fonts. None for another."""
    from qa_service.documents import editable  # noqa: PLC0415 - slow import

    paper = notice_paper(content)
    return editable.circular(paper) if isinstance(paper, Circular) else None


def report_pdf(content: ReportContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(report.work_document(content), folders=folders)


def tabular_pdf(report: tabular.TabularReport, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(tabular.work_document(report), folders=folders)


def display_pdf(content: steps.DisplayContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(steps.display_sheet(content), folders=folders)


def receipt_pdf(content: steps.ReceiptContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.sheet(steps.receipt_sheet(content), folders=folders)


def appeal_answer_pdf(content: steps.AppealAnswerContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(steps.appeal_answer(content), folders=folders)


def referral_pdf(content: referral.ReferralContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.circular(referral.letter(content), folders=folders)


def referral_docx(content: referral.ReferralContent) -> bytes:
    """The same letter to edit; needs no fonts."""
    from qa_service.documents import editable  # noqa: PLC0415 - slow import

    return editable.circular(referral.letter(content))


def results_pdf(content: results.ResultsContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.circular(results.circular(content), folders=folders)


def results_docx(content: results.ResultsContent) -> bytes:
    """The same draft to edit and to number; needs no fonts."""
    from qa_service.documents import editable  # noqa: PLC0415 - slow import

    return editable.circular(results.circular(content))


def minutes_pdf(content: minutes.MinutesContent, *, folders: FontFolders | None = None) -> bytes:
    return pdf.work_document(minutes.record(content), folders=folders)


def minutes_docx(content: minutes.MinutesContent) -> bytes:
    """The same record to edit; needs no fonts."""
    from qa_service.documents import editable  # noqa: PLC0415 - slow import

    return editable.work_document(minutes.record(content))


def reasons_pdf(content: ReasonsContent, *, folders: FontFolders | None = None) -> bytes:
    """评定理由表, in the language of the content."""
    with override(content.language):
        drawn = reasons.sheet(content)
    return pdf.sheet(drawn, folders=folders)


def own_results_pdf(content: own_results.OwnResultsContent, *, folders: FontFolders | None = None) -> bytes:
    """案件质量评定结果说明, in the language of the content."""
    with override(content.language):
        drawn = own_results.sheet(content)
    return pdf.sheet(drawn, folders=folders)
