"""A manager's pages of vetoes: told on paper where the lawyer has no account, answered there, decided."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.cases.queries import client_names
from qa_service.common.errors import DomainError, InvalidInput
from qa_service.common.keyset import page_in_order
from qa_service.documents.quotable import without_clients
from qa_service.organisations.models import CentreSettings
from reviews.enums import COMPLAINT_VETOES, MANAGING
from reviews.forms import KeyedAnswerForm, ServiceForm
from reviews.models import VetoMark
from reviews.queries.independence import bars_to_deciding
from reviews.queries.work import vetoes_answered_on_paper, vetoes_to_decide, vetoes_to_tell
from reviews.services.deadlines import VETO_ANSWER_DAYS
from reviews.services.vetoes import decide_veto
from reviews.services.vetoes_on_paper import key_in_veto_answer, serve_veto

ROWS_A_PAGE = 50
DECISIONS = ("confirm", "dismiss")


@require_GET
@roles_required(*MANAGING)
def vetoes(request: SignedInRequest) -> HttpResponse:
    return _list(request)


def _list(request: SignedInRequest, *, refused: UUID | None = None, status: int = HTTPStatus.OK) -> HttpResponse:
    """`refused` is the veto about which something could not be taken: its words stay in the box."""
    to_tell = vetoes_to_tell(request.user)
    rows = to_tell if request.GET.get("to_tell") else vetoes_to_decide(request.user)
    page = page_in_order(rows, after=request.GET.get("after", ""), size=ROWS_A_PAGE)
    shown = [row.pk for row in page.rows]
    cases = [row.review.assignment.case for row in page.rows]
    barred = bars_to_deciding(cases, user=request.user)
    context = {
        "page": page,
        "rows": [(row, barred.get(case.pk)) for row, case in zip(page.rows, cases, strict=True)],
        "to_tell": set(to_tell.filter(pk__in=shown).values_list("pk", flat=True)),
        "on_paper": set(vetoes_answered_on_paper(request.user).filter(pk__in=shown).values_list("pk", flat=True)),
        "now": timezone.now(),
        "to_register": COMPLAINT_VETOES,
        "refused": refused,
        "typed": request.POST,
    }
    return render(request, "reviews/vetoes.html", context, status=status)


@require_POST
@roles_required(*MANAGING)
def decide(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    mark, decision = _found(request, veto_id), request.POST.get("decision")
    if decision not in DECISIONS:
        return _refused(request, mark, InvalidInput(_("Say whether you confirm the item or not.")))
    confirmed = decision == "confirm"
    try:
        decide_veto(
            veto_mark=mark,
            confirmed=confirmed,
            reason=request.POST.get("reason", ""),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _refused(request, mark, error)
    messages.success(request, _("The veto was decided."))
    if confirmed and mark.veto.code in COMPLAINT_VETOES:
        messages.info(request, _("It goes into the register of complaints of the bureau as well."))
    return redirect("reviews:vetoes")


@require_GET
@never_cache
@roles_required(*MANAGING)
def paper(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    """The veto as the lawyer would read it, with the way to answer and the receipt: to be printed and handed over."""
    mark = _found(request, veto_id)
    case = mark.review.assignment.case
    office = CentreSettings.objects.filter(centre=case.centre_id).first()
    said = without_clients(mark.statement, clients=client_names(case))
    context = {"mark": mark, "said": said, "case": case, "office": office, "days": VETO_ANSWER_DAYS}
    return render(request, "reviews/veto_paper.html", context)


@require_POST
@roles_required(*MANAGING)
def serve(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    """Enter the day on which the paper reached the lawyer; what is no day is refused as none."""
    mark, form = _found(request, veto_id), ServiceForm(request.POST)
    form.is_valid()
    try:
        told = serve_veto(
            veto_mark=mark, served_on=form.cleaned_data.get("served_on"), user=request.user, now=timezone.now()
        )
    except DomainError as error:
        return _refused(request, mark, error)
    if told.answer_due_on:
        messages.success(
            request, _("The lawyer was told and may answer the veto item until %(day)s.") % {"day": told.answer_due_on}
        )
    else:
        messages.success(
            request,
            _(
                "The day was saved. The last day to answer is counted once the calendar of working days has been "
                "imported."
            ),
        )
    return redirect("reviews:vetoes")


@require_POST
@roles_required(*MANAGING)
def key_in(request: SignedInRequest, veto_id: UUID) -> HttpResponse:
    """The answer on paper of a lawyer who was told on paper."""
    mark, form = _found(request, veto_id), KeyedAnswerForm(request.POST)
    form.is_valid()
    try:
        key_in_veto_answer(
            veto_mark=mark,
            answer=request.POST.get("answer", ""),
            received_on=form.cleaned_data.get("received_on"),
            user=request.user,
            now=timezone.now(),
        )
    except DomainError as error:
        return _refused(request, mark, error)
    messages.success(request, _("The answer was entered."))
    return redirect("reviews:vetoes")


def _refused(request: SignedInRequest, mark: VetoMark, error: DomainError) -> HttpResponse:
    messages.error(request, str(error.message))
    return _list(request, refused=mark.public_id, status=error.status)


def _found(request: SignedInRequest, veto_id: UUID) -> VetoMark:
    rows = vetoes_to_decide(request.user).select_related(
        "veto", "review__assignment__case__lawyer", "review__assignment__case__firm", "review__assignment__case__centre"
    )
    found: VetoMark = get_object_or_404(rows, public_id=veto_id)
    return found
