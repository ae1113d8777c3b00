"""The published sampling statements, for anybody; and what managers leave out, replace and publish."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.downloads import disposition, file_name
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order
from qa_service.common.rounding import half_up
from qa_service.common.throttle import count, source_of
from qa_service.organisations.queries import today_at
from reviews.documents import statement_pdf
from reviews.documents.content import StatementContent
from reviews.documents.statement import untold
from reviews.enums import MANAGING
from reviews.forms.samples import LeaveOutForm, ReplaceForm
from reviews.models import Sample
from reviews.queries.previews import files_shown
from reviews.queries.statements import (
    cases_left_out_by,
    exclusions_standing,
    published_samples,
    statement_shown,
)
from reviews.services.sample_changes import leave_out, publish_statement, replace_file, take_in

ROWS_A_PAGE = 50
PAPERS_A_MINUTE = 20
MINUTE = 60


@require_safe
@never_cache
def statements(request: HttpRequest) -> HttpResponse:
    page = page_in_order(published_samples(), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    return _closed_to_robots(render(request, "reviews/statements.html", {"page": page}))


@require_safe
@never_cache
def statement(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    found = statement_shown(get_object_or_404(published_samples(), public_id=sample_id))
    context = {"statement": found, "untold": untold()}
    return _closed_to_robots(render(request, "reviews/statement.html", context))


@require_safe
@never_cache
def paper(request: HttpRequest, sample_id: UUID) -> HttpResponse:
    """抽样说明 as a PDF; drawing one takes the service's time, so nobody has many in a minute."""
    if count(f"statement:{source_of(request)}", seconds=MINUTE) > PAPERS_A_MINUTE:
        later = HttpResponse(
            _("Too many papers were asked for. Try again in a minute."),
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )
        later["Retry-After"] = str(MINUTE)
        return later
    found = statement_shown(get_object_or_404(published_samples(), public_id=sample_id))
    content = StatementContent(
        language=get_language() or "zh-hans",
        centre=found.centre,
        first_day=found.first_day,
        last_day=found.last_day,
        drawn_on=today_at(found.sample.centre, found.drawn_at),
        rules=found.rules,
        rate=str(half_up(found.rate, places=1)),
        seed=found.seed,
        digest=found.digest,
        city_wide=found.city_wide,
        figures=found.figures,
        frame=found.frame,
        drawn=found.drawn,
        read_twice=found.read_twice,
        counts=found.counts,
        strata=found.strata,
        excluded=found.excluded,
        replaced=found.replaced,
        acted=found.acted,
        printed_at=timezone.now(),
    )
    name = file_name(_("Sampling statement"), found.seed, extension="pdf")
    headers = {"Content-Disposition": disposition(name, plain="sampling-statement.pdf", inline=True)}
    answer = HttpResponse(statement_pdf(content), content_type="application/pdf", headers=headers)
    return _closed_to_robots(answer)


def _closed_to_robots(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


@require_POST
@roles_required(*MANAGING)
def publish(request: SignedInRequest, sample_id: UUID) -> HttpResponse:
    found = get_object_or_404(Sample.objects.visible_to(request.user), public_id=sample_id)
    publish_statement(sample=found, user=request.user, now=timezone.now())
    messages.success(request, _("The statement is published: anybody can read it."))
    return redirect("reviews:statement", sample_id)


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def left_out(request: SignedInRequest) -> HttpResponse:
    """Cases that are in no frame, and why; one more can be left out."""
    form = LeaveOutForm(request.POST if request.method == "POST" else None, cases=cases_left_out_by(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            leave_out(**form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, _("The case is in no frame until it is taken in again."))
            return redirect("reviews:left-out")
    page = page_in_order(exclusions_standing(request.user), after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reviews/left_out.html", {"form": form, "page": page}, status=status)


@require_POST
@roles_required(*MANAGING)
def take_back(request: SignedInRequest, exclusion_id: UUID) -> HttpResponse:
    found = get_object_or_404(exclusions_standing(request.user), public_id=exclusion_id)
    try:
        take_in(exclusion=found, user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The case can be drawn again."))
    return redirect("reviews:left-out")


@require_http_methods(["GET", "POST"])
@roles_required(*MANAGING)
def replace(request: SignedInRequest, sample_id: UUID, case_id: UUID) -> HttpResponse:
    """Take a file that cannot be read out of the sample; the next of its stratum comes for it."""
    sample = get_object_or_404(Sample.objects.visible_to(request.user), public_id=sample_id)
    rows = files_shown(request.user, sample).filter(replaced_at=None).select_related("case__centre")
    row = get_object_or_404(rows, case__public_id=case_id)
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            following = replace_file(row=row, **form.cleaned_data, user=request.user, now=timezone.now())
        except DomainError as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(
                request,
                _("The file was taken out, and the next of its stratum was drawn in its place.")
                if following
                else _("The file was taken out. No other file of its stratum is left: nothing takes its place."),
            )
            return redirect("reviews:sample", sample_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "reviews/replace.html", {"form": form, "row": row, "sample": sample}, status=status)
