"""The observer's hearings, and the form they fill in on a telephone in a corridor. It works whole without scripts."""

from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.keyset import page_in_order
from reviews.models import Observation
from reviews.queries.checklists import standard_of
from reviews.queries.hearings import day_named_elsewhere, observations_of, observed_marks, place_of
from reviews.queries.scorecard import Marks, scorecard
from reviews.services.hearings import save_observation, submit_observation
from reviews.views.own_marks import take_form

ROWS_A_PAGE = 30


@require_GET
@roles_required(Role.OBSERVER)
def my_hearings(request: SignedInRequest) -> HttpResponse:
    page = page_in_order(observations_of(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    rows = [(row, day_named_elsewhere(row.hearing)) for row in page.rows]
    return render(request, "reviews/my_hearings.html", {"page": page, "rows": rows, "now": timezone.now()})


@require_http_methods(["GET", "POST"])
@never_cache
@roles_required(Role.OBSERVER)
def observe(request: SignedInRequest, observation_id: UUID) -> HttpResponse:
    rows = Observation.objects.held_by(request.user).select_related(
        "hearing__case__lawyer", "hearing__case__firm", "hearing__case__centre__settings", "hearing__checklist"
    )
    row = get_object_or_404(rows, public_id=observation_id)
    if row.locked and request.method == "GET":
        return redirect("reviews:hearing", row.hearing.public_id)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, observed_marks(row, standard_of(row.hearing.checklist)))


def _save(request: SignedInRequest, row: Observation) -> HttpResponse:
    return take_form(
        request,
        row,
        standard=standard_of(row.hearing.checklist),
        save=partial(save_observation, observation_id=row.public_id),
        submit=partial(submit_observation, observation_id=row.public_id),
        page=partial(_page, request, row),
        form_url=reverse("reviews:observe", args=[row.public_id]),
        done_url=reverse("reviews:hearing", args=[row.hearing.public_id]),
        done=_("Handed in. You see the others' marks once all have handed in."),
    )


def _page(
    request: SignedInRequest,
    row: Observation,
    marks: Marks,
    *,
    theirs: Marks | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    standard = standard_of(row.hearing.checklist)
    context = {
        "row": row,
        "hearing": row.hearing,
        "case": row.hearing.case,
        "place": place_of(row.hearing),
        "sections": scorecard(checklist=row.hearing.checklist, standard=standard, marks=marks, theirs=theirs),
        "comment": request.POST.get("comment", row.comment),
        "marks_url": reverse("api-observation-marks", args=[row.public_id]),
    }
    return render(request, "reviews/observe.html", context, status=status)
