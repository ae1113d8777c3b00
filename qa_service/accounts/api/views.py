"""Tokens for programs, and who the token speaks for."""

from typing import Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.common.api import Endpoint
from qa_service.common.errors import NotPermitted


class Credentials(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class IssuedToken(serializers.Serializer[Any]):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


class HeldRole(serializers.Serializer[Any]):
    role = serializers.CharField()
    organisation = serializers.CharField(allow_null=True)


class Person(serializers.Serializer[Any]):
    username = serializers.CharField()
    display_name = serializers.CharField()
    roles = HeldRole(many=True)


class WrongCredentials(NotPermitted):
    code = "wrong_credentials"
    status = 401


class SignInView(Endpoint):
    """POST a user name and password, receive a token. Throttled as the page is."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=Credentials, responses={200: IssuedToken}, auth=[])
    def post(self, request: Request) -> Response:
        given = Credentials(data=request.data)
        given.is_valid(raise_exception=True)
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            raise WrongCredentials(_("The user name or the password is wrong."))
        if user.password_is_temporary:
            text = _("Somebody else chose this password. Sign in on the page first and choose one of your own.")
            raise NotPermitted(text, code="password_is_temporary")
        issued, token = AuthToken.objects.create(user)
        return Response(IssuedToken({"token": token, "expires_at": issued.expiry}).data)


class SignOutView(Endpoint):
    """End the token that made the request; a session signs out on its page."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        if isinstance(request.auth, AuthToken):
            request.auth.delete()
        return Response(status=204)


class WhoAmIView(Endpoint):
    @extend_schema(responses={200: Person})
    def get(self, request: Request) -> Response:
        user: User = request.user  # type: ignore[assignment]
        roles = [
            {"role": held.role, "organisation": held.organisation.code if held.organisation else None}
            for held in user.held
        ]
        body = {"username": user.username, "display_name": user.display_name, "roles": roles}
        return Response(Person(body).data)
