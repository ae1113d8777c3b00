"""One file of a calibration round before its panel: the marks side by side, what is agreed on, and the file itself."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from reviews.enums import MANAGING, CalibrationState
from reviews.models import CalibrationFile, CalibrationRound
from reviews.queries.calibration import ItemDiscussed, file_discussed
from reviews.queries.checklists import standard_of
from reviews.services.assignments import require_untied
from reviews.services.calibration import AgreedEntry, AgreementChanged, agree_on_file
from reviews.views.own_marks import typed_version
from reviews.views.viewer import picture_of, reading

DOORS = ("reviews:read-calibration-file", "reviews:read-calibration-page")


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def file(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """The marks of one file side by side, and what the panel agrees on."""
    row = _discussed(request, file_id)
    if request.method == "POST":
        return _agree(request, row)
    return _file_page(request, row)


def _discussed(request: SignedInRequest, file_id: UUID) -> CalibrationFile:
    rounds_seen = CalibrationRound.objects.visible_to(request.user).filter(state=CalibrationState.DISCUSSION)
    rows = CalibrationFile.objects.filter(round__in=rounds_seen).select_related(
        "round__checklist", "round__centre__settings", "case__lawyer", "case__centre__settings"
    )
    found: CalibrationFile = get_object_or_404(rows, public_id=file_id)
    return found


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def read(request: SignedInRequest, file_id: UUID) -> HttpResponse:
    """The file itself, for the panel that talks its marks over."""
    row = _discussed(request, file_id)
    require_untied(case=row.case, user=request.user)
    context = {
        "case": row.case,
        "back": reverse("reviews:calibration-file", args=[row.public_id]),
        "here": reverse(DOORS[0], args=[row.public_id]),
    } | reading(request, row.case, owner=row.public_id, doors=DOORS)
    return render(request, "reviews/read_scans.html", context)


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def picture(request: SignedInRequest, file_id: UUID, scan_id: UUID, number: int) -> HttpResponse:
    case = _discussed(request, file_id).case
    require_untied(case=case, user=request.user)
    return picture_of(request, case, scan=scan_id, number=number)


def _agree(request: SignedInRequest, row: CalibrationFile) -> HttpResponse:
    codes = standard_of(row.round.checklist).items
    entries = [
        AgreedEntry(code, request.POST.get(f"{code}-anchor", ""), request.POST.get(f"{code}-reason", ""))
        for code in codes
    ]
    try:
        agree_on_file(
            file=row,
            version=typed_version(request),
            entries=entries,
            note=request.POST.get("note", ""),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        if isinstance(error, AgreementChanged):
            row.version = error.version
        return _file_page(request, row, status=error.status)
    messages.success(request, _("Saved"))
    return redirect("reviews:calibration", row.round.public_id)


def _file_page(request: SignedInRequest, row: CalibrationFile, *, status: int = HTTPStatus.OK) -> HttpResponse:
    context = {
        "row": row,
        "case": row.case,
        "items": [(item, *_filled(request, item)) for item in file_discussed(row)],
        "note": request.POST.get("note", row.note),
        "settles": row.round.panelists.filter(person=request.user).exists(),
    }
    return render(request, "reviews/calibration_file.html", context, status=status)


def _filled(request: SignedInRequest, item: ItemDiscussed) -> tuple[Any, Any]:
    """Anchor and reason as typed, else as stored; what all marked alike stands there already."""
    if request.method == "POST":
        return request.POST.get(f"{item.code}-anchor", ""), request.POST.get(f"{item.code}-reason", "")
    if item.anchor:
        return item.anchor, item.reason
    if item.unanimous:
        return item.given[0].anchor_value, _("All reviewers marked it so.")
    return "", ""
