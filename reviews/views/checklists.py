"""Checklists: their versions and what is in force when, files, preview, publishing."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import disposition
from qa_service.common.drafts import DayPassed, DraftExists, revision_in
from qa_service.common.errors import Conflict, DomainError
from qa_service.common.json_files import FileUnreadable, unreadable_told
from reviews.blueprint import Document, Misshapen, points_of, problems, read_document
from reviews.enums import MANAGING, ChecklistState, Purpose, VetoEffect
from reviews.forms.checklists import ChecklistFileForm, NewChecklistForm, PublishForm
from reviews.models import Checklist, in_language
from reviews.queries import checklist_versions as versions
from reviews.queries.checklist_problems import fault_told, place_of, told
from reviews.queries.checklists import document_of, standard_of
from reviews.queries.scorecard import scorecard
from reviews.services import checklist_drafts as drafts
from reviews.services.checklist_files import document_from, json_of, workbook_of

PAGE_SIZE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@roles_required(*MANAGING)
@require_safe
def checklists(request: SignedInRequest) -> HttpResponse:
    page = Paginator(versions.checklist_codes(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    families = versions.checklist_families(request.user, list(page.object_list))
    shown = [(each, versions.case_type_name(each.shown), versions.stage_name(each.shown)) for each in families]
    return render(request, "reviews/checklists.html", {"page": page, "families": shown})


@roles_required(*MANAGING)
@require_safe
def checklist(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One version: its parts, what forbids to publish it, its other versions."""
    return shown_page(request, versions.checklist_seen(user=request.user, public_id=public_id))


