"""Accounts and roles for programs: what the pages can do."""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import Role
from qa_service.accounts.models import Grant, User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import firms_for_heads, people_seen_by, places_for_roles
from qa_service.accounts.scope import GIVING_ROLES
from qa_service.accounts.services import (
    Giving,
    close_account,
    give,
    open_person,
    reopen_account,
    set_first_password,
    take,
)
from qa_service.common.api import Endpoint, Whole, sent
from qa_service.common.paging import KeysetPagination


class GrantRead(serializers.ModelSerializer[Grant]):
    organisation = serializers.CharField(source="organisation.code", default=None, allow_null=True, read_only=True)
    firm = serializers.UUIDField(source="firm.public_id", default=None, allow_null=True, read_only=True)

    class Meta:
        model = Grant
        fields = ("id", "role", "organisation", "firm")
        read_only_fields = fields


class AccountRead(serializers.ModelSerializer[User]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    roles = GrantRead(source="grants", many=True, read_only=True)

    class Meta:
        model = User
        fields = ("id", "username", "display_name", "email", "is_active", "roles")
        read_only_fields = fields


class GivingWrite(Whole):
    """A role and its place: `organisation` a code, `firm` an id for its head, `licence_number` for a lawyer."""

    role = serializers.ChoiceField(choices=Role.choices)
    organisation = serializers.CharField(max_length=32, required=False)
    firm = serializers.UUIDField(required=False)
    licence_number = serializers.CharField(max_length=32, required=False, allow_blank=True)

    def giving(self, giver: User) -> Giving:
        """The places are looked for where the giver may give something at all; others do not exist."""
        given = self.validated_data
        code, firm = given.get("organisation"), given.get("firm")
        return Giving(
            role=Role(given["role"]),
            organisation=get_object_or_404(places_for_roles(giver), code=code) if code else None,
            firm=get_object_or_404(firms_for_heads(giver).select_related("centre"), public_id=firm) if firm else None,
            licence_number=given.get("licence_number", ""),
        )


class AccountWrite(GivingWrite):
    username = serializers.SlugField(max_length=50)
    display_name = serializers.CharField(max_length=50)
    email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class FirstPassword(Whole):
    password = serializers.CharField(max_length=200, trim_whitespace=False, write_only=True)


class ByName(KeysetPagination):
    page_size = 50
    ordering = "username"


class PeopleView(ListAPIView[User]):
    """Accounts of the user's subtrees; POST opens one with its first role."""

    permission_classes = (HasRole.of(*GIVING_ROLES),)
    serializer_class = AccountRead
    pagination_class = ByName
    filter_backends = ()
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        return people_seen_by(cast("User", self.request.user))

    @extend_schema(request=AccountWrite, responses={201: AccountRead})
    def post(self, request: Request) -> Response:
        giver = cast("User", request.user)
        given = AccountWrite(data=request.data)
        given.is_valid(raise_exception=True)
        fields = {
            name: given.validated_data.get(name, "") for name in ("username", "display_name", "email", "password")
        }
        person = open_person(**fields, giving=given.giving(giver), giver=giver, now=timezone.now())
        return Response(AccountRead(person).data, status=201)


class OfPerson(Endpoint):
    """What is done to one person by whoever gives roles where they belong."""

    permission_classes = (HasRole.of(*GIVING_ROLES),)

    def found(self, request: Request, public_id: UUID) -> tuple[User, User]:
        """Who acts, and the person. :raises Http404: not within reach of who acts."""
        actor = cast("User", request.user)
        return actor, get_object_or_404(people_seen_by(actor), public_id=public_id)


class RolesView(OfPerson):
    @extend_schema(request=GivingWrite, responses={201: GrantRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        giver, person = self.found(request, public_id)
        given = GivingWrite(data=request.data)
        given.is_valid(raise_exception=True)
        grant = give(person=person, giving=given.giving(giver), giver=giver, now=timezone.now())
        return Response(GrantRead(grant).data, status=201)


class RoleView(OfPerson):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, public_id: UUID, grant_id: int) -> Response:
        giver, person = self.found(request, public_id)
        grant = get_object_or_404(Grant, pk=grant_id, user=person)
        take(person=person, grant=grant, giver=giver, now=timezone.now())
        return Response(status=204)


class FirstPasswordView(OfPerson):
    """For somebody who forgot theirs; their tokens and sessions end."""

    @extend_schema(request=FirstPassword, responses={204: None})
    def put(self, request: Request, public_id: UUID) -> Response:
        giver, person = self.found(request, public_id)
        given = sent(request, FirstPassword)
        set_first_password(person=person, password=given["password"], giver=giver, now=timezone.now())
        return Response(status=204)


class CloseView(OfPerson):
    """The person leaves: their sessions and tokens end at once."""

    @extend_schema(request=None, responses={200: AccountRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        closer, person = self.found(request, public_id)
        close_account(person=person, closer=closer, now=timezone.now())
        return Response(AccountRead(person).data)


class ReopenView(OfPerson):
    """The person comes back: a first password, and the roles they kept."""

    @extend_schema(request=FirstPassword, responses={200: AccountRead})
    def post(self, request: Request, public_id: UUID) -> Response:
        opener, person = self.found(request, public_id)
        given = sent(request, FirstPassword)
        reopen_account(person=person, password=given["password"], opener=opener, now=timezone.now())
        return Response(AccountRead(person).data)
