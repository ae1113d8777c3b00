"""A person who asks about their own data, for programs: found, put right, and all that is held of them handed out."""

from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.cases.enums import NumberOwner
from qa_service.common.api import Endpoint, Whole, sent
from qa_service.privacy.api.requests import PersonRequestRead
from qa_service.privacy.models import HANDLERS
from qa_service.privacy.queries.copies import as_data
from qa_service.privacy.queries.requests import request_of
from qa_service.privacy.services import copy_for, correct_person, look_up


class LookUpWrite(Whole):
    """The whole number, or the name and the case number. In the body: nothing of it stands in an address."""

    phone = serializers.CharField(max_length=30, allow_blank=True, default="")
    name = serializers.CharField(max_length=100, allow_blank=True, default="")
    case_number = serializers.CharField(max_length=64, allow_blank=True, default="")


class PersonFound(serializers.Serializer[Any]):
    """By the key of their row; whoever asked knows the name already. `by_guardian`: the number is the guardian's."""

    client = serializers.UUIDField(source="client.public_id", read_only=True)
    centre = serializers.CharField(source="client.centre.code", read_only=True)
    by_guardian = serializers.BooleanField(read_only=True)


class CorrectionWrite(Whole):
    """What is left empty stays as it is."""

    new_name = serializers.CharField(max_length=100, allow_blank=True, default="")
    new_phone = serializers.CharField(max_length=30, allow_blank=True, default="")
    owner = serializers.ChoiceField(choices=NumberOwner.choices, default=NumberOwner.CLIENT)


class PeopleView(Endpoint):
    """Look a person up. Each look is recorded, one that finds nobody too."""

    permission_classes = (HasRole.of(*HANDLERS),)

    @extend_schema(request=LookUpWrite, responses={200: PersonFound(many=True)})
    def post(self, request: Request) -> Response:
        given = sent(request, LookUpWrite)
        found = look_up(user=cast("User", request.user), **given, now=timezone.now())
        return Response(PersonFound(found, many=True).data)


class PersonCorrectionView(Endpoint):
    """Put name or number right, as a request for correction asks; the request is then still to be answered."""

    permission_classes = (HasRole.of(*HANDLERS),)

    @extend_schema(request=CorrectionWrite, responses=PersonRequestRead)
    def post(self, request: Request, public_id: UUID) -> Response:
        user = cast("User", request.user)
        row, given = request_of(user, public_id), sent(request, CorrectionWrite)
        correct_person(
            user=user,
            request=row,
            name=given["new_name"],
            phone=given["new_phone"],
            owner=NumberOwner(given["owner"]),
            now=timezone.now(),
        )
        return Response(PersonRequestRead(row).data)


class PersonCopyView(Endpoint):
    """All that is held of the person, in full, rule by rule. Who takes it is recorded; it is not stored."""

    permission_classes = (HasRole.of(*HANDLERS),)

    @extend_schema(request=None, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, public_id: UUID) -> Response:
        user, now = cast("User", request.user), timezone.now()
        dossier = copy_for(user=user, request=request_of(user, public_id), form="data", now=now)
        return Response(as_data(dossier, at=now), headers={"Cache-Control": "no-store"})
