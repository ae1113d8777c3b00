"""The rules for programs: what each is set to, and publishing the next version."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from qa_service.accounts.permissions import HasRole
from qa_service.common.api import Endpoint, TextField, Whole, sent
from scoring.api.decisions import person
from scoring.enums import RuleCode
from scoring.models import DECIDING_ROLES
from scoring.models.schemes import may_write_schemes
from scoring.queries.rules import rule_shown, rules_shown
from scoring.services.rules import publish_rule


class RuleReader(serializers.Serializer[Any]):
    """`version` 0: it was never on, and `thresholds` are what its first version would begin with."""

    rule = serializers.ChoiceField(source="code", choices=RuleCode.values)
    title = serializers.CharField(source="code.label")
    version = serializers.IntegerField()
    enabled = serializers.BooleanField()
    thresholds = serializers.JSONField(source="terms")
    legal_basis = serializers.CharField(source="newest.legal_basis", default="")
    authority = serializers.CharField(source="newest.authority", default="")
    published_at = serializers.DateTimeField(source="newest.published_at", default=None, allow_null=True)


class RuleWriter(Whole):
    """`read_version` is the version that was looked at: where there is another by now, nothing is published (409)."""

    read_version = serializers.IntegerField(min_value=0, max_value=30000)
    enabled = serializers.BooleanField()
    thresholds = serializers.DictField()
    legal_basis = TextField(max_length=300, allow_blank=True)
    authority = TextField(max_length=100, allow_blank=True)


class RuleList(Endpoint):
    """Every rule with its newest version."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(responses=RuleReader(many=True))
    def get(self, request: Request) -> Response:  # noqa: ARG002 - the framework's signature
        return Response(RuleReader(rules_shown(), many=True).data)


class RuleVersions(Endpoint):
    """Publish the next version of a rule: whoever reaches every centre may."""

    permission_classes = (HasRole.of(*DECIDING_ROLES),)

    @extend_schema(request=RuleWriter, responses={201: RuleReader})
    def post(self, request: Request, code: str) -> Response:
        if code not in RuleCode.values or not may_write_schemes(request.user):
            raise Http404
        given = sent(request, RuleWriter)
        publish_rule(code=RuleCode(code), **given, user=person(request), now=timezone.now())
        return Response(RuleReader(rule_shown(RuleCode(code))).data, status=201)
