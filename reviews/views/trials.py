"""A reviewer's files for calibration: marked alone, and seen beside the panel's marks once the round is closed."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from reviews.enums import CalibrationState
from reviews.models import Trial
from reviews.queries.calibration import own_outcome, own_round, trial_marks, trials_of
from reviews.queries.checklists import standard_of
from reviews.queries.scorecard import Marks, preselected, scorecard
from reviews.services.assignments import check_practice
from reviews.services.calibration import save_trial, submit_trial
from reviews.views.own_marks import take_form
from reviews.views.viewer import check_each_minute, picture_of, reading

ROWS_A_PAGE = 30
DOORS = ("reviews:read-trial", "reviews:read-trial-page")


@require_GET
@roles_required(Role.REVIEWER)
def my_calibrations(request: SignedInRequest) -> HttpResponse:
    page = Paginator(trials_of(request.user), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/my_calibrations.html", {"page": page, "now": timezone.now()})


@require_GET
@never_cache
@roles_required(Role.REVIEWER)
def my_calibration(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """How near one came to the panel, in a closed round; of nobody else."""
    found = own_round(request.user, round_id)
    if found is None or found.state != CalibrationState.CLOSED:
        raise Http404
    context = {"round": found, "found": own_outcome(found, request.user)}
    return render(request, "reviews/my_calibration.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.REVIEWER)
def trial(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    row = _held(request, trial_id)
    if request.method == "POST":
        return _save(request, row)
    if not row.open:
        return redirect("reviews:my-calibrations")
    check_practice(case=row.file.case, reviewer=request.user)
    standard = standard_of(row.file.round.checklist)
    return _page(request, row, preselected(trial_marks(row, standard), standard, row.file.case))


def _held(request: SignedInRequest, trial_id: UUID) -> Trial:
    rows = Trial.objects.held_by(request.user).select_related(
        "file__round__checklist", "file__round__centre", "file__case__lawyer", "file__case__centre__settings"
    )
    found: Trial = get_object_or_404(rows, public_id=trial_id)
    return found


def _save(request: SignedInRequest, row: Trial) -> HttpResponse:
    return take_form(
        request,
        row,
        standard=standard_of(row.file.round.checklist),
        save=partial(save_trial, trial_id=row.public_id),
        submit=partial(submit_trial, trial_id=row.public_id),
        page=partial(_page, request, row),
        form_url=reverse("reviews:trial", args=[row.public_id]),
        done_url=reverse("reviews:my-calibrations"),
        done=_("Handed in. You see how near you came once the panel has closed the round."),
    )


def _page(
    request: SignedInRequest,
    row: Trial,
    marks: Marks,
    *,
    theirs: Marks | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    checklist = row.file.round.checklist
    context = {
        "row": row,
        "round": row.file.round,
        "case": row.file.case,
        "sections": scorecard(checklist=checklist, standard=standard_of(checklist), marks=marks, theirs=theirs),
        "comment": request.POST.get("comment", row.comment),
        "marks_url": reverse("api-trial-marks", args=[row.public_id]),
        "here": reverse(DOORS[0], args=[row.public_id]),
    } | reading(request, row.file.case, owner=row.public_id, doors=DOORS, apart=True)
    return render(request, "reviews/trial.html", context, status=status)


@require_GET
@never_cache
@roles_required(Role.REVIEWER)
def read(request: SignedInRequest, trial_id: UUID) -> HttpResponse:
    """The file by itself, as long as it is to be marked."""
    row = _read(request, trial_id)
    check_practice(case=row.file.case, reviewer=request.user)
    context = {
        "case": row.file.case,
        "back": reverse("reviews:trial", args=[row.public_id]),
        "here": reverse(DOORS[0], args=[row.public_id]),
    } | reading(request, row.file.case, owner=row.public_id, doors=DOORS)
    return render(request, "reviews/read_scans.html", context)


@require_GET
@never_cache
@roles_required(Role.REVIEWER)
def picture(request: SignedInRequest, trial_id: UUID, scan_id: UUID, number: int) -> HttpResponse:
    """Asked anew for each picture, as of a file to review: of ties once a minute."""
    row = _read(request, trial_id)
    untied = partial(check_practice, case=row.file.case, reviewer=request.user)
    check_each_minute(untied, of=row.public_id, user=request.user)
    return picture_of(request, row.file.case, scan=scan_id, number=number)


def _read(request: SignedInRequest, trial_id: UUID) -> Trial:
    row = _held(request, trial_id)
    if not row.open:
        raise Http404
    return row
