"""The steps of an unhappy client's matter, and the lawyer's side of what the client agreed to be asked."""

from typing import cast
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
from qa_service.common.errors import InvalidInput
from surveys.enums import ConsentWay, Finding, Ground, RecoveryAct
from surveys.forms.recoveries import ConversionForm, LawyerQuestionForm, RecoveryStepForm, ReplyForm
from surveys.models import LawyerQuestion
from surveys.queries.alerts import alert_of
from surveys.queries.complaints import seen_complaint
from surveys.queries.recoveries import question_to, questions_to
from surveys.services.matters.conversion import Consent, convert_to_complaint
from surveys.services.matters.lawyer_questions import put_to_lawyer, reply_to_centre, withdraw_question
from surveys.services.matters.recoveries import StepInput, take_step
from surveys.views.alerts import SEEING, alert_page

UNPROCESSABLE = 422


@roles_required(*SEEING)
@never_cache
@require_POST
def step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    act = request.POST.get("act", "")
    form = RecoveryStepForm(request.POST, verifying=act == RecoveryAct.VERIFY)
    if act not in RecoveryAct.values or not form.is_valid():
        if act not in RecoveryAct.values:
            form.add_error(None, _("Choose one of the steps."))
        return alert_page(request, found, step=form, status=UNPROCESSABLE)
    finding = form.cleaned_data.get("finding")
    given = StepInput(note=form.cleaned_data["note"], finding=Finding(finding) if finding else None)
    try:
        take_step(user=user, alert=found, act=RecoveryAct(act), given=given, now=timezone.now())
    except InvalidInput as refused:
        form.add_error(refused.field, str(refused.message))
        return alert_page(request, found, step=form, status=UNPROCESSABLE)
    messages.success(request, _("Recorded: %(state)s.") % {"state": RecoveryAct(act).label})
    return redirect("surveys:alert", public_id=public_id)


@roles_required(Role.FOLLOW_UP, Role.MANAGER)
@never_cache
@require_POST
def ask_lawyer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    form = LawyerQuestionForm(request.POST, auto_id="lawyer-%s")
    if form.is_valid():
        given = form.cleaned_data
        try:
            put_to_lawyer(
                user=user,
                alert=found,
                consented_on=given["consented_on"],
                consent_by=ConsentWay(given["consent_by"]),
                text=given["text"],
                now=timezone.now(),
            )
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused.message))
    if form.errors:
        return alert_page(request, found, question=form, status=UNPROCESSABLE)
    messages.success(request, _("The lawyer has been asked, in the words the client agreed to."))
    return redirect("surveys:alert", public_id=public_id)


@roles_required(Role.FOLLOW_UP, Role.MANAGER)
@never_cache
@require_POST
def take_back_question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    withdraw_question(user=user, alert=alert_of(user=user, public_id=public_id), now=timezone.now())
    messages.success(request, _("The question is withdrawn. The lawyer sees nothing of it any more."))
    return redirect("surveys:alert", public_id=public_id)


@roles_required(*SEEING)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The form that enters the matter in the bureau's register, with the client's consent."""
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    form = ConversionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        consent = Consent(
            on=given["consented_on"],
            by=ConsentWay(given["consent_by"]),
            ground=Ground(given["ground"]),
            facts=given["facts"],
            request=given["request"],
        )
        try:
            complaint = convert_to_complaint(user=user, alert=found, consent=consent, now=timezone.now())
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(request, _("Entered in the register as %(label)s.") % {"label": complaint.label})
            if seen_complaint(user, complaint):
                return redirect("surveys:complaint", public_id=complaint.public_id)
            return redirect("surveys:alert", public_id=public_id)
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "surveys/staff/convert.html", {"alert": found, "form": form}, status=status)


@roles_required(Role.LAWYER)
@never_cache
@require_safe
def lawyer_questions(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/lawyer/questions.html", {"questions": questions_to(cast("User", request.user))})


@roles_required(Role.LAWYER)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lawyer_question(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    question = question_to(user=user, public_id=public_id)
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reply_to_centre(user=user, question=question, text=form.cleaned_data["text"], now=timezone.now())
        messages.success(request, _("Your reply has gone to the centre."))
        return redirect("surveys:lawyer-question", public_id=public_id)
    return _question_page(request, question, form)


def _question_page(request: HttpRequest, question: LawyerQuestion, form: ReplyForm) -> HttpResponse:
    context = {"question": question, "case": question.recovery.alert.case, "form": form}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "surveys/lawyer/question.html", context, status=status)
