"""Whether, when and how a centre asks clients while their case runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import Conflict, InvalidInput
from qa_service.organisations.models import Organisation
from surveys.enums import Occasion
from surveys.forms.mid_case import MidCasePlanForm
from surveys.mid_case import default_terms
from surveys.models import MidCasePlan
from surveys.models.mid_case import PLANNERS
from surveys.queries.due import Turn
from surveys.queries.mid_case import (
    centres_to_plan,
    plan_in_force,
    questionnaires_to_ask_by,
    today_at,
    waiting_for_word,
)
from surveys.services import end_mid_case_plan, publish_mid_case_plan

WAITING_SHOWN = 50
# As a case goes on.
IN_ORDER = (Occasion.AFTER_ASSIGNMENT, Occasion.BEFORE_HEARING)


@dataclass(frozen=True, slots=True)
class Shown:
    """One occasion on the page. `waiting`: whom nobody asks before their contact plan is confirmed."""

    occasion: Occasion
    plan: MidCasePlan | None
    form: MidCasePlanForm
    waiting: list[Turn]


@roles_required(*PLANNERS)
@require_http_methods(["GET", "HEAD", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """One centre at a time, the first where none is named; each occasion is published and ended by itself."""
    user, now = cast("User", request.user), timezone.now()
    centres = list(centres_to_plan(user))
    wanted = request.GET.get("place", "")
    centre = next((each for each in centres if str(each.public_id) == wanted or not wanted), None)
    if centre is None and wanted:
        raise Http404
    refused: MidCasePlanForm | None = None
    named = request.POST.get("occasion", "")
    if request.method == "POST" and centre is not None and named in Occasion.values:
        refused = _act(request, centre, Occasion(named), now=now)
        if refused is None:
            return redirect(f"{reverse('surveys:mid-case')}?place={centre.public_id}")
    shown = (
        [] if centre is None else [_shown(centre, each, refused if each == named else None, now) for each in IN_ORDER]
    )
    context = {"centres": centres, "centre": centre, "shown": shown}
    return render(
        request,
        "surveys/staff/mid_case.html",
        context,
        status=422 if centre is not None and request.method == "POST" else 200,
    )


def _act(request: HttpRequest, centre: Organisation, occasion: Occasion, *, now: datetime) -> MidCasePlanForm | None:
    """Publish or end; the form with what is wrong, or None where it is done."""
    user = cast("User", request.user)
    if "end" in request.POST:
        end_mid_case_plan(centre=centre, occasion=occasion, user=user, now=now)
        messages.success(request, _("Ended. Nobody new is asked; who was asked may still answer."))
        return None
    form = _form(centre, occasion, request.POST, now)
    if not form.is_valid():
        return form
    try:
        plan = publish_mid_case_plan(centre=centre, occasion=occasion, terms=form.terms, user=user, now=now)
    except InvalidInput as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, str(wrong.message))
        return form
    except Conflict as wrong:
        form.add_error(None, str(wrong.message))
        return form
    messages.success(request, _("Published as version %(version)s.") % {"version": plan.version})
    return None


def _shown(centre: Organisation, occasion: Occasion, refused: MidCasePlanForm | None, now: datetime) -> Shown:
    plan = plan_in_force(centre, occasion)
    waiting = waiting_for_word(plan, limit=WAITING_SHOWN, now=now) if plan else []
    return Shown(occasion, plan, refused or _form(centre, occasion, None, now), waiting)


def _form(centre: Organisation, occasion: Occasion, posted: Any, now: datetime) -> MidCasePlanForm:
    plan = plan_in_force(centre, occasion)
    terms = plan.terms if plan else default_terms(occasion, today=today_at(centre, now=now))
    return MidCasePlanForm(
        posted, occasion=occasion, questionnaires=list(questionnaires_to_ask_by(centre)), terms=terms
    )
