"""How long what readers, lawyers and managers wrote about a file is kept. What names the client goes first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qa_service.cases.models import Case
from qa_service.common.keeping import ERASED, Field, Ground, Hold, Keeping, Part, Rule, Term, words_of_trade
from qa_service.files.models import StoredFile
from qa_service.files.services import discard
from reviews.enums import OPEN_ROUNDS, OPEN_VETOES, AssignmentState, FileState, ObjectionState, PleaState
from reviews.models import (
    AcceptedLateness,
    AgreedMark,
    Argument,
    Assignment,
    CalibrationFile,
    CaseReview,
    FileAcceptance,
    FileDefect,
    FileEvent,
    FormerHearing,
    FrameExclusion,
    Hearing,
    HearingMove,
    LatenessPlea,
    Mark,
    MoreTime,
    ObjectedItem,
    Objection,
    ObjectionLeaf,
    ObjectionPaper,
    Observation,
    ObservedMark,
    ReaderWaiver,
    RecordedMark,
    Review,
    SampledCase,
    Scan,
    ScanPage,
    SelfAssessment,
    SelfMark,
    Trial,
    TrialMark,
    VetoMark,
)


def _erase_results(keys: list[Any], now: datetime) -> None:
    """The marks stay in a result; the remarks and pages that stood beside them go."""
    for row in CaseReview.objects.filter(pk__in=keys):
        for item in row.items:
            item["marks"] = [_without_words(mark) for mark in item["marks"]]
        CaseReview.objects.filter(pk=row.pk).update(items=row.items, reason=ERASED, erased_at=now)


def _without_words(mark: dict[str, str]) -> dict[str, str]:
    return mark | {name: ERASED for name in ("comment", "page") if mark.get(name)}


def let_go_of_scans(keys: Iterable[int]) -> None:
    """Uploads go with the pages drawn from them; the bytes when that commits."""
    with transaction.atomic():
        chosen = list(keys)
        # Held first: whoever draws a page of one at this moment finds it gone.
        scans = list(Scan.objects.select_for_update(of=("self",)).filter(pk__in=chosen))
        _let_go_of_leaves(ScanPage.objects.filter(scan__in=scans))
        uploads = [scan.file_id for scan in scans]
        Scan.objects.filter(pk__in=[scan.pk for scan in scans]).delete()
        _discard(uploads)


def let_go_of_papers(keys: Iterable[int]) -> None:
    """The same of papers attached to objections."""
    with transaction.atomic():
        papers = list(ObjectionPaper.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)))
        _let_go_of_leaves(ObjectionLeaf.objects.filter(paper__in=papers))
        ObjectionPaper.objects.filter(pk__in=[paper.pk for paper in papers]).delete()
        _discard([paper.file_id for paper in papers])


def let_go_of_copies(case: Case) -> None:
    """Whatever was uploaded of a file that must not be copied, at the desk and beside objections."""
    let_go_of_scans(Scan.objects.filter(case=case).values_list("pk", flat=True))
    let_go_of_papers(ObjectionPaper.objects.filter(objection__case=case).values_list("pk", flat=True))


def _let_go_of_leaves(rows: QuerySet[Any]) -> None:
    pictures = [key for name in ("picture", "small") for key in rows.values_list(name, flat=True) if key]
    rows.delete()
    _discard(pictures)


def _discard(keys: list[int]) -> None:
    for stored in StoredFile.objects.filter(pk__in=keys):
        discard(stored)


def _papers_gone(keys: list[Any], _now: datetime) -> None:
    let_go_of_papers(keys)


def _scans_gone(keys: list[Any], _now: datetime) -> None:
    let_go_of_scans(keys)


def _leaves_gone(keys: list[Any], _now: datetime) -> None:
    with transaction.atomic():
        _let_go_of_leaves(ScanPage.objects.filter(pk__in=keys))


def _papers_of_leaves_gone(keys: list[Any], _now: datetime) -> None:
    """A paper one of whose pages names the person goes whole: what was uploaded says it as well."""
    let_go_of_papers(ObjectionLeaf.objects.filter(pk__in=keys).values_list("paper", flat=True).distinct())


REMARKS: Final = Rule(
    key="reviews.remarks",
    title=_("File review: remarks, pages, reasons, what the lawyer answered"),
    purpose=_("To give every mark its reason; the marks themselves stay, and what names the client goes with them"),
    ground=Ground.SUPERVISION,
    since=_("the closing of the case"),
    term=Term(days=3650, shortest=1095, longest=10950),
    parts=(
        words_of_trade(Assignment, "case", ("closing_reason", _("Why the file was given back"))),
        words_of_trade(MoreTime, "assignment__case", ("reason", _("Why a reader was given more time"))),
        words_of_trade(Review, "assignment__case", ("comment", _("Remark on the file"))),
        words_of_trade(Mark, "review__assignment__case", ("comment", _("Remark on an item")), ("page", _("Page"))),
        words_of_trade(
            Argument,
            "review__assignment__case",
            ("words", _("Main argument of the lawyer")),
            ("page", _("Page")),
            ("judgment_page", _("Page of the judgment")),
            ("reasonable", _("Why an argument is held reasonable though rejected")),
        ),
        words_of_trade(
            VetoMark,
            "review__assignment__case",
            ("statement", _("What a veto rests on")),
            ("page", _("Page")),
            ("answer", _("Answer of the lawyer")),
            ("decision_reason", _("Reason of the decision")),
        ),
        words_of_trade(
            FormerHearing, "veto_mark__review__assignment__case", ("answer", _("Answer of the lawyer named before"))
        ),
        words_of_trade(
            CaseReview,
            "case",
            ("items", _("Remarks and pages beside the marks of a result")),
            ("reason", _("Reason of the version")),
            stamp="erased_at",
            act=_erase_results,
        ),
        words_of_trade(Objection, "case", ("statement", _("Objection of the lawyer")), ("answer", _("Answer to it"))),
        Part(
            model=ObjectionLeaf,
            fields=(
                Field("heading", _("Bookmark of a page attached to an objection")),
                Field("text", _("Text of a page attached to an objection")),
            ),
            since="paper__objection__case__closed_on",
            place="paper__objection__case__centre",
            person="paper__objection__case__client",
            deletes=True,
            may_name=True,
            of_trade=True,
            act=_papers_of_leaves_gone,
            beside=((_("Case number"), "paper__objection__case__number"), (_("Page"), "number")),
        ),
        Part(
            model=ObjectionPaper,
            fields=(Field("name", _("Paper attached to an objection"), ERASED),),
            since="objection__case__closed_on",
            place="objection__case__centre",
            person="objection__case__client",
            deletes=True,
            # Its name is the lawyer's word about their own work, as the objection beside it.
            may_name=True,
            of_trade=True,
            act=_papers_gone,
            beside=((_("Case number"), "objection__case__number"),),
        ),
        words_of_trade(ObjectedItem, "objection__case", ("comment", _("Remark on an item")), ("page", _("Page"))),
        words_of_trade(
            AcceptedLateness,
            "case",
            ("reason", _("Why the file came late")),
            ("withdrawal_reason", _("Why this was taken back")),
        ),
        words_of_trade(
            LatenessPlea,
            "case",
            ("words", _("Reasons the lawyer gave for lateness")),
            ("decision", _("Reason of the decision about them")),
        ),
        words_of_trade(
            FileEvent,
            "acceptance__case",
            ("words", _("Remark on the acceptance of the file")),
            ("told_how", _("How the lawyer was told that the file was sent back")),
        ),
        words_of_trade(FileDefect, "event__acceptance__case", ("note", _("What was wrong with the file"))),
        words_of_trade(
            Hearing, "case", ("note", _("What observers of a hearing discussed, or why it was not observed"))
        ),
        words_of_trade(
            HearingMove,
            "hearing__case",
            ("place", _("Place of a hearing that was put off")),
            ("reason", _("Why a hearing was put off")),
        ),
        words_of_trade(Observation, "hearing__case", ("comment", _("Remark of an observer on a hearing"))),
        words_of_trade(ObservedMark, "observation__hearing__case", ("comment", _("Remark of an observer on an item"))),
        words_of_trade(RecordedMark, "hearing__case", ("comment", _("Remark on an item of a hearing's record"))),
        words_of_trade(SelfAssessment, "case", ("comment", _("Remark of the firm on its own file"))),
        words_of_trade(SelfMark, "assessment__case", ("comment", _("Remark of the firm on an item of its own file"))),
        words_of_trade(CalibrationFile, "case", ("note", _("What a panel discussed of a file marked for calibration"))),
        words_of_trade(Trial, "file__case", ("comment", _("Remark of a reviewer on a file marked for calibration"))),
        words_of_trade(TrialMark, "trial__file__case", ("comment", _("Remark on an item marked for calibration"))),
        words_of_trade(AgreedMark, "file__case", ("reason", _("Why a panel agreed on a mark"))),
        words_of_trade(ReaderWaiver, "case", ("reason", _("Why the file has no further reader"))),
        words_of_trade(SampledCase, "case", ("replaced_reason", _("Why another file was drawn"))),
        words_of_trade(FrameExclusion, "case", ("reason", _("Why the case is left out of the draw"))),
    ),
)

SCANS: Final = Rule(
    key="reviews.scans",
    title=_("Scanned files: the upload and its name, pictures of its pages, the text on them"),
    purpose=_("To read a file without the binder; what counts is the binder, which stays in the archive"),
    ground=Ground.SUPERVISION,
    since=_("the closing of the case"),
    term=Term(days=730, shortest=180, longest=3650),
    parts=(
        Part(
            model=ScanPage,
            fields=(Field("heading", _("Bookmark of a scanned page")), Field("text", _("Text of a scanned page"))),
            since="scan__case__closed_on",
            place="scan__case__centre",
            person="scan__case__client",
            deletes=True,
            act=_leaves_gone,
            beside=((_("Case number"), "scan__case__number"), (_("Page"), "number")),
        ),
        Part(
            model=Scan,
            fields=(Field("name", _("Name of the file"), ERASED),),
            since="case__closed_on",
            place="case__centre",
            person="case__client",
            deletes=True,
            act=_scans_gone,
            beside=((_("Case number"), "case__number"), (_("Uploaded"), "uploaded_at")),
        ),
    ),
)

KEEPING: Final = Keeping(
    rules=(REMARKS, SCANS),
    holds=(
        Hold(
            key="reviews.reading",
            label=_("The file is being read."),
            rows=lambda _day: Assignment.objects.filter(state=AssignmentState.OPEN),
            client="case__client",
        ),
        Hold(
            key="reviews.calibration",
            label=_("The file is marked for calibration, and the round is not closed."),
            rows=lambda _day: CalibrationFile.objects.filter(round__state__in=OPEN_ROUNDS),
            client="case__client",
        ),
        Hold(
            key="reviews.objection",
            label=_("The lawyer's objection is not decided, or may still be lodged."),
            rows=CaseReview.objects.in_question,
            client="case__client",
        ),
        Hold(
            key="reviews.objection_lodged",
            label=_("The lawyer's objection is not decided, or may still be lodged."),
            rows=lambda _day: Objection.objects.filter(state=ObjectionState.LODGED),
            client="case__client",
        ),
        Hold(
            key="reviews.file_in_work",
            label=_("The file is being checked, or was sent back to be put right."),
            rows=lambda _day: FileAcceptance.objects.filter(state__in=[FileState.TO_CHECK, FileState.RETURNED]),
            client="case__client",
        ),
        Hold(
            key="reviews.plea",
            label=_("The reasons a lawyer gave for lateness are not decided."),
            rows=lambda _day: LatenessPlea.objects.filter(state=PleaState.OPEN),
            client="case__client",
        ),
        Hold(
            key="reviews.veto",
            label=_("A veto item is not decided."),
            rows=lambda _day: VetoMark.objects.filter(state__in=OPEN_VETOES),
            client="review__assignment__case__client",
        ),
    ),
    without=(
        (
            _("codes of items, reasons and layers"),
            (
                "reviews.Mark.reason_code",
                "reviews.ObjectedItem.reason_code",
                "reviews.CaseReview.vetoes",
                "reviews.SampledCase.stratum",
                "reviews.SampledCase.reasons",
                "reviews.ReviewerTerms.case_types",
                "reviews.ObservedMark.reason_code",
                "reviews.RecordedMark.reason_code",
                "reviews.SelfMark.reason_code",
                "reviews.TrialMark.reason_code",
                "reviews.Hearing.rules",
                "reviews.HearingPlan.seed",
                "reviews.HearingPlan.digest",
                "reviews.HearingPlan.counts",
                "reviews.Sample.seed",
                "reviews.Sample.statement",
            ),
        ),
        (
            _("what a lawyer, the centre or a reviewer wrote about who reviews, and about no case"),
            (
                "reviews.ReviewerObjection.reason",
                "reviews.ReviewerObjection.answer",
                "reviews.Relation.taken_back_reason",
                "reviews.CalibrationRound.name",
                "reviews.CalibrationRound.reason",
            ),
        ),
        (
            _("a public body, and the number of the letter to it"),
            ("reviews.VetoTransfer.organ", "reviews.VetoTransfer.reference"),
        ),
        (
            _("what every file is marked by"),
            (
                "reviews.Checklist.code",
                "reviews.Checklist.case_type",
                "reviews.Checklist.stage",
                "reviews.Checklist.draft",
                "reviews.Checklist.reasons",
                "reviews.Checklist.catalogue",
                "reviews.Checklist.digest",
                "reviews.Checklist.title",
                "reviews.Section.code",
                "reviews.Section.title",
                "reviews.Section.note",
                "reviews.Item.code",
                "reviews.Item.title",
                "reviews.Item.evidence",
                "reviews.Item.reasons",
                "reviews.Item.floors",
                "reviews.Item.anchors",
                "reviews.Veto.code",
                "reviews.Veto.title",
                "reviews.Veto.basis",
                "reviews.CatalogueEntry.code",
                "reviews.FileDefect.paper",
                "reviews.FilePaper.code",
                "reviews.Scan.paper",
            ),
        ),
    ),
)
