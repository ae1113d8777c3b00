"""Visits to make, letters and paper forms to send: the list, one person, and what became of it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.common.errors import InvalidInput
from qa_service.common.keyset import page_in_order
from surveys import queries, services
from surveys.enums import ERRAND_CHANNELS, Channel, ConversationState, ErrandOutcome
from surveys.forms import ErrandForm
from surveys.models import Conversation
from surveys.queries.alerts import notes_of_contacts
from surveys.queries.interview import speaks
from surveys.queries.papers import PRINTING_ROLES as CALLERS
from surveys.views.telephone import usual_mode

PAGE_SIZE = 30


@roles_required(*CALLERS)
@never_cache
@require_safe
def errand_list(request: HttpRequest) -> HttpResponse:
    """All errands, or those of one rung (`?rung=visit`); an unknown rung shows all."""
    user, now = cast("User", request.user), timezone.now()
    rung = next((channel for channel in ERRAND_CHANNELS if channel == request.GET.get("rung")), None)
    found = queries.errands(user=user, channels=[rung] if rung else ERRAND_CHANNELS, now=now)
    counts = queries.errands_by_rung(user=user)
    context = {
        "page": page_in_order(found, after=request.GET.get("after", ""), size=PAGE_SIZE),
        "now": now,
        "rung": rung,
        "rungs": [(channel, counts[channel]) for channel in ERRAND_CHANNELS],
        "count": sum(counts.values()),
    }
    return render(request, "surveys/staff/errand_list.html", context)


@roles_required(*CALLERS)
@never_cache
@require_safe
def errand(request: HttpRequest, public_id: UUID) -> HttpResponse:
    conversation = queries.telephone_conversation(user=cast("User", request.user), public_id=public_id)
    return _errand_page(request, conversation, form=_form(conversation))


@roles_required(*CALLERS)
@never_cache
@require_POST
def record_errand(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user = cast("User", request.user)
    conversation = queries.telephone_conversation(user=user, public_id=public_id)
    form = _form(conversation, request)
    if not form.is_valid():
        return _errand_page(request, conversation, form=form, status=422)
    given = form.cleaned_data
    try:
        services.record_errand(
            user=user,
            conversation=conversation,
            outcome=ErrandOutcome(given["outcome"]),
            note=given["note"],
            again_at=given["again_at"],
            heard=given["heard"],
            of_centre=given["of_centre"],
            now=timezone.now(),
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return _errand_page(request, conversation, form=form, status=422)
    messages.success(request, _("It is recorded."))
    return redirect("surveys:errand-list")


def _form(conversation: Conversation, request: HttpRequest | None = None) -> ErrandForm:
    outcomes = services.outcomes_of(Channel(conversation.channel))
    return ErrandForm(request.POST if request else None, outcomes=outcomes)


def _errand_page(
    request: HttpRequest, conversation: Conversation, *, form: ErrandForm, status: int = 200
) -> HttpResponse:
    plan = getattr(conversation.recipient, "contact_plan", None)
    context = {
        "conversation": conversation,
        "client": conversation.recipient,
        "plan": plan,
        "unspoken": plan is not None and not speaks(conversation, plan.language),
        "due": conversation.is_asked_by_staff and conversation.channel in ERRAND_CHANNELS,
        "mode": usual_mode(conversation),
        "may_print": conversation.told_state != ConversationState.FINISHED,
        "form": form,
        "contacts": notes_of_contacts(conversation),
    }
    return render(request, "surveys/staff/errand.html", context, status=status)
