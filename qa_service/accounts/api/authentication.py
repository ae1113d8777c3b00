"""Tokens of programs."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class ProgramToken(TokenAuthentication):  # type: ignore[misc]  # knox is untyped
    """A header that is no text at all is a wrong token like any other."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """:raises AuthenticationFailed: unknown, expired, or not readable."""
        if not token.isascii():
            raise AuthenticationFailed(_("Invalid token."))
        return super().authenticate_credentials(token)


class ProgramTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]  # so is the base of extensions
    """How the description of the API names it."""

    target_class = "qa_service.accounts.api.authentication.ProgramToken"
