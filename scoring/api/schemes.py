"""The schemes for programs: which versions there are, what each weighs when, and the figures of one."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint
from scoring.api.decisions import person
from scoring.queries.schemes import scheme_seen, schemes_seen, spans_of
from scoring.views.schemes import READERS


class SchemeRead(serializers.Serializer[Any]):
    """`since` to, not including, `until`: the closing days that it weighs; both null where there is no such bound.

    A draft (`published_at` null) weighs none, nor a version that a later one overtook before its day.
    """

    version = serializers.IntegerField(source="scheme.version")
    note = serializers.CharField(source="scheme.note")
    published_at = serializers.DateTimeField(source="scheme.published_at", allow_null=True)
    effective_from = serializers.DateField(source="scheme.effective_from", allow_null=True)
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    overtaken = serializers.BooleanField()


class SchemeRulesRead(serializers.Serializer[Any]):
    """As the file of the page gives it: all figures as text."""

    version = serializers.IntegerField()
    note = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)
    effective_from = serializers.DateField(allow_null=True)
    digest = serializers.CharField()
    rules = serializers.JSONField()


class SchemeList(Endpoint):
    """Every version that one may read, the newest first; a draft only for those who may write it."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses=SchemeRead(many=True))
    def get(self, request: Request) -> Response:
        return Response(SchemeRead(spans_of(schemes_seen(person(request))), many=True).data)


class SchemeDetail(Endpoint):
    """One version with its rules."""

    permission_classes = (HasRole.of(*READERS),)

    @extend_schema(responses={200: SchemeRulesRead})
    def get(self, request: Request, version: int) -> Response:
        return Response(SchemeRulesRead(scheme_seen(user=person(request), version=version)).data)
