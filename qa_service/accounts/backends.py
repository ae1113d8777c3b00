"""Who asks: the account of a session, known with its roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from qa_service.accounts.models import User
from qa_service.accounts.queries import account_with_roles


class AccountBackend(ModelBackend):
    """By name and password, as Django's own; nearly every page asks for roles, so they come with the account."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User:
        """:raises PermissionDenied: unknown, closed or another password. Django's own, which stands behind for the
        sessions of before, would only work out the same hash again.
        """
        found = super().authenticate(request, username=username, password=password, **kwargs)
        if not isinstance(found, User):
            raise PermissionDenied
        return found

    def get_user(self, user_id: int) -> User | None:
        """None where the account was closed meanwhile."""
        user = account_with_roles(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
