"""Signing in and one's own settings."""

from http import HTTPStatus
from typing import Any, cast

from axes.helpers import get_cool_off
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from drf_spectacular.views import SpectacularSwaggerSplitView

from qa_service.accounts.brake import remember_browser
from qa_service.accounts.forms import PreferencesForm
from qa_service.accounts.middleware import begin
from qa_service.accounts.models import User
from qa_service.accounts.services import change_password, change_preferences
from qa_service.accounts.views.again import FIELD, brought_along, door_in_place, send_again, typed_in
from qa_service.common.addresses import page_at
from qa_service.common.api import problem_json
from qa_service.common.errors import DomainError
from qa_service.common.throttle import count, counted

LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
API = "/api/"


class SignInPaused(DomainError):  # noqa: N818 - named for the fact
    code = "sign_in_paused"
    status = HTTPStatus.TOO_MANY_REQUESTS


class SignIn(LoginView):
    http_method_names = ("get", "head", "post")
    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Whoever signed in beside this page, or loads again what signing in showed, still has what was typed."""
        if isinstance(request.user, User) and (typed := brought_along(request)):
            return send_again(request, typed)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        begin(self.request, now=timezone.now())
        user = cast("User", form.get_user())
        typed = brought_along(self.request)
        if typed and not user.password_is_temporary:
            response = send_again(self.request, typed)
        elif FIELD in self.request.POST:
            messages.warning(self.request, _("What was typed here before could not be kept: type it again."))
        set_language_cookie(response, user.language)
        remember_browser(self.request, response, user.get_username())
        return response

    def get_success_url(self) -> str:
        """Whoever signs in with a password that somebody else chose is led to choose their own."""
        if cast("User", self.request.user).password_is_temporary:
            return reverse("accounts:password")
        return super().get_success_url()

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:  # noqa: ARG002 - the stubs' signature
        """To a page, whatever the address names: what only takes a form shows nothing to whoever comes by a link."""
        url = super().get_redirect_url()
        return page_at(url) if url else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {FIELD: self.request.POST.get(FIELD, "")}


class ChangePassword(LoginRequiredMixin, PasswordChangeView):
    http_method_names = ("get", "head", "post")
    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:preferences")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever sits at somebody's open page guesses no more than whoever stands at the door."""
        return (
            locked_out(request) if counted(_guesses(request)) >= settings.AXES_FAILURE_LIMIT else super().post(request)
        )

    def form_invalid(self, form: Any) -> HttpResponse:
        if "old_password" in form.errors:
            count(_guesses(self.request), seconds=round(get_cool_off().total_seconds()))
        return super().form_invalid(form)

    def form_valid(self, form: Any) -> HttpResponse:
        user = cast("User", self.request.user)
        change_password(user=user, password=form.cleaned_data["new_password1"], actor=user.actor, now=timezone.now())
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Your password was changed. Programs that sign in for you need a new token."))
        return redirect(self.get_success_url())


def _guesses(request: HttpRequest) -> str:
    return f"old-password:{request.user.pk}"


def set_language_cookie(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=LANGUAGE_COOKIE_AGE, httponly=True, samesite="Lax"
    )


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language and stay on the page."""
    language = request.POST.get("language", "")
    target = request.POST.get("next", "")
    safe = target.startswith("/") and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = HttpResponseRedirect(target if safe else reverse("home"))
    if language in dict(settings.LANGUAGES):
        set_language_cookie(response, language)
        if isinstance(request.user, User):
            change_preferences(user=request.user, language=language, now=timezone.now())
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    user = cast("User", request.user)
    initial = {"email": user.email, "shortcuts_enabled": user.shortcuts_enabled}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_preferences(user=user, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


def locked_out(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: the same answer whether the name exists or not, a program's in a program's words."""
    minutes = round(getattr(request, "sign_in_wait", get_cool_off()).total_seconds() / 60)
    response: HttpResponse
    if request.path.startswith(API):
        text = _("Too many wrong passwords. Signing in is paused for %(minutes)d minutes.") % {"minutes": minutes}
        response = problem_json(SignInPaused(text))
    else:
        response = render(
            request, "accounts/locked_out.html", {"minutes": minutes}, status=HTTPStatus.TOO_MANY_REQUESTS
        )
    response["Retry-After"] = str(minutes * 60)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What was sent without the page's token, or from a place that is not known: which of them, and what helps."""
    if reason == REASON_NO_CSRF_COOKIE:
        why = "cookies"
    else:
        why = "place" if reason.startswith(("Origin", "Referer")) else "token"
    ours = why == "token" and "Origin" in request.headers  # Django looks at the origin before the token
    kept = _sent_from_an_older_page(request) if ours else None
    return kept or render(request, "csrf.html", {"why": why}, status=HTTPStatus.FORBIDDEN)


def _sent_from_an_older_page(request: HttpRequest) -> HttpResponse | None:
    """Somebody signed in or out in another window of this browser: what was typed into this one is not lost."""
    if request.path in {reverse("accounts:sign-out"), reverse("accounts:language")}:
        return None
    carried = FIELD in request.POST
    if isinstance(request.user, User):
        typed = brought_along(request) if carried else typed_in(request, person=None)
        return send_again(request, typed, status=HTTPStatus.FORBIDDEN) if typed else None
    if request.path == reverse("accounts:sign-in"):
        return None
    return door_in_place(request, person=None, idle=False)


# Swagger UI styles its own elements inline: the one page where the policy is widened, and only for style.
api_reference = csp_update({"style-src": ["'unsafe-inline'"]})(
    # Asked what it can do (OPTIONS) it would look for a template of its own and break.
    SpectacularSwaggerSplitView.as_view(url_name="api-schema", http_method_names=["get", "head"])
)
