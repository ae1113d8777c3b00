"""The register of limits on assignments, and the steps of a referral."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.permissions import SignedInRequest, roles_required
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_after
from scoring.enums import ReferralAnswer, ReferralKind
from scoring.forms.decisions import AnswerForm, ReasonForm, ReferralForm, SuspensionForm
from scoring.models import DECIDING_ROLES
from scoring.queries.measures import measures_seen_by, measures_today
from scoring.queries.proposals import proposals_seen_by, why_not_independent
from scoring.services.measures import end_measure
from scoring.services.procedure import record_answer, send_referral
from scoring.views.proposals import shown_proposal

A_PAGE = 50


@roles_required(*DECIDING_ROLES)
@require_safe
def register(request: SignedInRequest) -> HttpResponse:
    """What is in force today, or all there ever was."""
    everything = request.GET.get("all") == "1"
    rows = measures_seen_by(request.user) if everything else measures_today(request.user, now=timezone.now())
    page = page_after(rows, day="ends_on", after=request.GET.get("after", ""), size=A_PAGE)
    return render(request, "scoring/measures.html", {"page": page, "all": everything})


@roles_required(*DECIDING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One limit, and ending it before its day."""
    measure = get_object_or_404(measures_seen_by(request.user), public_id=public_id)
    form = ReasonForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                end_measure(measure=measure, person=request.user, reason=reason, now=timezone.now())
            except InvalidInput as wrong:
                form.add_error("reason", wrong.message)
            else:
                messages.success(request, _("The limit on assignments was ended."))
                return redirect("scoring:measures")
    proposals = proposals_seen_by(request.user)
    context = {
        "measure": measure,
        "form": form,
        "barred": why_not_independent(get_object_or_404(proposals, pk=measure.proposal_id), request.user),
    }
    return render(request, "scoring/measure.html", context, status=status)


@roles_required(*DECIDING_ROLES)
@require_POST
def refer(request: SignedInRequest, public_id: str) -> HttpResponse:
    proposal = get_object_or_404(proposals_seen_by(request.user), public_id=public_id)
    form = ReferralForm(request.POST)
    if form.is_valid():
        try:
            send_referral(proposal=proposal, person=request.user, **form.cleaned_data, now=timezone.now())
        except InvalidInput as wrong:
            form.add_error(wrong.field, wrong.message)
        else:
            messages.success(request, _("The referral was recorded as sent."))
            return redirect("scoring:proposal", public_id=proposal.public_id)
    return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@roles_required(*DECIDING_ROLES)
@require_POST
def answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    proposal = get_object_or_404(proposals_seen_by(request.user), public_id=public_id)
    referral = getattr(proposal, "referral", None)
    suspends = referral is not None and referral.kind == ReferralKind.SUSPENSION
    form = (SuspensionForm if suspends else AnswerForm)(request.POST)
    if form.is_valid():
        given = form.cleaned_data | {"answer": ReferralAnswer(form.cleaned_data["answer"])}
        try:
            record_answer(proposal=proposal, person=request.user, **given, now=timezone.now())
        except InvalidInput as wrong:
            form.add_error(wrong.field, wrong.message)
        else:
            messages.success(request, _("The answer of the authority was recorded."))
            return redirect("scoring:proposal", public_id=proposal.public_id)
    return shown_proposal(request, proposal, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
