"""Notices in other shapes than their PDF (a page, a file to edit, many at once), and papers of single steps."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.documents.content import Block, Circular, Receipt
from qa_service.organisations.queries import issuer_name
from scoring.documents import commendation_docx, notice_paper, results_pdf
from scoring.documents import results_docx as editable_results
from scoring.documents.content import CommendationContent
from scoring.enums import AppealState, NoticeKind
from scoring.models import DECIDING_ROLES, ClosedPeriod, Notice, PanelMeeting, Proposal, PublicDisplay
from scoring.queries.notices import notices_in_force, notices_seen_by
from scoring.queries.proposals import needs_hearing, proposals_seen_by
from scoring.queries.results import results_of
from scoring.queries.standings import period_in_words, period_named
from scoring.services.batches import batch_of_notices
from scoring.services.issuing import editable_draft
from scoring.services.printing import content_of
from scoring.services.step_papers import (
    answer_paper,
    certificate_paper,
    display_paper,
    editable_minutes,
    editable_referral,
    has_letter,
    panel_minutes,
    receipt_paper,
    referral_letter,
)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READERS = (*DECIDING_ROLES, Role.LAWYER, Role.FIRM)


def _printed(request: HttpRequest, public_id: str) -> Notice:
    """One that has its file: before, there is no paper whose text it would be."""
    seen = notices_seen_by(cast("User", request.user)).filter(file__isnull=False)
    return get_object_or_404(seen, public_id=public_id)


@require_safe
@roles_required(*READERS)
@never_cache
def notice_text(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the PDF says, for a telephone, a screen reader or large type: the same blocks in the same order."""
    notice = _printed(request, public_id)
    paper = notice_paper(content_of(notice))
    circular = paper if isinstance(paper, Circular) else None
    context = {
        "notice": notice,
        "paper": paper,
        "blocks": _named(paper.blocks),
        "annexes": [(annex, _named(annex.blocks)) for annex in circular.annexes] if circular else [],
        "imprint": circular.imprint if circular else None,
        "receipt": isinstance(getattr(paper, "receipt", None), Receipt),
    }
    return render(request, "scoring/notice_text.html", context)


