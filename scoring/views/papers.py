"""Notices in other shapes than their PDF (a page, a file to edit, many at once), and papers of single steps."""

from collections.abc import Callable, Iterable
from functools import partial
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
from qa_service.common.errors import NotFound
from qa_service.common.period_names import name_of, period_in_words, period_named
from qa_service.documents.content import Block, Circular, Receipt
from qa_service.organisations.queries import issuer_name
from scoring.documents import notice_docx, notice_paper, results_pdf
from scoring.documents import results_docx as editable_results
from scoring.documents.results import ResultsContent
from scoring.enums import AppealState, NoticeKind
from scoring.models import DECIDING_ROLES, ClosedPeriod, Notice, PanelMeeting, Proposal, PublicDisplay
from scoring.queries.concerned import concerns
from scoring.queries.notices import notices_in_force, notices_seen_by
from scoring.queries.proposals import needs_hearing, proposals_seen_by
from scoring.queries.results import results_of
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
from scoring.views.proposals import found_proposal

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
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
    """A red-head paper as a .docx: what has none is not edited outside, nor by whom it is addressed to."""
    notice = _printed(request, public_id)
    if concerns(cast("User", request.user), notice):
        raise Http404
    data = notice_docx(content_of(notice))
    if data is None:
        raise Http404
    return drawn(
        lambda: data,
        lambda: (notice.get_kind_display(), issuer_name(notice.issuer_id), notice.label),
        plain=f"{notice.kind}-{notice.verify_code}.docx",
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def editable_proposal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Its draft, before it has a number."""
    proposal = found_proposal(request, public_id)
    # Before the name: why there is no draft is told in the reader's own language.
    data = editable_draft(proposal=proposal, person=cast("User", request.user), now=timezone.now())
    return drawn(
        lambda: data,
        lambda: (_("Draft"), proposal.get_code_display(), proposal.named),
        plain=f"draft-{proposal.code}.docx",
    )


def drawn(draw: Callable[[], bytes], named: Callable[[], Iterable[str]], *, plain: str) -> HttpResponse:
    """A paper is Chinese, and so is its name, whoever asks for it. `plain`: the name without its signs, whose ending
    says what kind of file it is; a PDF is shown, the other saved.
    """
    ending = plain.rpartition(".")[2]
    with override("zh-hans"):
        name = file_name(*named(), extension=ending)
        data = draw()
    shown = disposition(name, plain=plain, inline=ending == "pdf")
    return HttpResponse(data, content_type=TYPES[ending], headers={"Content-Disposition": shown})


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def batch(request: HttpRequest) -> HttpResponse:
    """The papers in force of a kind and a period, with a list, as one ZIP.

    :raises PeriodUnknown, NothingToPack, NotFound, TooLarge: said on a page of their own, with their status.
    """
    user, asked = cast("User", request.user), request.GET.get("period", "")
    period = period_named(asked) if asked else None
    named = name_of(period) if period else ""
    kind = request.GET.get("kind", "")
    if kind and kind not in NoticeKind.values:
        raise NotFound(_("There is no such kind of notice."))
    rows = notices_in_force(user, kind=kind, period=period)
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
    return drawn(
        partial(certificate_paper, notice),
        lambda: (_("Certificate"), notice.whose, notice.label),
        plain=f"certificate-{notice.verify_code}.pdf",
    )


@require_safe
@roles_required(*READERS)
@never_cache
def appeal_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The written answer to an appeal, to be handed over against its receipt."""
    notice = _printed(request, public_id)
    answered = notice.appeals.filter(state__in=(AppealState.UPHELD, AppealState.DISMISSED))
    appeal = get_object_or_404(answered.select_related("notice__issuer__settings", "notice__case"))
    return drawn(
        partial(answer_paper, appeal),
        lambda: (_("Answer to an appeal"), issuer_name(notice.issuer_id), notice.label),
        plain=f"appeal-answer-{notice.verify_code}.pdf",
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def display_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """The sheet for the board, with every case that the centre displays on the same days."""
    proposal = found_proposal(request, public_id)
    display = get_object_or_404(PublicDisplay.objects.select_related("proposal__centre"), proposal=proposal)
    return drawn(
        partial(display_paper, display),
        lambda: (_("Public display"), issuer_name(proposal.centre_id), str(display.starts_on)),
        plain=f"display-{display.starts_on}.pdf",
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    """送达回证 for the paper that tells a lawyer of a proposal on which they are heard."""
    proposal = found_proposal(request, public_id)
    if not needs_hearing(proposal):
        raise Http404
    return drawn(
        partial(receipt_paper, proposal),
        lambda: (_("Receipt of service"), proposal.named),
        plain="receipt.pdf",
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def referral(request: HttpRequest, public_id: str) -> HttpResponse:
    """移送函, a draft until it is recorded as sent."""
    return _letter(request, public_id, referral_letter, plain="referral.pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def referral_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    return _letter(request, public_id, editable_referral, plain="referral.docx")


def _letter(request: HttpRequest, public_id: str, draw: Callable[[Proposal], bytes], *, plain: str) -> HttpResponse:
    proposal = found_proposal(request, public_id)
    if not has_letter(proposal):
        raise Http404
    return drawn(partial(draw, proposal), lambda: (_("Letter of referral"), proposal.named), plain=plain)


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def minutes(request: HttpRequest, public_id: str) -> HttpResponse:
    """The record of a panel's meeting, to be signed by those who attended."""
    return _meeting(request, public_id, panel_minutes, ending="pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def minutes_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    return _meeting(request, public_id, editable_minutes, ending="docx")


def _meeting(
    request: HttpRequest, public_id: str, draw: Callable[[PanelMeeting], bytes], *, ending: str
) -> HttpResponse:
    seen = proposals_seen_by(cast("User", request.user)).order_by()
    meetings = PanelMeeting.objects.filter(proposal__in=seen.values("pk"))
    related = (
        "proposal__case",
        "proposal__lawyer",
        "proposal__firm",
        "proposal__station",
        "appeal__notice",
        "entered_by",
    )
    meeting = get_object_or_404(meetings.select_related(*related), public_id=public_id)
    return drawn(
        partial(draw, meeting),
        lambda: (_("Minutes of the panel"), meeting.proposal.named, str(meeting.held_on)),
        plain=f"panel-{meeting.held_on}.{ending}",
    )


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def results(request: HttpRequest, public_id: str) -> HttpResponse:
    """结果通报 of a closed period, a draft: who issues it gives the number and the day."""
    return _circular(request, public_id, results_pdf, ending="pdf")


@require_safe
@roles_required(*DECIDING_ROLES)
@never_cache
def results_docx(request: HttpRequest, public_id: str) -> HttpResponse:
    return _circular(request, public_id, editable_results, ending="docx")


def _circular(
    request: HttpRequest, public_id: str, draw: Callable[[ResultsContent], bytes], *, ending: str
) -> HttpResponse:
    seen = ClosedPeriod.objects.visible_to(cast("User", request.user)).select_related("centre__settings")
    closed = get_object_or_404(seen, public_id=public_id)
    return drawn(
        lambda: draw(results_of(closed)),
        lambda: (_("Circular of results"), closed.centre.name, period_in_words(closed.period)),
        plain=f"results-{closed.start}.{ending}",
    )
