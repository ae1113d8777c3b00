"""A result item by item, for the lawyer and firm it concerns and for managers; and the lawyer's objection."""

from http import HTTPStatus
from typing import BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.enums import Role
from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.queries import client_names
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_after, page_in_order
from qa_service.common.rounding import half_up
from qa_service.documents.quotable import without_clients
from qa_service.organisations.models import CentreSettings
from reviews import tasks
from reviews.enums import MANAGING
from reviews.forms import KeyedObjectionForm, ServiceForm
from reviews.models import CaseReview, ObjectionPaper, VetoMark
from reviews.models.results import CaseReviewQuerySet
from reviews.queries.hearings import records_of_case
from reviews.queries.readers import takes_second_by_hand
from reviews.queries.results import (
    left_to_object,
    may_be_keyed_in,
    may_object,
    objections_followed,
    papers_seen_by,
    readers_of_result,
    results_of_lawyer,
    results_to_tell,
    sections_shown,
    vetoes_of_result,
    vetoes_to_answer,
)
from reviews.queries.scans import paper_as_file, paper_picture
from reviews.queries.self_assessments import self_assessment_beside
from reviews.queries.work import cases_needing_a_reader
from reviews.services.deadlines import OBJECTION_DAYS, OBJECTION_DECISION_DAYS
from reviews.services.objection_papers import MAX_BYTES, MOST
from reviews.services.objections import key_in_objection, lodge_objection
from reviews.services.scans import Upload
from reviews.services.telling import serve_result
from reviews.services.vetoes import answer_veto
from reviews.views.viewer import picture_shown, viewer

RESULTS_A_PAGE = 30


@require_GET
@roles_required(Role.LAWYER)
def results(request: SignedInRequest) -> HttpResponse:
    """The lawyer's own results, and the vetoes that wait for an answer."""
    return _list(request)