def _named(blocks: Iterable[Block]) -> list[tuple[str, Block]]:
    """Each with the name of its kind, which a template cannot ask."""
    return [(type(block).__name__, block) for block in blocks]


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def editable_notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """A commendation as a .docx: what has no red head is not edited outside."""
    notice = _printed(request, public_id)
    content = content_of(notice)
    if not isinstance(content, CommendationContent):
        raise Http404
    with override("zh-hans"):
        name = file_name(notice.get_kind_display(), issuer_name(notice.issuer_id), notice.label, extension="docx")
    return _docx(commendation_docx(content), name, plain=f"{notice.kind}-{notice.verify_code}.docx")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def editable_proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its draft, before it has a number."""
    user = cast("User", request.user)
    proposal = get_object_or_404(proposals_seen_by(user), public_id=public_id)
    data = editable_draft(proposal=proposal, person=user, now=timezone.now())
    with override("zh-hans"):
        name = file_name(_("Draft"), proposal.get_code_display(), proposal.case.number, extension="docx")
    return _docx(data, name, plain=f"draft-{proposal.code}.docx")


def _docx(data: bytes, name: str, *, plain: str) -> HttpResponse:
    return HttpResponse(data, content_type=DOCX, headers={"Content-Disposition": disposition(name, plain=plain)})


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def batch(request: HttpRequest) -> HttpResponse:
    """The papers in force of a kind and a period, with a list, as one ZIP.

    :raises PeriodUnknown, TooLarge: said on a page of their own, with their status.
    """
    user, named = cast("User", request.user), request.GET.get("period", "")
    period = period_named(named) if named else None
    rows = notices_in_force(user, kind=request.GET.get("kind", ""), period=period)
    with override("zh-hans"):  # the papers are Chinese, and so are their names
        packed = batch_of_notices(rows)
        name = file_name(_("Notices"), named, extension="zip")
    answer = FileResponse(packed, content_type="application/zip", status=HTTPStatus.OK)
    answer["Content-Disposition"] = disposition(name, plain=f"notices-{named or 'all'}.zip")
    return cast("HttpResponse", answer)


@require_safe
@roles_required(*READERS)
@never_cache
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    """证书 of a commendation, to be printed on good paper and sealed by hand."""
    notice = _printed(request, public_id)
    if notice.kind != NoticeKind.COMMENDATION:
        raise Http404
    with override("zh-hans"):
        name = file_name(_("Certificate"), notice.lawyer.name, notice.label, extension="pdf")
        data = certificate_paper(notice)
    return _pdf(data, name, plain=f"certificate-{notice.verify_code}.pdf")


@require_safe
@roles_required(*READERS)
@never_cache
def appeal_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The written answer to an appeal, to be handed over against its receipt."""
    notice = _printed(request, public_id)
    answered = notice.appeals.filter(state__in=(AppealState.UPHELD, AppealState.DISMISSED))
    appeal = get_object_or_404(answered.select_related("notice__issuer__settings", "notice__case"))
    with override("zh-hans"):
        name = file_name(_("Answer to an appeal"), issuer_name(notice.issuer_id), notice.label, extension="pdf")
        data = answer_paper(appeal)
    return _pdf(data, name, plain=f"appeal-answer-{notice.verify_code}.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def display_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet for the board, with every case that the centre displays on the same days."""
    proposal = get_object_or_404(proposals_seen_by(cast("User", request.user)), public_id=public_id)
    display = get_object_or_404(PublicDisplay.objects.select_related("proposal__centre"), proposal=proposal)
    with override("zh-hans"):
        name = file_name(_("Public display"), issuer_name(proposal.centre_id), str(display.starts_on), extension="pdf")
        data = display_paper(display)
    return _pdf(data, name, plain=f"display-{display.starts_on}.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """送达回证 for the paper that tells a lawyer of a proposal on which they are heard."""
    proposal = get_object_or_404(proposals_seen_by(cast("User", request.user)), public_id=public_id)
    if not needs_hearing(proposal):
        raise Http404
    with override("zh-hans"):
        name = file_name(_("Receipt of service"), proposal.case.number, extension="pdf")
        data = receipt_paper(proposal)
    return _pdf(data, name, plain="receipt.pdf")


def _to_refer(request: HttpRequest, public_id: str) -> Proposal:
    proposal = get_object_or_404(proposals_seen_by(cast("User", request.user)), public_id=public_id)
    if not has_letter(proposal):
        raise Http404
    return proposal


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def referral(request: HttpRequest, public_id: str) -> HttpResponse:
    """移送函, a draft until it is recorded as sent."""
    proposal = _to_refer(request, public_id)
    with override("zh-hans"):
        name = file_name(_("Letter of referral"), proposal.case.number, extension="pdf")
        data = referral_letter(proposal)
    return _pdf(data, name, plain="referral.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def referral_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    proposal = _to_refer(request, public_id)
    with override("zh-hans"):
        name = file_name(_("Letter of referral"), proposal.case.number, extension="docx")
    return _docx(editable_referral(proposal), name, plain="referral.docx")


def _meeting(request: HttpRequest, public_id: str) -> PanelMeeting:
    seen = proposals_seen_by(cast("User", request.user)).order_by()
    meetings = PanelMeeting.objects.filter(proposal__in=seen.values("pk"))
    related = ("proposal__case", "proposal__lawyer", "proposal__firm", "appeal__notice", "entered_by")
    return get_object_or_404(meetings.select_related(*related), public_id=public_id)


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """The record of a panel's meeting, to be signed by those who attended."""
    meeting = _meeting(request, public_id)
    with override("zh-hans"):
        name = file_name(_("Minutes of the panel"), meeting.proposal.case.number, str(meeting.held_on), extension="pdf")
        data = panel_minutes(meeting)
    return _pdf(data, name, plain=f"panel-{meeting.held_on}.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def minutes_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    meeting = _meeting(request, public_id)
    with override("zh-hans"):
        name = file_name(
            _("Minutes of the panel"), meeting.proposal.case.number, str(meeting.held_on), extension="docx"
        )
    return _docx(editable_minutes(meeting), name, plain=f"panel-{meeting.held_on}.docx")


def _closed(request: HttpRequest, public_id: str) -> ClosedPeriod:
    seen = ClosedPeriod.objects.visible_to(cast("User", request.user)).select_related("centre__settings")
    return get_object_or_404(seen, public_id=public_id)


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """结果通报 of a closed period, a draft: who issues it gives the number and the day."""
    closed = _closed(request, public_id)
    with override("zh-hans"):
        name = file_name(_("Circular of results"), closed.centre.name, period_in_words(closed.period), extension="pdf")
        data = results_pdf(results_of(closed))
    return _pdf(data, name, plain=f"results-{closed.start}.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def results_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    closed = _closed(request, public_id)
    with override("zh-hans"):
        name = file_name(_("Circular of results"), closed.centre.name, period_in_words(closed.period), extension="docx")
    return _docx(editable_results(results_of(closed)), name, plain=f"results-{closed.start}.docx")


def _pdf(data: bytes, name: str, *, plain: str) -> HttpResponse:
    named = disposition(name, plain=plain, inline=True)
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": named})
