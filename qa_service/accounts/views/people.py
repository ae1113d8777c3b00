"""The people of a centre: accounts opened, roles given and taken."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qa_service.accounts.forms import FirstPasswordForm, NewPersonForm, RoleForm
from qa_service.accounts.models import Grant, User
from qa_service.accounts.permissions import roles_required
from qa_service.accounts.queries import may_manage, may_take, people_seen_by
from qa_service.accounts.scope import GIVING_ROLES
from qa_service.accounts.services import close_account, give, open_person, reopen_account, set_first_password, take
from qa_service.common.errors import DomainError
from qa_service.common.keyset import page_in_order

PEOPLE_A_PAGE = 50


@require_safe
@roles_required(*GIVING_ROLES)
def people(request: HttpRequest) -> HttpResponse:
    giver = cast("User", request.user)
    page = page_in_order(people_seen_by(giver), after=request.GET.get("after", ""), size=PEOPLE_A_PAGE)
    rows = [(person, _held(person, giver)) for person in page.rows]
    return render(request, "accounts/people.html", {"page": page, "rows": rows})


def _held(person: User, giver: User) -> list[tuple[Grant, bool]]:
    """The person's roles, and whether the giver may take each away."""
    return [(grant, may_take(giver, grant, person)) for grant in person.grants.all()]


@require_http_methods(["GET", "HEAD", "POST"])
@roles_required(*GIVING_ROLES)
def new_person(request: HttpRequest) -> HttpResponse:
    giver = cast("User", request.user)
    form = NewPersonForm(request.POST or None)
    role_form = RoleForm(request.POST or None, giver=giver)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid() and role_form.is_valid():
            try:
                open_person(**form.cleaned_data, giving=role_form.giving(), giver=giver, now=timezone.now())
            except DomainError as refused:
                _show_refusal(refused, form, role_form)
            else:
                messages.success(request, _("The account was opened."))
                return redirect("accounts:people")
    return render(request, "accounts/new_person.html", {"form": form, "role_form": role_form}, status=status)


def _show_refusal(refused: DomainError, *forms: Form) -> None:
    """Beside the field it concerns, in whichever of the page's forms has it."""
    form = next((form for form in forms if refused.field in form.fields), None)
    (form or forms[0]).add_error(refused.field if form else None, str(refused.message))


@require_safe
@roles_required(*GIVING_ROLES)
def person_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    giver = cast("User", request.user)
    return _person_page(request, _person(request, public_id), RoleForm(giver=giver), FirstPasswordForm())


def _person(request: HttpRequest, public_id: UUID) -> User:
    return get_object_or_404(people_seen_by(cast("User", request.user)), public_id=public_id)


def _person_page(
    request: HttpRequest,
    person: User,
    role_form: RoleForm,
    password_form: FirstPasswordForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    giver = cast("User", request.user)
    context = {
        "person": person,
        "held": _held(person, giver),
        "role_form": role_form,
        "password_form": password_form,
        "may_manage": may_manage(giver, person),
    }
    return render(request, "accounts/person.html", context, status=status)


@require_POST
@roles_required(*GIVING_ROLES)
def give_role(request: HttpRequest, public_id: UUID) -> HttpResponse:
    giver, person = cast("User", request.user), _person(request, public_id)
    form = RoleForm(request.POST, giver=giver)
    if form.is_valid():
        try:
            give(person=person, giving=form.giving(), giver=giver, now=timezone.now())
        except DomainError as refused:
            _show_refusal(refused, form)
        else:
            messages.success(request, _("The role was given."))
            return redirect("accounts:person", public_id=person.public_id)
    return _person_page(request, person, form, FirstPasswordForm(), status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@roles_required(*GIVING_ROLES)
def take_role(request: HttpRequest, public_id: UUID, grant_id: int) -> HttpResponse:
    giver, person = cast("User", request.user), _person(request, public_id)
    grant = get_object_or_404(Grant, pk=grant_id, user=person)
    take(person=person, grant=grant, giver=giver, now=timezone.now())
    messages.success(request, _("The role was taken away."))
    return redirect("accounts:people")


@require_POST
@roles_required(*GIVING_ROLES)
def first_password(request: HttpRequest, public_id: UUID) -> HttpResponse:
    told = _("The new first password holds. Tell it to its owner and to nobody else.")
    giver = cast("User", request.user)
    return _by_password(request, public_id, partial(set_first_password, giver=giver), told)


@require_POST
@roles_required(*GIVING_ROLES)
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    closer, person = cast("User", request.user), _person(request, public_id)
    close_account(person=person, closer=closer, now=timezone.now())
    told = _("The account is closed. Files that were being read stand on the home of the centre's manager.")
    messages.success(request, told)
    return redirect("accounts:person", public_id=person.public_id)


@require_POST
@roles_required(*GIVING_ROLES)
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    told = _("The account is open again. Tell the password to its owner and to nobody else.")
    opener = cast("User", request.user)
    return _by_password(request, public_id, partial(reopen_account, opener=opener), told)


def _by_password(request: HttpRequest, public_id: UUID, act: Callable[..., object], told: str) -> HttpResponse:
    """What takes a first password for somebody; refused, it is said beside the password."""
    person, form = _person(request, public_id), FirstPasswordForm(request.POST)
    if form.is_valid():
        try:
            act(person=person, password=form.cleaned_data["password"], now=timezone.now())
        except DomainError as refused:
            _show_refusal(refused, form)
        else:
            messages.success(request, told)
            return redirect("accounts:person", public_id=person.public_id)
    person.refresh_from_db()
    roles = RoleForm(giver=cast("User", request.user))
    return _person_page(request, person, roles, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