def _list(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the veto whose answer could not be taken: its words stay in the box."""
    lawyer_id = request.user.lawyer_id or 0
    after = request.GET.get("after", "")
    page = page_after(results_of_lawyer(lawyer_id), day="released_at", after=after, size=RESULTS_A_PAGE)
    context = {
        "page": page,
        "rows": [(row, half_up(row.score), left_to_object(row, now=timezone.now())) for row in page.rows],
        "vetoes": vetoes_to_answer(lawyer_id),
        "refused": refused,
        "typed": request.POST.get("answer", ""),
    }
    return render(request, "reviews/results.html", context, status=status)


@require_GET
@roles_required(Role.LAWYER, Role.FIRM, *MANAGING)
def result(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    found = get_object_or_404(_visible(request), public_id=result_id)
    return _page(request, found)


def _page(
    request: SignedInRequest, found: CaseReview, *, form: Form | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    now = timezone.now()
    managing = request.user.has_role(*MANAGING) and found in CaseReview.objects.managed_by(request.user)
    may_key_in = managing and may_be_keyed_in(found)
    needing = cases_needing_a_reader(request.user).filter(pk=found.pk).first() if managing else None
    context = {
        "result": found,
        "newest": _visible(request).current().filter(case=found.case_id).first() if found.superseded_at else None,
        "case": found.case,
        "sections": sections_shown(found),
        "records": records_of_case(found.case_id),
        "score": half_up(found.score),
        "reason": _(found.reason),
        "may_object": may_object(found, request.user, now=now),
        "to_tell": managing and results_to_tell(request.user).filter(pk=found.pk).exists(),
        "may_key_in": may_key_in,
        "may_tick": may_key_in or may_object(found, request.user, now=now),
        "service_form": form if isinstance(form, ServiceForm) else ServiceForm(),
        "keyed_form": form if isinstance(form, KeyedObjectionForm) else KeyedObjectionForm(),
        "left": left_to_object(found, now=now),
        "objections": objections_followed(found),
        # Not for the firm: they are the lawyer's own word to those who decide.
        "papers_shown": managing or request.user.lawyer_id == found.case.lawyer_id,
        "papers_at_most": MOST,
        "paper_at_most": MAX_BYTES // 2**20,
        "vetoes": vetoes_of_result(found),
        "own": self_assessment_beside(found, request.user),
        "readers": [(r, half_up(r.total) if r.total is not None else "") for r in readers_of_result(found)]
        if managing
        else [],
        "managing": managing,
        "needing": needing,
        "may_add": managing and needing is None and takes_second_by_hand(found),
        "chosen": request.POST.getlist("items"),
        "statement": request.POST.get("statement", ""),
    }
    return render(request, "reviews/result.html", context, status=status)


@require_POST
@roles_required(Role.LAWYER)
def lodge(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    found = get_object_or_404(_visible(request), public_id=result_id)
    try:
        objection = lodge_objection(
            result=found,
            items=request.POST.getlist("items"),
            statement=request.POST.get("statement", ""),
            papers=_papers(request),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, found, status=error.status)
    tasks.start_drawing_papers(objection=objection)
    messages.success(request, _("Your objection was lodged. You will be told of the decision."))
    return redirect("reviews:result", result_id)


def _papers(request: SignedInRequest) -> list[Upload]:
    files = request.FILES.getlist("papers")
    return [Upload(stream=cast("BinaryIO", each.file), size=each.size or 0, name=each.name or "") for each in files]


@require_GET
@never_cache
@roles_required(Role.LAWYER, *MANAGING)
def objection_paper(request: SignedInRequest, objection_id: UUID, paper_id: UUID) -> HttpResponse:
    """A paper attached to an objection, for whoever sees the objection: pictures of its pages, as of a scanned file."""
    found = _paper(request, objection_id, paper_id)
    objection, file = found.objection, paper_as_file(found)
    address = reverse("reviews:objection-paper", args=[objection.public_id, found.public_id])
    deciding = request.user.has_role(*MANAGING) and request.user.lawyer_id != objection.case.lawyer_id
    back = ("objection", objection.public_id) if deciding else ("result", objection.result.public_id)
    context = {
        "case": objection.case,
        "paper": found,
        "back": reverse(f"reviews:{back[0]}", args=[back[1]]),
        "here": address,
        "file": file,
        "viewer": viewer(request, file, address=address, picture=lambda leaf: f"{address}/{leaf.number}"),
    }
    return render(request, "reviews/objection_paper.html", context)


@require_GET
@never_cache
@roles_required(Role.LAWYER, *MANAGING)
def objection_leaf(request: SignedInRequest, objection_id: UUID, paper_id: UUID, number: int) -> HttpResponse:
    return picture_shown(request, paper_picture(_paper(request, objection_id, paper_id), number=number))


def _paper(request: SignedInRequest, objection_id: UUID, paper_id: UUID) -> ObjectionPaper:
    found: ObjectionPaper = get_object_or_404(
        papers_seen_by(request.user), objection__public_id=objection_id, public_id=paper_id
    )
    return found


@require_POST
@roles_required(Role.LAWYER)
def answer(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    mark: VetoMark = get_object_or_404(vetoes_to_answer(request.user.lawyer_id or 0), public_id=veto_id)
    try:
        answer_veto(veto_mark=mark, answer=request.POST.get("answer", ""), user=request.user, now=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _list(request, refused=veto_id, status=error.status)
    messages.success(request, _("Your answer was recorded."))
    return redirect("reviews:results")


@require_GET
@roles_required(*MANAGING)
def to_tell(request: SignedInRequest) -> HttpResponse:
    """Results whose lawyer has no account and was not told yet."""
    page = page_in_order(results_to_tell(request.user), after=request.GET.get("after", ""), size=RESULTS_A_PAGE)
    return render(request, "reviews/to_tell.html", {"page": page})


@require_GET
@never_cache
@roles_required(*MANAGING)
def paper(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    """The result as the lawyer would read it, with the way to object and the receipt: to be printed and handed over."""
    found = get_object_or_404(_managed(request).filter(released_at__isnull=False), public_id=result_id)
    clients = client_names(found.case)
    context = {
        "result": found,
        "case": found.case,
        "sections": sections_shown(found),
        "records": records_of_case(found.case_id),
        "score": half_up(found.score),
        "vetoes": [
            (mark, *(without_clients(text, clients=clients) for text in (mark.statement, mark.decision_reason)))
            for mark in vetoes_of_result(found)
        ],
        "office": CentreSettings.objects.filter(centre=found.case.centre_id).first(),
        "days": OBJECTION_DAYS,
        "decision_days": OBJECTION_DECISION_DAYS,
    }
    return render(request, "reviews/result_paper.html", context)


@require_POST
@roles_required(*MANAGING)
def serve(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    """Enter the day on which the paper reached the lawyer."""
    found, form = get_object_or_404(_managed(request), public_id=result_id), ServiceForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        served = serve_result(
            result=found, served_on=form.cleaned_data["served_on"], user=request.user, now=timezone.now()
        )
    except InvalidInput as wrong:
        form.add_error("served_on", str(wrong.message))
        return _page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except DomainError as refused:
        messages.error(request, str(refused.message))
        return _page(request, found, status=refused.status)
    if served.objection_until:
        messages.success(
            request, _("The lawyer was told and may object until %(day)s.") % {"day": served.objection_until}
        )
    else:
        messages.success(
            request,
            _(
                "The day was saved. The last day to object is counted once the calendar of working days has been "
                "imported."
            ),
        )
    return redirect("reviews:result", result_id)


@require_POST
@roles_required(*MANAGING)
def key_in(request: SignedInRequest, result_id: UUID) -> HttpResponse:
    """The objection on paper of a lawyer who was told on paper."""
    found, form = get_object_or_404(_managed(request), public_id=result_id), KeyedObjectionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        objection = key_in_objection(
            result=found,
            items=request.POST.getlist("items"),
            statement=request.POST.get("statement", ""),
            received_on=form.cleaned_data["received_on"],
            papers=_papers(request),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        if error.field in form.fields:
            form.add_error(error.field, str(error.message))
        else:
            messages.error(request, str(error.message))
        return _page(request, found, form=form, status=error.status)
    tasks.start_drawing_papers(objection=objection)
    messages.success(request, _("The objection was entered."))
    return redirect("reviews:objection", objection.public_id)


def _managed(request: SignedInRequest) -> CaseReviewQuerySet:
    return _visible(request).managed_by(request.user)


def _visible(request: SignedInRequest) -> CaseReviewQuerySet:
    return CaseReview.objects.visible_to(request.user).select_related(
        "case__centre__settings", "case__lawyer", "case__firm", "checklist"
    )
