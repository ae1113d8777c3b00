"""The scanned file: uploaded and looked through at the desk, read by whoever was given the file."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.models import Case
from qa_service.common.errors import DomainError
from reviews import tasks
from reviews.enums import DESK, MANAGING, PaperGround
from reviews.forms.scans import ScanForm, ground_typed
from reviews.models import PaperOnly, Review, Scan, in_language
from reviews.queries.acceptance import catalogue_in_force
from reviews.queries.file_lists import files_at_desk
from reviews.queries.scans import Leaf, ground_known, scanned_file
from reviews.services import scans as services
from reviews.services.assignments import check_conflicts
from reviews.views.viewer import check_each_minute, picture_of, reading, viewer
from reviews.views.workspace import own_review


# --- the desk ------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(*DESK)
def scans(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _at_desk(request, case_id)
    if request.method != "POST":
        return _page(request, case)
    form = ScanForm(request.POST, request.FILES, titles=_titles(case))
    if not form.is_valid():
        return _page(request, case, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    kept, refusals = _upload(request, case, form)
    if kept:
        text = ngettext("%(count)d file was uploaded.", "%(count)d files were uploaded.", kept) % {"count": kept}
        messages.success(request, text)
    for name, refusal in refusals:
        messages.error(request, f"{name} · {refusal.message}")
    if refusals:
        return _page(request, case, form=form, status=refusals[0][1].status)
    return redirect("reviews:scans", case.public_id)


def _upload(request: SignedInRequest, case: Case, form: ScanForm) -> tuple[int, list[tuple[str, DomainError]]]:
    """How many were kept, and which not."""
    kept, refusals = 0, []
    for upload in form.uploads():
        try:
            scan = services.upload_scan(
                case=case,
                upload=upload,
                declared_open=form.cleaned_data["declared"],
                user=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            refusals.append((upload.name, refusal))
            continue
        tasks.start_drawing(scan_id=scan.pk)
        kept += 1
    return kept, refusals


@require_POST
@roles_required(*DESK)
def remove(request: SignedInRequest, case_id: UUID, scan_id: UUID) -> HttpResponse:
    case = _at_desk(request, case_id)
    scan = get_object_or_404(Scan.objects.visible_to(request.user), case=case, public_id=scan_id)
    services.remove_scan(case=case, scan=scan, user=request.user, now=timezone.now())
    messages.success(request, _("The upload was taken off, with its pages and their text."))
    return redirect("reviews:scans", case.public_id)


@require_POST
@roles_required(*DESK)
def on_paper(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _at_desk(request, case_id)
    try:
        ground = ground_typed(request.POST.get("ground", ""))
        services.keep_on_paper(case=case, ground=ground, user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _refused(request, case, refusal)
    messages.success(request, _("The file is kept on paper from now on; nothing of it is left here."))
    return redirect("reviews:scans", case.public_id)


@require_POST
@roles_required(*MANAGING)
def allow(request: SignedInRequest, case_id: UUID) -> HttpResponse:
    case = _at_desk(request, case_id)
    try:
        services.allow_scans(case=case, reason=request.POST.get("reason", ""), user=request.user, now=timezone.now())
    except DomainError as refusal:
        return _refused(request, case, refusal)
    messages.success(request, _("The file may be scanned again."))
    return redirect("reviews:scans", case.public_id)


@require_GET
@never_cache
@roles_required(*DESK)
def picture(request: SignedInRequest, case_id: UUID, scan_id: UUID, number: int) -> HttpResponse:
    return picture_of(request, _at_desk(request, case_id), scan=scan_id, number=number)


def _at_desk(request: SignedInRequest, case_id: UUID) -> Case:
    found: Case = get_object_or_404(files_at_desk(request.user), public_id=case_id)
    return found


def _titles(case: Case) -> dict[str, str]:
    checklist = catalogue_in_force(case)
    return {paper["code"]: in_language(paper["title"]) for paper in checklist.catalogue} if checklist else {}


def _refused(request: SignedInRequest, case: Case, refusal: DomainError) -> HttpResponse:
    messages.error(request, str(refusal.message))
    return _page(request, case, status=refusal.status)


def _page(
    request: SignedInRequest, case: Case, *, form: ScanForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    file, titles = scanned_file(case), _titles(case)
    address = reverse("reviews:scans", args=[case.public_id])
    context = {
        "case": case,
        "file": file,
        "titles": titles,
        "rows": [(scan, span, titles.get(scan.paper, "")) for scan, span in file.scans],
        "viewer": viewer(request, file, address=address, picture=lambda leaf: _picture("scan-page", case, leaf)),
        "ground": ground_known(case),
        "recorded": PaperOnly.objects.filter(case=case).exists(),
        "grounds": PaperGround.choices,
        "managing": request.user.has_role(*MANAGING),
        "form": form or ScanForm(titles=titles),
    }
    return render(request, "reviews/scans.html", context, status=status)


def _picture(door: str, owner: Case | Review, leaf: Leaf) -> str:
    return reverse(f"reviews:{door}", args=[owner.public_id, leaf.scan, leaf.number])


# --- the reader ----------------------------------------------------------------------------------------------
@require_GET
@never_cache
@roles_required(Role.REVIEWER)
def read(request: SignedInRequest, review_id: UUID) -> HttpResponse:
    """The file by itself: what the workspace shows at its left."""
    review = own_review(request, review_id)
    case = review.assignment.case
    check_conflicts(case=case, reviewer=request.user)
    context = {
        "case": case,
        "back": reverse("reviews:workspace", args=[review.public_id]),
        "here": reverse("reviews:read-scans", args=[review.public_id]),
    } | reading(request, case, owner=review.public_id)
    return render(request, "reviews/read_scans.html", context)


@require_GET
@never_cache
@roles_required(Role.REVIEWER)
def readers_picture(request: SignedInRequest, review_id: UUID, scan_id: UUID, number: int) -> HttpResponse:
    """Asked anew for each picture: whether the person still holds the file and the role. Of ties once a minute."""
    review = own_review(request, review_id)
    case = review.assignment.case
    untied = partial(check_conflicts, case=case, reviewer=request.user)
    check_each_minute(untied, of=review.public_id, user=request.user)
    return picture_of(request, case, scan=scan_id, number=number)
