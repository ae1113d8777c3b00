"""Signing in, one's own settings, and the people of a centre."""

from http import HTTPStatus
from typing import Any, cast

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView

from qa_service.accounts.enums import Role
from qa_service.accounts.forms import NewPersonForm, PreferencesForm, RoleForm
from qa_service.accounts.models import Grant, User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import people_seen_by
from qa_service.accounts.services import change_preferences, grant_role, open_account, withdraw_role
from qa_service.common.errors import DomainError
from qa_service.organisations.models import Lawyer

LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
PEOPLE_A_PAGE = 50


class SignIn(LoginView):
    http_method_names = ("get", "head", "post")
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        user = cast("User", form.get_user())
        set_language_cookie(response, user.language)
        return response


class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    http_method_names = ("get", "head", "post")
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:preferences")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password was changed."))
        return super().form_valid(form)


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=LANGUAGE_COOKIE_AGE, httponly=True, samesite="Lax"
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and stay on the page."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(target if safe else reverse("home"))
    if language in dict(settings.LANGUAGES):
        set_language_cookie(response, language)
        if isinstance(request.user, User):
            change_preferences(user=request.user, language=language, shortcuts_enabled=request.user.shortcuts_enabled)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    form = PreferencesForm(request.POST or None, initial={"shortcuts_enabled": user.shortcuts_enabled})
    if request.method == "POST" and form.is_valid():
        change_preferences(user=user, language=user.language, shortcuts_enabled=form.cleaned_data["shortcuts_enabled"])
        messages.success(request, _("Saved."))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@require_safe
@roles_required(Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)
def people(request: HttpRequest) -> HttpResponse:
    page = Paginator(people_seen_by(cast("User", request.user)), PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    role_form = RoleForm(giver=cast("User", request.user))
    places = {node.pk for node in role_form.places}
    rows = [(person, [(held, role_form.may_take(held, places)) for held in person.grants.all()]) for person in page]
    return render(request, "accounts/people.html", {"page": page, "rows": rows, "role_form": role_form})


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)
def new_person(request: HttpRequest) -> HttpResponse:
    giver = cast("User", request.user)
    form = NewPersonForm(request.POST or None)
    role_form = RoleForm(request.POST or None, giver=giver)
    if request.method == "POST" and form.is_valid() and role_form.is_valid():
        try:
            _open_with_role(form.cleaned_data, role_form.cleaned_data, giver)
        except DomainError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused.message))
        else:
            messages.success(request, _("The account was opened."))
            return redirect("accounts:people")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "accounts/new_person.html", {"form": form, "role_form": role_form}, status=status)


def _open_with_role(person: dict[str, Any], place: dict[str, Any], giver: User) -> None:
    now = timezone.now()
    licence = person["licence_number"]
    lawyer = get_object_or_404(Lawyer, licence_number=licence) if licence else None
    user = open_account(
        username=person["username"],
        display_name=person["display_name"],
        password=person["password"],
        organisation=place["organisation"],
        lawyer=lawyer,
        actor=giver.actor,
        now=now,
    )
    role = Role(place["role"])
    organisation = None if role == Role.LAWYER else place["organisation"]
    grant_role(user=user, role=role, organisation=organisation, actor=giver.actor, now=now)


@require_POST
@roles_required(Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)
def give_role(request: HttpRequest, public_id: str) -> HttpResponse:
    giver = cast("User", request.user)
    person = get_object_or_404(people_seen_by(giver), public_id=public_id)
    form = RoleForm(request.POST, giver=giver)
    if person == giver or not form.is_valid():
        messages.error(request, _("Nobody gives roles to themselves, nor roles they may not give."))
        return redirect("accounts:people")
    role = Role(form.cleaned_data["role"])
    organisation = None if role == Role.LAWYER else form.cleaned_data["organisation"]
    grant_role(user=person, role=role, organisation=organisation, actor=giver.actor, now=timezone.now())
    messages.success(request, _("The role was given."))
    return redirect("accounts:people")


@require_POST
@roles_required(Role.OPERATOR, Role.SUPERVISOR, Role.MANAGER)
def take_role(request: HttpRequest, public_id: str, grant_id: int) -> HttpResponse:
    giver = cast("User", request.user)
    person = get_object_or_404(people_seen_by(giver), public_id=public_id)
    grant = get_object_or_404(Grant, pk=grant_id, user=person)
    form = RoleForm({"role": grant.role, "organisation": grant.organisation_id}, giver=giver)
    if person == giver or not form.is_valid():
        messages.error(request, _("You may not take this role away."))
        return redirect("accounts:people")
    withdraw_role(grant=grant, actor=giver.actor, now=timezone.now())
    messages.success(request, _("The role was taken away."))
    return redirect("accounts:people")


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: the same page whether the name exists or not."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    response = render(request, "accounts/locked_out.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(minutes * 60)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    return render(request, "csrf.html", status=HTTPStatus.FORBIDDEN)


# Swagger UI styles its own elements inline: the one page where the policy is widened, and only for style.
api_reference = csp_update({"style-src": ["'unsafe-inline'"]})(
    SpectacularSwaggerSplitView.as_view(url_name="api-schema")
)
