"""The desk's pages: files to check, sent back, overdue, accepted; and all of one file."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.models import Case
from qa_service.common.api import as_refusal
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from reviews.documents import acceptance_pdf
from reviews.enums import DESK, MANAGING, Queue
from reviews.forms.acceptance import DayTakenForm, PapersForm, ReturnForm, SayingForm
from reviews.queries.acceptance import file_shown
from reviews.queries.acceptance_form import acceptance_content
from reviews.queries.file_lists import file_line, files_at_desk, files_searched, open_pleas, queue
from reviews.services import acceptance as services

FILES_A_PAGE = 50
DECISIONS = ("accept", "refuse")
# A list that only grows: nobody needs its number, and to count it takes longer every year.
DONE = (Queue.ACCEPTED,)


@require_GET
@roles_required(*DESK)
def files(request: SignedInRequest) -> HttpResponse:
    """One of the desk's lists, narrowed by number or lawyer."""
    now = timezone.now()
    wanted = Queue(request.GET["queue"]) if request.GET.get("queue") in Queue.values else Queue.TO_CHECK
    asked = request.GET.get("q", "").strip()
    seen = files_searched(files_at_desk(request.user), asked)
    page = page_in_order(queue(seen, wanted, now=now), after=request.GET.get("after", ""), size=FILES_A_PAGE)
    context = {
        "page": page,
        "lines": [file_line(case, now=now) for case in page.rows],
        "queue": wanted,
        "queues": [(each, None if each in DONE else queue(seen, each, now=now).order_by().count()) for each in Queue],
        "asked": asked,
        "pleas": open_pleas(request.user) if request.user.has_role(*MANAGING) else (),
    }
    return render(request, "reviews/files.html", context)


