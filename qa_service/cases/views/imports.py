"""Bringing a file in: choose, look at what would happen, confirm, see what came of it."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases import tasks
from qa_service.cases.enums import FaultReason, ImportState, Oddity
from qa_service.cases.forms import UploadForm
from qa_service.cases.models import IMPORT_ROLES, Import
from qa_service.cases.queries import fault_rows, imports_of
from qa_service.cases.services import (
    close_preview,
    confirm_import,
    look_at_refused_rows,
    receive_import,
    run_import,
    runs_at_once,
)
from qa_service.common.downloads import csv_file
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_after, page_in_order
from qa_service.documents.csv_export import csv_lines
from qa_service.organisations.queries import today_at

IMPORTS_A_PAGE = 20
FAULTS_A_PAGE = 100
SWALLOWING_SHOWN = 5
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*IMPORT_ROLES)
def start(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = UploadForm(request.POST or None, request.FILES or None, user=user)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                job = _receive(form, user)
            except DomainError as refusal:
                form.add_error("file", str(refusal.message))
                status = refusal.status
            else:
                return redirect("cases:import-job", public_id=job.public_id)
    page = page_after(imports_of(user), day="created_at", after=request.GET.get("after", ""), size=IMPORTS_A_PAGE)
    return render(request, "cases/import.html", {"form": form, "page": page}, status=status)


def _receive(form: UploadForm, user: User) -> Import:
    upload = form.cleaned_data["file"]
    job = receive_import(
        centre=form.cleaned_data["centre"],
        upload=cast("BinaryIO", upload.file),
        name=upload.name,
        actor=user.actor,
        dry_run=True,
        now=timezone.now(),
    )
    _set_off(job)
    return job


def _set_off(job: Import) -> None:
    """Small files run while the person waits; the worker takes the others, and the sweep what it loses."""
    if runs_at_once(job):
        run_import(import_id=job.pk, now=timezone.now())
    else:
        tasks.start(import_id=job.pk)


@require_safe
@never_cache
@roles_required(*IMPORT_ROLES)
def job_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _job(request, public_id)
    rows = job.faults.order_by("line", "pk")
    faults = page_in_order(rows, after=request.GET.get("after", ""), size=FAULTS_A_PAGE, by="id")
    _note_look(request, job, rows=len(faults.rows))
    context = {
        "job": job,
        "page": faults,
        "oddities": [
            {"label": Oddity(code).label, "count": count, "lines": lines}
            for code, (count, lines) in job.oddities.items()
        ],
        "busy": job.state in {ImportState.QUEUED, ImportState.RUNNING},
        "previewed": job.state == ImportState.PREVIEWED,
        "to_write": job.writes,
        "swallowing": job.faults.filter(reason=FaultReason.QUOTE_OPEN).order_by("line")[:SWALLOWING_SHOWN],
        "empty": job.state in {ImportState.PREVIEWED, ImportState.FINISHED} and not job.rows_read,
    }
    return render(request, "cases/import_job.html", context)


@require_POST
@roles_required(*IMPORT_ROLES)
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    job = _job(request, public_id)
    if not job.writes:
        close_preview(job=job, now=timezone.now())
        messages.info(request, _("The preview is closed. Nothing was imported."))
        return redirect("cases:import")
    job = confirm_import(job=job, actor=cast("User", request.user).actor, now=timezone.now())
    _set_off(job)
    return redirect("cases:import-job", public_id=job.public_id)


@require_safe
@roles_required(*IMPORT_ROLES)
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The refused rows as CSV, in the reader's language, safe to open in a spreadsheet."""
    job = _job(request, public_id)
    _note_look(request, job, rows=job.faults.count())
    day = f"{today_at(job.centre, job.created_at):%Y%m%d}"
    name = (_("Refused rows"), PurePath(job.file_name).stem, day)
    response = csv_file(_report_lines(job), *name, plain=f"refused-rows-{day}")
    response["Cache-Control"] = "private, no-store"
    return response


def _report_lines(job: Import) -> Iterator[str]:
    rows = ((line, column, str(FaultReason(reason).label), value) for line, column, reason, value in fault_rows(job))
    return csv_lines([_("line"), _("column"), _("reason"), _("value")], rows)


def _note_look(request: HttpRequest, job: Import, *, rows: int) -> None:
    look_at_refused_rows(job=job, actor=cast("User", request.user).actor, rows=rows, now=timezone.now())


def _job(request: HttpRequest, public_id: UUID) -> Import:
    return get_object_or_404(imports_of(cast("User", request.user)), public_id=public_id)
