"""A reader who cannot go on: a later day for one file, or their open files to others at once."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import DomainError
from reviews.enums import MANAGING
from reviews.forms import MoreTimeForm, PassOnForm
from reviews.models import Assignment
from reviews.queries.handing_over import files_to_pass_on
from reviews.queries.reviewer_list import reviewers_managed_by
from reviews.services.handing_over import give_more_time, hand_over_files


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def more_time(request: SignedInRequest, assignment_id: UUID) -> HttpResponse:
    managed = Assignment.objects.managed_by(request.user).select_related("case", "reviewer")
    row = get_object_or_404(managed, public_id=assignment_id)
    form = MoreTimeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            give_more_time(assignment=row, **form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("The later day was given, and the reader is told."))
            return redirect("reviews:assignments")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reviews/more_time.html", {"row": row, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def pass_on(request: SignedInRequest, person_id: UUID) -> HttpResponse:
    """GET shows who would take each open file, and why nobody can take the others; POST hands over those ticked."""
    person = get_object_or_404(reviewers_managed_by(request.user), public_id=person_id)
    form = PassOnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        values: dict[str, Any] = form.cleaned_data
        try:
            done = hand_over_files(
                reader=person, only=values["chosen"], reason=values["reason"], user=request.user, now=timezone.now()
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            _tell(request, given=len(done.given), left=len(done.left))
            return redirect("reviews:pass-on", person.public_id)
    found = files_to_pass_on(person, request.user, now=timezone.now())
    ticked = set(request.POST.getlist("chosen"))
    rows = [(each, request.method == "GET" or str(each.row.public_id) in ticked) for each in found]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"person": person, "rows": rows, "able": any(each.taker for each in found), "form": form}
    return render(request, "reviews/pass_on.html", context, status=status)


def _tell(request: SignedInRequest, *, given: int, left: int) -> None:
    if given:
        text = ngettext("%(n)s file was handed over.", "%(n)s files were handed over.", given)
        messages.success(request, text % {"n": given})
    if left:
        text = ngettext(
            "%(n)s file stays with this reader; why is said below.",
            "%(n)s files stay with this reader; why is said below.",
            left,
        )
        messages.warning(request, text % {"n": left})
