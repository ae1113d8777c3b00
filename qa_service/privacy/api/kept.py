"""What is kept at a place and how long, for programs."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.models import User
from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, Whole, sent
from qa_service.common.keeping import Ground
from qa_service.privacy.queries.terms import READERS, SETTERS, Kept, kept_at, places_read_by, places_set_by
from qa_service.privacy.services import set_term

CODE = OpenApiParameter("code", OpenApiTypes.STR, OpenApiParameter.PATH, description="Code of the bureau or centre")
RULE = OpenApiParameter("rule", OpenApiTypes.STR, OpenApiParameter.PATH, description="Key of the rule")


class KeptRead(serializers.Serializer[Any]):
    """One rule. `days` is null where the record stays; `set_at` the code of who set it, null for the default."""

    rule = serializers.CharField(source="rule.key")
    title = serializers.CharField(source="rule.title")
    fields_kept = serializers.SerializerMethodField()
    purpose = serializers.CharField(source="rule.purpose")
    ground = serializers.ChoiceField(choices=Ground.choices, source="rule.ground")
    since = serializers.CharField(source="rule.since")
    days = serializers.IntegerField(allow_null=True)
    shortest = serializers.IntegerField(source="rule.term.shortest", default=None, allow_null=True)
    longest = serializers.IntegerField(source="rule.term.longest", default=None, allow_null=True)
    bound_first = serializers.BooleanField(source="rule.bound_first")
    set_at = serializers.CharField(source="set_at.code", default=None, allow_null=True)
    settable = serializers.BooleanField(source="local")

    def get_fields_kept(self, kept: Kept) -> list[str]:
        return list(kept.rule.labels())


class TermWrite(Whole):
    """`days` null: as the place above says, else the default."""

    days = serializers.IntegerField(allow_null=True)


class KeptView(Endpoint):
    """Every rule: what is kept, why, on what ground, how long from when."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(parameters=[CODE], responses=KeptRead(many=True))
    def get(self, request: Request, code: str) -> Response:
        place = get_object_or_404(places_read_by(cast("User", request.user)), code=code)
        return Response(KeptRead(kept_at(place), many=True).data)


class TermView(Endpoint):
    """Set how long one rule keeps data at a place, within its bounds."""

    permission_classes = (HasRole.of(*SETTERS),)

    @extend_schema(parameters=[CODE, RULE], request=TermWrite, responses=KeptRead)
    def put(self, request: Request, code: str, rule: str) -> Response:
        user = cast("User", request.user)
        place = get_object_or_404(places_set_by(user), code=code)
        given = sent(request, TermWrite)
        return Response(KeptRead(set_term(user=user, place=place, rule=rule, **given, now=timezone.now())).data)
