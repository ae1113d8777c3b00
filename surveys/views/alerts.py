"""What clients raised: the list with its clocks, one matter with what was said, and its steps."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.keyset import page_in_order
from qa_service.organisations.queries import today_at
from surveys import recovery as rules
from surveys import services
from surveys.enums import AlertKind, AlertState, RecoveryAct
from surveys.forms.recoveries import BUTTONS, AlertFilter, LawyerQuestionForm, RecoveryStepForm
from surveys.models import Alert, LawyerQuestion, Recovery
from surveys.queries.alerts import alert_of, alerts_seen_by, taken_back_at
from surveys.queries.forms import said_not_theirs
from surveys.queries.heard import heard_of
from surveys.queries.recoveries import acts_for, ratings_of, recovery_of
from surveys.services.answering.alert_calls import reveal_for_alert
from surveys.services.contact.calling import NotNow
from surveys.services.matters.alerts import move_alert
from surveys.services.matters.conversion import CONVERTIBLE
from surveys.services.matters.lawyer_questions import WHILE_OPEN
from surveys.services.matters.passing_on import may_pass_on, pass_to_bureau

PAGE_SIZE = 30
SEEING = (Role.FOLLOW_UP, Role.MANAGER, Role.SUPERVISOR)


@roles_required(*SEEING)
@never_cache
@require_safe
def alert_list(request: HttpRequest) -> HttpResponse:
    form, now = AlertFilter(request.GET), timezone.now()
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = alerts_seen_by(cast("User", request.user), now=now, kind=chosen.get("kind", ""), show=chosen.get("show", ""))
    page = page_in_order(rows, after=request.GET.get("after", ""), size=PAGE_SIZE)
    return render(request, "surveys/staff/alerts.html", {"page": page, "now": now, "form": form})


@roles_required(*SEEING)
@never_cache
@require_safe
def alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return alert_page(request, alert_of(user=cast("User", request.user), public_id=public_id))


@roles_required(*SEEING)
@never_cache
@require_POST
def alert_number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The number, for the call that was agreed to; the look is recorded."""
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    try:
        phone = reveal_for_alert(user=user, alert=found, now=timezone.now())
    except NotNow as refused:
        messages.error(request, str(refused.message))
        return redirect("surveys:alert", public_id=public_id)
    return alert_page(request, found, phone=phone)


@roles_required(*SEEING)
@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    found = alert_of(user=user, public_id=public_id)
    closing = request.POST.get("to") == AlertState.CLOSED
    moved = move_alert(
        user=user, alert=found, to=AlertState.CLOSED if closing else AlertState.ACKNOWLEDGED, now=timezone.now()
    )
    messages.success(request, _("Recorded: %(state)s.") % {"state": AlertState(moved.state).label})
    return redirect("surveys:alerts")


@roles_required(*SEEING)
@require_POST
def pass_on(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It is about the centre's own people: the bureau's from now on."""
    user = cast("User", request.user)
    if pass_to_bureau(user=user, alert=alert_of(user=user, public_id=public_id), now=timezone.now()):
        messages.success(request, _("Passed on to the bureau. The centre does not see it any more."))
    else:
        messages.warning(
            request,
            _("Passed on, but nobody of the bureau may see it yet. Ask the operator to appoint a supervisor there."),
        )
    return redirect("surveys:alerts")


def alert_page(
    request: HttpRequest,
    found: Alert,
    *,
    phone: str = "",
    step: Form | None = None,
    question: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    """One matter; `step` and `question` are forms that were refused."""
    recovery = recovery_of(found) if found.kind == AlertKind.RECOVERY else None
    heard = heard_of(found, cast("User", request.user))
    context = {
        "alert": found,
        "running": found.running_clocks,
        "client": found.conversation.recipient,
        "plan": getattr(found.conversation.recipient, "contact_plan", None),
        "said": heard.said,
        "texts": heard.texts,
        "withheld": heard.withheld,
        "bureau": heard.bureau,
        "doubted": said_not_theirs(found.conversation),
        "others": heard.others,
        "overtaken": any(each.before for each in heard.others),
        "conversation": found.conversation,
        "notes": heard.notes,
        "phone": phone,
        "today": today_at(found.case.centre, timezone.now()),
        "open": AlertState.OPEN,
        "acknowledged": AlertState.ACKNOWLEDGED,
        "complaint": getattr(found, "complaint", None),
        "recovery": recovery,
        "may_convert": _may_convert(found, recovery),
        "may_pass_on": may_pass_on(found),
        "taken_back": taken_back_at(found),
    }
    if found.for_bureau:
        asked = (recovery.asked_again if recovery else None) or found.conversation
        context |= {
            "unasked": asked if services.unanswered(asked) else None,
            "ways": services.ways_left(asked, now=timezone.now()),
        }
    if recovery is not None:
        context |= _recovery_context(cast("User", request.user), recovery, step=step, question=question)
    return render(request, "surveys/staff/alert.html", context, status=status)


def _recovery_context(user: User, recovery: Recovery, *, step: Form | None, question: Form | None) -> dict[str, object]:
    acts = acts_for(recovery, user)
    asked = LawyerQuestion.objects.filter(recovery=recovery).select_related("put_by").first()
    may_ask = asked is None and recovery.state in WHILE_OPEN and recovery.reached_at is not None
    return {
        "acts": acts,
        "steps": recovery.steps.select_related("by"),
        "ratings": ratings_of(recovery),
        "buttons": [(act.value, BUTTONS[act]) for act in acts],
        "step_form": step or RecoveryStepForm(verifying=RecoveryAct.VERIFY in acts),
        "asked": asked,
        "question_form": (question or LawyerQuestionForm(auto_id="lawyer-%s")) if may_ask else None,
        "escalations": recovery.alert.escalations.order_by("at"),
    }


def _may_convert(found: Alert, recovery: Recovery | None) -> bool:
    if recovery is not None:
        return RecoveryAct.CONVERT in rules.open_acts(recovery.standing)
    return found.kind in CONVERTIBLE and found.state == AlertState.ACKNOWLEDGED
