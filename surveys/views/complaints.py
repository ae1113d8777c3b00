"""The bureau's register of complaints: list with clocks, one complaint with its steps, entering one, the export."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.audit.services import record
from qa_service.common.downloads import csv_file
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.documents.csv_export import csv_lines
from qa_service.organisations.queries import day_of_all, earliest_day, today_at
from surveys.enums import Complainant, ComplaintAct, ComplaintOutcome, Ground, Received, Respondent
from surveys.forms.complaints import ComplaintFilter, ComplaintForm, ComplaintStepForm
from surveys.models import Complaint
from surveys.queries.complaints import (
    ENTERING,
    complaint_acts,
    complaint_of,
    complaints_seen_by,
    header,
    register_rows,
    running_clock,
    seen_complaint,
    written_since,
)
from surveys.services.matters.complaints import (
    ComplaintInput,
    Grievance,
    register_complaint,
    reveal_contact,
    take_complaint_step,
)

PAGE_SIZE = 30
SEEING = (Role.MANAGER, Role.SUPERVISOR)
UNPROCESSABLE = 422


@roles_required(*SEEING)
@never_cache
@require_safe
def complaint_list(request: HttpRequest) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    form = ComplaintFilter(request.GET, user=user)
    rows = complaints_seen_by(user, now=now, chosen=form.cleaned_data if form.is_valid() else {})
    page = page_in_order(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return render(request, "surveys/staff/complaints.html", {"page": page, "form": form, "now": now})


@roles_required(*SEEING)
@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The register as the filters leave it. Who took it away is recorded."""
    user, now = cast("User", request.user), timezone.now()
    form = ComplaintFilter(request.POST, user=user)
    rows = complaints_seen_by(user, now=now, chosen=form.cleaned_data if form.is_valid() else {"state": "all"})
    record(actor=user.actor, action="surveys.complaints_exported", details={"rows": rows.count()}, at=now)
    day = f"{day_of_all(rows, 'centre', now):%Y%m%d}"
    lines = csv_lines(header(), register_rows(rows))
    return csv_file(lines, _("Register of complaints"), day, plain=f"complaints-{day}")


@roles_required(*ENTERING)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_complaint(request: HttpRequest) -> HttpResponse:
    """A complaint that came by letter or by word of mouth, entered for the bureau by whoever received it."""
    user = cast("User", request.user)
    initial = {"received_on": earliest_day(timezone.now()).isoformat()}
    form = ComplaintForm(request.POST if request.method == "POST" else None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            complaint = register_complaint(user=user, grievance=_grievance(form.cleaned_data), now=timezone.now())
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(request, _("Entered in the register as %(label)s.") % {"label": complaint.label})
            if seen_complaint(user, complaint):
                return redirect("surveys:complaint", public_id=complaint.public_id)
            return redirect("surveys:complaint-new")
    return render(
        request, "surveys/staff/complaint_new.html", {"form": form}, status=UNPROCESSABLE if form.errors else 200
    )


def _grievance(given: dict[str, Any]) -> Grievance:
    return Grievance(
        centre=given["centre"],
        case=given["case"],
        ground=Ground(given["ground"]),
        respondent=Respondent(given["respondent"]),
        respondent_name=given["respondent_name"],
        facts=given["facts"],
        request=given["request"],
        received_on=given["received_on"],
        received_by=Received(given["received_by"]),
        complainant=Complainant(given["complainant"]),
        complainant_name=given["complainant_name"],
        contact=given["contact"],
    )


@roles_required(*SEEING)
@never_cache
@require_safe
def complaint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _page(request, complaint_of(user=cast("User", request.user), public_id=public_id))


@roles_required(*SEEING)
@never_cache
@require_POST
def complaint_number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The number or address that the reply goes to; the look is recorded."""
    user = cast("User", request.user)
    found = complaint_of(user=user, public_id=public_id)
    contact = reveal_contact(user=user, complaint=found, now=timezone.now())
    if not contact:
        return redirect("surveys:complaint", public_id=public_id)
    return _page(request, found, contact=contact)


@roles_required(*SEEING)
@never_cache
@require_POST
def complaint_step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = complaint_of(user=user, public_id=public_id)
    act = request.POST.get("act", "")
    if act not in ComplaintAct.values:
        return _page(request, found, status=UNPROCESSABLE, wrong=_("Choose one of the steps."))
    form = ComplaintStepForm(request.POST, act=ComplaintAct(act), complaint=found)
    if form.is_valid():
        try:
            take_complaint_step(
                user=user, complaint=found, act=ComplaintAct(act), given=_given(form.cleaned_data), now=timezone.now()
            )
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
    if form.errors:
        return _page(request, found, refused=form, status=UNPROCESSABLE)
    messages.success(request, _("Recorded: %(state)s.") % {"state": ComplaintAct(act).label})
    if seen_complaint(user, found):
        return redirect("surveys:complaint", public_id=public_id)
    return redirect("surveys:complaints")


def _given(cleaned: dict[str, Any]) -> ComplaintInput:
    outcome = cleaned.get("outcome")
    return ComplaintInput(
        note=cleaned.get("note", ""),
        on=cleaned.get("on"),
        outcome=ComplaintOutcome(outcome) if outcome else None,
        handler=cleaned.get("handler"),
        with_centre=bool(cleaned.get("with_centre")),
        joined_to=cleaned.get("joined_to"),
    )


def _page(
    request: HttpRequest,
    found: Complaint,
    *,
    refused: ComplaintStepForm | None = None,
    wrong: str = "",
    contact: str = "",
    status: int = 200,
) -> HttpResponse:
    today = today_at(found.centre, timezone.now())
    acts = complaint_acts(found, cast("User", request.user))
    forms = [
        refused
        if refused is not None and refused.act is act
        else ComplaintStepForm(act=act, complaint=found, initial={"on": today})
        for act in acts
    ]
    context = {
        "complaint": found,
        "clock": running_clock(found),
        "today": today,
        "forms": forms,
        "refused": refused,
        "wrong": wrong,
        "contact": contact,
        "steps": found.steps.select_related("by"),
        "joined": found.joined.order_by("pk"),
        "texts": written_since(found, cast("User", request.user)) if found.source_id else [],
    }
    return render(request, "surveys/staff/complaint.html", context, status=status)
