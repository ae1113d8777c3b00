"""Doors of views and endpoints: which role may knock. What lies behind is narrowed by `visible_to(user)`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from qa_service.accounts.enums import Role
from qa_service.accounts.models import User

View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """A request whose user is known to be one of ours."""

    user: User


def roles_required(*roles: Role | str) -> Callable[[View], View]:
    """Anonymous people are sent to sign in; people without any of the roles see the forbidden page (403)."""

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not cast("User", request.user).has_role(*roles):
                return render(request, "403.html", status=403)
            return view(request, *args, **kwargs)

        guarded.allowed_roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return decorate


class HasRole(BasePermission):
    """`HasRole.of(Role.MANAGER, Role.SUPERVISOR)` makes the permission class of an endpoint."""

    allowed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *roles: Role | str) -> type["HasRole"]:
        return type("HasRole", (cls,), {"allowed": frozenset(roles)})

    def has_permission(self, request: Request, view: Any) -> bool:  # noqa: ARG002 - DRF's signature
        return isinstance(request.user, User) and request.user.has_role(*self.allowed)