@require_GET
@roles_required(*DESK)
def file(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    return _page(request, _found(request, case_id))


@require_GET
@never_cache
@roles_required(*DESK)
def form(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """一卷一表 of this file as a PDF."""
    case = _found(request, case_id)
    content = acceptance_content(
        case, language=get_language() or "zh-hans", printed_by=request.user, now=timezone.now()
    )
    name = file_name(_("Acceptance of the file"), case.number, extension="pdf")
    headers = {"Content-Disposition": disposition(name, plain="file-acceptance.pdf", inline=True)}
    return HttpResponse(acceptance_pdf(content), content_type="application/pdf", headers=headers)


@require_POST
@roles_required(*DESK)
def receive(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    typed = DayTakenForm(request.POST)
    typed.is_valid()
    return _act(
        request,
        case_id,
        services.receive_file,
        _("The receipt was entered."),
        handed_in_on=typed.cleaned_data.get("handed_in_on"),
    )


@require_POST
@roles_required(*DESK)
def undo(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    done, kept = _("The receipt was taken out."), {"refused": "undo"}
    return _act(request, case_id, services.undo_receipt, done, kept=kept, reason=_said(request))


@require_POST
@roles_required(*DESK)
def remind(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    here, otherwise = (
        _("The lawyer was reminded on their home; it is on record."),
        _("The reminder is on record as you gave it. The lawyer has no account and was told nothing here."),
    )
    done = here if _found(request, case_id).lawyer_reads_here else otherwise  # type: ignore[attr-defined]
    return _act(request, case_id, services.remind_lawyer, done, words=_said(request))


@require_POST
@roles_required(*DESK)
def papers(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _found(request, case_id)
    typed = PapersForm(request.POST, shown=file_shown(case, now=timezone.now()))
    if not typed.is_valid():
        return _page(request, case, papers=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _act(
        request,
        case_id,
        services.save_papers,
        _("The catalogue was saved."),
        kept={"papers": typed},
        papers=typed.entries(),
        last_page=typed.cleaned_data["last_page"],
    )


@require_POST
@roles_required(*DESK)
def send_back(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _found(request, case_id)
    typed = ReturnForm(request.POST, shown=file_shown(case, now=timezone.now()))
    if not typed.is_valid():
        return _page(request, case, returning=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    here, otherwise = (
        _("The file was sent back and its lawyer told on their home."),
        _("The file was sent back. Its lawyer has no account: hand over the list of defects on paper."),
    )
    return _act(
        request,
        case_id,
        services.return_file,
        here if case.lawyer_reads_here else otherwise,  # type: ignore[attr-defined]
        kept={"returning": typed},
        defects=typed.entries(),
        due_on=typed.cleaned_data["due_on"],
        words=typed.cleaned_data["words"],
        told_how=typed.cleaned_data["told_how"],
    )


@require_POST
@roles_required(*DESK)
def accept(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    done, kept = _("The file was accepted."), {"refused": "accept"}
    return _act(request, case_id, services.accept_file, done, kept=kept, words=_said(request))


@require_POST
@roles_required(*MANAGING)
def reopen(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    done, kept = _("The acceptance was taken back."), {"refused": "reopen"}
    return _act(request, case_id, services.reopen_file, done, kept=kept, reason=_said(request))


@require_POST
@roles_required(*MANAGING)
def decide_lateness(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    """What the lawyer said of the late file, accepted or not."""
    case = _found(request, case_id)
    plea = get_object_or_404(open_pleas(request.user), case=case.pk)
    if request.POST.get("decision") not in DECISIONS:
        return _refused(request, case, InvalidInput(_("Say whether you accept the reasons or not.")))
    try:
        services.decide_plea(
            plea=plea,
            accepted=request.POST.get("decision") == "accept",
            reason=_said(request),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _refused(request, case, error)
    messages.success(request, _("The lawyer was told what you decided."))
    return redirect("reviews:file", case.public_id)


def _act(
    request: SignedInRequest,
    case_id: UUID,
    service: Callable[..., Any],
    done: str,
    *,
    kept: dict[str, Any] | None = None,
    **given: Any,
) -> HttpResponse:
    """One service on the version of the file that the page showed; `kept` stays filled if it refuses, see `_page`."""
    case = _found(request, case_id)
    try:
        service(case=case, version=_version(request), user=request.user, now=timezone.now(), **given)
    except Exception as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        return _refused(request, _found(request, case_id), refusal, **(kept or {}))
    messages.success(request, done)
    return redirect("reviews:file", case.public_id)


def _refused(request: SignedInRequest, case: Case, error: DomainError, **kept: Any) -> HttpResponse:
    titles = file_shown(case, now=timezone.now()).titles
    lead = titles.get(error.field)
    messages.error(request, f"{lead} · {error.message}" if lead else str(error.message))
    return _page(request, case, status=error.status, changed=isinstance(error, services.FileChanged), **kept)


def _page(
    request: SignedInRequest,
    case: Case,
    *,
    papers: PapersForm | None = None,
    returning: ReturnForm | None = None,
    refused: str = "",
    changed: bool = False,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """With forms as they were typed. `refused`: which act was, of those whose one box is named as others' are.

    `changed`: somebody else acted since, and what they stored stands beside what was typed.
    """
    now = timezone.now()
    shown = file_shown(case, now=now)
    managing = request.user.has_role(*MANAGING)
    context = {
        "case": case,
        "shown": shown,
        "papers": papers or PapersForm(shown=shown),
        "returning": returning or ReturnForm(shown=shown),
        "usual": shown.line.today.isoformat(),
        "managing": managing,
        "may_decide": managing and shown.open_plea is not None and shown.open_plea in open_pleas(request.user),
        "typed": request.POST,
        "refused": refused,
        "changed": changed,
    }
    return render(request, "reviews/file.html", context, status=status)


def _found(request: SignedInRequest, case_id: UUID) -> Case:
    found: Case = get_object_or_404(files_at_desk(request.user), public_id=case_id)
    return found


def _said(request: SignedInRequest) -> str:
    typed = SayingForm(request.POST)
    typed.is_valid()
    return str(typed.cleaned_data.get("words", ""))


def _version(request: SignedInRequest) -> int:
    """What names no version is no form of ours: it meets a refusal, as an old one does."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 10 else -1  # noqa: PLR2004 - no number
