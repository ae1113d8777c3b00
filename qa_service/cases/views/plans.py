"""How one person may be reached: seen, confirmed with the person, made safer, loosened with a reason."""

from http import HTTPStatus
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from qa_service.accounts.enums import STAFF_ROLES, Role
from qa_service.accounts.models import User
from qa_service.accounts.permissions import roles_required
from qa_service.cases.forms import PlanForm
from qa_service.cases.models import Client, ContactPlan
from qa_service.cases.queries import cases_known_to, contactable_people
from qa_service.cases.services import change_plan, confirm_plan, reveal_guardian_phone
from qa_service.cases.services.plans import ManagerNeeded, PlanChanged
from qa_service.cases.views.record import told_of_person
from qa_service.common import phones
from qa_service.common.errors import InvalidInput

CALLERS = (Role.FOLLOW_UP, Role.MANAGER)
ENTRIES_SHOWN = 20
CASES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@roles_required(*STAFF_ROLES)
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Supervisors look; whoever telephones changes."""
    user = cast("User", request.user)
    if request.method == "POST":
        return _change(request, get_object_or_404(contactable_people(user, *CALLERS), public_id=public_id))
    return _page(request, get_object_or_404(contactable_people(user), public_id=public_id))


def _change(request: HttpRequest, client: Client) -> HttpResponse:
    user, now = cast("User", request.user), timezone.now()
    form = _form(client, data=request.POST)
    if not form.is_valid():
        return _page(request, client, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    given = form.cleaned_data
    try:
        change_plan(
            client=client,
            terms=form.terms(),
            revision=given["revision"],
            township=given["township"],
            dialect=given["dialect"],
            why=given["why"],
            confirmed=given["confirmed"],
            expires_on=given["expires_on"] if given["confirmed"] else None,
            user=user,
            now=now,
        )
    except InvalidInput as refused:
        form.add_error(refused.field or None, str(refused.message))
        return _page(request, client, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ManagerNeeded as refused:
        form.add_error(None, str(refused.message))
        return _page(request, client, form, status=HTTPStatus.FORBIDDEN)
    except PlanChanged as refused:
        return _beside_the_other(request, client, form, str(refused.message))
    messages.success(request, _("The contact plan is kept."))
    return redirect("cases:contact-plan", public_id=client.public_id)


def _beside_the_other(request: HttpRequest, client: Client, form: PlanForm, message: str) -> HttpResponse:
    """What was typed stays in the form; what stands now is shown above it, and is what the next try starts from."""
    client = contactable_people(cast("User", request.user)).get(pk=client.pk)
    form.data = {**cast("QueryDict", form.data).dict(), "revision": str(_plan_of(client).revision)}
    form.add_error(None, message)
    return _page(request, client, form, status=HTTPStatus.CONFLICT)


@require_POST
@never_cache
@roles_required(*CALLERS)
def confirm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asked, and everything stands."""
    user = cast("User", request.user)
    client = get_object_or_404(contactable_people(user, *CALLERS), public_id=public_id)
    confirm_plan(client=client, user=user, now=timezone.now())
    messages.success(request, _("The contact plan is confirmed."))
    return redirect("cases:contact-plan", public_id=public_id)


@require_POST
@never_cache
@roles_required(*CALLERS)
def guardian_number(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The guardian's full number, on this page alone; the look is recorded."""
    user = cast("User", request.user)
    client = get_object_or_404(contactable_people(user, *CALLERS), public_id=public_id)
    phone = reveal_guardian_phone(client=client, actor=user.actor, reason=_("Contact plan"), now=timezone.now())
    return _page(request, client, guardian_phone=phone)


def _plan_of(client: Client) -> ContactPlan:
    """A person without a plan is shown the one that would be made: nobody is texted by it."""
    try:
        return client.contact_plan
    except ContactPlan.DoesNotExist:
        return ContactPlan(client=client)


def _form(client: Client, data: object = None) -> PlanForm:
    today = timezone.now().astimezone(ZoneInfo(client.centre.settings.time_zone)).date()
    return PlanForm(data, client=client, plan=_plan_of(client), today=today)


def _page(
    request: HttpRequest,
    client: Client,
    form: PlanForm | None = None,
    *,
    guardian_phone: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    user = cast("User", request.user)
    stored = _plan_of(client)
    today = timezone.now().astimezone(ZoneInfo(client.centre.settings.time_zone)).date()
    told = told_of_person(client, user)
    context = {
        "client": client,
        "plan": stored,
        "terms": stored.terms,
        "expired": stored.sms_allowed and stored.expired(today=today),
        "guardian_masked": phones.mask(stored.guardian_phone),
        "guardian_phone": guardian_phone,
        "form": form or _form(client),
        "may_change": user.has_role(*CALLERS) and client.erased_at is None,
        "may_loosen": contactable_people(user, Role.MANAGER).filter(pk=client.pk).exists(),
        "cases": cases_known_to(user).filter(client=client)[:CASES_SHOWN],
        "kept_from_reader": told is None,
        "entries": told[:ENTRIES_SHOWN] if told is not None else [],
    }
    return render(request, "cases/contact_plan.html", context, status=status)
