"""Calibration rounds for who opens them and for the panel: progress, the marks side by side, what came of it."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.accounts.queries import organisations_reached
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import DomainError
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import Organisation
from reviews.documents import calibration_pdf
from reviews.enums import MANAGING, CalibrationState
from reviews.forms.calibration import OpenRoundForm
from reviews.models import CalibrationRound
from reviews.queries.calibration import (
    cases_by_number,
    files_discussed,
    files_read_lately,
    outcome_of,
    panel_candidates,
    progress_of,
    rounds_seen_by,
)
from reviews.queries.calibration_minutes import calibration_content
from reviews.queries.reviewers import reviewers_of
from reviews.services.calibration import (
    call_off,
    close_round,
    end_marking,
    open_round,
)

ROWS_A_PAGE = 30


@require_GET
@roles_required(Role.REVIEWER, *MANAGING)
def rounds(request: SignedInRequest) -> HttpResponse:
    page = Paginator(rounds_seen_by(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    managing = request.user.has_role(*MANAGING)
    return render(request, "reviews/calibrations.html", {"page": page, "managing": managing, "now": timezone.now()})


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def open_new(request: SignedInRequest) -> HttpResponse:
    centres = list(organisations_reached(request.user, *MANAGING).filter(kind=OrganisationKind.CENTRE))
    asked = request.GET.get("centre", "")
    centre = next((each for each in centres if str(each.public_id) == asked or not asked), None)
    if centre is None:
        raise Http404
    people: dict[str, Sequence[User]] = {"readers": reviewers_of(centre), "panel": list(panel_candidates(centre))}
    form = OpenRoundForm(
        request.POST or None, lately=files_read_lately(centre, request.user, now=timezone.now()), **people
    )
    status = HTTPStatus.OK
    if request.method == "POST":
        opened = _open(request, form, centre, people)
        if opened is not None:
            messages.success(request, _("The round is open, and its reviewers were told."))
            return redirect("reviews:calibration", opened.public_id)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"form": form, "centre": centre, "centres": centres}
    return render(request, "reviews/open_calibration.html", context, status=status)


def _open(
    request: SignedInRequest, form: OpenRoundForm, centre: Organisation, people: dict[str, Sequence[User]]
) -> CalibrationRound | None:
    if not form.is_valid():
        return None
    chosen = {
        name: [each for each in people[name] if str(each.public_id) in form.cleaned_data[name]] for name in people
    }
    numbers = form.all_numbers()
    cases = cases_by_number(centre, numbers, request.user)
    unknown = [number for number in numbers if number not in cases]
    if unknown:
        message = _("No closed case of this centre that you may see has this number: %(numbers)s")
        form.add_error("numbers", message % {"numbers": _(", ").join(unknown)})
        return None
    try:
        return open_round(
            centre=centre,
            name=form.cleaned_data["name"],
            due_on=form.cleaned_data["due_on"],
            cases=[cases[number] for number in numbers],
            readers=chosen["readers"],
            panel=chosen["panel"],
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        field = "numbers" if error.field == "files" else error.field
        form.add_error(field if field in form.fields else None, str(error.message))
        return None


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def calibration(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    return _page(request, _found(request, round_id))


def _found(request: SignedInRequest, round_id: UUID) -> CalibrationRound:
    found: CalibrationRound = get_object_or_404(
        CalibrationRound.objects.visible_to(request.user).select_related(
            "centre__settings", "checklist", "opened_by", "closed_by"
        ),
        public_id=round_id,
    )
    return found


def _managed(request: SignedInRequest, round_id: UUID) -> CalibrationRound:
    found: CalibrationRound = get_object_or_404(CalibrationRound.objects.managed_by(request.user), public_id=round_id)
    return found


def _page(request: SignedInRequest, found: CalibrationRound, *, status: int = HTTPStatus.OK) -> HttpResponse:
    state = CalibrationState(found.state)
    shown = state in (CalibrationState.DISCUSSION, CalibrationState.CLOSED)
    closed = state == CalibrationState.CLOSED
    context = {
        "round": found,
        "panel": [row.person for row in found.panelists.select_related("person").order_by("pk")],
        "progress": [] if closed else progress_of(found),
        "files": files_discussed(found) if shown else [],
        "outcome": outcome_of(found) if closed else None,
        "settles": found.panelists.filter(person=request.user).exists(),
        "managing": CalibrationRound.objects.managed_by(request.user).filter(pk=found.pk).exists(),
        "reason": request.POST.get("reason", ""),
        "now": timezone.now(),
    }
    return render(request, "reviews/calibration.html", context, status=status)


@require_GET
@never_cache
@roles_required(Role.REVIEWER, *MANAGING)
def paper(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """校准结果 of a closed round as a PDF, for managers and its panel."""
    found = _found(request, round_id)
    if found.state != CalibrationState.CLOSED:
        raise Http404
    content = calibration_content(
        found, language=get_language() or "zh-hans", printed_by=request.user, now=timezone.now()
    )
    name = file_name(_("Result of a calibration round"), found.name, extension="pdf")
    headers = {"Content-Disposition": disposition(name, plain="calibration.pdf", inline=True)}
    return HttpResponse(calibration_pdf(content), content_type="application/pdf", headers=headers)


@require_POST
@roles_required(*MANAGING)
def end(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    found = _managed(request, round_id)
    try:
        end_marking(round_=found, user=request.user, now=timezone.now())
    except DomainError as error:
        return _refused(request, found, error)
    messages.success(request, _("The marking is over; the panel sees the marks."))
    return redirect("reviews:calibration", round_id)


@require_POST
@roles_required(*MANAGING)
def cancel(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    found = _managed(request, round_id)
    try:
        call_off(round_=found, reason=request.POST.get("reason", ""), user=request.user, now=timezone.now())
    except DomainError as error:
        return _refused(request, found, error)
    messages.success(request, _("The round is called off."))
    return redirect("reviews:calibration", round_id)


@require_POST
@roles_required(Role.REVIEWER, *MANAGING)
def close(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    found = _found(request, round_id)
    try:
        close_round(round_=found, user=request.user, now=timezone.now())
    except DomainError as error:
        return _refused(request, found, error)
    messages.success(request, _("The round is closed, and its reviewers were told."))
    return redirect("reviews:calibration", round_id)


def _refused(request: SignedInRequest, found: CalibrationRound, error: DomainError) -> HttpResponse:
    messages.error(request, str(error.message))
    return _page(request, _found(request, found.public_id), status=error.status)