def shown_page(
    request: SignedInRequest, found: Checklist, *, form: PublishForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    document = document_of(found)
    is_draft = found.state == ChecklistState.DRAFT
    others = versions.checklist_families(request.user, [found.code])[0].versions
    editable = Checklist.objects.editable_by(request.user).filter(pk=found.pk).exists()
    wrong = problems(document) if is_draft else ()
    context = {
        "checklist": found,
        "sections": [
            (part, [(item, list(item["floors"].items())) for item in part["items"]]) for part in document["sections"]
        ],
        "reasons": list(document["reasons"].items()),
        "vetoes": [(veto, VetoEffect(veto["effect"]).label) for veto in document["vetoes"]],
        "papers": document["catalogue"],
        "case_type": versions.case_type_name(found),
        "stage": versions.stage_name(found),
        "total": points_of(document),
        "problems": [(place_of(each), told(each), each.parts[-1] if each.parts else "") for each in wrong],
        "form": form or PublishForm(initial={"effective_from": timezone.localdate()}),
        "spans": versions.spans_of(others),
        "has_draft": any(each.state == ChecklistState.DRAFT for each in others),
        "is_draft": is_draft,
        "may_edit": editable,
        "in_use": found.state in versions.IN_USE,
    }
    return render(request, "reviews/checklist.html", context, status=status)


@roles_required(*MANAGING)
@require_safe
def preview(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """As the reader of a file will see it; nothing is saved."""
    found = versions.checklist_seen(user=request.user, public_id=public_id)
    if found.state == ChecklistState.DRAFT and problems(document_of(found)):
        messages.error(request, _("Put right first what is named below: then it can be looked at."))
        return redirect("reviews:checklist", public_id)
    standard = standard_of(found)
    context = {
        "checklist": found,
        "sections": scorecard(checklist=found, standard=standard, marks={}),
        "vetoes": list(standard.vetoes.values()),
        "papers": [in_language(paper["title"]) for paper in found.catalogue],
    }
    return render(request, "reviews/checklist_preview.html", context)


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """A list of one's own, begun from one in force."""
    form = NewChecklistForm(request.POST or None, user=request.user, initial={"source": request.GET.get("source", "")})
    if request.method == "POST" and form.is_valid():
        document = _for(document_of(form.cleaned_data["source"]), form.cleaned_data["purpose"])
        document["code"] = form.cleaned_data["code"]
        try:
            draft = drafts.begin_draft(
                document=read_document(document),
                owner=form.cleaned_data["owner"],
                user=request.user,
                now=timezone.now(),
            )
        except Conflict as refused:
            form.add_error("code", str(refused.message))
        else:
            return redirect("reviews:checklist", draft.public_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "reviews/checklist_new.html", {"form": form}, status=status)


def _for(document: Document, purpose: str) -> Document:
    """Vetoes are marked by the readers of files alone."""
    return {**document, "purpose": purpose, "vetoes": document["vetoes"] if purpose == Purpose.FILE_REVIEW else []}


@roles_required(*MANAGING)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: SignedInRequest) -> HttpResponse:
    """A draft from a file; each fault is told with its section, item and field."""
    form = ChecklistFileForm(request.POST or None, request.FILES or None, user=request.user)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            document = document_from(upload, name=upload.name)
            draft = drafts.begin_draft(
                document=document | {"code": form.cleaned_data["code"] or document["code"]},
                owner=form.cleaned_data["owner"],
                user=request.user,
                now=timezone.now(),
            )
        except FileUnreadable as refused:
            faults = [unreadable_told(refused)]
        except Misshapen as refused:
            faults = [fault_told(fault) for fault in refused.faults]
        except DomainError as refused:
            form.add_error("code" if refused.field == "code" else "file", str(refused.message))
        else:
            messages.success(request, _("The file was taken as a draft. Nothing is marked by it until you publish it."))
            return redirect("reviews:checklist", draft.public_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "reviews/checklist_import.html", {"form": form, "faults": faults}, status=status)


@roles_required(*MANAGING)
@require_safe
def as_json(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = versions.checklist_seen(user=request.user, public_id=public_id)
    content = json_of(document_of(found), version=found.version)
    return _attached(HttpResponse(content, content_type="application/json; charset=utf-8"), found, "json")


@roles_required(*MANAGING)
@require_safe
def as_workbook(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = versions.checklist_seen(user=request.user, public_id=public_id)
    return _attached(HttpResponse(workbook_of(document_of(found)), content_type=XLSX), found, "xlsx")


def _attached(response: HttpResponse, checklist: Checklist, extension: str) -> HttpResponse:
    name = f"{checklist.code}-v{checklist.version}.{extension}"
    response.headers["Content-Disposition"] = disposition(name, plain=name)
    return response


@roles_required(*MANAGING)
@require_POST
def begin(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """The next version of one's own; of another's, one's own first version."""
    found = versions.checklist_seen(user=request.user, public_id=public_id)
    if found.owner is None or not Checklist.objects.editable_by(request.user).filter(pk=found.pk).exists():
        return redirect(f"{reverse('reviews:checklist-new')}?source={found.public_id}")
    try:
        draft = drafts.begin_draft(
            document=document_of(found), owner=found.owner, user=request.user, now=timezone.now()
        )
    except DraftExists as refused:
        messages.error(request, str(refused.message))
        there = Checklist.objects.filter(code=found.code, state=ChecklistState.DRAFT).first()
        return redirect("reviews:checklist", (there or found).public_id)
    return redirect("reviews:checklist", draft.public_id)


@roles_required(*MANAGING)
@require_POST
def publish(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = versions.checklist_edited(user=request.user, public_id=public_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return shown_page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        published = drafts.publish_draft(
            checklist=found,
            revision=revision_in(request),
            effective_from=form.cleaned_data["effective_from"],
            today=timezone.localdate(),
            user=request.user,
            now=timezone.now(),
        )
    except drafts.Unsound:
        return shown_page(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY)  # its problems stand on its page
    except DayPassed as refused:
        form.add_error("effective_from", str(refused.message))
        return shown_page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        later = published.state == ChecklistState.SCHEDULED
        messages.success(
            request,
            _("Published; it comes into force on its day. It can no longer be changed.")
            if later
            else _("Published. From now on it cannot be changed; a change is a new version."),
        )
    return redirect("reviews:checklist", public_id)


@roles_required(*MANAGING)
@require_POST
def discard(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = versions.checklist_edited(user=request.user, public_id=public_id)
    drafts.discard_draft(checklist=found, user=request.user, now=timezone.now())
    messages.success(request, _("The draft was given up."))
    return redirect("reviews:checklists")


@roles_required(*MANAGING)
@require_POST
def retire(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    found = versions.checklist_edited(user=request.user, public_id=public_id)
    try:
        drafts.retire_checklist(checklist=found, user=request.user, now=timezone.now())
    except Conflict as refused:
        messages.error(request, str(refused.message))
    else:
        messages.success(request, _("Retired: no more files are given out on it."))
    return redirect("reviews:checklist", public_id)
