"""The tree and the settings of centres for programs: what the pages can do."""

from typing import Any, cast
from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.enums import FOUNDING_ROLES
from qa_service.accounts.forms import SETTINGS_FIELDS
from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.accounts.queries import centres_set_by, firms_for_heads, places_renamed_by, tree_seen_by
from qa_service.accounts.scope import GIVING_ROLES
from qa_service.accounts.services import add_organisation
from qa_service.common.api import DayField, Endpoint, Whole, refuse_unknown_names, sent
from qa_service.common.errors import InvalidInput
from qa_service.common.paging import KeysetPagination
from qa_service.organisations.enums import OrganisationKind
from qa_service.organisations.models import CentreSettings, Firm, Organisation
from qa_service.organisations.services import change_settings, rename


class OrganisationRead(serializers.ModelSerializer[Organisation]):
    class Meta:
        model = Organisation
        fields = ("code", "name", "kind")
        read_only_fields = fields


class OrganisationWrite(Whole):
    under = serializers.CharField(max_length=32, help_text="Code of the node above")
    kind = serializers.ChoiceField(choices=OrganisationKind.choices)
    code = serializers.SlugField(max_length=32)
    name = serializers.CharField(max_length=100)


class SettingsRead(serializers.ModelSerializer[CentreSettings]):
    class Meta:
        model = CentreSettings
        fields = SETTINGS_FIELDS
        read_only_fields = fields


class SettingsWrite(serializers.ModelSerializer[CentreSettings]):
    """Send only what shall change; a name that is not known is refused."""

    serializer_field_mapping = serializers.ModelSerializer.serializer_field_mapping | {models.DateField: DayField}

    class Meta:
        model = CentreSettings
        fields = SETTINGS_FIELDS

    def to_internal_value(self, data: Any) -> Any:
        refuse_unknown_names(data, self.fields)
        return super().to_internal_value(data)


class ByPath(KeysetPagination):
    page_size = 100
    ordering = "path"


class OrganisationsView(ListAPIView[Organisation]):
    """The nodes whose people and settings are the user's to see, in the order of the tree; POST adds one."""

    permission_classes = (HasRole.of(*GIVING_ROLES),)
    serializer_class = OrganisationRead
    pagination_class = ByPath
    filter_backends = ()
    queryset = Organisation.objects.none()

    def get_queryset(self) -> QuerySet[Organisation]:
        return tree_seen_by(cast("User", self.request.user))

    @extend_schema(request=OrganisationWrite, responses={201: OrganisationRead})
    def post(self, request: Request) -> Response:
        user = cast("User", request.user)
        fields = sent(request, OrganisationWrite)
        parent = tree_seen_by(user).filter(code=fields.pop("under")).first()
        if parent is None:
            raise InvalidInput(_("You may not add anything to that place."), field="under")
        kind = OrganisationKind(fields.pop("kind"))
        node = add_organisation(kind=kind, **fields, parent=parent, user=user, now=timezone.now())
        return Response(OrganisationRead(node).data, status=201)


class NameWrite(Whole):
    name = serializers.CharField(max_length=100)


class OrganisationView(Endpoint):
    """A new name for a bureau, centre or station; what was issued keeps the former one."""

    permission_classes = (HasRole.of(*FOUNDING_ROLES),)

    @extend_schema(request=NameWrite, responses={200: OrganisationRead})
    def patch(self, request: Request, code: str) -> Response:
        user = cast("User", request.user)
        place = get_object_or_404(places_renamed_by(user), code=code)
        given = sent(request, NameWrite)
        rename(subject=place, name=given["name"], actor=user.actor, now=timezone.now())
        return Response(OrganisationRead(place).data)


class FirmRead(serializers.ModelSerializer[Firm]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    centre = serializers.CharField(source="centre.code", read_only=True)
    former_names = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)  # type: ignore[var-annotated]

    class Meta:
        model = Firm
        fields = ("id", "name", "kind", "centre", "former_names")
        read_only_fields = fields


class ByFirmName(KeysetPagination):
    page_size = 100
    ordering = ("name", "pk")


class FirmsView(ListAPIView[Firm]):
    """The firms that the user's centres know, with the names they had."""

    permission_classes = (HasRole.of(*FOUNDING_ROLES),)
    serializer_class = FirmRead
    pagination_class = ByFirmName
    filter_backends = ()
    queryset = Firm.objects.none()

    def get_queryset(self) -> QuerySet[Firm]:
        found = firms_for_heads(cast("User", self.request.user))
        return found.select_related("centre").prefetch_related("former_names")


class FirmView(Endpoint):
    """A new name for a firm; imports that use the former one still find it."""

    permission_classes = (HasRole.of(*FOUNDING_ROLES),)

    @extend_schema(request=NameWrite, responses={200: FirmRead})
    def patch(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        firm = get_object_or_404(firms_for_heads(user).select_related("centre"), public_id=public_id)
        given = sent(request, NameWrite)
        rename(subject=firm, name=given["name"], actor=user.actor, now=timezone.now())
        return Response(FirmRead(firm).data)


class CentreSettingsView(Endpoint):
    """How a centre works. Supervisors read; managers and operators change, and every change is recorded."""

    permission_classes = (HasRole.of(*GIVING_ROLES),)

    @extend_schema(responses={200: SettingsRead})
    def get(self, request: Request, code: str) -> Response:
        centres = tree_seen_by(cast("User", request.user)).filter(kind=OrganisationKind.CENTRE)
        return Response(SettingsRead(get_object_or_404(centres, code=code).settings).data)

    @extend_schema(request=SettingsWrite, responses={200: SettingsRead})
    def patch(self, request: Request, code: str) -> Response:
        user = cast("User", request.user)
        if not user.has_role(*FOUNDING_ROLES):
            self.permission_denied(request)
        centre = get_object_or_404(centres_set_by(user), code=code)
        given = SettingsWrite(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        settings = change_settings(centre=centre, changes=given.validated_data, actor=user.actor, now=timezone.now())
        return Response(SettingsRead(settings).data)
